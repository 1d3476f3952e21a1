//! Full text over documents, incidents, actors and statements.

use super::error::Context;
use super::filter::{Fictional, Total, match_expression};
use super::readers::Lane;
use super::{Store, StoreError};
use crate::model::stats::SearchHit;
use serde_json::json;

/// Stands before a hit in titles and snippets: a character that no text has a use for, so that nothing needs escaping.
pub const HIT_START: char = '\u{E000}';
/// Stands after a hit.
pub const HIT_END: char = '\u{E001}';

/// How many of the newest matches are ranked when sorting by relevance.
const RANKED: i64 = 1000;

/// In which order hits come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SearchOrder {
    /// Latest stored first.
    #[default]
    Newest,
    /// Best match first, among the latest 1,000.
    Relevance,
}

/// What is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchQuery {
    /// As somebody typed it.
    pub q: String,
    /// `document`, `incident`, `actor`, `statement`; empty: all.
    pub kinds: Vec<String>,
    /// What invented documents tell.
    pub fictional: Fictional,
    /// Order.
    pub order: SearchOrder,
    /// `position` of the last hit of the page before.
    pub after: Option<i64>,
    /// How many at most.
    pub limit: u32,
}

#[derive(sqlx::FromRow)]
struct Row {
    kind: String,
    uid: String,
    day: String,
    title: String,
    snippet: String,
    score: f64,
    position: i64,
}

/// Kind and number of what invented documents tell, as a subquery: all of it by index.
macro_rules! invented {
    () => {
        "(select 'document', id from document where fictional = 1 union all select 'incident', id from incident where fictional = 1 \
         union all select 'actor', id from actor where fictional = 1 union all select 'statement', id from statement where fictional = 1)"
    };
}

/// Whether an entry is of something that nobody rejected, and that was not merged into something else.
macro_rules! standing {
    () => {
        "not exists (select 1 from incident i where e.kind = 'incident' and i.id = e.entity_id and i.status in ('rejected', 'merged') \
         union all select 1 from actor a where e.kind = 'actor' and a.id = e.entity_id and a.status in ('rejected', 'merged') \
         union all select 1 from statement s where e.kind = 'statement' and s.id = e.entity_id and s.status = 'rejected')"
    };
}

impl Store {
    /// One page of hits, and whether there are more. What was rejected or merged into something else is left out.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn search(&self, query: &SearchQuery) -> Result<(Vec<SearchHit>, bool), StoreError> {
        let mut rows = match query.order {
            SearchOrder::Newest => self.search_newest(query).await?,
            SearchOrder::Relevance => self.search_ranked(query).await?,
        };
        let more = rows.len() > query.limit as usize;
        rows.truncate(query.limit as usize);
        let convert = |r: Row| SearchHit { kind: r.kind, id: r.uid, title: r.title, day: r.day, snippet: r.snippet, score: r.score, position: r.position };
        Ok((rows.into_iter().map(convert).collect(), more))
    }

    /// How many hits there are, counted up to `at_most`.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn count_hits(&self, query: &SearchQuery, at_most: u64) -> Result<Total, StoreError> {
        let limit = i64::try_from(at_most).unwrap_or(i64::MAX).saturating_add(1);
        let n: i64 = sqlx::query_scalar(concat!(
            "select count(*) from (select 1 from search join search_entry e on e.id = search.rowid \
             where search match ? and e.kind in (select value from json_each(?)) and coalesce(((e.kind, e.entity_id) in ",
            invented!(),
            ") = ?, 1) and ",
            standing!(),
            " limit ?)",
        ))
        .bind(match_expression(&query.q))
        .bind(kinds(query))
        .bind(invented(query))
        .bind(limit)
        .fetch_one(&self.reader.lane(Lane::Heavy))
        .await
        .context("count hits")?;
        let n = n.unsigned_abs();
        Ok(if n > at_most { Total::AtLeast(at_most) } else { Total::Exact(n) })
    }

    /// The index gives its matches by number backwards, so that a page costs what it shows.
    async fn search_newest(&self, query: &SearchQuery) -> Result<Vec<Row>, StoreError> {
        sqlx::query_as(concat!(
            "select e.kind, e.uid, e.day, highlight(search, 0, ?1, ?2) as title, snippet(search, 1, ?1, ?2, '…', 24) as snippet, 0.0 as score, \
             e.id as position from search join search_entry e on e.id = search.rowid \
             where search match ?3 and search.rowid < ?4 and e.kind in (select value from json_each(?5)) and coalesce(((e.kind, e.entity_id) in ",
            invented!(),
            ") = ?7, 1) and ",
            standing!(),
            " \
             order by search.rowid desc limit ?6",
        ))
        .bind(HIT_START.to_string())
        .bind(HIT_END.to_string())
        .bind(match_expression(&query.q))
        .bind(query.after.unwrap_or(i64::MAX))
        .bind(kinds(query))
        .bind(i64::from(query.limit) + 1)
        .bind(invented(query))
        .fetch_all(&self.reader.lane(Lane::Heavy))
        .await
        .context("search")
    }

    /// Ranks the newest matches: bm25 with the title counting four times, and only the page's rows get snippets.
    async fn search_ranked(&self, query: &SearchQuery) -> Result<Vec<Row>, StoreError> {
        let after = query.after.unwrap_or(0).max(0);
        let mut rows: Vec<Row> = sqlx::query_as(concat!(
            "with newest as materialized (select search.rowid as id, -bm25(search, 4.0, 1.0) as score from search \
             where search match ?3 order by search.rowid desc limit ?7), \
             best as materialized (select n.id, n.score, e.kind, e.uid, e.day from newest n join search_entry e on e.id = n.id \
             where e.kind in (select value from json_each(?4)) and coalesce(((e.kind, e.entity_id) in ",
            invented!(),
            ") = ?8, 1) and ",
            standing!(),
            " \
             order by n.score desc, n.id desc limit ?6 offset ?5) \
             select b.kind, b.uid, b.day, b.score, 0 as position, \
             (select highlight(search, 0, ?1, ?2) from search where search.rowid = b.id and search match ?3) as title, \
             (select snippet(search, 1, ?1, ?2, '…', 24) from search where search.rowid = b.id and search match ?3) as snippet \
             from best b order by b.score desc, b.id desc",
        ))
        .bind(HIT_START.to_string())
        .bind(HIT_END.to_string())
        .bind(match_expression(&query.q))
        .bind(kinds(query))
        .bind(after)
        .bind(i64::from(query.limit) + 1)
        .bind(RANKED)
        .bind(invented(query))
        .fetch_all(&self.reader.lane(Lane::Heavy))
        .await
        .context("search")?;
        rows.iter_mut().zip(after + 1..).for_each(|(row, position)| row.position = position);
        Ok(rows)
    }
}

fn kinds(query: &SearchQuery) -> String {
    if query.kinds.is_empty() { json!(["document", "incident", "actor", "statement"]).to_string() } else { json!(query.kinds).to_string() }
}

/// Whether a hit must be invented; none where it may.
fn invented(query: &SearchQuery) -> Option<bool> {
    match query.fictional {
        Fictional::Without => Some(false),
        Fictional::Only => Some(true),
        Fictional::Any => None,
    }
}
