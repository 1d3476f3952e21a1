//! How many rows an answer has, for its log line: carried beside the answer, because only the handler knows.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A count that may still grow while the answer is sent.
#[derive(Clone, Debug, Default)]
pub struct Rows(Arc<AtomicU64>);

impl Rows {
    /// So many.
    pub fn of(n: usize) -> Self {
        let rows = Self::default();
        rows.add(n);
        rows
    }

    /// So many more.
    pub fn add(&self, n: usize) {
        self.0.fetch_add(n as u64, Ordering::Relaxed);
    }

    /// How many there are by now.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}
