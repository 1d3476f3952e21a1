//! Who asks.

use std::net::SocketAddr;

/// Where the connection of a request comes from; the accept loop puts it into the request's extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub SocketAddr);
