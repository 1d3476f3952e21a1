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
    /// The file holds another program's tables, or those of a newer version.
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
    /// The change does not fit what is stored.
    #[error("cannot {what}: {problem}")]
    Conflict {
        /// What was attempted, in words.
        what: &'static str,
        /// What does not fit.
        problem: String,
    },
}

impl StoreError {
    /// Whether trying again later may help: another process writes, or all connections are taken.
    pub fn is_busy(&self) -> bool {
        match self {
            Self::Query { source, .. } | Self::Open { source, .. } => match source {
                sqlx::Error::PoolTimedOut => true,
                // SQLITE_BUSY and its extended codes keep 5 in the low byte; SQLITE_LOCKED is 6.
                sqlx::Error::Database(e) => e.code().and_then(|c| c.parse::<u32>().ok()).is_some_and(|c| matches!(c & 0xFF, 5 | 6)),
                _ => false,
            },
            _ => false,
        }
    }
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
