//! Jobs: how far they are, what went wrong, and their end.

use super::accept::negotiate;
use super::auth::{Admin, Ingest, MayWrite};
use super::body;
use super::etag::Untagged;
use super::events::{EVENT_STREAM, Event, Listening, News, Source};
use super::ingest::refusal;
use super::list::{Asked, List, Paging};
use super::path::Path;
use super::problem::{Code, Fault, Problem};
use super::query::Query;
use super::{Shared, unavailable};
use crate::ingest::reextract::version;
use crate::model::job::{Job, JobKind};
use crate::store::Queued;
use crate::store::filter::{Page, Total};
use crate::views::job::{JobErrorView, JobInput, JobView};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde_json::json;

/// Jobs, the latest first
#[utoipa::path(get, path = "/v1/jobs", tag = "jobs", params(Paging), responses((status = 200, description = "A page.", body = List<JobView>)))]
pub async fn list_jobs(State(app): State<Shared>, Query(paging): Query<Paging>, asked: Asked) -> Result<Response, Problem> {
    let page = Page { after: asked.cursor(&paging)?, limit: paging.limit(), ..Page::default() };
    let rows = app.store.jobs(&page).await.map_err(unavailable)?;
    let total = if paging.counts() { Some(Total::Exact(app.store.count_jobs().await.map_err(unavailable)?)) } else { None };
    let data = rows.rows.into_iter().map(JobView::from).collect();
    Ok(untagged(List::new(data, &asked, rows.next.as_ref(), &paging, total, Default::default())))
}

/// Read all stored texts anew with the engine and the lexicon of the server
///
/// With `dry_run` nothing is written; `result` of the job says what changes, or would, by field. Earlier extractions are kept.
#[utoipa::path(post, path = "/v1/jobs", tag = "jobs", request_body = JobInput, security((), ("key" = ["admin"])),
    responses((status = 202, description = "The job waits for those before it.", body = JobView)))]
pub async fn start_job(State(app): State<Shared>, may: MayWrite<Admin>, _: Query<()>, request: Request) -> Result<Response, Problem> {
    body::content_type(request.headers(), &["application/json"])?;
    let bytes = body::bytes(request, &app).await?;
    let input: JobInput = body::json(body::text(&bytes)?)?;
    if input.kind != JobKind::Reextract.name() {
        let fault = Fault::pointer("/kind", "is no kind of job that can be asked for").with_allowed(&input.kind, [JobKind::Reextract.name()]);
        return Err(Problem::of(Code::InvalidBody, vec![fault]));
    }
    if let Some(problem) = input.since_engine.as_deref().and_then(|text| version(text).err()) {
        return Err(Problem::of(Code::InvalidBody, vec![Fault::pointer("/since_engine", problem)]));
    }
    let asked = json!({"since_engine": input.since_engine, "dry_run": input.dry_run}).to_string();
    let job = match app.jobs.add_renewal(&asked, &may.who).await.map_err(unavailable)? {
        Queued::Waiting(job) => JobView::from(*job),
        full => return Err(refusal(full).unwrap_or_else(|| Problem::internal(std::io::Error::other("a job was neither taken nor refused")))),
    };
    let location = HeaderValue::from_str(&job.url).map_err(Problem::internal)?;
    Ok((StatusCode::ACCEPTED, [(header::LOCATION, location)], Json(job)).into_response())
}

/// One job: how far it is, how fast, and how it ended
///
/// With `Accept: text/event-stream` as server-sent events: the job whenever something has changed, until it is over.
#[utoipa::path(get, path = "/v1/jobs/{id}", tag = "jobs", params(("id" = String, Path, description = "Id of the job.")), responses(
    (status = 200, description = "The job.", content((JobView = "application/json"), (String = "text/event-stream"))),
))]
pub async fn get_job(State(app): State<Shared>, Path(id): Path, _: Query<()>, listening: Listening, headers: HeaderMap) -> Result<Response, Problem> {
    match negotiate(&headers, &["application/json", EVENT_STREAM])? {
        EVENT_STREAM => app.feeds.begin(Progress { app: app.clone(), id, told: None }, listening).await,
        _ => Ok(untagged(Json(JobView::from(existing(&app, &id).await?)))),
    }
}

/// Documents of a job that failed, each with the reason; 10,000 at most are kept
#[utoipa::path(get, path = "/v1/jobs/{id}/errors", tag = "jobs", params(("id" = String, Path, description = "Id of the job."), Paging), responses(
    (status = 200, description = "A page, in the order in which they were sent.", body = List<JobErrorView>),
))]
pub async fn list_job_errors(State(app): State<Shared>, Path(id): Path, Query(paging): Query<Paging>, asked: Asked) -> Result<Response, Problem> {
    let job = existing(&app, &id).await?;
    let page = Page { after: asked.cursor(&paging)?, limit: paging.limit(), ..Page::default() };
    let rows = app.store.job_errors(job.number, &page).await.map_err(unavailable)?;
    let total = paging.counts().then_some(Total::Exact(job.n_failed));
    let data = rows.rows.into_iter().map(JobErrorView::from).collect();
    Ok(untagged(List::new(data, &asked, rows.next.as_ref(), &paging, total, Default::default())))
}

/// End a job; what it has stored stays
#[utoipa::path(post, path = "/v1/jobs/{id}/cancel", tag = "jobs", params(("id" = String, Path, description = "Id of the job.")), security((), ("key" = ["ingest"])),
    responses((status = 200, description = "The job as it is now; one that was over before is as it was.", body = JobView)))]
pub async fn cancel_job(State(app): State<Shared>, _: MayWrite<Ingest>, Path(id): Path, _: Query<()>) -> Result<Json<JobView>, Problem> {
    match app.jobs.cancel(&id).await.map_err(unavailable)? {
        Some(job) => Ok(Json(job.into())),
        None => Err(Problem::not_found("job", &id)),
    }
}

async fn existing(app: &Shared, id: &str) -> Result<Job, Problem> {
    app.store.job(id).await.map_err(unavailable)?.ok_or_else(|| Problem::not_found("job", id))
}

/// Progress does not raise the base's revision, which tags are made of.
fn untagged(answer: impl IntoResponse) -> Response {
    (Extension(Untagged), answer).into_response()
}

/// The job as it is, and again whenever it has changed, until it is over.
struct Progress {
    app: Shared,
    id: String,
    told: Option<Job>,
}

impl Source for Progress {
    async fn news(&mut self) -> Result<News, Problem> {
        let job = existing(&self.app, &self.id).await?;
        let ended = job.state.is_over();
        if self.told.as_ref() == Some(&job) {
            return Ok(News { events: Vec::new(), ended });
        }
        self.told = Some(job.clone());
        let event = Event { id: job.n_done as i64, data: serde_json::to_string(&JobView::from(job)).map_err(Problem::internal)? };
        Ok(News { events: vec![event], ended })
    }
}
