//! Rows of one table that are written together.

use crate::store::StoreError;
use crate::store::error::Context;
use sqlx::error::BoxDynError;
use sqlx::sqlite::{Sqlite, SqliteArguments};
use sqlx::{Arguments, AssertSqlSafe, Encode, SqliteConnection, Type};

/// Rows of one statement: enough that what a statement costs by itself no longer counts.
const AT_ONCE: usize = 64;

/// Rows for one table, gathered over a batch: each statement costs a way to the connection's thread and back.
#[derive(Debug)]
pub(super) struct Rows {
    /// `insert into … (…)`.
    into: &'static str,
    /// What follows the values: `on conflict …`.
    then: &'static str,
    /// Full statements, and one that is not.
    parts: Vec<Part>,
}

#[derive(Debug, Default)]
struct Part {
    n_rows: usize,
    values: SqliteArguments,
    /// The first value that cannot be bound.
    failure: Option<BoxDynError>,
}

/// One row, to which its values are added in the order of the columns.
pub(super) struct Row<'p>(&'p mut Part);

impl Rows {
    /// For `insert into … (…)`.
    pub(super) fn into(into: &'static str) -> Self {
        Self { into, then: "", parts: Vec::new() }
    }

    /// With what is to happen to rows that are there already.
    pub(super) fn then(self, then: &'static str) -> Self {
        Self { then, ..self }
    }

    /// Begins another row.
    pub(super) fn add(&mut self) -> Row<'_> {
        if self.parts.last().is_none_or(|p| p.n_rows == AT_ONCE) {
            self.parts.push(Part::default());
        }
        let last = self.parts.len() - 1;
        let part = &mut self.parts[last];
        part.n_rows += 1;
        Row(part)
    }

    /// Writes all rows in the order in which they were added.
    pub(super) async fn write(self, connection: &mut SqliteConnection, what: &'static str) -> Result<(), StoreError> {
        for part in self.parts {
            if let Some(failure) = part.failure {
                return Err(sqlx::Error::Encode(failure)).context(what);
            }
            let sql = statement(self.into, self.then, part.n_rows, part.values.len());
            // Other numbers of rows than these are too many to keep a statement for each.
            let keep = part.n_rows == AT_ONCE || part.n_rows == 1;
            sqlx::query_with(AssertSqlSafe(sql), part.values).persistent(keep).execute(&mut *connection).await.context(what)?;
        }
        Ok(())
    }
}

impl Row<'_> {
    /// Adds the value of the next column.
    pub(super) fn bind<'v>(self, value: impl Encode<'v, Sqlite> + Type<Sqlite>) -> Self {
        if let Err(failure) = self.0.values.add(value) {
            self.0.failure.get_or_insert(failure);
        }
        self
    }
}

fn statement(into: &str, then: &str, n_rows: usize, n_values: usize) -> String {
    let row = format!("({})", vec!["?"; n_values / n_rows.max(1)].join(","));
    format!("{into} values {} {then}", vec![row; n_rows].join(","))
}
