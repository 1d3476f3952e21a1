//! Text in, extraction record out; nothing is stored.

use super::article::{MEDIA_TYPES, TextQuery, article_of};
use super::auth::MayExtract;
use super::problem::{Code, Fault, Problem};
use super::query::Query;
use super::{Shared, body, unavailable};
use crate::clock::Stopwatch;
use crate::codebook::apply;
use crate::extract::{Input, Stop, extract_until};
use crate::ingest::name_by_base;
use crate::metrics::metrics;
use crate::model::Record;
use crate::model::document::Article;
use crate::query;
use crate::views::document::DocumentInput;
use axum::Json;
use axum::extract::{Request, State};

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
/// The body may be gzip or zstd (`Content-Encoding`); of a page the main text is read.
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
    let media_type = body::content_type(request.headers(), MEDIA_TYPES)?;
    let bytes = body::bytes(request, &app).await?;
    let (engine, codebook) = (app.clone(), codebook.to_owned());
    let read = app.engine_slots.run(bytes.len(), move |stop| {
        let article = article_of(&bytes, media_type, query, engine.max_text)?;
        drop(bytes);
        read(&engine, &article, &codebook, stop)
    });
    let mut record = read.await??;
    if choice.resolve == Some(true) {
        name_by_base(&app.store, &mut record).await.map_err(unavailable)?;
    }
    Ok(Json(record))
}

/// The record of one text, as far as the codebook includes it.
fn read(app: &Shared, article: &Article, codebook: &str, stop: &Stop) -> Result<Record, Problem> {
    let id = article.id.as_deref().unwrap_or("");
    let input = Input { id, text: &article.text, published: article.published, title: article.title.as_deref() };
    // Stopped: nobody waits for the answer.
    let ended = || Problem::new(Code::Timeout, "The request ended before the text was read.");
    let watch = Stopwatch::start();
    let mut record = extract_until(&input, &app.lexicon, &app.options, stop).ok_or_else(ended)?;
    metrics().engine_read(input.text.len(), watch.elapsed());
    if let Some(codebook) = app.lexicon.codebooks.get(codebook) {
        let scorer = if codebook.learned && app.options.models { Some(app.scorer()?) } else { None };
        apply(&mut record, input.text, codebook, scorer);
    }
    Ok(record)
}
