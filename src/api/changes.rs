//! The feed that a mirror follows.

use super::list::{Asked, DEFAULT_LIMIT, Limit};
use super::problem::Problem;
use super::query::{Bad, Query, QueryValue};
use super::{Shared, unavailable};
use crate::query;
use crate::views::history::{ChangeView, Changes};
use axum::Json;
use axum::extract::State;
use utoipa::openapi::schema::{Schema, Type};

query! {
    /// From where on.
    pub struct ChangesQuery {
        /// The number of the last change known, or a moment (RFC 3339) or day; from the beginning without it.
        since: Option<Since>,
        /// Changes given at most, 1 to 1000; 50 without it.
        limit: Option<Limit>,
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
#[utoipa::path(get, path = "/v1/changes", tag = "service", params(ChangesQuery), responses((status = 200, description = "Changes, the oldest first.", body = Changes)))]
pub async fn list_changes(State(app): State<Shared>, Query(query): Query<ChangesQuery>, asked: Asked) -> Result<Json<Changes>, Problem> {
    let since = match query.since {
        None => 0,
        Some(Since::Number(number)) => number,
        Some(Since::Moment(moment)) => app.store.change_before(&moment).await.map_err(unavailable)?,
    };
    let limit = query.limit.map_or(DEFAULT_LIMIT, |limit| limit.0);
    let changes = app.store.changes(since, limit).await.map_err(unavailable)?;
    let last = changes.last().map_or(since, |change| change.id);
    let next = asked.url(&format!("/v1/changes?since={last}&limit={limit}"));
    Ok(Json(Changes { data: changes.into_iter().map(ChangeView::from).collect(), next }))
}
