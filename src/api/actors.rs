//! Actors.

use super::changes::history;
use super::filter::{FictionalQuery, IncidentQuery, Invented, Resolver};
use super::incidents::{Presentation, answer};
use super::list::{Asked, List, Paging};
use super::moved::{missing, redirect};
use super::path::Path;
use super::problem::{Code, Fault, Problem};
use super::query::{Bad, Query, QueryValue, Words};
use super::statements::page_of_statements;
use super::{App, Shared, etag, unavailable};
use crate::model::actor::StoredActor;
use crate::query;
use crate::store::filter::{ActorFilter, IncidentFilter, Page, StatementFilter};
use crate::views::Items;
use crate::views::actor::{ActorDetail, ActorView, NetworkView};
use crate::views::history::ChangeView;
use crate::views::statement::StatementView;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use utoipa::openapi::schema::{Schema, Type};

query! {
    /// Which actors.
    pub struct ActorQuery {
        /// Actor types: a class (`armed`) or a full code (`armed.rebel`); see `/v1/codes/actor_types`.
        r#type: Vec<String>,
        /// Home countries by ISO 3166-1 alpha-2 code or English name.
        country: Vec<String>,
        /// `true`: entries of the lexicon; `false`: those that documents brought.
        known: Option<bool>,
        /// `true`: those that a document mentions.
        mentioned: Option<bool>,
        /// `true`: those of whom a document leaves open whether they are another actor of the base; `decisions` of each lists who.
        open: Option<bool>,
        /// `false` leaves out those that only invented documents name, `true` leaves out the rest, `any` gives both; `false` without it.
        fictional: Option<Invented>,
        /// Words in their names.
        q: Option<Words>,
    }
}

query! {
    /// How far around.
    pub struct NetworkQuery {
        /// `1`: those tied to the actor; `2`: those tied to them as well. `1` without it.
        depth: Option<Depth>,
    }
}

/// Steps from an actor.
#[derive(Clone, Copy, Debug)]
pub struct Depth(u8);

impl QueryValue for Depth {
    fn parse(text: &str) -> Result<Self, Bad> {
        match text {
            "1" => Ok(Self(1)),
            "2" => Ok(Self(2)),
            _ => Err(Bad { detail: "is neither 1 nor 2".to_owned(), allowed: vec!["1".to_owned(), "2".to_owned()] }),
        }
    }

    fn schema() -> Schema {
        super::query::schema(Type::Integer).minimum(Some(1)).maximum(Some(2)).build().into()
    }
}

/// Actors that match, those with the most incidents first
#[utoipa::path(get, path = "/v1/actors", tag = "actors", params(ActorQuery, Paging), responses((status = 200, description = "A page.", body = List<ActorView>)))]
pub async fn list_actors(State(app): State<Shared>, Query((query, paging)): Query<(ActorQuery, Paging)>, asked: Asked) -> Result<List<ActorView>, Problem> {
    let mut run = Resolver::from(&*app).begin();
    let filter = ActorFilter {
        kind: run.codes("type", "actor_types", query.r#type),
        country: run.countries("country", query.country),
        known: run.given("known", query.known),
        mentioned: run.given("mentioned", query.mentioned),
        open: run.given("open", query.open),
        fictional: run.fictional(query.fictional),
        q: run.given("q", query.q.map(|q| q.0)),
    };
    let interpreted = run.finish()?;
    let page = Page { after: asked.cursor(&paging)?, limit: paging.limit(), ..Page::default() };
    let rows = app.store.actors(&filter, &page).await.map_err(unavailable)?;
    let total = if paging.counts() { Some(app.store.count_actors(&filter, None).await.map_err(unavailable)?) } else { None };
    let data = rows.rows.into_iter().map(ActorView::from).collect();
    Ok(List::new(data, &asked, rows.next.as_ref(), &paging, total, interpreted))
}

/// One actor with names, titles, dated relations and incident counts by role
#[utoipa::path(get, path = "/v1/actors/{id}", tag = "actors", params(("id" = String, Path, description = "Id of the actor.")), responses(
    (status = 200, description = "All that is known of it.", body = ActorDetail),
    (status = 308, description = "It was merged; `Location` leads to its successor."),
))]
pub async fn get_actor(State(app): State<Shared>, Path(id): Path, _: Query<()>) -> Result<Response, Problem> {
    let Some(stored) = app.store.actor(&id).await.map_err(unavailable)? else { return Err(missing(&app, "actor", &id).await) };
    match &stored.row.merged_into {
        Some(successor) => Ok(redirect(&format!("/v1/actors/{successor}"))),
        None => {
            let (state, detail) = whole(stored);
            Ok((Extension(state), Json(detail)).into_response())
        }
    }
}

