//! Actors.

use super::as_of::{AsOf, Read};
use super::auth::{Admin, MayWrite};
use super::changes::history;
use super::filter::{FictionalQuery, IncidentQuery, Invented};
use super::incidents::{Presentation, answer};
use super::list::{Asked, List, Paging};
use super::moved::{missing, redirect};
use super::path::Path;
use super::problem::{Code, Fault, Problem};
use super::query::{Bad, Query, QueryValue, Words};
use super::statements::page_of_statements;
use super::{App, Shared, etag, unavailable};
use crate::model::actor::StoredActor;
use crate::model::bounded::Bounded;
use crate::model::document::MAX_REASON;
use crate::query;
use crate::store::filter::{ActorFilter, IncidentFilter, Page, StatementFilter};
use crate::views::Items;
use crate::views::actor::{ActorDetail, ActorView, NetworkView, WithheldView};
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
#[utoipa::path(get, path = "/v1/actors", tag = "actors", params(ActorQuery, Paging, AsOf), responses((status = 200, description = "A page.", body = List<ActorView>)))]
pub async fn list_actors(
    State(app): State<Shared>,
    Query((query, paging, as_of)): Query<(ActorQuery, Paging, AsOf)>,
    asked: Asked,
) -> Result<List<ActorView>, Problem> {
    let read = as_of.read(&app, query.q.is_some()).await?;
    let mut run = read.resolver(&app).begin();
    let filter = ActorFilter {
        kind: run.codes("type", "actor_types", query.r#type),
        country: run.countries("country", query.country),
        known: run.given("known", query.known),
        mentioned: run.given("mentioned", query.mentioned),
        open: run.given("open", query.open),
        fictional: run.fictional(query.fictional),
        q: run.given("q", query.q.map(|q| q.0)),
    };
    let mut interpreted = run.finish()?;
    read.note(&mut interpreted);
    let page = Page { after: asked.cursor(&paging)?, limit: paging.limit(), ..Page::default() };
    let rows = read.store.actors(&filter, &page).await.map_err(unavailable)?;
    let total = if paging.counts() { Some(read.store.count_actors(&filter, None).await.map_err(unavailable)?) } else { None };
    let data = rows.rows.into_iter().map(ActorView::from).collect();
    Ok(List::new(data, &asked, rows.next.as_ref(), &paging, total, interpreted))
}

/// One actor with names, titles, dated relations and incident counts by role
#[utoipa::path(get, path = "/v1/actors/{id}", tag = "actors", params(("id" = String, Path, description = "Id of the actor."), AsOf), responses(
    (status = 200, description = "All that is known of it.", body = ActorDetail),
    (status = 308, description = "It was merged; `Location` leads to its successor."),
))]
pub async fn get_actor(State(app): State<Shared>, Path(id): Path, Query(as_of): Query<AsOf>) -> Result<Response, Problem> {
    let read = as_of.read(&app, false).await?;
    let Some(stored) = read.store.actor(&id).await.map_err(unavailable)? else { return Err(read.missing(&app, "actor", &id).await) };
    match &stored.row.merged_into {
        Some(successor) => Ok(redirect(&format!("/v1/actors/{successor}"), &as_of.query())),
        None if read.revision.is_some() => Ok(Json(ActorDetail::from(stored)).into_response()),
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
    params(("id" = String, Path, description = "Id of the actor."), IncidentQuery, Presentation, Paging, AsOf),
    responses((status = 200, description = "A page.", body = List<crate::views::incident::IncidentView>)))]
pub async fn list_actor_incidents(
    State(app): State<Shared>,
    Path(id): Path,
    Query((query, view, paging, as_of)): Query<(IncidentQuery, Presentation, Paging, AsOf)>,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let read = as_of.read(&app, query.q.is_some()).await?;
    known(&app, &read, &id).await?;
    if !query.actor.is_empty() {
        let fault = Fault::parameter("actor", "is in the path already; ask /v1/incidents for several actors");
        return Err(Problem::of(Code::ConflictingParameters, vec![fault]));
    }
    let (filter, mut interpreted) = query.resolve(&read.resolver(&app)).await?;
    read.note(&mut interpreted);
    answer(&read.store, IncidentFilter { actor: vec![id], ..filter }, interpreted, &view, &paging, &asked, &headers).await
}

