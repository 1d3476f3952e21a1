//! The list of corrections, undoing them, and what is to be reviewed.

use super::incidents::desk;
use super::{JSON, Refused, input, reason, refused};
use crate::api::auth::{Curate, MayWrite};
use crate::api::filter::Resolver;
use crate::api::list::{Asked, List, Paging};
use crate::api::path::Path;
use crate::api::problem::Problem;
use crate::api::query::Query;
use crate::api::{Shared, unavailable};
use crate::curate;
use crate::store::filter::Page;
use crate::store::{CurationFilter, ReviewFilter};
use crate::views::correction::{CorrectionView, ReasonInput, ReviewView};
use crate::{query, query_words};
use axum::Json;
use axum::extract::{Request, State};

query_words! {
    /// What a correction or a review item is about.
    pub enum Entity {
        /// An incident.
        #[default]
        Incident = "incident",
        /// An actor.
        Actor = "actor",
        /// A statement.
        Statement = "statement",
    }
}

query_words! {
    /// What was decided.
    pub enum Action {
        /// Fields were set.
        #[default]
        Edit = "edit",
        /// Two were made one.
        Merge = "merge",
        /// One was made two.
        Split = "split",
        /// It was confirmed.
        Confirm = "confirm",
        /// It was rejected.
        Reject = "reject",
        /// Evidence was added or removed.
        Evidence = "evidence",
        /// Two actors were related.
        Relate = "relate",
    }
}

query_words! {
    /// Why something is to be looked at.
    pub enum ReviewReason {
        /// A document says otherwise than a correction.
        #[default]
        Contradiction = "contradiction",
        /// A further document reports what was rejected.
        ReportedAgain = "reported_again",
        /// It is open whom a document means.
        OpenName = "open_name",
    }
}

query_words! {
    /// Whether an item is still to be looked at.
    pub enum ReviewStatus {
        /// Nobody has decided yet.
        #[default]
        Open = "open",
        /// Somebody has.
        Closed = "closed",
    }
}

query! {
    /// Which corrections.
    pub struct CorrectionQuery {
        /// `incident`, `actor` or `statement`.
        entity: Option<Entity>,
        /// Id of what they are about.
        of: Option<String>,
        /// `edit`, `merge`, `split`, `confirm`, `reject`, `evidence` or `relate`.
        action: Option<Action>,
        /// Name of the key that they were made with.
        who: Option<String>,
        /// `true`: those that were undone; `false`: those that hold.
        undone: Option<bool>,
    }
}

query! {
    /// Which review items.
    pub struct ReviewQuery {
        /// `contradiction`, `reported_again` or `open_name`.
        reason: Option<ReviewReason>,
        /// `incident`, `actor` or `statement`.
        entity: Option<Entity>,
        /// Id of what they are about.
        of: Option<String>,
        /// `open` or `closed`; `open` without it.
        status: Option<ReviewStatus>,
    }
}

/// What curators decided, the latest first
#[utoipa::path(get, path = "/v1/corrections", tag = "curation", params(CorrectionQuery, Paging), responses(
    (status = 200, description = "A page.", body = List<CorrectionView>),
))]
pub async fn list_corrections(
    State(app): State<Shared>,
    Query((query, paging)): Query<(CorrectionQuery, Paging)>,
    asked: Asked,
) -> Result<List<CorrectionView>, Problem> {
    let mut run = Resolver::from(&*app).begin();
    let filter = CurationFilter {
        entity: run.given("entity", query.entity.map(|e| Entity::WORDS[e as usize].to_owned())),
        uid: run.given("of", query.of),
        action: run.given("action", query.action.map(|a| Action::WORDS[a as usize].to_owned())),
        made_by: run.given("who", query.who),
        undone: run.given("undone", query.undone),
    };
    let interpreted = run.finish()?;
    let page = Page { after: asked.cursor(&paging)?, limit: paging.limit(), ..Page::default() };
    let rows = app.store.curations(&filter, &page).await.map_err(unavailable)?;
    let total = if paging.counts() { Some(app.store.count_curations(&filter).await.map_err(unavailable)?) } else { None };
    let data = rows.rows.into_iter().map(CorrectionView::from).collect();
    Ok(List::new(data, &asked, rows.next.as_ref(), &paging, total, interpreted))
}