/// One actor with everything, and which state of it that is; also after it was changed.
pub async fn detail(app: &App, id: &str) -> Result<(etag::Shown, ActorDetail), Problem> {
    match app.store.actor(id).await.map_err(unavailable)? {
        Some(stored) => Ok(whole(stored)),
        None => Err(missing(app, "actor", id).await),
    }
}

fn whole(stored: StoredActor) -> (etag::Shown, ActorDetail) {
    let state = etag::Shown { path: format!("/v1/actors/{}", stored.row.id), revision: stored.row.revision };
    (state, ActorDetail::from(stored))
}

/// Incidents in which an actor takes part, in any role
#[utoipa::path(get, path = "/v1/actors/{id}/incidents", tag = "actors",
    params(("id" = String, Path, description = "Id of the actor."), IncidentQuery, Presentation, Paging),
    responses((status = 200, description = "A page.", body = List<crate::views::incident::IncidentView>)))]
pub async fn list_actor_incidents(
    State(app): State<Shared>,
    Path(id): Path,
    Query((query, view, paging)): Query<(IncidentQuery, Presentation, Paging)>,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    known(&app, &id).await?;
    if !query.actor.is_empty() {
        let fault = Fault::parameter("actor", "is in the path already; ask /v1/incidents for several actors");
        return Err(Problem::of(Code::ConflictingParameters, vec![fault]));
    }
    let (filter, interpreted) = query.resolve(&(&*app).into()).await?;
    answer(&app, IncidentFilter { actor: vec![id], ..filter }, interpreted, &view, &paging, &asked, &headers).await
}

/// What an actor said
#[utoipa::path(get, path = "/v1/actors/{id}/statements", tag = "actors", params(("id" = String, Path, description = "Id of the actor."), FictionalQuery, Paging), responses(
    (status = 200, description = "A page, the latest first.", body = List<StatementView>),
))]
pub async fn list_actor_statements(
    State(app): State<Shared>,
    Path(id): Path,
    Query((query, paging)): Query<(FictionalQuery, Paging)>,
    asked: Asked,
) -> Result<Response, Problem> {
    known(&app, &id).await?;
    let mut run = Resolver::from(&*app).begin();
    let filter = StatementFilter { speaker: vec![id], fictional: run.fictional(query.fictional), ..StatementFilter::default() };
    Ok(page_of_statements(&app, &filter, &paging, &asked, run.finish()?).await?.into_response())
}

/// Who an actor is tied to, by shared incidents and by relations
#[utoipa::path(get, path = "/v1/actors/{id}/network", tag = "actors", params(("id" = String, Path, description = "Id of the actor."), NetworkQuery), responses(
    (status = 200, description = "At most 60 actors and what ties them.", body = NetworkView),
))]
pub async fn get_network(State(app): State<Shared>, Path(id): Path, Query(query): Query<NetworkQuery>) -> Result<Json<NetworkView>, Problem> {
    match app.store.network(&id, query.depth.map_or(1, |d| d.0)).await.map_err(unavailable)? {
        Some(network) => Ok(Json(network.into())),
        None => Err(missing(&app, "actor", &id).await),
    }
}

async fn known(app: &Shared, id: &str) -> Result<(), Problem> {
    match app.store.actor(id).await.map_err(unavailable)? {
        Some(_) => Ok(()),
        None => Err(missing(app, "actor", id).await),
    }
}

/// Who or what changed an actor, when and why
#[utoipa::path(get, path = "/v1/actors/{id}/history", tag = "actors", params(("id" = String, Path, description = "Id of the actor.")), responses(
    (status = 200, description = "Each change, the oldest first; also of one that was merged or deleted.", body = Items<ChangeView>),
))]
pub async fn get_actor_history(State(app): State<Shared>, Path(id): Path, _: Query<()>) -> Result<Json<Items<ChangeView>>, Problem> {
    history(&app, "actor", &id).await
}
