//! Texts in, parsed and stored.

use super::article::{BULK_TYPES, MEDIA_TYPES, NDJSON, TextQuery, article_of};
use super::auth::{Admin, Ingest, MayWrite};
use super::body::{Arriving, Lines};
use super::problem::{Code, Fault, Problem};
use super::query::Query;
use super::{Shared, body, unavailable};
use crate::ingest::read::{ReadError, json_line};
use crate::ingest::{self, Batch, IngestError, Ingested, Item, Outcome, Settings};
use crate::model::document::Article;
use crate::store::Queued;
use crate::views::document::{DocumentInput, Ingestion, Ingestions};
use crate::views::job::JobView;
use axum::Json;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, StreamExt, TryStreamExt};

/// What an NDJSON body is called in errors.
const BODY: &str = "body";
/// Most documents of one request; more are for `waqia ingest`.
const MAX_DOCUMENTS: usize = 500;
/// After so many bytes of a job it is looked again whether there is room for it.
const ROOM_STEP: u64 = 16 << 20;
/// Longest line of NDJSON that is parsed where it arrives, in bytes; it takes well under a millisecond.
const LONG_LINE: usize = 64 << 10;

/// Store a text and what it says; NDJSON for many
///
/// One text: 201 where it is new, 200 where the same text is stored already; `Location` leads to the document. NDJSON, one
/// `{"id", "text", "published", "title", …}` a line, 500 at most: 200 with what became of each; what cannot be read, or is
/// longer than one text may be, costs itself only. The body may be gzip or zstd (`Content-Encoding`); of a page the main text is stored.
///
/// With `Prefer: respond-async` any of these, a JSON array too, is kept and answered 202 at once: `Location` leads to the job that stores it.
/// Zip, WARC, RSS and Atom always are. `--max-bulk` bounds the body of a job.
#[utoipa::path(post, path = "/v1/documents", tag = "documents", params(TextQuery), security((), ("key" = ["ingest"])),
    request_body(content(
        (DocumentInput = "application/json"),
        (String = "text/plain", example = "A suicide bomber killed at least 12 people in Peshawar on Monday."),
        (String = "text/markdown"),
        (String = "text/html"),
        (String = "application/x-ndjson"),
        (Vec<u8> = "application/zip"),
        (Vec<u8> = "application/warc"),
        (String = "application/rss+xml"),
        (String = "application/atom+xml"),
    )),
    responses(
        (status = 201, description = "Stored.", body = Ingestion),
        (status = 202, description = "Kept; the job stores it. A server that is killed goes on with it when it is started again.", body = JobView),
        (status = 200, description = "Stored before, or what became of each of many.", content((Ingestion = "application/json"), (Ingestions = "application/json"))),
    ))]
pub async fn add_documents(State(app): State<Shared>, may: MayWrite<Ingest>, Query(query): Query<TextQuery>, request: Request) -> Result<Response, Problem> {
    let read_here: Vec<&'static str> = MEDIA_TYPES.iter().copied().chain([NDJSON]).chain(BULK_TYPES.iter().copied()).collect();
    let media_type = body::content_type(request.headers(), &read_here)?;
    if is_bulk(&request) {
        query.refuse_for_many()?;
        return queue(&app, request, media_type, may).await;
    }
    let restore = query.restore == Some(true);
    let request = if restore { of_admin(request, &app).await? } else { request };
    if media_type == NDJSON {
        return Ok(Json(many(&app, request, may, restore).await?).into_response());
    }
    let bytes = body::bytes(request, &app).await?;
    let max_text = app.max_text;
    let article = app.engine_slots.run(bytes.len(), move |_| article_of(&bytes, media_type, query, max_text)).await??;
    let done = store(&app, vec![Ok(article)], may, restore).await?.pop();
    let done = done.ok_or_else(|| Problem::internal(std::io::Error::other("a document was neither stored nor refused")))?;
    one(&app, done).await
}

/// Whether a request sends documents for a job.
pub fn is_bulk(request: &Request) -> bool {
    let headers = request.headers();
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).and_then(|v| v.split(';').next()).unwrap_or("");
    let is_packed = BULK_TYPES.iter().any(|t| t.eq_ignore_ascii_case(media_type.trim()));
    request.method() == Method::POST && request.uri().path() == "/v1/documents" && (is_packed || prefers_async(headers))
}

/// RFC 7240.
fn prefers_async(headers: &HeaderMap) -> bool {
    let values = headers.get_all("prefer").iter().filter_map(|v| v.to_str().ok());
    values.flat_map(|v| v.split(',')).any(|one| one.split(';').next().is_some_and(|name| name.trim().eq_ignore_ascii_case("respond-async")))
}

