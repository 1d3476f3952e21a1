//! The outermost layer: gives each request an id, renders problems, sets security headers, writes the log line.

use crate::api::Shared;
use crate::api::problem::{Code, Problem};
use crate::clock::Stopwatch;
use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use std::error::Error;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Nothing but what this server serves, no inline scripts or styles; script text cannot become markup.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'; \
     require-trusted-types-for 'script'; trusted-types 'none'";

pub async fn layer(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let watch = Stopwatch::start();
    let id = given_id(request.headers()).unwrap_or_else(|| new_id(&app));
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or_else(|| "(no route)".to_owned(), |path| path.as_str().to_owned());
    let mut response = next.run(request).await;
    if let Some(problem) = problem_of(&mut response) {
        tell_server_faults(&problem, &id, &route);
        response = rendered(response, &problem, &id);
    }
    set_headers(response.headers_mut(), &id);
    log(&method, &route, response.status(), watch.elapsed(), &id);
    response
}

/// A client's id is taken over where it can stand in a log line and a header as it is.
fn given_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get(REQUEST_ID)?.to_str().ok()?;
    let fit = (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    fit.then(|| id.to_owned())
}

/// Start-up time and a counter: unique on this machine without randomness.
fn new_id(app: &Shared) -> String {
    static COUNTER: AtomicU64 = AtomicU64::new(1);
    format!("{:x}-{:x}", app.started.as_millisecond(), COUNTER.fetch_add(1, Ordering::Relaxed))
}

/// The problem that a handler or layer gave; any other failure becomes one, so that every failure looks alike.
fn problem_of(response: &mut Response) -> Option<Problem> {
    let status = response.status();
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        return Some(problem);
    }
    let code = match status {
        s if !s.is_client_error() && !s.is_server_error() => return None,
        StatusCode::NOT_FOUND => Code::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => Code::MethodNotAllowed,
        StatusCode::PAYLOAD_TOO_LARGE => Code::PayloadTooLarge,
        s if s.is_server_error() => Code::Internal,
        _ => Code::InvalidPath,
    };
    Some(Problem::new(code, status.canonical_reason().unwrap_or("The request failed.")))
}

fn tell_server_faults(problem: &Problem, id: &str, route: &str) {
    if problem.code == Code::Internal {
        tracing::error!(request = id, route, cause = problem.cause.as_ref().map(|c| chain(c.as_ref())), "a request failed");
    } else if let Some(cause) = &problem.cause {
        tracing::warn!(request = id, route, cause = chain(cause.as_ref()), "a request could not be answered");
    }
}

fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        // Writing to a string cannot fail.
        let _ = write!(text, ": {cause}");
        next = cause.source();
    }
    text
}

fn rendered(response: Response, problem: &Problem, id: &str) -> Response {
    let (mut parts, _) = response.into_parts();
    let body = serde_json::to_vec(&problem.body(id)).unwrap_or_default();
    for name in [header::CONTENT_ENCODING, header::CONTENT_LENGTH, header::TRANSFER_ENCODING, header::ETAG] {
        parts.headers.remove(name);
    }
    parts.status = problem.code.status();
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Response::from_parts(parts, Body::from(body))
}

fn set_headers(headers: &mut HeaderMap, id: &str) {
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
    for (name, value) in
        [(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY), (header::X_CONTENT_TYPE_OPTIONS, "nosniff"), (header::REFERRER_POLICY, "no-referrer")]
    {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

/// The route's template, never the raw path or query: they may hold a private person's name.
fn log(method: &axum::http::Method, route: &str, status: StatusCode, took: Duration, id: &str) {
    let ms = took.as_secs_f64() * 1000.0;
    tracing::info!(%method, route, status = status.as_u16(), ms = format!("{ms:.1}"), request = id, "answered a request");
}
