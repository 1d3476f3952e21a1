//! What every request passes on its way to a handler, outermost first:
//!
//! 1. `edge`: request id, problems rendered, security headers, the log line
//! 2. CORS, open for reading
//! 3. the key that a request carries ([`crate::api::auth`]), outside entity tags so that a wrong one is never answered 304
//! 4. entity tags ([`crate::api::etag`]), outside compression because a strong tag names one encoding
//! 5. compression: zstd before br before gzip
//! 6. a panic becomes a problem
//! 7. how many requests at once, how long each

use super::edge;
use crate::api::Shared;
use crate::api::auth;
use crate::api::etag;
use crate::api::problem::{Code, Problem};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderName, Method};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use std::any::Any;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use tower_http::cors::{Any as AnyOrigin, CorsLayer};

/// Smallest body worth compressing, in bytes: below it headers and time outweigh what is saved.
const MIN_COMPRESSED: u64 = 1024;

/// Limits on requests.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Worked on at once.
    pub max_requests: usize,
    /// From headers to the start of the answer.
    pub timeout: Duration,
}

/// Puts the layers around `router`.
pub fn wrap(router: Router, app: Shared, limits: Limits) -> Router {
    let slots = Arc::new(Semaphore::new(limits.max_requests));
    let expose = [HeaderName::from_static("etag"), HeaderName::from_static("link"), HeaderName::from_static("x-request-id")];
    let cors = CorsLayer::new().allow_origin(AnyOrigin).allow_methods([Method::GET, Method::HEAD]).expose_headers(expose);
    let worth_it = SizeAbove::new(MIN_COMPRESSED).and(NotForContentType::IMAGES).and(NotForContentType::SSE);
    // Each `layer` goes around those before it: the last one is the outermost.
    router
        .layer(from_fn_with_state(limits.timeout, in_time))
        .layer(from_fn_with_state(slots, one_of_few))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(worth_it))
        .layer(from_fn_with_state(app.clone(), etag::layer))
        .layer(from_fn_with_state(app.clone(), auth::layer))
        .layer(cors)
        .layer(from_fn_with_state(app, edge::layer))
}

async fn in_time(State(limit): State<Duration>, request: Request, next: Next) -> Response {
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::new(Code::Timeout, format!("The answer was not ready within {} s.", limit.as_secs_f64())).into_response(),
    }
}

/// Probes are let through: a busy server is alive.
async fn one_of_few(State(slots): State<Arc<Semaphore>>, request: Request, next: Next) -> Response {
    if request.uri().path() == "/healthz" {
        return next.run(request).await;
    }
    match slots.try_acquire_owned() {
        // The slot is given back when the body has been sent, so that streams count too.
        Ok(slot) => next.run(request).await.map(|body| {
            axum::body::Body::new(body.map_frame(move |frame| {
                let _held = &slot;
                frame
            }))
        }),
        Err(_) => Problem::new(Code::Overloaded, "The server works on as many requests as it may.").into_response(),
    }
}

/// The message went to stderr by the panic hook already; the log line at the edge ties it to the request.
fn panicked(message: Box<dyn Any + Send>) -> Response {
    let message = message.downcast_ref::<String>().cloned().or_else(|| message.downcast_ref::<&str>().map(|&s| s.to_owned()));
    Problem::internal(std::io::Error::other(format!("panicked: {}", message.unwrap_or_default()))).into_response()
}
