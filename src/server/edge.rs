//! The outermost layer: gives each request an id, refuses those without a host, renders problems, sets security headers, ends connections
//! on which a body was left unread.

use super::sent::{Line, Sent};
use super::{host, request_id, unread};
use crate::api::problem::{Code, Problem};
use crate::metrics::{Refusal, metrics};
use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use request_id::REQUEST_ID;
use std::error::Error;
use std::fmt::Write;
use tracing::Instrument;

/// Of every answer. Nothing but what this server serves, no inline scripts or styles; script text cannot become markup.
pub const SECURITY_HEADERS: [(HeaderName, &str); 3] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'; \
         require-trusted-types-for 'script'; trusted-types 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
];
/// What is logged of an error's chain, in bytes.
const MAX_CHAIN: usize = 1000;

/// `min_receive_rate`: bytes a second at which a body must come.
pub async fn layer(State(min_receive_rate): State<usize>, request: Request, next: Next) -> Response {
    let id = request_id::given(request.headers()).unwrap_or_else(request_id::next);
    let route = request.extensions().get::<MatchedPath>().map_or_else(|| "other".to_owned(), |path| path.as_str().to_owned());
    let mut line = Line::begin(id.clone(), request.method(), route);
    let checked = host::check(request.uri(), request.version(), request.headers());
    let (request, body) = unread::watch(request, min_receive_rate);
    let mut response = match checked {
        Ok(()) => next.run(request).instrument(tracing::info_span!("request", route = line.route(), request = id)).await,
        Err(problem) => problem.into_response(),
    };
    let mut problem = problem_of(&mut response);
    if body.as_ref().is_some_and(unread::Watch::was_too_slow) {
        metrics().refused(Refusal::SlowBody);
        problem = Some(Problem::new(Code::RequestTimeout, format!("The body came at less than {min_receive_rate} bytes a second.")));
    }
    if let Some(problem) = problem {
        if problem.code == Code::RateLimited {
            metrics().refused(Refusal::RateLimited);
        }
        tell_server_faults(&problem, &id, line.route());
        response = rendered(response, &problem, &id);
    }
    set_headers(response.headers_mut(), &id);
    if let Some(body) = body
        && !body.is_done_with().await
    {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    line.answered(&response);
    response.map(|body| Body::new(Sent::new(body, line)))
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
    text.truncate(text.floor_char_boundary(MAX_CHAIN));
    text
}

fn rendered(response: Response, problem: &Problem, id: &str) -> Response {
    let (mut parts, _) = response.into_parts();
    let body = serde_json::to_vec(&problem.body(id)).unwrap_or_default();
    for name in [header::CONTENT_ENCODING, header::CONTENT_LENGTH, header::TRANSFER_ENCODING] {
        parts.headers.remove(name);
    }
    // That of the state that a change was refused for tells what to send instead; a problem has none of its own.
    if problem.code != Code::Stale {
        parts.headers.remove(header::ETAG);
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
    for (name, value) in SECURITY_HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
}
