//! The feed that a mirror follows.

use super::accept::negotiate;
use super::events::{EVENT_STREAM, Event, Listening, News, Source};
use super::list::{Asked, List, Paging};
use super::problem::{Code, Fault, Problem};
use super::query::{Bad, Query, QueryValue};
use super::{Shared, unavailable};
use crate::store::Store;
use crate::store::filter::{ChangeFilter, Cursor};
use crate::views::Items;
use crate::views::history::ChangeView;
use crate::{query, query_words};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, json};
use utoipa::openapi::schema::{Schema, Type};

/// Changes that are sent at once.
const AT_ONCE: u32 = 500;

query! {
    /// Which changes.
    pub struct ChangesQuery {
        /// The number of the last change known, or a moment (RFC 3339) or day; from the beginning without it.
        since: Option<Since>,
        /// What changed: `incident`, `report`, `actor`, `statement`, `document`; all without it.
        entity: Vec<Entity>,
        /// How: `created`, `changed`, `merged`, `split`, `confirmed`, `rejected`, `deleted`, `restored`; all without it.
        action: Vec<Action>,
        /// Ids of what changed.
        id: Vec<String>,
    }
}

query_words! {
    /// What the log tells of.
    pub enum Entity {
        /// Incidents.
        #[default]
        Incident = "incident",
        /// What one document says of an incident.
        Report = "report",
        /// Actors.
        Actor = "actor",
        /// Statements.
        Statement = "statement",
        /// Documents.
        Document = "document",
    }
}

query_words! {
    /// What can become of something.
    pub enum Action {
        /// It is new.
        #[default]
        Created = "created",
        /// Members have other values.
        Changed = "changed",
        /// Another one took its place.
        Merged = "merged",
        /// It is apart from another one again.
        Split = "split",
        /// A curator vouches for it.
        Confirmed = "confirmed",
        /// A curator rejects it.
        Rejected = "rejected",
        /// It is gone.
        Deleted = "deleted",
        /// It is back.
        Restored = "restored",
    }
}

/// A number of a change, or a moment.
#[derive(Clone, Debug)]
pub enum Since {
    /// After this change.
    Number(i64),
    /// At this moment or later, in UTC.
    Moment(String),
}

impl QueryValue for Since {
    fn parse(text: &str) -> Result<Self, Bad> {
        let number = text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten();
        let bad = |_| Bad::from("is neither the number of a change nor a moment such as 2023-02-03T10:00:00Z");
        match number {
            Some(number) => Ok(Self::Number(number)),
            None => super::filter::Moment::parse(text).map(|m| Self::Moment(m.0)).map_err(bad),
        }
    }

    fn schema() -> Schema {
        super::query::schema(Type::String).build().into()
    }
}

/// What was created, changed, merged, split and deleted, with reason and successor
///
/// A page, the oldest first; a mirror goes on with `since` = the `number` of the last row that it has. With `Accept: text/event-stream` the
/// same rows as server-sent events, each with its number as `id`, and then every change as it is made; `Last-Event-ID` goes on where a
/// connection was lost.
#[utoipa::path(get, path = "/v1/changes", tag = "service", params(ChangesQuery, Paging), responses(
    (status = 200, description = "Changes, the oldest first.", content((List<ChangeView> = "application/json"), (String = "text/event-stream"))),
))]
pub async fn list_changes(
    State(app): State<Shared>,
    Query((query, paging)): Query<(ChangesQuery, Paging)>,
    asked: Asked,
    listening: Listening,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let since = match &query.since {
        None => 0,
        Some(Since::Number(number)) => *number,
        Some(Since::Moment(moment)) => app.store.change_before(moment).await.map_err(unavailable)?,
    };
    let filter = query.filter();
    if negotiate(&headers, &["application/json", EVENT_STREAM])? == EVENT_STREAM {
        refuse_pages(&paging)?;
        let feed = Changes { store: app.store.clone(), filter, after: listening.last.unwrap_or(since) };
        return app.feeds.begin(feed, listening).await;
    }
    let after = asked.cursor(&paging)?.map_or(since, |cursor| cursor.number);
    let mut changes = app.store.changes(&filter, after, paging.limit() + 1).await.map_err(unavailable)?;
    let more = changes.len() > paging.limit() as usize;
    changes.truncate(paging.limit() as usize);
    let next = changes.last().filter(|_| more).map(|change| Cursor { values: Vec::new(), number: change.id });
    let total = if paging.counts() { Some(app.store.count_changes(&filter, since).await.map_err(unavailable)?) } else { None };
    let data = changes.into_iter().map(ChangeView::from).collect();
    let mut response = List::new(data, &asked, next.as_ref(), &paging, total, query.interpreted(since)).into_response();
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept"));
    Ok(response)
}

impl ChangesQuery {
    fn filter(&self) -> ChangeFilter {
        let entity = self.entity.iter().map(|e| Entity::WORDS[*e as usize].to_owned());
        let action = self.action.iter().map(|a| Action::WORDS[*a as usize].to_owned());
        ChangeFilter { entity: entity.collect(), action: action.collect(), id: self.id.clone() }
    }

    fn interpreted(&self, since: i64) -> Map<String, serde_json::Value> {
        let ChangeFilter { entity, action, id } = self.filter();
        let mut interpreted = Map::new();
        if self.since.is_some() {
            interpreted.insert("since".to_owned(), json!(since));
        }
        for (name, values) in [("entity", entity), ("action", action), ("id", id)] {
            if !values.is_empty() {
                interpreted.insert(name.to_owned(), json!(values));
            }
        }
        interpreted
    }
}

/// A feed has no pages.
fn refuse_pages(paging: &Paging) -> Result<(), Problem> {
    let given = [("limit", paging.limit.is_some()), ("cursor", paging.cursor.is_some()), ("count", paging.count.is_some())];
    match given.into_iter().find(|(_, given)| *given) {
        Some((name, _)) => {
            let fault = Fault::parameter(name, format!("goes with pages of JSON, not with {EVENT_STREAM}"));
            Err(Problem::of(Code::ConflictingParameters, vec![fault]))
        }
        None => Ok(()),
    }
}

/// The log from one entry on.
struct Changes {
    store: Store,
    filter: ChangeFilter,
    after: i64,
}

impl Source for Changes {
    async fn news(&mut self) -> Result<News, Problem> {
        let changes = self.store.changes(&self.filter, self.after, AT_ONCE).await.map_err(unavailable)?;
        self.after = changes.last().map_or(self.after, |change| change.id);
        let event = |change| {
            let change = ChangeView::from(change);
            serde_json::to_string(&change).map(|data| Event { id: change.number, data }).map_err(Problem::internal)
        };
        Ok(News { events: changes.into_iter().map(event).collect::<Result<_, _>>()?, ended: false })
    }
}

/// Every change of one thing, also of one that was merged or deleted.
pub async fn history(app: &Shared, entity: &'static str, id: &str) -> Result<Json<Items<ChangeView>>, Problem> {
    let changes = app.store.history(entity, id).await.map_err(unavailable)?;
    if changes.is_empty() {
        return Err(super::moved::missing(app, entity, id).await);
    }
    Ok(Json(changes.into_iter().map(ChangeView::from).collect()))
}
