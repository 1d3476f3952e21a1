//! The server: binding, the accept loop, limits on connections, a graceful end.
//!
//! `axum::serve` never times out a slow or silent client, so the loop is our own, on hyper's HTTP/1.1 connections.

mod connection;
mod crowd;
pub mod descriptors;
mod edge;
mod exchange;
mod host;
mod layers;
mod rate;
mod refusal;
mod request_id;
mod sent;
mod start;
mod stream;
mod unread;

pub use layers::{Limits, wrap};
pub use start::{StartError, open, service};

use crate::api::auth::Peer;
use crate::config::ServeSettings;
use axum::Router;
use crowd::Crowd;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// Largest head of a request (request line and headers), in bytes; above it the answer is 431.
const MAX_HEAD: usize = 64 * 1024;
/// Most headers of a request.
const MAX_HEADERS: usize = 100;

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
    /// Bytes a second at which an answer must be read.
    pub min_send_rate: usize,
    /// For requests under way to end after the signal to stop.
    pub shutdown_timeout: Duration,
}

impl From<&ServeSettings> for ConnectionLimits {
    fn from(settings: &ServeSettings) -> Self {
        Self {
            max_connections: settings.max_connections as usize,
            header_timeout: settings.header_timeout.0,
            idle_timeout: settings.idle_timeout.0,
            min_send_rate: settings.min_send_rate.0,
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
        let crowd = Crowd::new(limits.max_connections);
        let (stopping, stopped) = watch::channel(false);
        let mut stop = std::pin::pin!(stop);
        loop {
            let accepted = tokio::select! {
                accepted = self.listener.accept() => accepted,
                () = &mut stop => break,
            };
            match accepted {
                Ok((stream, peer)) => {
                    let place = tokio::select! {
                        place = crowd.enter() => place,
                        () = &mut stop => break,
                    };
                    tokio::spawn(connection::serve(stream, Peer(peer), router.clone(), limits, place, stopped.clone()));
                }
                Err(error) => {
                    // Out of file handles, most probably; trying again at once would only burn the processor.
                    tracing::warn!(%error, "could not accept a connection");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
        drop(self.listener);
        drop(stopped);
        stopping.send_replace(true);
        tokio::select! {
            // When the last connection has let go of its end.
            () = stopping.closed() => tracing::info!("all requests have ended"),
            () = tokio::time::sleep(limits.shutdown_timeout) => tracing::warn!("requests still under way were cut off"),
        }
    }
}
