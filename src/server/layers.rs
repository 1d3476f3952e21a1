//! What every request passes on its way to a handler, outermost first:
//!
//! 1. `edge`: request id, one host, problems rendered, security headers, the log line, bodies that were left
//! 2. CORS, open for reading
//! 3. how many requests at once; probes pass whatever else is full
//! 4. how long each may take
//! 5. the key that a request carries ([`crate::api::auth`]), outside entity tags so that a wrong one is never answered 304
//! 6. entity tags ([`crate::api::etag`]), outside compression because a strong tag names one encoding
//! 7. compression: zstd before br before gzip
//! 8. a panic becomes a problem
//! 9. how many answers are streamed at once; feeds, which last, have places of their own ([`crate::api::events`])
//! 10. names that are withheld ([`crate::api::masked`])

use super::connection::ProbesOnly;
use super::edge;
use crate::api::auth;
use crate::api::etag;
use crate::api::events::Feed;
use crate::api::masked;
use crate::api::problem::{Code, Problem};
use crate::api::{Shared, is_bulk};
use crate::metrics::{Refusal, metrics};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderName, Method};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use hyper::body::Body as _;
use std::any::Any;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use tower_http::cors::{Any as AnyOrigin, CorsLayer};

/// Smallest body worth compressing, in bytes: below it headers and time outweigh what is saved.
const MIN_COMPRESSED: u64 = 1024;

/// Outside of all limits.
pub const PROBES: [&str; 3] = ["/healthz", "/readyz", "/metrics"];

/// Limits on requests.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Worked on at once.
    pub max_requests: usize,
    /// From headers to the start of the answer.
    pub timeout: Duration,
    /// Bytes a second at which a body must come.
    pub min_receive_rate: usize,
}

/// A place among the answers that are streamed. A stream lasts as long as its client takes to read, so it has a place of its own and gives
/// that among the requests back: exports that are read slowly do not keep lists from being answered.
#[derive(Clone, Debug)]
struct StreamPlace(#[expect(dead_code, reason = "held for what dropping it does")] Arc<OwnedSemaphorePermit>);

/// Puts the layers around `router`.
pub fn wrap(router: Router, app: Shared, limits: Limits) -> Router {
    let requests = Arc::new(Semaphore::new(limits.max_requests));
    let streams = Arc::new(Semaphore::new((limits.max_requests / 2).max(1)));
    let expose = [HeaderName::from_static("etag"), HeaderName::from_static("link"), HeaderName::from_static("x-request-id")];
    let cors = CorsLayer::new().allow_origin(AnyOrigin).allow_methods([Method::GET, Method::HEAD]).expose_headers(expose);
    let worth_it = SizeAbove::new(MIN_COMPRESSED).and(NotForContentType::IMAGES).and(NotForContentType::SSE);
    // Each `layer` goes around those before it: the last one is the outermost.
    router
        .layer(from_fn_with_state(app.clone(), masked::layer))
        .layer(from_fn_with_state(streams, a_stream_of_few))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(worth_it))
        .layer(from_fn_with_state(app.clone(), etag::layer))
        .layer(from_fn_with_state(app, auth::layer))
        .layer(from_fn_with_state(limits.timeout, in_time))
        .layer(from_fn_with_state(requests, one_of_few))
        .layer(cors)
        .layer(from_fn_with_state(limits.min_receive_rate, edge::layer))
}

/// What is sent for a job may take as long as it comes fast enough, which the edge sees to.
async fn in_time(State(limit): State<Duration>, request: Request, next: Next) -> Response {
    if is_bulk(&request) {
        return next.run(request).await;
    }
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::new(Code::Timeout, format!("The answer was not ready within {} s.", limit.as_secs_f64())).into_response(),
    }
}

/// Probes are let through: a busy server is alive.
async fn one_of_few(State(slots): State<Arc<Semaphore>>, request: Request, next: Next) -> Response {
    if PROBES.contains(&request.uri().path()) {
        return next.run(request).await;
    }
    if request.extensions().get::<ProbesOnly>().is_some() {
        return overloaded(Refusal::NoConnection, "The server has as many connections as it may.");
    }
    let Ok(slot) = slots.try_acquire_owned() else {
        return overloaded(Refusal::Overloaded, "The server works on as many requests as it may.");
    };
    let mut response = next.run(request).await;
    if response.extensions().get::<Feed>().is_some() {
        return response;
    }
    match response.extensions_mut().remove::<StreamPlace>() {
        Some(place) => held(response, place),
        None => held(response, slot),
    }
}

async fn a_stream_of_few(State(places): State<Arc<Semaphore>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if response.body().size_hint().exact().is_none() && response.extensions().get::<Feed>().is_none() {
        let Ok(place) = places.try_acquire_owned() else {
            return overloaded(Refusal::TooManyStreams, "The server sends as many exports as it may.");
        };
        response.extensions_mut().insert(StreamPlace(Arc::new(place)));
    }
    response
}

/// Keeps a place until the body has been handed over.
fn held(response: Response, place: impl Send + 'static) -> Response {
    response.map(|body| {
        axum::body::Body::new(body.map_frame(move |frame| {
            let _held = &place;
            frame
        }))
    })
}

fn overloaded(reason: Refusal, detail: &'static str) -> Response {
    metrics().refused(reason);
    Problem::new(Code::Overloaded, detail).into_response()
}

/// The message went to stderr by the panic hook already; the log line at the edge ties it to the request.
fn panicked(message: Box<dyn Any + Send>) -> Response {
    let message = message.downcast_ref::<String>().cloned().or_else(|| message.downcast_ref::<&str>().map(|&s| s.to_owned()));
    Problem::internal(std::io::Error::other(format!("panicked: {}", message.unwrap_or_default()))).into_response()
}
