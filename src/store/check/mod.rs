//! What must hold of a base, question by question. Reading only: a server may serve and write meanwhile, and each question is asked of the
//! base as it is at one moment. What takes merging to answer is asked by `ingest::check`.

mod boxes;
mod documents;
mod evidence;
mod file;
mod ids;
mod lookups;
mod merged;
mod orphans;
mod repair;
mod rows;
mod search;
mod spans;
mod sums;
mod views;

pub use merged::Fingerprint;
pub use repair::Rebuilt;

use super::backup::{connect, known_versions};
use super::error::Context;
use super::inspect::{Found, inspect, is_damage};
use super::{Store, StoreError};
use futures_util::TryStreamExt;
use futures_util::future::BoxFuture;
use sqlx::Connection;
use sqlx::sqlite::SqliteConnection;
use std::path::Path;

const WHAT: &str = "look the base through";
/// Faults that are told in full; of the others only the number.
const EXAMPLES: usize = 5;
/// Rows read at once.
const AT_ONCE: i64 = 200;

type Run = for<'p> fn(&'p mut Probe) -> BoxFuture<'p, Result<(), sqlx::Error>>;

/// One question.
#[derive(Clone, Copy)]
pub struct Check {
    /// Short name.
    pub name: &'static str,
    /// What is asked.
    pub question: &'static str,
    /// What `--repair` does about a fault; none where a backup is what helps.
    pub repair: Option<&'static str>,
    run: Run,
}

impl std::fmt::Debug for Check {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Check").field("name", &self.name).finish_non_exhaustive()
    }
}

/// All questions, the quickest and most basic first.
pub const CHECKS: [Check; 15] = [
    Check {
        name: "structure",
        question: "Does SQLite find the file and its indexes whole?",
        repair: Some("rows are copied, indexes made anew"),
        run: |p| Box::pin(file::structure(p)),
    },
    Check { name: "references", question: "Does every reference lead to a row?", repair: None, run: |p| Box::pin(file::references(p)) },
    Check {
        name: "schema",
        question: "Are tables, indexes and triggers those that the migrations make?",
        repair: Some("made anew"),
        run: |p| Box::pin(file::schema(p)),
    },
    Check { name: "rows", question: "Is every row as it was written, by its checksum?", repair: None, run: |p| Box::pin(rows::checksums(p)) },
    Check {
        name: "documents",
        question: "Has every document its text, unchanged, and a record that can be read?",
        repair: None,
        run: |p| Box::pin(documents::whole(p)),
    },
    Check { name: "reports", question: "Do reports say what the records say?", repair: None, run: |p| Box::pin(documents::reports(p)) },
    Check { name: "spans", question: "Do all spans hold the words that are stored with them?", repair: None, run: |p| Box::pin(spans::words(p)) },
    Check { name: "evidence", question: "Has every coded field of every report its evidence?", repair: None, run: |p| Box::pin(evidence::fields(p)) },
    Check { name: "ids", question: "Are ids those that the content gives, and known to the log?", repair: None, run: |p| Box::pin(ids::derived(p)) },
    Check {
        name: "orphans",
        question: "Does everything belong to something, and is nothing missing?",
        repair: Some("what is derived is made anew"),
        run: |p| Box::pin(orphans::none(p)),
    },
    Check {
        name: "lookups",
        question: "Are folded names, and the keys that names are looked up by, those of the names?",
        repair: Some("made anew"),
        run: |p| Box::pin(lookups::keys(p)),
    },
    Check {
        name: "views",
        question: "Do list views and search entries say what the incidents, statements, actors and documents say?",
        repair: Some("made anew"),
        run: |p| Box::pin(views::columns(p)),
    },
    Check {
        name: "search",
        question: "Does the full-text index hold the words of the texts, and no others?",
        repair: Some("made anew"),
        run: |p| Box::pin(search::words(p)),
    },
    Check {
        name: "boxes",
        question: "Does the tree of boxes hold the places of the incidents?",
        repair: Some("made anew"),
        run: |p| Box::pin(boxes::coordinates(p)),
    },
    Check { name: "sums", question: "Are the sums by month those of the incidents?", repair: Some("counted anew"), run: |p| Box::pin(sums::months(p)) },
];

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// How many.
    pub n: u64,
    /// The first of them, in words.
    pub examples: Vec<String>,
}

