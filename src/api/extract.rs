//! Text in, extraction record out; nothing is stored.

use super::article::{TextQuery, article};
use super::problem::Problem;
use super::query::Query;
use super::{Shared, unavailable};
use crate::extract::{Input, extract};
use crate::ingest::name_by_base;
use crate::model::Record;
use crate::model::document::Article;
use crate::query;
use crate::views::document::DocumentInput;
use axum::Json;
use axum::extract::{Request, State};
use std::io;

query! {
    /// What the record is compared with.
    pub struct BaseQuery {
        /// `true`: actors that the lexicon does not know are looked for among those of the base. One that is found has its id there in
        /// `actor`, one that stays open has those that it may be in `candidates`, and a note tells why.
        resolve: Option<bool>,
    }
}

/// Read a text and give what it says; nothing is stored
///
/// The answer is the extraction record, the same that `waqia extract` prints. Any text gives a record; doubts are in `notes`.
#[utoipa::path(post, path = "/v1/extract", tag = "extract", params(TextQuery, BaseQuery),
    request_body(content(
        (DocumentInput = "application/json"),
        (String = "text/markdown"),
        (String = "text/html"),
        (String = "text/plain", example = "A suicide bomber killed at least 12 people in Peshawar on Monday."),
    )),
    responses((status = 200, description = "What the text says.", body = Record)))]
pub async fn extract_text(State(app): State<Shared>, Query((query, base)): Query<(TextQuery, BaseQuery)>, request: Request) -> Result<Json<Record>, Problem> {
    let article = article(request, &app, query).await?;
    let mut record = read(&app, article).await?;
    if base.resolve == Some(true) {
        name_by_base(&app.store, &mut record).await.map_err(unavailable)?;
    }
    Ok(Json(record))
}

/// Runs the engine on a thread of its own; no more texts at once than the settings allow. A run that takes too long is answered by the
/// time limit around every request and keeps its place until it ends.
pub async fn read(app: &Shared, article: Article) -> Result<Record, Problem> {
    let slot = app.engine_slots.clone().acquire_owned().await.map_err(Problem::internal)?;
    let app = app.clone();
    let run = tokio::task::spawn_blocking(move || {
        let _held = slot;
        let id = article.id.as_deref().unwrap_or("");
        let input = Input { id, text: &article.text, published: article.published, title: article.title.as_deref() };
        extract(&input, &app.lexicon, &app.options)
    });
    run.await.map_err(|error| Problem::internal(io::Error::other(error)))
}
