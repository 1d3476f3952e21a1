//! Keeping the write-ahead log short.
//!
//! SQLite copies the log into the file after a commit, but begins it anew only when no reader uses it at that moment. Under readers that
//! never pause it grows for good. So, once it is longer than it should be, readers are held back until those at work have ended (most take
//! milliseconds), the log is written back and cut to nothing, and they go on.

use super::files::Files;
use super::pen::wait_for_others;
use super::readers::Readers;
use sqlx::{Error, SqliteConnection};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

/// Length at which the log is cut, in bytes.
const LONG: u64 = 32 << 20;
/// Length at which readers that do not end in time are stopped.
const TOO_LONG: u64 = 4 * LONG;
/// After an attempt in vain, how much it grows before the next.
const STEP: u64 = 4 << 20;
/// How long readers are waited for at the first attempt; doubled with each attempt in vain.
const PATIENCE: Duration = Duration::from_millis(100);
/// And at most.
const MOST_PATIENCE: Duration = Duration::from_secs(2);

/// When the log was last tried to be cut.
#[derive(Debug)]
pub(super) struct Upkeep {
    due_at: AtomicU64,
    in_vain: AtomicU32,
}

impl Default for Upkeep {
    fn default() -> Self {
        Self { due_at: AtomicU64::new(LONG), in_vain: AtomicU32::new(0) }
    }
}

impl Upkeep {
    /// Whether a log of this length is to be cut.
    pub(super) fn is_due(&self, length: u64) -> bool {
        length >= self.due_at.load(Ordering::Relaxed)
    }

    /// Writes the log back and cuts it, if readers let it in time. `busy` is how long the connection otherwise waits for other processes.
    pub(super) async fn shorten(&self, connection: &mut SqliteConnection, files: &Files, readers: &Readers, busy: Duration) -> Result<(), Error> {
        let (length, in_vain) = (files.log_length(), self.in_vain.load(Ordering::Relaxed));
        let patience = PATIENCE.saturating_mul(1 << in_vain.min(10)).min(MOST_PATIENCE);
        let outcome = cut(connection, readers, patience, length >= TOO_LONG, busy).await;
        let done = *outcome.as_ref().unwrap_or(&false);
        let (due_at, in_vain) = if done { (LONG, 0) } else { (files.log_length() + STEP, in_vain.saturating_add(1)) };
        self.due_at.store(due_at, Ordering::Relaxed);
        self.in_vain.store(in_vain, Ordering::Relaxed);
        tracing::debug!(length, done, "wrote the log back");
        outcome.map(|_| ())
    }
}

/// Writes the log back and cuts it, stopping readers that do not end in time; whether it is empty now.
pub(super) async fn empty(connection: &mut SqliteConnection, readers: &Readers, busy: Duration) -> Result<bool, Error> {
    cut(connection, readers, PATIENCE, true, busy).await
}

/// Whether the log was written back whole and cut.
pub(super) async fn write_back(connection: &mut SqliteConnection) -> Result<bool, Error> {
    let (busy, _, _): (i64, i64, i64) = sqlx::query_as("pragma wal_checkpoint(truncate)").fetch_one(connection).await?;
    Ok(busy == 0)
}

async fn cut(connection: &mut SqliteConnection, readers: &Readers, patience: Duration, force: bool, busy: Duration) -> Result<bool, Error> {
    // Most of it, beside readers, so that they are held back only for the rest.
    sqlx::query("pragma wal_checkpoint(passive)").execute(&mut *connection).await?;
    match readers.drain(patience, force).await {
        // Another process that reads is not waited for.
        Some(_gate) => without_waiting(connection, busy).await,
        None => Ok(false),
    }
}

async fn without_waiting(connection: &mut SqliteConnection, busy: Duration) -> Result<bool, Error> {
    wait_for_others(connection, Duration::ZERO).await?;
    let done = write_back(connection).await;
    wait_for_others(connection, busy).await?;
    done
}
