//! Reading curations, and what is to be looked at.

use super::error::Context;
use super::filter::{Cursor, CursorValue, Page, Rows, Total};
use super::{Store, StoreError};
use crate::model::correction::{Curation, Part, ReviewItem, Undone};
use serde_json::Value;

/// Which curations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CurationFilter {
    /// `incident`, `actor` or `statement`.
    pub entity: Option<String>,
    /// Id of what they are about.
    pub uid: Option<String>,
    /// `edit`, `merge`, `split`, `confirm`, `reject`, `evidence` or `relate`.
    pub action: Option<String>,
    /// The key's name.
    pub made_by: Option<String>,
    /// Undone ones, or those that hold.
    pub undone: Option<bool>,
}

/// Which review items.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReviewFilter {
    /// `contradiction`, `reported_again` or `open_name`.
    pub reason: Option<String>,
    /// `incident`, `actor` or `statement`.
    pub entity: Option<String>,
    /// Id of what they are about.
    pub uid: Option<String>,
    /// Those that were closed, in place of those that are open.
    pub closed: bool,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    entity: String,
    uid: String,
    action: String,
    reason: String,
    made_by: String,
    made_at: String,
    revision: i64,
    undone_at: Option<String>,
    undone_by: Option<String>,
    undone_reason: Option<String>,
    parts: String,
}

impl Row {
    fn into_model(self) -> Result<Curation, StoreError> {
        let parts: Vec<Part> = serde_json::from_str(&self.parts).context("read a curation")?;
        let undone = undone(self.undone_at, self.undone_by, self.undone_reason);
        let Self { id, entity, uid, action, reason, made_by, made_at, revision, .. } = self;
        Ok(Curation { id, entity, uid, action, reason, made_by, made_at, revision, undone, parts })
    }
}

fn undone(at: Option<String>, by: Option<String>, reason: Option<String>) -> Option<Undone> {
    at.map(|at| Undone { at, by: by.unwrap_or_default(), reason: reason.unwrap_or_default() })
}

/// Filters are `?1` to `?5`; few rows, so that no index is needed for each.
const MATCHING: &str = "from curation k where (?1 is null or k.entity = ?1) and (?2 is null or k.uid = ?2) and (?3 is null or k.action = ?3) \
     and (?4 is null or k.made_by = ?4) and (?5 is null or (k.undone_at is not null) = ?5)";

/// At most 100 parts: a split of large incidents has one for each pair of reports.
const PARTS: &str = "select k.*, (select json_group_array(json_object('entity', c.entity, 'uid', c.uid, 'action', c.action, 'field', c.field, \
     'before', json(c.before), 'original', json(c.original), 'value', iif(c.action in ('same_as', 'not_same_as'), json_quote(c.value), json(c.value)))) \
     from (select * from correction p where p.curation_id = k.id order by p.id limit 100) c) as parts";

