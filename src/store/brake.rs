//! Stopping the statements of one connection: SQLite asks a handler every so many steps of its program whether to go on.

use crate::clock::Stopwatch;
use sqlx::SqliteConnection;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Steps of SQLite's virtual machine between two questions. Asking costs some 30 ns, a thousand steps take 10 µs and more.
const STEPS: i32 = 1000;
/// Statements go on for good.
const NEVER: u64 = u64::MAX;
/// Statements end at once.
const NOW: u64 = 0;

/// Says until when the statements of a connection may run.
#[derive(Debug)]
pub(super) struct Brake {
    watch: Stopwatch,
    /// Microseconds on the watch.
    until: AtomicU64,
}

impl Brake {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self { watch: Stopwatch::start(), until: AtomicU64::new(NEVER) })
    }

    /// Lets statements run for `limit` from now on, or as long as they take.
    pub(super) fn release(&self, limit: Option<Duration>) {
        self.until.store(limit.map_or(NEVER, |limit| self.after(limit)), Ordering::Relaxed);
    }

    /// Ends the statement under way, and every later one, with `SQLITE_INTERRUPT`.
    pub(super) fn pull(&self) {
        self.until.store(NOW, Ordering::Relaxed);
    }

    /// Leaves at most `limit` from now on.
    pub(super) fn shorten(&self, limit: Duration) {
        self.until.fetch_min(self.after(limit), Ordering::Relaxed);
    }

    /// Makes a connection ask this brake.
    pub(super) async fn fit(self: &Arc<Self>, connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
        let brake = Arc::clone(self);
        connection.lock_handle().await?.set_progress_handler(STEPS, move || brake.lets_go_on());
        Ok(())
    }

    fn lets_go_on(&self) -> bool {
        match self.until.load(Ordering::Relaxed) {
            NEVER => true,
            NOW => false,
            until => self.now() < until,
        }
    }

    fn after(&self, limit: Duration) -> u64 {
        // One microsecond at least: zero means something else.
        self.now().saturating_add(micros(limit)).max(1)
    }

    fn now(&self) -> u64 {
        micros(self.watch.elapsed())
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(NEVER)
}
