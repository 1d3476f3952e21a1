//! One connection from its first byte to its last.

use super::ConnectionLimits;
use super::crowd::Place;
use super::exchange::Answer;
use super::stream::Guarded;
use super::{MAX_HEAD, MAX_HEADERS, refusal};
use crate::api::auth::Peer;
use crate::api::events::Stopping;
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, Response, header};
use hyper::body::Incoming;
use hyper::server::conn::http1::{self, Connection};
use hyper::service::Service;
use hyper_util::rt::{TokioIo, TokioTimer};
use socket2::SockRef;
use std::convert::Infallible;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tower::ServiceExt;

/// Unsent bytes that the kernel takes from us before it says that the client is behind. Small, so that a slow reader is told from a fast
/// one; what is on its way to the client is not limited by it.
#[cfg(target_os = "linux")]
const MAX_UNSENT: u32 = 64 * 1024;
/// After an answer that did not wait for the whole request, the rest is read and thrown away for so long and so many bytes: closing at
/// once would make the client's kernel drop the answer.
const LINGER: Duration = Duration::from_secs(3);
const MAX_LINGER_BYTES: usize = 64 * 1024 * 1024;
/// For the head of a request where there is room for probes only.
const PROBE_PATIENCE: Duration = Duration::from_secs(1);

/// Marks requests on a connection that is one too many.
#[derive(Clone, Copy, Debug)]
pub struct ProbesOnly;

/// Serves a connection until the client or one of the limits ends it, or `stop` is told.
pub async fn serve(stream: TcpStream, peer: Peer, router: Router, limits: ConnectionLimits, place: Place, mut stop: watch::Receiver<bool>) {
    prepare(&stream);
    let place = Arc::new(place);
    let header_timeout = if place.for_probes { limits.header_timeout.min(PROBE_PATIENCE) } else { limits.header_timeout };
    let io = TokioIo::new(Guarded::new(stream, place.clone(), limits.idle_timeout, limits.min_send_rate));
    let service = PerConnection { router, peer, stopping: Stopping(stop.clone()), place: place.clone() };
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(header_timeout);
    builder.max_headers(MAX_HEADERS).max_header_size(MAX_HEAD).max_buf_size(MAX_HEAD);
    let mut connection = builder.serve_connection(io, service);
    let mut ending = false;
    let outcome = loop {
        tokio::select! {
            outcome = poll_fn(|cx| connection.poll_without_shutdown(cx)) => break outcome,
            () = place.asked_to_leave(), if !ending => {
                if place.rests() {
                    return;
                }
                ending = true;
                Pin::new(&mut connection).graceful_shutdown();
            }
            _ = stop.changed(), if !ending => {
                ending = true;
                Pin::new(&mut connection).graceful_shutdown();
            }
        }
    };
    if let Err(error) = &outcome {
        tracing::debug!(%error, "a connection ended early");
    }
    tokio::select! {
        () = part(connection, outcome.err(), &place) => {}
        () = place.asked_to_leave() => {}
    }
}

fn prepare(stream: &TcpStream) {
    // Each is a matter of speed or fairness: an error means that the client has left again, or that the system does not have it.
    let _ = stream.set_nodelay(true);
    #[cfg(target_os = "linux")]
    let _ = SockRef::from(stream).set_tcp_notsent_lowat(MAX_UNSENT);
}

/// Ends a connection that hyper is done with.
async fn part(connection: Connection<TokioIo<Guarded>, PerConnection>, error: Option<hyper::Error>, place: &Place) {
    let parts = connection.into_parts();
    let mut stream = parts.io.into_inner().into_inner();
    let unanswered = place.exchange.all_answered().is_some() && !place.exchange.is_unread();
    let answer = match &error {
        Some(error) if unanswered && error.is_timeout() && !parts.read_buf.is_empty() => Some(refusal::head_too_late()),
        Some(error) if unanswered && error.is_parse() && parts.read_buf.starts_with(b"PRI * HTTP/2.0") => Some(refusal::other_protocol()),
        _ => None,
    };
    if let Some(answer) = &answer {
        let _ = tokio::time::timeout(LINGER, stream.write_all(answer)).await;
    }
    if answer.is_none() && !place.exchange.is_unread() {
        if place.reads_too_slowly() {
            // What the client does not read would stay in the kernel's memory until that gives up.
            let _ = SockRef::from(&stream).set_linger(Some(Duration::ZERO));
        } else {
            let _ = stream.shutdown().await;
        }
        return;
    }
    let _ = stream.shutdown().await;
    let _ = tokio::time::timeout(LINGER, discard(&mut stream)).await;
}

/// Reads what still comes.
async fn discard(stream: &mut TcpStream) {
    let mut buffer = vec![0; 16 * 1024];
    let mut left = MAX_LINGER_BYTES;
    while let Ok(n @ 1..) = stream.read(&mut buffer).await
        && n < left
    {
        left -= n;
    }
}

/// The router, with what it must know and tell of this connection.
struct PerConnection {
    router: Router,
    peer: Peer,
    stopping: Stopping,
    place: Arc<Place>,
}

impl Service<hyper::Request<Incoming>> for PerConnection {
    type Response = Response<Answer>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Answer>, Infallible>> + Send>>;

    fn call(&self, request: hyper::Request<Incoming>) -> Self::Future {
        let underway = self.place.exchange.begin();
        self.place.work();
        let router = self.router.clone();
        let place = self.place.clone();
        let mut request: Request = request.map(Body::new);
        request.extensions_mut().insert(self.peer);
        request.extensions_mut().insert(self.stopping.clone());
        if place.for_probes {
            request.extensions_mut().insert(ProbesOnly);
        }
        Box::pin(async move {
            let mut response = match router.oneshot(request).await {
                Ok(response) => response,
                Err(never) => match never {},
            };
            if place.for_probes {
                response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            // A layer says so where it knows that not all of the request was read.
            if response.headers().get(header::CONNECTION).is_some_and(|value| value == "close") {
                place.exchange.leave_unread();
            }
            Ok(response.map(|body| Answer { body, _underway: underway }))
        })
    }
}
