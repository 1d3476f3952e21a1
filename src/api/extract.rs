//! Text in, extraction record out; nothing is stored.

use super::article::{TextQuery, article};
use super::auth::MayExtract;
use super::problem::{Code, Fault, Problem};
use super::query::Query;
use super::{Shared, unavailable};
use crate::codebook::apply;
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
    /// What the record is compared with, and what of it is wanted.
    pub struct ChoiceQuery {
        /// `true`: actors that the lexicon does not know are looked for among those of the base. One that is found has its id there in
        /// `actor`, one that stays open has those that it may be in `candidates`, and a note tells why.
        resolve: Option<bool>,
        /// Leave out incidents that this codebook does not include, e.g. `gtd`; `/v1/codes/codebooks` lists them. A note tells which are
        /// left out and why. Default: `all`, which leaves nothing out.
        codebook: Option<String>,
    }
}

/// Read a text and give what it says; nothing is stored
///
/// The answer is the extraction record, the same that `waqia extract` prints. Any text gives a record; doubts are in `notes`.
#[utoipa::path(post, path = "/v1/extract", tag = "extract", params(TextQuery, ChoiceQuery), security((), ("key" = [])),
    request_body(content(
        (DocumentInput = "application/json"),
        (String = "text/markdown"),
        (String = "text/html"),
        (String = "text/plain", example = "A suicide bomber killed at least 12 people in Peshawar on Monday."),
    )),
    responses((status = 200, description = "What the text says.", body = Record)))]
pub async fn extract_text(
    State(app): State<Shared>,
    _: MayExtract,
    Query((query, choice)): Query<(TextQuery, ChoiceQuery)>,
    request: Request,
) -> Result<Json<Record>, Problem> {
    let codebook = choice.codebook.as_deref().unwrap_or("all");
    if app.lexicon.codebooks.get(codebook).is_none() {
        let fault = Fault::parameter("codebook", "is not a codebook").with_allowed(codebook, app.lexicon.codebooks.ids());
        return Err(Problem::of(Code::InvalidParameter, vec![fault]));
    }
    let article = article(request, &app, query).await?;
    let mut record = read(&app, article, codebook.to_owned()).await?;
    if choice.resolve == Some(true) {
        name_by_base(&app.store, &mut record).await.map_err(unavailable)?;
    }
    Ok(Json(record))
}

/// Runs the engine on a thread of its own; no more texts at once than the settings allow. A run that takes too long is answered by the
/// time limit around every request and keeps its place until it ends.
pub async fn read(app: &Shared, article: Article, codebook: String) -> Result<Record, Problem> {
    let slot = app.engine_slots.clone().acquire_owned().await.map_err(Problem::internal)?;
    let app = app.clone();
    let run = tokio::task::spawn_blocking(move || {
        let _held = slot;
        let id = article.id.as_deref().unwrap_or("");
        let input = Input { id, text: &article.text, published: article.published, title: article.title.as_deref() };
        let mut record = extract(&input, &app.lexicon, &app.options);
        if let Some(codebook) = app.lexicon.codebooks.get(&codebook) {
            let scorer = if codebook.learned && app.options.models { Some(app.scorer()?) } else { None };
            apply(&mut record, input.text, codebook, scorer);
        }
        Ok(record)
    });
    run.await.map_err(|error| Problem::internal(io::Error::other(error)))?
}
