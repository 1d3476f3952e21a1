//! The server: binding, the accept loop, limits on connections, a graceful end.
//!
//! `axum::serve` never times out a slow or silent client, so the loop is our own, on hyper's HTTP/1.1 connections.

mod edge;
mod idle;
mod layers;
mod start;

pub use layers::{Limits, wrap};
pub use start::{StartError, open, service};

use crate::api::auth::Peer;
use crate::config::ServeSettings;
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::response::Response;
use axum::routing::future::RouteFuture;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use idle::IdleCapped;
use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tower::Service;

/// Largest head of a request (request line and headers), in bytes; above it hyper answers 431.
const MAX_HEAD: usize = 64 * 1024;

/// An address that could not be listened on.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// Somebody listens there already.
    #[error("{0} is in use by another program; stop it, or choose another port with --listen (port 0 takes a free one)")]
    InUse(SocketAddr),
    /// Ports below 1024 and the like.
    #[error("not allowed to listen on {0}; choose a port above 1023 with --listen")]
    NotAllowed(SocketAddr),
    /// Anything else.
    #[error("cannot listen on {address}")]
    Other {
        /// The address.
        address: SocketAddr,
        /// The cause.
        #[source]
        source: io::Error,
    },
}

/// Limits on connections.
#[derive(Clone, Copy, Debug)]
pub struct ConnectionLimits {
    /// Open at once.
    pub max_connections: usize,
    /// For the headers of a request, and for the next request to begin.
    pub header_timeout: Duration,
    /// Without a byte moved.
    pub idle_timeout: Duration,
    /// For requests under way to end after the signal to stop.
    pub shutdown_timeout: Duration,
}

impl From<&ServeSettings> for ConnectionLimits {
    fn from(settings: &ServeSettings) -> Self {
        Self {
            max_connections: settings.max_connections as usize,
            header_timeout: settings.header_timeout.0,
            idle_timeout: settings.idle_timeout.0,
            shutdown_timeout: settings.shutdown_timeout.0,
        }
    }
}

/// A socket that listens and does not answer yet.
#[derive(Debug)]
pub struct Bound {
    listener: TcpListener,
    /// Where it listens; the port is the real one even where 0 was asked for.
    pub address: SocketAddr,
}

/// Listens on `address`.
///
/// # Errors
/// Says what to change.
pub async fn bind(address: SocketAddr) -> Result<Bound, BindError> {
    let bound = async {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        Ok(Bound { listener, address })
    };
    bound.await.map_err(|source: io::Error| match source.kind() {
        io::ErrorKind::AddrInUse => BindError::InUse(address),
        io::ErrorKind::PermissionDenied => BindError::NotAllowed(address),
        _ => BindError::Other { address, source },
    })
}

impl Bound {
    /// Answers requests until `stop` is done, then lets those under way end.
    pub async fn serve(self, router: Router, limits: ConnectionLimits, stop: impl Future<Output = ()>) {
        let slots = Arc::new(Semaphore::new(limits.max_connections));
        let graceful = GracefulShutdown::new();
        let mut stop = std::pin::pin!(stop);
        loop {
            // No connection is accepted before there is room for it: the rest wait in the kernel's queue.
            let accepted = async {
                let slot = slots.clone().acquire_owned().await;
                (slot, self.listener.accept().await)
            };
            let (slot, accepted) = tokio::select! {
                accepted = accepted => accepted,
                () = &mut stop => break,
            };
            match accepted {
                Ok((stream, peer)) => {
                    let service = Connected { router: router.clone(), peer: Peer(peer) };
                    let connection = graceful.watch(connection(stream, service, limits));
                    tokio::spawn(async move {
                        if let Err(error) = connection.await {
                            tracing::debug!(%error, "a connection ended early");
                        }
                        drop(slot);
                    });
                }
                Err(error) => {
                    // Out of file handles, most probably; trying again at once would only burn the processor.
                    tracing::warn!(%error, "could not accept a connection");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
        drop(self.listener);
        tokio::select! {
            () = graceful.shutdown() => tracing::info!("all requests have ended"),
            () = tokio::time::sleep(limits.shutdown_timeout) => tracing::warn!("requests still under way were cut off"),
        }
    }
}

/// The router for one connection: each request carries where it comes from.
#[derive(Clone, Debug)]
struct Connected {
    router: Router,
    peer: Peer,
}

impl hyper::service::Service<Request<Incoming>> for Connected {
    type Response = Response;
    type Error = Infallible;
    type Future = RouteFuture<Infallible>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(self.peer);
        // A router is always ready to be called.
        self.router.clone().call(request)
    }
}

fn connection(stream: TcpStream, service: Connected, limits: ConnectionLimits) -> http1::Connection<TokioIo<IdleCapped>, Connected> {
    // Answers are written whole; waiting for more to send would only delay them. An error means that the client has left again.
    let _ = stream.set_nodelay(true);
    let io = TokioIo::new(IdleCapped::new(stream, limits.idle_timeout));
    http1::Builder::new().timer(TokioTimer::new()).header_read_timeout(limits.header_timeout).max_buf_size(MAX_HEAD).serve_connection(io, service)
}
