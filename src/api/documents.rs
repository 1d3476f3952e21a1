//! Stored documents.

use super::changes::history;
use super::filter::{Invented, PartialDay, Resolver, check_days};
use super::list::{Asked, List, Paging};
use super::moved::missing;
use super::path::Path;
use super::problem::Problem;
use super::query::{Query, Words};
use super::{Shared, unavailable};
use crate::query;
use crate::store::filter::{DocumentFilter, Page};
use crate::views::Items;
use crate::views::document::{AnnotationPage, DocumentView};
use crate::views::history::ChangeView;
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

query! {
    /// Which documents.
    pub struct DocumentQuery {
        /// Published on this day or later: a day, month or year.
        from: Option<PartialDay>,
        /// Published on this day or earlier: a day, month or year.
        to: Option<PartialDay>,
        /// Publishers, as documents name them.
        source: Vec<String>,
        /// Languages by ISO 639-1 code.
        language: Vec<String>,
        /// `false` leaves out invented documents, `true` leaves out the rest, `any` gives both; `false` without it.
        fictional: Option<Invented>,
        /// Only documents that repeat an earlier one in nearly the same words, or none of them.
        near_duplicate: Option<bool>,
        /// Actors that they mention, by id, name or any alias.
        actor: Vec<String>,
        /// Words in title or text; "phrases" stay together, `-word` excludes, `word*` begins, `OR` joins alternatives.
        q: Option<Words>,
    }
}

/// Documents that match, the latest published first
#[utoipa::path(get, path = "/v1/documents", tag = "documents", params(DocumentQuery, Paging), responses(
    (status = 200, description = "A page; texts are under `/v1/documents/{id}/text`.", body = List<DocumentView>),
))]
pub async fn list_documents(
    State(app): State<Shared>,
    Query((query, paging)): Query<(DocumentQuery, Paging)>,
    asked: Asked,
) -> Result<List<DocumentView>, Problem> {
    check_days(query.from, query.to)?;
    let mut run = Resolver::from(&*app).begin();
    let filter = DocumentFilter {
        from: run.given("from", query.from.map(|d| d.first.to_string())),
        to: run.given("to", query.to.map(|d| d.last.to_string())),
        source: run.sources("source", query.source).await?,
        language: run.given("language", Some(query.language).filter(|l| !l.is_empty())).unwrap_or_default(),
        fictional: run.fictional(query.fictional),
        near_duplicate: run.given("near_duplicate", query.near_duplicate),
        actor: run.actors("actor", query.actor).await?,
        q: run.given("q", query.q.map(|q| q.0)),
    };
    let interpreted = run.finish()?;
    let page = Page { after: asked.cursor(&paging)?, limit: paging.limit(), ..Page::default() };
    let rows = app.store.documents(&filter, &page).await.map_err(unavailable)?;
    let total = if paging.counts() { Some(app.store.count_documents(&filter, None).await.map_err(unavailable)?) } else { None };
    let data = rows.rows.into_iter().map(DocumentView::from).collect();
    Ok(List::new(data, &asked, rows.next.as_ref(), &paging, total, interpreted))
}

/// One document without its text
#[utoipa::path(get, path = "/v1/documents/{id}", tag = "documents", params(("id" = String, Path, description = "Id of the document.")), responses(
    (status = 200, description = "The document.", body = DocumentView),
))]
pub async fn get_document(State(app): State<Shared>, Path(id): Path, _: Query<()>) -> Result<Json<DocumentView>, Problem> {
    match app.store.document(&id).await.map_err(unavailable)? {
        Some(document) => Ok(Json(document.into())),
        None => Err(missing(&app, "document", &id).await),
    }
}

/// The text of a document as received; all offsets count its code points
#[utoipa::path(get, path = "/v1/documents/{id}/text", tag = "documents", params(("id" = String, Path, description = "Id of the document.")), responses(
    (status = 200, description = "The text.", body = String, content_type = "text/plain"),
))]
pub async fn get_text(State(app): State<Shared>, Path(id): Path, _: Query<()>) -> Result<Response, Problem> {
    match app.store.document_text(&id).await.map_err(unavailable)? {
        Some(text) => Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()),
        None => Err(missing(&app, "document", &id).await),
    }
}

/// All marked stretches of a document, as W3C Web Annotations
#[utoipa::path(get, path = "/v1/documents/{id}/annotations", tag = "documents", params(("id" = String, Path, description = "Id of the document.")), responses(
    (status = 200, description = "Annotations with position and quote selectors; offsets count code points of the text.", body = AnnotationPage),
))]
pub async fn get_annotations(State(app): State<Shared>, Path(id): Path, _: Query<()>, asked: Asked) -> Result<Json<AnnotationPage>, Problem> {
    let text = app.store.document_text(&id).await.map_err(unavailable)?;
    let annotations = app.store.annotations(&id).await.map_err(unavailable)?;
    let Some((text, annotations)) = text.zip(annotations) else { return Err(missing(&app, "document", &id).await) };
    let here = |part: &str| asked.url(&format!("/v1/documents/{}/{part}", super::query::encode(&id)));
    Ok(Json(AnnotationPage::new(here("annotations"), &here("text"), &text, annotations)))
}

/// Who or what changed a document, when and why
#[utoipa::path(get, path = "/v1/documents/{id}/history", tag = "documents", params(("id" = String, Path, description = "Id of the document.")), responses(
    (status = 200, description = "Each change, the oldest first; also of one that was merged or deleted.", body = Items<ChangeView>),
))]
pub async fn get_document_history(State(app): State<Shared>, Path(id): Path, _: Query<()>) -> Result<Json<Items<ChangeView>>, Problem> {
    history(&app, "document", &id).await
}