/// Keeps what is sent, and answers when it is on the disk.
async fn queue(app: &Shared, request: Request, media_type: &str, may: MayWrite<Ingest>) -> Result<Response, Problem> {
    let applied = prefers_async(request.headers());
    if let Some(refusal) = app.jobs.standing().await.map_err(unavailable)?.and_then(refusal) {
        return Err(refusal);
    }
    let mut arriving = Arriving::in_bulk(request, app.max_bulk)?;
    let mut incoming = app.jobs.incoming().map_err(unavailable)?;
    let mut checked = 0;
    while let Some(chunk) = arriving.chunk().await? {
        incoming.write(&chunk).await.map_err(unavailable)?;
        // Now and then: many may send at once.
        let steps = incoming.n_bytes() / ROOM_STEP;
        if steps > checked {
            checked = steps;
            if let Some(refusal) = app.jobs.is_overfull().await.map_err(unavailable)?.and_then(refusal) {
                return Err(refusal);
            }
        }
    }
    if incoming.n_bytes() == 0 {
        return Err(Problem::of(Code::InvalidBody, vec![Fault { detail: "The body is empty".to_owned(), ..Fault::default() }]));
    }
    let queued = app.jobs.add_ingest(incoming, media_type, &may.who).await.map_err(unavailable)?;
    let job = match queued {
        Queued::Waiting(job) => JobView::from(*job),
        full => return Err(refusal(full).unwrap_or_else(|| Problem::internal(std::io::Error::other("a job was neither taken nor refused")))),
    };
    let location = HeaderValue::from_str(&job.url).map_err(Problem::internal)?;
    let mut response = (StatusCode::ACCEPTED, [(header::LOCATION, location)], Json(job)).into_response();
    if applied {
        response.headers_mut().insert(HeaderName::from_static("preference-applied"), HeaderValue::from_static("respond-async"));
    }
    Ok(response)
}

/// Why a job is not taken.
pub(super) fn refusal(queued: Queued) -> Option<Problem> {
    let problem = match queued {
        Queued::Waiting(_) => return None,
        Queued::TooMany(n) => Problem::new(Code::TooManyJobs, format!("{n} jobs wait already.")),
        Queued::TooLarge(n) => Problem::new(Code::SpoolFull, format!("{n} bytes wait for other jobs, so that this one has no room.")),
    };
    Some(problem.with_header(header::RETRY_AFTER, HeaderValue::from_static("10")))
}

/// The request, of somebody who may undo what an administrator did.
async fn of_admin(request: Request, app: &Shared) -> Result<Request, Problem> {
    let (mut parts, body) = request.into_parts();
    MayWrite::<Admin>::from_request_parts(&mut parts, app).await?;
    Ok(Request::from_parts(parts, body))
}

async fn many(app: &Shared, request: Request, may: MayWrite<Ingest>, restore: bool) -> Result<Ingestions, Problem> {
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
    let mut data: Vec<Ingestion> = store(app, articles, may, restore).await?.into_iter().map(|done| of_line(done, &numbers)).collect();
    add_incidents(app, &mut data).await?;
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
async fn store(app: &Shared, articles: Vec<Result<Article, ReadError>>, may: MayWrite<Ingest>, restore: bool) -> Result<Vec<Ingested>, Problem> {
    let settings = Settings { models: app.options.models, max_text: app.max_text, restore, ..Settings::new(app.clock.now(), may.who) };
    let (of_batch, numbered) = (settings.clone(), articles.into_iter().enumerate());
    let mut batch = tokio::task::spawn_blocking(move || Batch::new(numbered, &of_batch)).await.map_err(Problem::internal)?;
    batch.look_up(&app.store, restore).await.map_err(unavailable)?;
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

/// Fills in what each document reports.
async fn add_incidents(app: &Shared, ingestions: &mut [Ingestion]) -> Result<(), Problem> {
    let documents: Vec<String> = ingestions.iter().filter_map(|i| i.document.clone()).collect();
    for (document, incident) in app.store.incidents_of(&documents).await.map_err(unavailable)? {
        ingestions.iter_mut().filter(|i| i.document.as_ref() == Some(&document)).for_each(|i| i.incidents.push(incident.clone()));
    }
    Ok(())
}

async fn one(app: &Shared, done: Ingested) -> Result<Response, Problem> {
    if let Outcome::Failed { problem } = done.outcome {
        return Err(Problem::of(Code::InvalidBody, vec![Fault { detail: problem, ..Fault::default() }]));
    }
    let status = if matches!(done.outcome, Outcome::Stored { .. }) { StatusCode::CREATED } else { StatusCode::OK };
    let mut ingestion = view(done);
    add_incidents(app, std::slice::from_mut(&mut ingestion)).await?;
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
        incidents: Vec::new(),
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
