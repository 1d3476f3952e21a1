//! What all reading has in common.

use super::error::Context;
use super::filter::{Cursor, CursorValue, Page, Rows, Total};
use super::readers::Lane;
use super::{Store, StoreError};
use sea_query::{Asterisk, Expr, Func, Query, SelectStatement, SqliteQueryBuilder};
use sea_query_sqlx::SqlxBinder;
use sqlx::AssertSqlSafe;
use sqlx::sqlite::SqliteRow;

impl Store {
    /// Runs a built statement that goes to a few rows.
    pub(super) async fn fetch<T>(&self, select: &SelectStatement, what: &'static str) -> Result<Vec<T>, StoreError>
    where
        T: for<'r> sqlx::FromRow<'r, SqliteRow> + Send + Unpin,
    {
        self.fetch_in(Lane::Light, select, what).await
    }

    /// Runs a built statement. Every value in it is bound, so its text is safe.
    pub(super) async fn fetch_in<T>(&self, lane: Lane, select: &SelectStatement, what: &'static str) -> Result<Vec<T>, StoreError>
    where
        T: for<'r> sqlx::FromRow<'r, SqliteRow> + Send + Unpin,
    {
        let (sql, values) = select.build_sqlx(SqliteQueryBuilder);
        sqlx::query_as_with(AssertSqlSafe(sql), values).fetch_all(&self.reader.lane(lane)).await.context(what)
    }

    /// Counts the rows of a built statement, up to `at_most`.
    pub(super) async fn count(&self, lane: Lane, mut matching: SelectStatement, at_most: Option<u64>, what: &'static str) -> Result<Total, StoreError> {
        if let Some(n) = at_most {
            // One more, so that exactly so many is told from more.
            matching.limit(n.saturating_add(1));
        }
        let count = Query::select().expr(Func::count(Expr::col(Asterisk))).from_subquery(matching, "matching").to_owned();
        let (sql, values) = count.build_sqlx(SqliteQueryBuilder);
        let n: i64 = sqlx::query_scalar_with(AssertSqlSafe(sql), values).fetch_one(&self.reader.lane(lane)).await.context(what)?;
        let n = n.unsigned_abs();
        Ok(match at_most {
            Some(limit) if n > limit => Total::AtLeast(limit),
            _ => Total::Exact(n),
        })
    }
}

/// Longest page that counts as light, in rows.
const LIGHT_PAGE: u32 = 100;

/// The lane of a page of a list, searched by words or not.
pub(super) fn lane_of(page: &Page, q: Option<&String>) -> Lane {
    if page.limit > LIGHT_PAGE { Lane::Heavy } else { lane_of_words(q) }
}

/// The lane of a count.
pub(super) fn lane_of_words(q: Option<&String>) -> Lane {
    if q.is_some() { Lane::Heavy } else { Lane::Light }
}

/// A row of a list that is sorted by one key.
pub(super) trait Keyed {
    /// Sort value.
    fn key(&self) -> CursorValue;
    /// Internal number.
    fn number(&self) -> i64;
}

/// Cuts off the one row that only says that there are more, and makes the cursor of the last one left.
pub(super) fn page_of<R: Keyed, T>(mut rows: Vec<R>, page: &Page, convert: impl Fn(R) -> Result<T, StoreError>) -> Result<Rows<T>, StoreError> {
    let more = rows.len() > page.limit as usize;
    rows.truncate(page.limit as usize);
    let next = rows.last().filter(|_| more).map(|r| Cursor { values: vec![r.key()], number: r.number() });
    Ok(Rows { rows: rows.into_iter().map(convert).collect::<Result<_, _>>()?, next })
}

/// An interval from its stored columns.
pub(super) fn interval(
    start: Option<&str>,
    end: Option<&str>,
    precision: Option<&str>,
    what: &'static str,
) -> Result<Option<crate::model::DateRange>, StoreError> {
    let (Some(start), Some(end), Some(precision)) = (start, end, precision) else { return Ok(None) };
    serde_json::from_value(serde_json::json!({"start": start, "end": end, "precision": precision})).map(Some).context(what)
}