impl Faults {
    /// Adds one.
    pub fn add(&mut self, fault: impl FnOnce() -> String) {
        self.n += 1;
        if self.examples.len() < EXAMPLES {
            self.examples.push(fault());
        }
    }
}

/// A base that is looked through with one read-only connection.
#[derive(Debug)]
pub struct Probe {
    pub(super) connection: SqliteConnection,
    faults: Faults,
}

impl Probe {
    /// Opens a base to look it through.
    ///
    /// # Errors
    /// When there is none, or it is of another version.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let unusable = |problem: String| StoreError::Unusable { path: path.to_owned(), problem };
        match inspect(path).await? {
            Found::Base => {}
            Found::Nothing => return Err(unusable("there is no knowledge base in it".to_owned())),
            Found::Other(problem) => return Err(unusable(problem)),
            Found::Damaged(problem) => return Err(unusable(problem.replace("`waqia check` says how far, and ", ""))),
        }
        let mut connection = connect(path, true).await?;
        known_versions(&mut connection, path).await?;
        let wanted = super::open::MIGRATOR.iter().count() as i64;
        let applied: i64 = sqlx::query_scalar("select count(*) from _sqlx_migrations")
            .fetch_one(&mut connection)
            .await
            .map_err(|source| super::inspect::open_error(path, source))?;
        if applied < wanted {
            return Err(unusable("it is of an older waqia; back it up, and let `waqia serve` or `waqia ingest` bring it to this version".to_owned()));
        }
        Ok(Self { connection, faults: Faults::default() })
    }

    /// Looks through a base that this process has open. [`Probe::open`] is not for it: it reads the file by itself, and closing that file would
    /// release the locks that SQLite holds for all connections of the process.
    ///
    /// # Errors
    /// When no further connection can be opened.
    pub async fn of(store: &Store) -> Result<Self, StoreError> {
        Ok(Self { connection: connect(store.path(), true).await?, faults: Faults::default() })
    }

    /// Asks one question. What cannot be read for damage is a fault like others.
    ///
    /// # Errors
    /// When the base cannot be read for another reason.
    pub async fn ask(&mut self, check: &Check) -> Result<Faults, StoreError> {
        self.begin().await?;
        let done = (check.run)(self).await.context(WHAT);
        self.finish(done).await
    }

    /// From here on the base is seen as it is now.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn begin(&mut self) -> Result<(), StoreError> {
        self.faults = Faults::default();
        sqlx::query("begin").execute(&mut self.connection).await.map(drop).context(WHAT)
    }

    /// Ends what [`Probe::begin`] began; gives the faults found since.
    ///
    /// # Errors
    /// When the base could not be read for another reason than damage.
    pub async fn finish(&mut self, done: Result<(), StoreError>) -> Result<Faults, StoreError> {
        let _ = sqlx::query("rollback").execute(&mut self.connection).await;
        match done {
            Ok(()) => {}
            Err(StoreError::Query { source, .. }) if is_damage(&source) || is_unreadable(&source) => {
                self.fault(|| format!("the base cannot be read to the end: {source}"));
            }
            Err(StoreError::Damaged { problem, .. }) => self.fault(|| problem),
            Err(other) => return Err(other),
        }
        Ok(std::mem::take(&mut self.faults))
    }

    /// Tells one fault.
    pub fn fault(&mut self, fault: impl FnOnce() -> String) {
        self.faults.add(fault);
    }

    /// Closes the connection.
    pub async fn close(self) {
        let _ = self.connection.close().await;
    }

    /// Every row of a statement is a fault: a text that says which.
    async fn none(&mut self, sql: &'static str) -> Result<(), sqlx::Error> {
        let mut rows = sqlx::query_scalar::<_, String>(sql).fetch(&mut self.connection);
        while let Some(row) = rows.try_next().await? {
            self.faults.add(|| row);
        }
        Ok(())
    }
}

/// A value of another type than its column has, or text that is no UTF-8.
fn is_unreadable(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Decode(_) | sqlx::Error::ColumnDecode { .. })
}
