//! Reading incidents.

use super::error::Context;
use super::filter::{self, Cursor, IncidentFilter, Page, Rows, Total};
use super::{Store, StoreError};
use crate::model::incident::IncidentRow;
use sea_query::{Asterisk, Expr, Func, Query, SqliteQueryBuilder};
use sea_query_sqlx::SqlxBinder;

impl Store {
    /// One page of incidents.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn incidents(&self, filter: &IncidentFilter, page: &Page) -> Result<Rows<IncidentRow>, StoreError> {
        let (rows, more) = self.incident_documents(filter, page).await?;
        let last = rows.last().map(|(number, _)| *number);
        let rows: Vec<IncidentRow> = rows.iter().map(|(_, doc)| serde_json::from_str(doc)).collect::<Result<_, _>>().context("list incidents")?;
        let next = rows.last().zip(last).filter(|_| more).map(|(row, number)| filter::cursor_of(&page.sort, row, number));
        Ok(Rows { rows, next })
    }

    /// One page of incidents as the JSON of [`IncidentRow`], one text each; nothing is read but the last row. For exports and large pages.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn incidents_json(&self, filter: &IncidentFilter, page: &Page) -> Result<Rows<String>, StoreError> {
        let (rows, more) = self.incident_documents(filter, page).await?;
        let next = match rows.last().filter(|_| more) {
            Some((number, doc)) => Some(cursor(page, doc, *number)?),
            None => None,
        };
        Ok(Rows { rows: rows.into_iter().map(|(_, doc)| doc).collect(), next })
    }

    /// How many incidents there are, counted up to `at_most`.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn count_incidents(&self, filter: &IncidentFilter, at_most: Option<u64>) -> Result<Total, StoreError> {
        let mut matching = Query::select();
        matching.expr(Expr::cust("1")).from_as("incident", "i").cond_where(filter::incidents(filter));
        if let Some(n) = at_most {
            // One more, so that exactly so many is told from more.
            matching.limit(n.saturating_add(1));
        }
        let count = Query::select().expr(Func::count(Expr::col(Asterisk))).from_subquery(matching, "matching").to_owned();
        let (sql, values) = count.build_sqlx(SqliteQueryBuilder);
        let n: i64 = sqlx::query_scalar_with(sqlx::AssertSqlSafe(sql), values).fetch_one(&self.reader).await.context("count incidents")?;
        let n = n.unsigned_abs();
        Ok(match at_most {
            Some(limit) if n > limit => Total::AtLeast(limit),
            _ => Total::Exact(n),
        })
    }

    /// Numbers and list views of a page, and whether there are more.
    async fn incident_documents(&self, filter: &IncidentFilter, page: &Page) -> Result<(Vec<(i64, String)>, bool), StoreError> {
        let (sql, values) = filter::list(filter, page).build_sqlx(SqliteQueryBuilder);
        // Built by sea-query: every value of the filter is bound.
        let mut rows: Vec<(i64, String)> = sqlx::query_as_with(sqlx::AssertSqlSafe(sql), values).fetch_all(&self.reader).await.context("list incidents")?;
        let more = rows.len() > page.limit as usize;
        rows.truncate(page.limit as usize);
        Ok((rows, more))
    }
}

fn cursor(page: &Page, doc: &str, number: i64) -> Result<Cursor, StoreError> {
    let row: IncidentRow = serde_json::from_str(doc).context("list incidents")?;
    Ok(filter::cursor_of(&page.sort, &row, number))
}