impl Store {
    /// One page of curations, the latest first.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn curations(&self, filter: &CurationFilter, page: &Page) -> Result<Rows<Curation>, StoreError> {
        let sql = format!("{PARTS} {MATCHING} and k.id < ?6 order by k.id desc limit ?7");
        let after = page.after.as_ref().map_or(i64::MAX, |cursor| cursor.number);
        // The text is the one above.
        let mut rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(&filter.entity)
            .bind(&filter.uid)
            .bind(&filter.action)
            .bind(&filter.made_by)
            .bind(filter.undone)
            .bind(after)
            .bind(i64::from(page.limit) + 1)
            .fetch_all(&self.reader)
            .await
            .context("list curations")?;
        let more = rows.len() > page.limit as usize;
        rows.truncate(page.limit as usize);
        let next = rows.last().filter(|_| more).map(|r| Cursor { values: Vec::new(), number: r.id });
        Ok(Rows { rows: rows.into_iter().map(Row::into_model).collect::<Result<_, _>>()?, next })
    }

    /// How many curations there are.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn count_curations(&self, filter: &CurationFilter) -> Result<Total, StoreError> {
        let n: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(format!("select count(*) {MATCHING}")))
            .bind(&filter.entity)
            .bind(&filter.uid)
            .bind(&filter.action)
            .bind(&filter.made_by)
            .bind(filter.undone)
            .fetch_one(&self.reader)
            .await
            .context("count curations")?;
        Ok(Total::Exact(n.unsigned_abs()))
    }

    /// One curation.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn curation(&self, number: i64) -> Result<Option<Curation>, StoreError> {
        let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(format!("{PARTS} from curation k where k.id = ?1")))
            .bind(number)
            .fetch_optional(&self.reader)
            .await
            .context("read a curation")?;
        row.map(Row::into_model).transpose()
    }

    /// One page of review items: contradictions, the latest first, then names of which it is open who they mean.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn reviews(&self, filter: &ReviewFilter, page: &Page) -> Result<Rows<ReviewItem>, StoreError> {
        let (rank, number) = page.after.as_ref().map_or((0, i64::MAX), |cursor| match cursor.values.first() {
            Some(CursorValue::Number(rank)) => (*rank, cursor.number),
            _ => (0, cursor.number),
        });
        let sql = format!("select * from ({ITEMS}) where rank > ?5 or rank = ?5 and number < ?6 order by rank, number desc limit ?7");
        let mut rows: Vec<Item> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(&filter.reason)
            .bind(&filter.entity)
            .bind(&filter.uid)
            .bind(filter.closed)
            .bind(rank)
            .bind(number)
            .bind(i64::from(page.limit) + 1)
            .fetch_all(&self.reader)
            .await
            .context("list review items")?;
        let more = rows.len() > page.limit as usize;
        rows.truncate(page.limit as usize);
        let next = rows.last().filter(|_| more).map(|r| Cursor { values: vec![CursorValue::Number(r.rank)], number: r.number });
        Ok(Rows { rows: rows.into_iter().map(Item::into_model).collect::<Result<_, _>>()?, next })
    }

    /// How many review items there are.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn count_reviews(&self, filter: &ReviewFilter) -> Result<Total, StoreError> {
        let n: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(format!("select count(*) from ({ITEMS})")))
            .bind(&filter.reason)
            .bind(&filter.entity)
            .bind(&filter.uid)
            .bind(filter.closed)
            .fetch_one(&self.reader)
            .await
            .context("count review items")?;
        Ok(Total::Exact(n.unsigned_abs()))
    }
}

/// Reason, entity and id are `?1` to `?3`, whether they are closed `?4`. Open names are closed by a decision on the actor.
const ITEMS: &str = "select 0 as rank, r.id as number, r.reason, r.entity, r.uid, r.field, c.value as corrected, c.curation_id as correction, r.document, r.said, \
     '[]' as candidates, r.opened_at, r.closed_at, r.closed_by, r.closed_reason from review r join correction c on c.id = r.correction_id \
     where (r.closed_at is not null) = ?4 and (?1 is null or r.reason = ?1) and (?2 is null or r.entity = ?2) and (?3 is null or r.uid = ?3) \
     union all \
     select 1, x.id, 'open_name', 'actor', a.uid, 'name', null, null, d.uid, json_quote(x.name), x.candidates, x.made_at, null, null, null \
     from actor_decision x join actor a on a.id = x.actor_id join document d on d.id = x.document_id \
     where x.verdict = 'open' and a.status = 'machine' and not ?4 and (?1 is null or ?1 = 'open_name') and (?2 is null or ?2 = 'actor') and (?3 is null or a.uid = ?3)";

#[derive(sqlx::FromRow)]
struct Item {
    rank: i64,
    number: i64,
    reason: String,
    entity: String,
    uid: String,
    field: String,
    corrected: Option<String>,
    correction: Option<i64>,
    document: String,
    said: String,
    candidates: String,
    opened_at: String,
    closed_at: Option<String>,
    closed_by: Option<String>,
    closed_reason: Option<String>,
}

impl Item {
    fn into_model(self) -> Result<ReviewItem, StoreError> {
        const WHAT: &str = "read a review item";
        let json = |text: &str| serde_json::from_str::<Value>(text).context(WHAT);
        Ok(ReviewItem {
            corrected: self.corrected.as_deref().map(json).transpose()?,
            said: json(&self.said)?,
            candidates: serde_json::from_str(&self.candidates).context(WHAT)?,
            closed: undone(self.closed_at, self.closed_by, self.closed_reason),
            reason: self.reason,
            number: self.number,
            entity: self.entity,
            uid: self.uid,
            field: self.field,
            correction: self.correction,
            document: self.document,
            opened_at: self.opened_at,
        })
    }
}
