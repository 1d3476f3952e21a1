//! Reading the log of changes.

use super::error::Context;
use super::filter::{self, ChangeFilter, Total};
use super::readers::Lane;
use super::{Store, StoreError};
use crate::model::stats::Revision;
use sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    base: i64,
    entity: String,
    uid: String,
    action: String,
    who: String,
    at: String,
    why: String,
    before: Option<String>,
    after: Option<String>,
    successor: Option<String>,
}

impl From<Row> for Revision {
    fn from(r: Row) -> Self {
        Self {
            id: r.id,
            base: r.base,
            entity: r.entity,
            uid: r.uid,
            action: r.action,
            who: r.who,
            at: r.at,
            why: r.why,
            before: r.before,
            after: r.after,
            successor: r.successor,
        }
    }
}

/// What became of an id that is no longer there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tombstone {
    /// `incident`, `actor`, `statement` or `document`.
    pub entity: String,
    /// Why it was deleted.
    pub reason: String,
    /// What took its place.
    pub successor: Option<String>,
    /// RFC 3339, UTC.
    pub at: String,
}

impl Store {
    /// Every change of one incident, actor, statement or document, the oldest first.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn history(&self, entity: &str, uid: &str) -> Result<Vec<Revision>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as("select * from revision where entity = ? and uid = ? order by id")
            .bind(entity)
            .bind(uid)
            .fetch_all(&self.reader)
            .await
            .context("read a history")?;
        Ok(rows.into_iter().map(Revision::from).collect())
    }

    /// Changes after the entry with this number, the oldest first, at most `limit`. A mirror asks again with the last number it got.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn changes(&self, filter: &ChangeFilter, after: i64, limit: u32) -> Result<Vec<Revision>, StoreError> {
        let mut select = select_changes("*", filter, after);
        select.order_by_expr(Expr::col(("r", "id")), Order::Asc).limit(u64::from(limit));
        Ok(self.fetch::<Row>(&select, "read the changes").await?.into_iter().map(Revision::from).collect())
    }

    /// How many changes there are after the entry with this number.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn count_changes(&self, filter: &ChangeFilter, after: i64) -> Result<Total, StoreError> {
        self.count(Lane::Light, select_changes("1", filter, after), None, "count the changes").await
    }

    /// Number of the last entry of the log before an RFC 3339 time; 0 where there is none.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn change_before(&self, time: &str) -> Result<i64, StoreError> {
        sqlx::query_scalar("select coalesce(max(id), 0) from revision where at < ?").bind(time).fetch_one(&self.reader).await.context("read the changes")
    }

    /// What became of an id that is no longer there.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn tombstone(&self, uid: &str) -> Result<Option<Tombstone>, StoreError> {
        let found: Option<(String, String, Option<String>, String)> = sqlx::query_as("select entity, reason, successor, at from tombstone where uid = ?")
            .bind(uid)
            .fetch_optional(&self.reader)
            .await
            .context("look up a deleted id")?;
        Ok(found.map(|(entity, reason, successor, at)| Tombstone { entity, reason, successor, at }))
    }
}

fn select_changes(columns: &'static str, filter: &ChangeFilter, after: i64) -> SelectStatement {
    Query::select()
        .expr(Expr::cust(columns))
        .from_as("revision", "r")
        .cond_where(filter::changes(filter))
        .and_where(Expr::col(("r", "id")).gt(after))
        .to_owned()
}
