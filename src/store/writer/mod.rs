//! One write transaction.

mod actor;
mod cast;
mod cluster;
mod curated_actor;
mod curated_statement;
mod curation;
mod derived;
mod document;
mod history;
mod incident;
mod place;
mod renewal;
mod resolution;
mod review;
mod rows;
mod settle;
mod sketch;
mod statement;
mod withdraw;
mod withhold;

pub use actor::RecordActors;
pub use cast::Cast;
pub(super) use cluster::fill_report_ids;
pub use cluster::{Constraint, Member};
pub use curated_actor::NewRelation;
pub use curation::{NewCorrection, Present, ReportRef, StoredCuration, StoredPair, StoredPart};
pub(super) use derived::{kept, search_words};
pub(super) use document::first_line;
pub use document::{DocumentKey, Similar};
pub use incident::{Contents, IncidentKey, NewReport, Placed};
pub(super) use incident::{facets, reports};
pub use place::PlaceKey;
pub use renewal::OldReport;
pub(super) use resolution::{Whose, fill_keys, make_keys};
pub use settle::Settled;
pub use sketch::{NewSketch, Unsketched, Window};
pub use withdraw::{Facts, Withdrawn};

use place::KnownPlace;

use super::error::Context;
use super::pen::Transaction;
use super::{Store, StoreError};
use crate::clock::Stopwatch;
use crate::metrics::metrics;
use jiff::Timestamp;
use sqlx::SqliteConnection;
use std::collections::{BTreeMap, BTreeSet};

/// A write transaction. Nothing is visible to readers before [`Writer::commit`]; dropping it takes everything back. After an error it is good
/// for nothing but dropping.
#[derive(Debug)]
pub struct Writer {
    transaction: Transaction,
    /// The base's revision that this transaction makes.
    pub(super) revision: i64,
    /// RFC 3339, UTC.
    pub(super) now: String,
    /// Who writes: a key's name, the engine with its version, an import.
    pub(super) who: String,
    /// Places met in this transaction, by id: each is looked up once.
    places: BTreeMap<String, KnownPlace>,
    /// Statements that were there before and are written anew: the log knows them.
    renewed: BTreeSet<String>,
    /// Whether the base has corrections, once it was asked.
    corrected: Option<bool>,
}

impl Store {
    /// Begins a write transaction; waits for the one under way. `now` and `who` go into the log of changes.
    ///
    /// # Errors
    /// When another process keeps the base locked for longer than the patience set, or the base cannot be written.
    pub async fn write(&self, now: Timestamp, who: &str) -> Result<Writer, StoreError> {
        let wait = Stopwatch::start();
        let mut transaction = self.writer.begin().await?;
        metrics().store_waited(wait.elapsed());
        let now = now.round(jiff::Unit::Second).unwrap_or(now).to_string();
        let revision = sqlx::query_scalar("update base set revision = revision + 1, changed_at = ? returning revision")
            .bind(&now)
            .fetch_one(transaction.connection())
            .await
            .context("raise the base's revision")?;
        Ok(Writer { transaction, revision, now, who: who.to_owned(), places: BTreeMap::new(), renewed: BTreeSet::new(), corrected: None })
    }
}

impl Writer {
    /// Makes everything written visible and lasting. Gives the base's new revision.
    ///
    /// # Errors
    /// When it cannot be written; then nothing was.
    pub async fn commit(mut self) -> Result<i64, StoreError> {
        let touched = self.transaction.touched();
        self.mask_entries(&touched.search_entries()).await?;
        touched.write(self.transaction.connection(), self.revision).await?;
        self.transaction.commit().await?;
        metrics().store_wrote();
        Ok(self.revision)
    }

    /// Takes everything back.
    ///
    /// # Errors
    /// When the connection is broken; then nothing was written either.
    pub async fn rollback(self) -> Result<(), StoreError> {
        self.transaction.rollback().await
    }

    pub(super) fn connection(&mut self) -> &mut SqliteConnection {
        self.transaction.connection()
    }

    /// Entries of the log that earlier transactions wrote have changed.
    pub(super) fn sum_log(&mut self, revisions: impl IntoIterator<Item = i64>) {
        self.transaction.touched().add("log", revisions.into_iter());
    }
}
