//! What goes on on a connection: told by its service and its bodies, read by its stream and its task.

use hyper::body::{Body as HttpBody, Bytes, Frame, SizeHint};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll};

/// Requests and answers of one connection.
#[derive(Debug, Default)]
pub struct Exchange {
    n_begun: AtomicU64,
    n_ended: AtomicU64,
    /// A request was answered before all of its body had come: the rest is still to be read, or the client may lose the answer.
    unread: AtomicBool,
}

impl Exchange {
    /// A request has come.
    pub fn begin(self: &Arc<Self>) -> Underway {
        self.n_begun.fetch_add(1, Ordering::AcqRel);
        Underway(self.clone())
    }

    /// How many requests have come, where all of them are answered; the last bytes of the last answer may not be sent yet.
    pub fn all_answered(&self) -> Option<u64> {
        let n_begun = self.n_begun.load(Ordering::Acquire);
        (n_begun == self.n_ended.load(Ordering::Acquire)).then_some(n_begun)
    }

    /// Some of a request's body will not be read by its handler.
    pub fn leave_unread(&self) {
        self.unread.store(true, Ordering::Release);
    }

    /// Whether some of a request's body was left.
    pub fn is_unread(&self) -> bool {
        self.unread.load(Ordering::Acquire)
    }
}

/// A request that is worked on or whose answer is being handed over; it ends when dropped.
#[derive(Debug)]
pub struct Underway(Arc<Exchange>);

impl Drop for Underway {
    fn drop(&mut self) {
        self.0.n_ended.fetch_add(1, Ordering::AcqRel);
    }
}

/// An answer's body that ends the exchange when it is dropped.
#[derive(Debug)]
pub struct Answer {
    /// The body.
    pub body: axum::body::Body,
    /// Its request, for as long as the body is there.
    pub _underway: Underway,
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
