//! The base: one SQLite file. All SQL of the project is here; one file per resource, [`filter`] builds every optional condition.
//!
//! [`Store`] reads with a pool of read-only connections and writes with one connection. A [`Writer`] is one transaction; committing it
//! raises the base's revision.

mod actor;
mod annotation;
mod candidate;
mod compress;
mod document;
mod error;
mod excerpt;
mod figure;
pub mod filter;
mod incident;
mod key;
mod network;
mod open;
mod place;
#[cfg(test)]
mod plan_tests;
mod read;
mod revision;
mod rollup;
mod search;
mod statement;
mod stats;
mod writer;

pub use error::StoreError;
pub use open::{Durability, StoreOptions};
pub use revision::Tombstone;
pub use search::{HIT_END, HIT_START, SearchOrder, SearchQuery};
pub use stats::{Dimension, Interval};
pub use writer::{Contents, DocumentKey, IncidentKey, NewReport, PlaceKey, Writer};

use error::Context;
use sqlx::SqlitePool;
use std::path::{Path, PathBuf};

/// An open base. Cheap to clone; all clones share the connections.
#[derive(Clone, Debug)]
pub struct Store {
    path: PathBuf,
    writer: SqlitePool,
    reader: SqlitePool,
}

impl Store {
    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The base's revision: rises with each write transaction. Entity tags are made of it.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn revision(&self) -> Result<i64, StoreError> {
        sqlx::query_scalar("select revision from base").fetch_one(&self.reader).await.context("read the base's revision")
    }

    /// Hash of the lexicon whose actors were last seeded; empty for a new base.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn lexicon(&self) -> Result<String, StoreError> {
        sqlx::query_scalar("select lexicon from base").fetch_one(&self.reader).await.context("read the base's lexicon")
    }

    /// Whether the base can be read and has all of this program's tables; for readiness probes.
    ///
    /// # Errors
    /// Says what is missing.
    pub async fn check_ready(&self) -> Result<(), StoreError> {
        let applied: i64 =
            sqlx::query_scalar("select count(*) from _sqlx_migrations where success").fetch_one(&self.reader).await.context("read the migrations")?;
        let wanted = open::MIGRATOR.iter().count() as i64;
        if applied < wanted {
            return Err(StoreError::Conflict { what: "use the base", problem: format!("{applied} of {wanted} migrations are applied") });
        }
        Ok(())
    }

    /// Writes the log back into the file, updates the planner's statistics, and closes all connections.
    pub async fn close(&self) {
        self.reader.close().await;
        // Best effort: the log is written back at the next start otherwise.
        let _ = sqlx::query("pragma wal_checkpoint(truncate)").execute(&self.writer).await;
        self.writer.close().await;
    }
}
