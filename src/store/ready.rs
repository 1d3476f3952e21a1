//! Whether the base can do its work, part by part; for readiness probes.

use super::error::{Context, Trouble};
use super::{Store, StoreError, open};
use crate::clock::Stopwatch;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;

/// How long a write that went well stands for the next ones: probes of several watchers cost one write.
const FRESH: Duration = Duration::from_secs(1);
/// How long a probe waits for another process that writes.
const WAIT: Duration = Duration::from_millis(200);

/// What a large document takes, in bytes.
const LARGE: i64 = 1 << 20;

/// How one part is.
#[derive(Clone, Debug)]
pub enum Part {
    /// It works.
    Ok,
    /// It is at work for others, which is no failure.
    Busy,
    /// It fails.
    Failed(Arc<StoreError>),
}

/// How the base is.
#[derive(Clone, Debug)]
pub struct Readiness {
    /// Reading, and the files being those that were opened.
    pub database: Part,
    /// Writing: a row is written and committed, unless that was done just before.
    pub writing: Part,
    /// The tables being those of this program.
    pub migrations: Part,
    /// The base's revision; `None` where it could not be read.
    pub revision: Option<i64>,
}

impl Part {
    /// In a few words that give nothing away.
    pub fn words(&self) -> &'static str {
        let Self::Failed(error) = self else { return if matches!(self, Self::Ok) { "ok" } else { "busy" } };
        match error.trouble() {
            Trouble::Busy => "failed: another process keeps the base locked",
            Trouble::OutOfTime => "failed: it takes too long",
            Trouble::Full => "failed: the disk is full",
            Trouble::ReadOnly => "failed: the file or its file system is read-only",
            Trouble::Disk => "failed: the disk fails to read or write",
            Trouble::Gone => "failed: a file was deleted or replaced while the server runs; restart it",
            Trouble::Other => "failed: the log says why",
        }
    }

    /// What is wrong.
    pub fn failure(&self) -> Option<&Arc<StoreError>> {
        if let Self::Failed(error) = self { Some(error) } else { None }
    }

    fn of(outcome: Result<(), StoreError>) -> Self {
        match outcome {
            Ok(()) => Self::Ok,
            Err(e) if e.trouble() == Trouble::Busy => Self::Busy,
            Err(e) => Self::Failed(Arc::new(e)),
        }
    }
}

/// What the last probes saw.
#[derive(Debug)]
pub(super) struct Probe {
    /// How long writers wait for another process.
    patience: Duration,
    last: Mutex<Last>,
}

#[derive(Debug, Default)]
struct Last {
    written: Option<Stopwatch>,
    locked: Option<Stopwatch>,
}

impl Probe {
    pub(super) fn new(patience: Duration) -> Self {
        Self { patience, last: Mutex::default() }
    }
}

impl Store {
    /// Tries every part.
    pub async fn readiness(&self) -> Readiness {
        let (revision, database) = match self.files.check() {
            Ok(()) => match self.revision().await {
                Ok(revision) => (Some(revision), Part::Ok),
                Err(e) => (None, Part::of(Err(e))),
            },
            Err(e) => (None, Part::of(Err(e))),
        };
        Readiness { database, writing: self.try_writing().await, migrations: Part::of(self.check_migrations().await), revision }
    }

    async fn check_migrations(&self) -> Result<(), StoreError> {
        let applied: i64 =
            sqlx::query_scalar("select count(*) from _sqlx_migrations where success").fetch_one(&self.reader).await.context("read the migrations")?;
        let wanted = open::MIGRATOR.iter().count() as i64;
        if applied < wanted {
            return Err(StoreError::Conflict { what: "use the base", problem: format!("{applied} of {wanted} migrations are applied") });
        }
        Ok(())
    }

    async fn try_writing(&self) -> Part {
        if let Err(e) = self.files.check() {
            return Part::Failed(Arc::new(e));
        }
        // One probe at a time; the others find what it saw.
        let mut last = self.probe.last.lock().await;
        if !self.writer.is_in_doubt() && last.written.is_some_and(|watch| watch.elapsed() < FRESH) {
            return Part::Ok;
        }
        match self.write_probe().await {
            Ok(true) => {
                *last = Last { written: Some(Stopwatch::start()), locked: None };
                Part::Ok
            }
            Ok(false) => Part::Busy,
            // Writers give up after their patience; until then somebody just writes.
            Err(e) if e.trouble() == Trouble::Busy => {
                let since = *last.locked.get_or_insert_with(Stopwatch::start);
                if since.elapsed() > self.probe.patience { Part::Failed(Arc::new(e)) } else { Part::Busy }
            }
            Err(e) => Part::Failed(Arc::new(e)),
        }
    }

    /// False where somebody writes at the moment. Where the last transaction failed, so much is written as a large document takes.
    async fn write_probe(&self) -> Result<bool, StoreError> {
        let fillers: &[i64] = if self.writer.is_in_doubt() { &[LARGE, 0] } else { &[0] };
        for filler in fillers {
            let Some(mut transaction) = self.writer.begin_at_once(WAIT).await? else { return Ok(false) };
            sqlx::query("update probe set n = n + 1, filler = zeroblob(?)").bind(filler).execute(transaction.connection()).await.context("try to write")?;
            transaction.commit().await?;
        }
        Ok(true)
    }
}
