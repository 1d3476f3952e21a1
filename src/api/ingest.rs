//! Texts in, parsed and stored.

use super::article::{MEDIA_TYPES, NDJSON, TextQuery, article_of};
use super::auth::{Ingest, MayWrite};
use super::problem::{Code, Fault, Problem};
use super::query::Query;
use super::{Shared, body, unavailable};
use crate::ingest::read::{Format, ReadError, articles};
use crate::ingest::{self, IngestError, Ingested, Outcome, Settings};
use crate::model::document::Article;
use crate::views::document::{DocumentInput, Ingestion, Ingestions};
use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// What an NDJSON body is called in errors.
const BODY: &str = "body";
/// Most documents of one request; more are for `waqia ingest`.
const MAX_DOCUMENTS: usize = 500;

/// Store a text and what it says; NDJSON for many
///
/// One text: 201 where it is new, 200 where the same text is stored already; `Location` leads to the document. NDJSON, one
/// `{"id", "text", "published", "title", …}` a line, 500 at most: 200 with what became of each; what cannot be read costs itself only.
#[utoipa::path(post, path = "/v1/documents", tag = "documents", params(TextQuery), security((), ("key" = ["ingest"])),
    request_body(content(
        (DocumentInput = "application/json"),
        (String = "text/plain", example = "A suicide bomber killed at least 12 people in Peshawar on Monday."),
        (String = "text/markdown"),
        (String = "text/html"),
        (String = "application/x-ndjson"),
    )),
    responses(
        (status = 201, description = "Stored.", body = Ingestion),
        (status = 200, description = "Stored before, or what became of each of many.", content((Ingestion = "application/json"), (Ingestions = "application/json"))),
    ))]
pub async fn add_documents(State(app): State<Shared>, may: MayWrite<Ingest>, Query(query): Query<TextQuery>, request: Request) -> Result<Response, Problem> {
    let read_here: Vec<&'static str> = MEDIA_TYPES.iter().copied().chain([NDJSON]).collect();
    let media_type = body::content_type(request.headers(), &read_here)?;
    let bytes = body::bytes(request, &app).await?;
    if media_type == NDJSON {
        return Ok(Json(many(&app, &bytes, may).await?).into_response());
    }
    let article = article_of(&bytes, media_type, query)?;
    let done = store(&app, vec![Ok(article)], may).await?.pop();
    let done = done.ok_or_else(|| Problem::internal(std::io::Error::other("a document was neither stored nor refused")))?;
    one(done)
}

async fn many(app: &Shared, bytes: &[u8], may: MayWrite<Ingest>) -> Result<Ingestions, Problem> {
    body::text(bytes)?;
    let read = articles(bytes, Format::NdJson, BODY);
    if read.len() > MAX_DOCUMENTS {
        let fault = Fault { detail: format!("The body has {} documents, more than {MAX_DOCUMENTS}", read.len()), ..Fault::default() };
        return Err(Problem::of(Code::InvalidBody, vec![fault]));
    }
    // Lines that are blank give no article: the numbers are those of the lines that are not.
    let lines: Vec<u64> = bytes.split(|b| *b == b'\n').zip(1..).filter(|(line, _)| !line.trim_ascii().is_empty()).map(|(_, n)| n).collect();
    let data: Vec<Ingestion> = store(app, read, may).await?.into_iter().map(|done| of_line(done, &lines)).collect();
    let count = |status: &str| data.iter().filter(|d| d.status == status).count();
    Ok(Ingestions { n_stored: count("stored"), n_existing: count("existing"), n_failed: count("failed"), data })
}

/// With the number of its line, instead of the name that reading gave it.
fn of_line(done: Ingested, lines: &[u64]) -> Ingestion {
    let line = lines.get(done.index).copied();
    let mut ingestion = view(done);
    let name = line.map(|n| format!("{BODY}, line {n}: ")).unwrap_or_default();
    ingestion.problem = ingestion.problem.map(|problem| problem.strip_prefix(&name).map(str::to_owned).unwrap_or(problem));
    ingestion.id = ingestion.id.filter(|id| id != BODY && !id.starts_with(&format!("{BODY}:")));
    Ingestion { line, ..ingestion }
}

/// Reads and stores in one transaction; no more at once than the engine may read.
async fn store(app: &Shared, articles: Vec<Result<Article, ReadError>>, may: MayWrite<Ingest>) -> Result<Vec<Ingested>, Problem> {
    let _slot = app.engine_slots.acquire().await.map_err(Problem::internal)?;
    let settings = Settings { models: app.options.models, batch: MAX_DOCUMENTS, ..Settings::new(app.clock.now(), may.who) };
    let stored = ingest::documents(&app.store, app.lexicon.clone(), articles, &settings, |_| {}).await;
    stored.map_err(|error| match error {
        IngestError::Store(error) => unavailable(error),
        other => Problem::internal(other),
    })
}

fn one(done: Ingested) -> Result<Response, Problem> {
    if let Outcome::Failed { problem } = done.outcome {
        return Err(Problem::of(Code::InvalidBody, vec![Fault { detail: problem, ..Fault::default() }]));
    }
    let status = if matches!(done.outcome, Outcome::Stored { .. }) { StatusCode::CREATED } else { StatusCode::OK };
    let ingestion = view(done);
    let location = ingestion.url.as_deref().and_then(|url| HeaderValue::from_str(url).ok());
    let mut response = (status, Json(ingestion)).into_response();
    if let Some(location) = location {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

fn view(done: Ingested) -> Ingestion {
    let empty = Ingestion {
        status: "failed",
        id: done.name,
        line: None,
        document: None,
        url: None,
        n_new_incidents: 0,
        n_merged_incidents: 0,
        near_duplicate_of: None,
        problem: None,
    };
    let url = |document: &str| Some(format!("/v1/documents/{document}"));
    match done.outcome {
        Outcome::Stored { document, n_new, n_merged, near_duplicate_of } => Ingestion {
            status: "stored",
            url: url(&document),
            document: Some(document),
            n_new_incidents: n_new,
            n_merged_incidents: n_merged,
            near_duplicate_of,
            ..empty
        },
        Outcome::Existing { document } => Ingestion { status: "existing", url: url(&document), document: Some(document), ..empty },
        Outcome::Failed { problem } => Ingestion { problem: Some(problem), ..empty },
    }
}
