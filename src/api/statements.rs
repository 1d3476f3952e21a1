//! Statements.

use super::as_of::AsOf;
use super::changes::history;
use super::filter::{Interpreted, Invented, PartialDay, check_days};
use super::list::{Asked, List, Paging};
use super::path::Path;
use super::problem::Problem;
use super::query::{Query, Words};
use super::{Shared, etag, unavailable};
use crate::query;
use crate::store::Store;
use crate::store::filter::{Page, StatementFilter};
use crate::views::Items;
use crate::views::history::ChangeView;
use crate::views::statement::StatementView;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};

query! {
    /// Which statements.
    pub struct StatementQuery {
        /// Said (else published) on this day or later: a day, month or year.
        from: Option<PartialDay>,
        /// Said (else published) on this day or earlier: a day, month or year.
        to: Option<PartialDay>,
        /// Statement kinds; see `/v1/codes/statement_kinds`.
        kind: Vec<String>,
        /// `direct`, `mixed` or `indirect`.
        mode: Vec<String>,
        /// By which way it was said; see `/v1/codes/statement_channels`.
        channel: Vec<String>,
        /// What became of a claim or denial; see `/v1/codes/claim_standings`.
        standing: Vec<String>,
        /// Speakers by id, name or any alias.
        speaker: Vec<String>,
        /// Incidents that it is about, by id.
        incident: Vec<String>,
        /// Documents by id.
        document: Vec<String>,
        /// Publishers, as documents name them.
        source: Vec<String>,
        /// `false` leaves out what invented documents tell, `true` leaves out the rest, `any` gives both; `false` without it.
        fictional: Option<Invented>,
        /// Words in what was said.
        q: Option<Words>,
    }
}

/// Statements that match, the latest first
#[utoipa::path(get, path = "/v1/statements", tag = "statements", params(StatementQuery, Paging, AsOf), responses(
    (status = 200, description = "A page.", body = List<StatementView>),
))]
pub async fn list_statements(
    State(app): State<Shared>,
    Query((query, paging, as_of)): Query<(StatementQuery, Paging, AsOf)>,
    asked: Asked,
) -> Result<List<StatementView>, Problem> {
    check_days(query.from, query.to)?;
    let read = as_of.read(&app, query.q.is_some()).await?;
    let mut run = read.resolver(&app).begin();
    let filter = StatementFilter {
        from: run.given("from", query.from.map(|d| d.first.to_string())),
        to: run.given("to", query.to.map(|d| d.last.to_string())),
        kind: run.codes("kind", "statement_kinds", query.kind),
        mode: run.codes("mode", "statement_modes", query.mode),
        channel: run.codes("channel", "statement_channels", query.channel),
        standing: run.codes("standing", "claim_standings", query.standing),
        speaker: run.actors("speaker", query.speaker).await?,
        incident: run.incidents("incident", query.incident).await?,
        document: run.documents("document", query.document).await?,
        source: run.sources("source", query.source).await?,
        fictional: run.fictional(query.fictional),
        q: run.given("q", query.q.map(|q| q.0)),
    };
    let mut interpreted = run.finish()?;
    read.note(&mut interpreted);
    page_of_statements(&read.store, &filter, &paging, &asked, interpreted).await
}

/// A page; also of the statements of one actor.
pub async fn page_of_statements(
    store: &Store,
    filter: &StatementFilter,
    paging: &Paging,
    asked: &Asked,
    interpreted: Interpreted,
) -> Result<List<StatementView>, Problem> {
    let page = Page { after: asked.cursor(paging)?, limit: paging.limit(), ..Page::default() };
    let rows = store.statements(filter, &page).await.map_err(unavailable)?;
    let total = if paging.counts() { Some(store.count_statements(filter, None).await.map_err(unavailable)?) } else { None };
    let data = rows.rows.into_iter().map(StatementView::from).collect();
    Ok(List::new(data, asked, rows.next.as_ref(), paging, total, interpreted))
}

/// One statement
#[utoipa::path(get, path = "/v1/statements/{id}", tag = "statements", params(("id" = String, Path, description = "Id of the statement."), AsOf), responses(
    (status = 200, description = "The statement.", body = StatementView),
))]
pub async fn get_statement(State(app): State<Shared>, Path(id): Path, Query(as_of): Query<AsOf>) -> Result<Response, Problem> {
    let read = as_of.read(&app, false).await?;
    match read.store.statement(&id).await.map_err(unavailable)? {
        Some(statement) if read.revision.is_some() => Ok(Json(StatementView::from(statement)).into_response()),
        Some(statement) => {
            let state = etag::Shown { path: format!("/v1/statements/{id}"), revision: statement.revision };
            Ok((Extension(state), Json(StatementView::from(statement))).into_response())
        }
        None => Err(read.missing(&app, "statement", &id).await),
    }
}

/// Who or what changed a statement, when and why
#[utoipa::path(get, path = "/v1/statements/{id}/history", tag = "statements", params(("id" = String, Path, description = "Id of the statement.")), responses(
    (status = 200, description = "Each change, the oldest first; also of one that was merged or deleted.", body = Items<ChangeView>),
))]
pub async fn get_statement_history(State(app): State<Shared>, Path(id): Path, _: Query<()>) -> Result<Json<Items<ChangeView>>, Problem> {
    history(&app, "statement", &id).await
}