/// One correction
#[utoipa::path(get, path = "/v1/corrections/{id}", tag = "curation", params(("id" = i64, Path, description = "Number of the correction.")), responses(
    (status = 200, description = "What was decided, and whether it holds.", body = CorrectionView),
))]
pub async fn get_correction(State(app): State<Shared>, Path(id): Path, _: Query<()>) -> Result<Json<CorrectionView>, Problem> {
    let number = number(&id, "")?;
    match app.store.curation(number).await.map_err(unavailable)? {
        Some(curation) => Ok(Json(curation.into())),
        None => Err(Problem::not_found("correction", &id)),
    }
}

/// Undo a correction
///
/// What it changed is as if it had not been made; other corrections, also later ones, stay.
#[utoipa::path(post, path = "/v1/corrections/{id}/undo", tag = "curation", security((), ("key" = ["curate"])),
    params(("id" = i64, Path, description = "Number of the correction.")),
    request_body(content((ReasonInput = "application/json"))),
    responses((status = 200, description = "The correction, undone.", body = CorrectionView)))]
pub async fn undo_correction(
    State(app): State<Shared>,
    may: MayWrite<Curate>,
    Path(id): Path,
    _: Query<()>,
    request: Request,
) -> Result<Json<CorrectionView>, Refused> {
    let number = number(&id, "")?;
    let why = reason(&input::<ReasonInput>(request, &app, &JSON).await?.reason)?;
    if let Err(error) = curate::undo(&desk(&app, &may, &why), number).await {
        return Err(refused(&app, error, "/v1/corrections", "").await);
    }
    Ok(get_correction(State(app), Path(id), Query(())).await?)
}

/// What is to be looked at
///
/// Documents that say otherwise than a correction, which holds nevertheless; further reports of what was rejected; names of which it is open
/// whom they mean. Closed by confirming, or by a new correction.
#[utoipa::path(get, path = "/v1/review", tag = "curation", params(ReviewQuery, Paging), responses(
    (status = 200, description = "A page.", body = List<ReviewView>),
))]
pub async fn list_review(State(app): State<Shared>, Query((query, paging)): Query<(ReviewQuery, Paging)>, asked: Asked) -> Result<List<ReviewView>, Problem> {
    let mut run = Resolver::from(&*app).begin();
    let filter = ReviewFilter {
        reason: run.given("reason", query.reason.map(|r| ReviewReason::WORDS[r as usize].to_owned())),
        entity: run.given("entity", query.entity.map(|e| Entity::WORDS[e as usize].to_owned())),
        uid: run.given("of", query.of),
        closed: run.given("status", query.status.map(|s| ReviewStatus::WORDS[s as usize])) == Some("closed"),
    };
    let interpreted = run.finish()?;
    let page = Page { after: asked.cursor(&paging)?, limit: paging.limit(), ..Page::default() };
    let rows = app.store.reviews(&filter, &page).await.map_err(unavailable)?;
    let total = if paging.counts() { Some(app.store.count_reviews(&filter).await.map_err(unavailable)?) } else { None };
    let data = rows.rows.into_iter().map(ReviewView::from).collect();
    Ok(List::new(data, &asked, rows.next.as_ref(), &paging, total, interpreted))
}

/// A review item's id with what confirming it did.
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
pub struct Closed {
    /// The item.
    pub id: String,
    /// `closed`.
    pub status: &'static str,
}

/// Close a review item: what holds is right
///
/// Of an open name: its actor is one of its own. Where it is one of the candidates, merge the actor into that one instead.
#[utoipa::path(post, path = "/v1/review/{id}/confirm", tag = "curation", security((), ("key" = ["curate"])),
    params(("id" = String, Path, description = "Id of the item.")),
    request_body(content((ReasonInput = "application/json"))),
    responses((status = 200, description = "Closed.", body = Closed)))]
pub async fn confirm_review(State(app): State<Shared>, may: MayWrite<Curate>, Path(id): Path, _: Query<()>, request: Request) -> Result<Json<Closed>, Refused> {
    let why = reason(&input::<ReasonInput>(request, &app, &JSON).await?.reason)?;
    let desk = desk(&app, &may, &why);
    let done = match id.starts_with("name_") {
        true => curate::confirm_name(&desk, number(&id, "name_")?).await,
        false => curate::close_review(&desk, number(&id, "rev_")?).await,
    };
    match done {
        Ok(()) => Ok(Json(Closed { id, status: "closed" })),
        Err(error) => Err(refused(&app, error, "/v1/review", "").await),
    }
}

fn number(id: &str, prefix: &str) -> Result<i64, Problem> {
    let number = id.strip_prefix(prefix).and_then(|digits| digits.parse().ok());
    number.ok_or_else(|| Problem::not_found(if prefix.is_empty() { "correction" } else { "review item" }, id))
}
