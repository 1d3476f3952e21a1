//! Stored documents.

use super::as_of::AsOf;
use super::auth::{Admin, MayWrite};
use super::changes::history;
use super::filter::{Invented, PartialDay, check_days};
use super::list::{Asked, List, Paging};
use super::moved::missing;
use super::path::Path;
use super::problem::{Code, Fault, Problem};
use super::query::{Query, Words};
use super::{Shared, unavailable};
use crate::ingest::{self, IngestError};
use crate::model::bounded::Bounded;
use crate::model::document::MAX_REASON;
use crate::store::Facts;
use crate::store::filter::{DocumentFilter, Page};
use crate::views::Items;
use crate::views::document::{AnnotationPage, DocumentView, WithdrawalView};
use crate::views::history::ChangeView;
use crate::{query, query_words};
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

query! {
    /// Why a document goes, and what with it.
    pub struct WithdrawQuery {
        /// Why; shown to whoever asks for the document. Required.
        reason: Option<Bounded<MAX_REASON>>,
        /// `keep`: what it told stays, without its words; `drop`: it goes as well. Required.
        facts: Option<FactsWord>,
    }
}

query_words! {
    /// What becomes of what a document told.
    pub enum FactsWord {
        /// It stays.
        Keep = "keep",
        /// It goes.
        #[default]
        Drop = "drop",
    }
}

/// Documents that match, the latest published first
#[utoipa::path(get, path = "/v1/documents", tag = "documents", params(DocumentQuery, Paging, AsOf), responses(
    (status = 200, description = "A page; texts are under `/v1/documents/{id}/text`.", body = List<DocumentView>),
))]
pub async fn list_documents(
    State(app): State<Shared>,
    Query((query, paging, as_of)): Query<(DocumentQuery, Paging, AsOf)>,
    asked: Asked,
) -> Result<List<DocumentView>, Problem> {
    check_days(query.from, query.to)?;
    let read = as_of.read(&app, query.q.is_some()).await?;
    let mut run = read.resolver(&app).begin();
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
    let mut interpreted = run.finish()?;
    read.note(&mut interpreted);
    let page = Page { after: asked.cursor(&paging)?, limit: paging.limit(), ..Page::default() };
    let rows = read.store.documents(&filter, &page).await.map_err(unavailable)?;
    let total = if paging.counts() { Some(read.store.count_documents(&filter, None).await.map_err(unavailable)?) } else { None };
    let data = rows.rows.into_iter().map(DocumentView::from).collect();
    Ok(List::new(data, &asked, rows.next.as_ref(), &paging, total, interpreted))
}

/// One document without its text
#[utoipa::path(get, path = "/v1/documents/{id}", tag = "documents", params(("id" = String, Path, description = "Id of the document."), AsOf), responses(
    (status = 200, description = "The document.", body = DocumentView),
))]
pub async fn get_document(State(app): State<Shared>, Path(id): Path, Query(as_of): Query<AsOf>) -> Result<Json<DocumentView>, Problem> {
    let read = as_of.read(&app, false).await?;
    match read.store.document(&id).await.map_err(unavailable)? {
        Some(document) => Ok(Json(document.into())),
        None => Err(read.missing(&app, "document", &id).await),
    }
}

/// Withdraw a document: its text goes from wherever it stands, what it told stays or goes
///
/// For licences, errors and requests of persons. Afterwards the id is answered 410 with the reason, and the same text is refused unless it is
/// sent with `restore=true`. Facts that stay have no words of the text left and say that their document was withdrawn.
#[utoipa::path(delete, path = "/v1/documents/{id}", tag = "documents", security((), ("key" = ["admin"])),
    params(("id" = String, Path, description = "Id of the document."), WithdrawQuery), responses(
    (status = 200, description = "What became of it.", body = WithdrawalView),
))]
pub async fn withdraw_document(
    State(app): State<Shared>,
    may: MayWrite<Admin>,
    Path(id): Path,
    Query(query): Query<WithdrawQuery>,
) -> Result<Json<WithdrawalView>, Problem> {
    let missing_one = |name: &str, detail: &str| Problem::of(Code::InvalidParameter, vec![Fault::parameter(name, detail)]);
    let reason = query.reason.ok_or_else(|| missing_one("reason", "is required: say why, it is shown to whoever asks for the document"))?;
    let facts = query.facts.ok_or_else(|| missing_one("facts", "is required: keep or drop"))?;
    let what = if facts == FactsWord::Keep { Facts::Keep } else { Facts::Drop };
    let done = ingest::withdraw(&app.store, &app.lexicon, &id, (reason.0.as_str(), what), app.clock.now(), &may.who).await;
    match done.map_err(failed)? {
        Some(done) => Ok(Json(WithdrawalView {
            id,
            reason: reason.0.clone(),
            facts: FactsWord::WORDS[facts as usize],
            changed: done.changed,
            deleted: done.deleted,
            purged: done.purged,
        })),
        None => Err(missing(&app, "document", &id).await),
    }
}

fn failed(error: IngestError) -> Problem {
    match error {
        IngestError::Store(error) => unavailable(error),
        other => Problem::internal(other),
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
