//! What can go wrong with a base.

use std::path::PathBuf;

/// A failure of the base. The variant says what was attempted, the cause is its source.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The file cannot be opened or made.
    #[error("cannot open the base {}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: sqlx::Error,
    },
    /// The file is no base that this program can use: another program's, a newer version's, damaged.
    #[error("cannot use {} as the base: {problem}", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What is wrong and what to do.
        problem: String,
    },
    /// A file beside the base cannot be written or renamed.
    #[error("cannot {what} {}", path.display())]
    File {
        /// What was attempted, in words.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: std::io::Error,
    },
    /// A migration failed.
    #[error("cannot bring the base {} to this version", path.display())]
    Migrate {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: sqlx::migrate::MigrateError,
    },
    /// A statement failed.
    #[error("cannot {what}")]
    Query {
        /// What was attempted, in words.
        what: &'static str,
        /// The cause.
        #[source]
        source: sqlx::Error,
    },
    /// A stored value is not what it should be.
    #[error("cannot {what}: a stored value is damaged: {problem}")]
    Damaged {
        /// What was attempted, in words.
        what: &'static str,
        /// What is wrong.
        problem: String,
    },
    /// A file of the base is no longer the one that was opened.
    #[error("cannot write: {} was {problem} while it was open", path.display())]
    Gone {
        /// The file.
        path: PathBuf,
        /// What happened to it.
        problem: &'static str,
    },
    /// The change does not fit what is stored.
    #[error("cannot {what}: {problem}")]
    Conflict {
        /// What was attempted, in words.
        what: &'static str,
        /// What does not fit.
        problem: String,
    },
}

/// What kind of failure it is, for those who answer to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Another process writes, or all connections are taken: trying again later helps.
    Busy,
    /// It took longer than it may.
    OutOfTime,
    /// The disk is full.
    Full,
    /// The file or its file system cannot be written.
    ReadOnly,
    /// The disk fails to read or write.
    Disk,
    /// A file was deleted or replaced.
    Gone,
    /// Anything else.
    Other,
}

// Result codes of SQLite; extended codes keep them in the low byte.
const BUSY: u32 = 5;
const LOCKED: u32 = 6;
const READ_ONLY: u32 = 8;
const INTERRUPT: u32 = 9;
const IO: u32 = 10;
const FULL: u32 = 13;
/// The shared memory of the log cannot grow: there is no room for it.
const IO_SHARED_MEMORY_SIZE: u32 = IO | (19 << 8);

impl StoreError {
    /// What kind of failure it is.
    pub fn trouble(&self) -> Trouble {
        let source = match self {
            Self::Query { source, .. } | Self::Open { source, .. } => source,
            Self::Gone { .. } => return Trouble::Gone,
            Self::File { source, .. } if is_full(source) => return Trouble::Full,
            _ => return Trouble::Other,
        };
        let code = match source {
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => return Trouble::Busy,
            sqlx::Error::Database(e) => e.code().and_then(|c| c.parse::<u32>().ok()).unwrap_or(0),
            _ => return Trouble::Other,
        };
        match code & 0xFF {
            BUSY | LOCKED => Trouble::Busy,
            READ_ONLY => Trouble::ReadOnly,
            INTERRUPT => Trouble::OutOfTime,
            FULL => Trouble::Full,
            _ if code == IO_SHARED_MEMORY_SIZE => Trouble::Full,
            IO => Trouble::Disk,
            _ => Trouble::Other,
        }
    }
}

fn is_full(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded)
}

/// Names what was attempted.
pub(super) trait Context<T> {
    /// `what` completes "cannot …".
    fn context(self, what: &'static str) -> Result<T, StoreError>;
}

impl<T> Context<T> for Result<T, sqlx::Error> {
    fn context(self, what: &'static str) -> Result<T, StoreError> {
        self.map_err(|source| StoreError::Query { what, source })
    }
}

impl<T> Context<T> for Result<T, serde_json::Error> {
    fn context(self, what: &'static str) -> Result<T, StoreError> {
        self.map_err(|e| StoreError::Damaged { what, problem: e.to_string() })
    }
}
