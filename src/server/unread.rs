//! A request's body under watch: whether all of it was read when the answer is ready, and whether it comes fast enough.

use super::rate::{Patience, RECEIVE_WINDOW};
use axum::body::Body;
use axum::extract::Request;
use axum::http::header;
use hyper::body::{Body as HttpBody, Bytes, Frame, SizeHint};
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

/// A rest of a body that is read so that the connection can be kept: so many bytes, within so long.
const SMALL_REST: u64 = 64 * 1024;
const SHORT_WAIT: Duration = Duration::from_millis(50);

/// What the handler reads.
#[derive(Debug)]
pub struct Watched(Arc<Mutex<State>>);

/// What is known of the body afterwards.
#[derive(Debug)]
pub struct Watch {
    state: Arc<Mutex<State>>,
    /// The client waits for leave to send it, and none was given.
    withheld: bool,
}

#[derive(Debug)]
struct State {
    body: Body,
    patience: Patience,
    touched: bool,
    ended: bool,
    too_slow: bool,
}

/// Puts the body under watch, where there is one; it must come at `rate` bytes a second.
pub fn watch(request: Request, rate: usize) -> (Request, Option<Watch>) {
    if request.body().is_end_stream() {
        return (request, None);
    }
    let withheld = request.headers().contains_key(header::EXPECT);
    let (parts, body) = request.into_parts();
    let state = State { body, patience: Patience::new(rate, RECEIVE_WINDOW), touched: false, ended: false, too_slow: false };
    let state = Arc::new(Mutex::new(state));
    let request = Request::from_parts(parts, Body::new(Watched(state.clone())));
    (request, Some(Watch { state, withheld }))
}

impl Watch {
    /// Whether it came too slowly to wait for the rest.
    pub fn was_too_slow(&self) -> bool {
        lock(&self.state).too_slow
    }

    /// Whether the next request can follow on the same connection: the body was read, or was short enough to be read now.
    pub async fn is_done_with(&self) -> bool {
        {
            let state = lock(&self.state);
            if state.ended || state.too_slow || self.withheld && !state.touched || state.body.size_hint().lower() > SMALL_REST {
                return state.ended;
            }
        }
        let mut n_read = 0;
        let rest = async {
            while let Some(Ok(frame)) = poll_fn(|cx| lock(&self.state).poll(cx)).await {
                n_read += frame.data_ref().map_or(0, |data| data.len() as u64);
                if n_read > SMALL_REST {
                    return false;
                }
            }
            lock(&self.state).ended
        };
        tokio::time::timeout(SHORT_WAIT, rest).await.unwrap_or(false)
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl State {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        self.touched = true;
        match Pin::new(&mut self.body).poll_frame(cx) {
            Poll::Ready(frame) => {
                match &frame {
                    Some(Ok(frame)) => self.patience.moved(frame.data_ref().map_or(0, Bytes::len)),
                    Some(Err(_)) => {}
                    None => self.ended = true,
                }
                self.ended |= self.body.is_end_stream();
                Poll::Ready(frame)
            }
            Poll::Pending if self.patience.poll_spent(cx).is_ready() => {
                self.too_slow = true;
                Poll::Ready(Some(Err(axum::Error::new(io::Error::new(io::ErrorKind::TimedOut, "the body comes too slowly")))))
            }
            Poll::Pending => Poll::Pending,
        }
    }
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        lock(&self.0).poll(cx)
    }

    fn is_end_stream(&self) -> bool {
        lock(&self.0).body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        lock(&self.0).body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::stream;
    use http_body_util::BodyExt;

    fn request(chunks: Vec<Vec<u8>>, ends: bool) -> Request {
        let chunks = stream::iter(chunks.into_iter().map(Ok::<_, io::Error>));
        let body = if ends { Body::from_stream(chunks) } else { Body::from_stream(stream::StreamExt::chain(chunks, stream::pending())) };
        Request::new(body)
    }

    #[tokio::test]
    async fn a_small_rest_is_read_and_a_large_one_is_not() {
        let done = async |request: Request| watch(request, 1000).1.unwrap().is_done_with().await;
        assert!(done(request(vec![vec![0; 1000]; 10], true)).await);
        assert!(!done(request(vec![vec![0; 1000]; 100], true)).await);
        assert!(!done(request(vec![vec![0; 1000]], false)).await, "the rest does not come");
        let mut waits = request(vec![vec![0; 10]], true);
        waits.headers_mut().insert(header::EXPECT, "100-continue".parse().unwrap());
        assert!(!done(waits).await, "the client was not told to send it");
    }

    #[tokio::test]
    async fn a_body_that_was_read_is_done_with() {
        let (request, watch) = watch(request(vec![vec![0; 100_000]; 3], true), 1000);
        assert_eq!(request.into_body().collect().await.unwrap().to_bytes().len(), 300_000);
        assert!(watch.unwrap().is_done_with().await);
        assert!(super::watch(Request::new(Body::empty()), 1000).1.is_none());
    }
}