/// What an actor said
#[utoipa::path(get, path = "/v1/actors/{id}/statements", tag = "actors", params(("id" = String, Path, description = "Id of the actor."), FictionalQuery, Paging, AsOf), responses(
    (status = 200, description = "A page, the latest first.", body = List<StatementView>),
))]
pub async fn list_actor_statements(
    State(app): State<Shared>,
    Path(id): Path,
    Query((query, paging, as_of)): Query<(FictionalQuery, Paging, AsOf)>,
    asked: Asked,
) -> Result<Response, Problem> {
    let read = as_of.read(&app, false).await?;
    known(&app, &read, &id).await?;
    let mut run = read.resolver(&app).begin();
    let filter = StatementFilter { speaker: vec![id], fictional: run.fictional(query.fictional), ..StatementFilter::default() };
    let mut interpreted = run.finish()?;
    read.note(&mut interpreted);
    Ok(page_of_statements(&read.store, &filter, &paging, &asked, interpreted).await?.into_response())
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

async fn known(app: &Shared, read: &Read, id: &str) -> Result<(), Problem> {
    match read.store.actor(id).await.map_err(unavailable)? {
        Some(_) => Ok(()),
        None => Err(read.missing(app, "actor", id).await),
    }
}

/// Who or what changed an actor, when and why
#[utoipa::path(get, path = "/v1/actors/{id}/history", tag = "actors", params(("id" = String, Path, description = "Id of the actor.")), responses(
    (status = 200, description = "Each change, the oldest first; also of one that was merged or deleted.", body = Items<ChangeView>),
))]
pub async fn get_actor_history(State(app): State<Shared>, Path(id): Path, _: Query<()>) -> Result<Json<Items<ChangeView>>, Problem> {
    history(&app, "actor", &id).await
}

query! {
    /// Why.
    pub struct ReasonQuery {
        /// Why; it stands in the history. Required.
        reason: Option<Bounded<MAX_REASON>>,
    }
}

impl ReasonQuery {
    fn required(self) -> Result<String, Problem> {
        let none = || Problem::of(Code::InvalidParameter, vec![Fault::parameter("reason", "is required: it stands in the history")]);
        self.reason.map(|reason| reason.0).ok_or_else(none)
    }
}

/// Show an actor's names nowhere any more
///
/// For persons who ask for it. Names and aliases become the label `name withheld`, in running texts a block for each letter, so that offsets
/// stay right; no search finds them. Documents that come later are treated the same. The names are kept, so that it can be lifted.
#[utoipa::path(post, path = "/v1/actors/{id}/withhold", tag = "actors", security((), ("key" = ["admin"])),
    params(("id" = String, Path, description = "Id of the actor."), ReasonQuery), responses(
    (status = 200, description = "How it is now.", body = WithheldView),
))]
pub async fn withhold_names(
    State(app): State<Shared>,
    may: MayWrite<Admin>,
    Path(id): Path,
    Query(query): Query<ReasonQuery>,
) -> Result<Json<WithheldView>, Problem> {
    set_withheld(&app, &may, id, query.required()?, true).await
}

/// Show an actor's names again
#[utoipa::path(delete, path = "/v1/actors/{id}/withhold", tag = "actors", security((), ("key" = ["admin"])),
    params(("id" = String, Path, description = "Id of the actor."), ReasonQuery), responses(
    (status = 200, description = "How it is now.", body = WithheldView),
))]
pub async fn show_names(
    State(app): State<Shared>,
    may: MayWrite<Admin>,
    Path(id): Path,
    Query(query): Query<ReasonQuery>,
) -> Result<Json<WithheldView>, Problem> {
    set_withheld(&app, &may, id, query.required()?, false).await
}

async fn set_withheld(app: &Shared, may: &MayWrite<Admin>, id: String, reason: String, withheld: bool) -> Result<Json<WithheldView>, Problem> {
    match app.store.set_withheld(&id, &reason, withheld, app.clock.now(), &may.who).await.map_err(unavailable)? {
        Some(changed) => Ok(Json(WithheldView { id, withheld, changed })),
        None => Err(missing(app, "actor", &id).await),
    }
}
