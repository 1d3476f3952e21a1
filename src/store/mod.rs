//! The base: one SQLite file. All SQL of the project is here; one file per resource, [`filter`] builds every optional condition.
//!
//! [`Store`] reads with a few read-only connections (`readers`) and writes with one (`pen`). A [`Writer`] is one transaction; committing it
//! raises the base's revision.

mod actor;
mod annotation;
mod backup;
mod brake;
mod candidate;
pub mod check;
mod checksum;
mod compress;
mod correction;
mod document;
mod error;
mod excerpt;
mod figure;
mod files;
pub mod filter;
mod incident;
mod inspect;
mod job;
mod key;
mod log;
mod nearby;
mod network;
mod open;
mod past;
mod pen;
#[cfg(test)]
mod pen_tests;
mod place;
#[cfg(test)]
mod plan_tests;
mod read;
mod readers;
#[cfg(test)]
mod readers_tests;
mod ready;
mod renewal;
mod review;
mod revision;
mod rollup;
mod search;
mod statement;
mod stats;
mod swap;
mod withheld;
mod writer;

pub use backup::{Copied, backup, restore};
pub use compress::pack;
pub use error::{StoreError, Trouble};
pub use job::{JobLimits, Queued};
pub use nearby::Nearby;
pub use open::{Durability, StoreOptions};
pub use ready::{Part, Readiness};
pub use review::{CurationFilter, ReviewFilter};
pub use revision::Tombstone;
pub use search::{HIT_END, HIT_START, SearchOrder, SearchQuery};
pub use stats::{Dimension, Interval};
pub use writer::{
    Cast, Constraint, Contents, DocumentKey, Facts, IncidentKey, Member, NewCorrection, NewRelation, NewReport, NewSketch, OldReport, PlaceKey, Placed,
    Present, RecordActors, ReportRef, Settled, Similar, StoredCuration, StoredPair, StoredPart, Unsketched, Window, Withdrawn, Writer,
};

use error::Context;
use files::Files;
use pen::Pen;
use readers::{Lane, Readers};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// An open base. Cheap to clone; all clones share the connections.
#[derive(Clone, Debug)]
pub struct Store {
    path: PathBuf,
    files: Arc<Files>,
    writer: Pen,
    reader: Readers,
    past: Readers,
    probe: Arc<ready::Probe>,
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

    /// By which rules its incidents were made of their reports; 0 for a new base.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn doc_version(&self) -> Result<i64, StoreError> {
        sqlx::query_scalar("select doc_version from base").fetch_one(&self.reader).await.context("read the base's version")
    }

    /// The same base for the next parts of an answer that has begun: reads wait for a connection as long as they must.
    #[must_use]
    pub fn onward(&self) -> Self {
        Self { reader: self.reader.lane(Lane::Onward), ..self.clone() }
    }

    /// Leaves reads under way, and later ones, at most `limit`: the server is about to stop.
    pub fn hurry(&self, limit: Duration) {
        self.reader.hurry(limit);
        self.past.hurry(limit);
    }

    /// Empties the log that is written ahead, so that what was overwritten is in no file any more. Gives whether it is empty: another program
    /// may read.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn purge_log(&self) -> Result<bool, StoreError> {
        self.writer.purge_log().await
    }

    /// Stops what is under way, writes the log back into the file, updates the planner's statistics, and closes all connections. Takes some
    /// seconds at most; what is left undone is done at the next start.
    pub async fn close(&self) {
        self.past.close().await;
        self.reader.close().await;
        self.writer.close().await;
    }
}
