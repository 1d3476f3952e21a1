//! Words, across everything.

use super::filter::{Invented, Resolver};
use super::list::{Asked, List, Paging};
use super::problem::{Code, Fault, Problem};
use super::query::{Query, Words};
use super::{Shared, unavailable};
use crate::store::filter::{Cursor, Total};
use crate::store::{HIT_END, HIT_START, SearchOrder, SearchQuery};
use crate::views::search::SearchHitView;
use crate::{query, query_words};
use axum::extract::State;
use serde_json::{Map, json};

/// Hits are counted up to here.
const COUNTED: u64 = 10_000;

query! {
    /// What to look for.
    pub struct SearchWords {
        /// Words; "phrases" stay together, `-word` excludes, `word*` begins, `OR` joins alternatives. Required.
        q: Option<Words>,
        /// What to find: `document`, `incident`, `actor`, `statement`; all without it.
        kind: Vec<Kind>,
        /// `false` leaves out what invented documents tell, `true` leaves out the rest, `any` gives both; `false` without it.
        fictional: Option<Invented>,
        /// `newest` (default): latest stored first; `relevance`: best match first, among the latest 1,000.
        sort: Option<Order>,
    }
}

query_words! {
    /// What can be found.
    pub enum Kind {
        /// Texts.
        #[default]
        Document = "document",
        /// Incidents by summary, place and names.
        Incident = "incident",
        /// Actors by names.
        Actor = "actor",
        /// Statements by what was said.
        Statement = "statement",
    }
}

query_words! {
    /// In which order hits come.
    pub enum Order {
        /// Latest stored first.
        #[default]
        Newest = "newest",
        /// Best match first.
        Relevance = "relevance",
    }
}

/// Documents, incidents, actors and statements that hold the words
#[utoipa::path(get, path = "/v1/search", tag = "search", params(SearchWords, Paging), responses(
    (status = 200, description = "A page of hits with snippets; `total` is exact up to 10,000.", body = List<SearchHitView>),
))]
pub async fn search(State(app): State<Shared>, Query((words, paging)): Query<(SearchWords, Paging)>, asked: Asked) -> Result<List<SearchHitView>, Problem> {
    let q = words.q.map(|q| q.0).ok_or_else(|| Problem::of(Code::InvalidParameter, vec![Fault::parameter("q", "is required")]))?;
    if !q.chars().any(char::is_alphanumeric) {
        return Err(Problem::of(Code::InvalidParameter, vec![Fault::parameter("q", "holds no letter and no digit")]));
    }
    let kinds: Vec<String> = words.kind.iter().map(|kind| Kind::WORDS[*kind as usize].to_owned()).collect();
    let order = words.sort.unwrap_or_default();
    let mut interpreted = Map::from_iter([("q".to_owned(), json!(q)), ("sort".to_owned(), json!(Order::WORDS[order as usize]))]);
    if !kinds.is_empty() {
        interpreted.insert("kind".to_owned(), json!(kinds));
    }
    let mut run = Resolver::from(&*app).begin();
    let fictional = run.fictional(words.fictional);
    interpreted.extend(run.finish()?);
    let query = SearchQuery {
        q,
        kinds,
        fictional,
        order: if order == Order::Relevance { SearchOrder::Relevance } else { SearchOrder::Newest },
        after: asked.cursor(&paging)?.map(|cursor| cursor.number),
        limit: paging.limit(),
    };
    let (hits, more) = app.store.search(&query).await.map_err(unavailable)?;
    let total: Option<Total> = if paging.counts() { Some(app.store.count_hits(&query, COUNTED).await.map_err(unavailable)?) } else { None };
    let next = hits.last().filter(|_| more).map(|hit| Cursor { values: Vec::new(), number: hit.position });
    let data = hits.into_iter().map(|hit| SearchHitView::new(hit, (HIT_START, HIT_END))).collect();
    Ok(List::new(data, &asked, next.as_ref(), &paging, total, interpreted))
}
