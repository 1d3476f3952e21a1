//! Texts in, parsed and stored.

use super::article::{MEDIA_TYPES, NDJSON, TextQuery, article_of};
use super::auth::{Ingest, MayWrite};
use super::body::{Arriving, Lines};
use super::problem::{Code, Fault, Problem};
use super::query::Query;
use super::{Shared, body, unavailable};
use crate::ingest::read::{ReadError, json_line};
use crate::ingest::{self, Batch, IngestError, Ingested, Item, Outcome, Settings};
use crate::model::document::Article;
use crate::views::document::{DocumentInput, Ingestion, Ingestions};
use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, StreamExt, TryStreamExt};

/// What an NDJSON body is called in errors.
const BODY: &str = "body";
/// Most documents of one request; more are for `waqia ingest`.
const MAX_DOCUMENTS: usize = 500;
/// Longest line of NDJSON that is parsed where it arrives, in bytes; it takes well under a millisecond.
const LONG_LINE: usize = 64 << 10;

/// Store a text and what it says; NDJSON for many
///
/// One text: 201 where it is new, 200 where the same text is stored already; `Location` leads to the document. NDJSON, one
/// `{"id", "text", "published", "title", …}` a line, 500 at most: 200 with what became of each; what cannot be read, or is
/// longer than one text may be, costs itself only. The body may be gzip or zstd (`Content-Encoding`); of a page the main text is stored.
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
    if media_type == NDJSON {
        return Ok(Json(many(&app, request, may).await?).into_response());
    }
    let bytes = body::bytes(request, &app).await?;
    let max_text = app.max_text;
    let article = app.engine_slots.run(bytes.len(), move |_| article_of(&bytes, media_type, query, max_text)).await??;
    let done = store(&app, vec![Ok(article)], may).await?.pop();
    let done = done.ok_or_else(|| Problem::internal(std::io::Error::other("a document was neither stored nor refused")))?;
    one(done)
}

async fn many(app: &Shared, request: Request, may: MayWrite<Ingest>) -> Result<Ingestions, Problem> {
    let mut lines = Lines::new(Arriving::new(request, app)?);
    let (mut articles, mut numbers) = (Vec::new(), Vec::new());
    while let Some((n, line)) = lines.next().await? {
        if articles.len() == MAX_DOCUMENTS {
            let detail = format!("The body has more than {MAX_DOCUMENTS} documents; send the rest, from line {n} on, in other requests");
            return Err(Problem::of(Code::InvalidBody, vec![Fault { line: Some(n), detail, ..Fault::default() }]));
        }
        articles.push(article_of_line(n, line).await?);
        numbers.push(n);
    }
    let data: Vec<Ingestion> = store(app, articles, may).await?.into_iter().map(|done| of_line(done, &numbers)).collect();
    let count = |status: &str| data.iter().filter(|d| d.status == status).count();
    Ok(Ingestions { n_stored: count("stored"), n_existing: count("existing"), n_failed: count("failed"), data })
}

/// Reads one line, a long one on another thread: nobody else is to wait for it.
async fn article_of_line(n: u64, line: &[u8]) -> Result<Result<Article, ReadError>, Problem> {
    let read = move |line: &[u8]| {
        let text = body::text(line).map_err(|problem| problem.detail.replace("The body", "The line"))?;
        json_line(text.as_bytes(), &format!("{BODY}:{n}"))
    };
    let article = if line.len() > LONG_LINE {
        let line = line.to_vec();
        tokio::task::spawn_blocking(move || read(&line)).await.map_err(Problem::internal)?
    } else {
        read(line)
    };
    Ok(article.map_err(|problem| ReadError { name: BODY.to_owned(), line: usize::try_from(n).ok(), problem }))
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

/// Reads with as many threads as the engine has places for, then stores in one transaction. No place is held while others write.
async fn store(app: &Shared, articles: Vec<Result<Article, ReadError>>, may: MayWrite<Ingest>) -> Result<Vec<Ingested>, Problem> {
    let settings = Settings { models: app.options.models, max_text: app.max_text, ..Settings::new(app.clock.now(), may.who) };
    let (of_batch, numbered) = (settings.clone(), articles.into_iter().enumerate());
    let mut batch = tokio::task::spawn_blocking(move || Batch::new(numbered, &of_batch)).await.map_err(Problem::internal)?;
    batch.look_up(&app.store).await.map_err(unavailable)?;
    let items = std::mem::take(&mut batch.items);
    batch.items = stream::iter(items).map(|item| read(app, item)).buffered(app.engine_slots.n()).try_collect().await?;
    ingest::store_batch(&app.store, &app.lexicon, batch, &settings).await.map_err(|error| match error {
        IngestError::Store(error) => unavailable(error),
        other => Problem::internal(other),
    })
}

async fn read(app: &Shared, mut item: Item) -> Result<Item, Problem> {
    let Some(n_bytes) = item.unread() else { return Ok(item) };
    let engine = app.clone();
    let read = app.engine_slots.run(n_bytes, move |stop| {
        item.read(&engine.lexicon, engine.options.models, stop);
        item
    });
    read.await
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
