//! The log line and the counters of a request, written when the last byte of its answer was handed over, or the client was given up.

use super::layers::PROBES;
use crate::api::rows::Rows;
use crate::clock::Stopwatch;
use crate::metrics::metrics;
use axum::body::Body;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use hyper::body::{Body as HttpBody, Bytes, Frame, SizeHint};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

/// What is logged of a method, which may have any length.
const MAX_METHOD: usize = 16;

/// What is told of a request.
#[derive(Debug)]
pub struct Line {
    watch: Stopwatch,
    id: String,
    method: String,
    /// The route's template, never the raw path or query: they may hold a private person's name.
    route: String,
    answer: Option<Answer>,
}

#[derive(Debug)]
struct Answer {
    status: StatusCode,
    /// From the headers of the request to those of the answer.
    took: Duration,
    rows: Option<Rows>,
}

impl Line {
    /// A request has come.
    pub fn begin(id: String, method: &Method, route: String) -> Self {
        metrics().in_flight.inc();
        let method = method.as_str();
        let method = method.get(..MAX_METHOD).map_or_else(|| method.to_owned(), |begin| format!("{begin}…"));
        Self { watch: Stopwatch::start(), id, method, route, answer: None }
    }

    /// The template of its route.
    pub fn route(&self) -> &str {
        &self.route
    }

    /// Its answer is ready.
    pub fn answered(&mut self, response: &Response) {
        let rows = response.extensions().get::<Rows>().cloned();
        self.answer = Some(Answer { status: response.status(), took: self.watch.elapsed(), rows });
    }

    fn write(&self, bytes: u64, whole: bool) {
        let Some(Answer { status, took, rows }) = &self.answer else { return };
        let status = status.as_u16();
        let all = self.watch.elapsed();
        metrics().answered(&self.method, &self.route, status, all);
        let Self { id: request, method, route, .. } = self;
        let (ms, sent_ms, rows) = (milliseconds(*took), milliseconds(all), rows.as_ref().map(Rows::get));
        if !whole {
            tracing::info!(method, route, status, ms, sent_ms, bytes, rows, request, "answered a request; the client did not take all of it");
        } else if PROBES.contains(&route.as_str()) {
            tracing::debug!(method, route, status, ms, sent_ms, bytes, rows, request, "answered a probe");
        } else {
            tracing::info!(method, route, status, ms, sent_ms, bytes, rows, request, "answered a request");
        }
    }
}

impl Drop for Line {
    /// Also where the client left before there was an answer.
    fn drop(&mut self) {
        metrics().in_flight.dec();
        if self.answer.is_none() {
            let Self { id: request, method, route, .. } = self;
            let ms = milliseconds(self.watch.elapsed());
            tracing::info!(method, route, ms, request, "the client of a request left before it was answered");
        }
    }
}

fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 10_000.0).round() / 10.0
}

/// An answer's body that writes the line when it ends.
#[derive(Debug)]
pub struct Sent {
    body: Body,
    line: Line,
    n_bytes: u64,
    begun: bool,
    ended: bool,
}

impl Sent {
    /// The body of the answer that `line` tells of.
    pub fn new(body: Body, line: Line) -> Self {
        Self { body, line, n_bytes: 0, begun: false, ended: false }
    }
}

impl HttpBody for Sent {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        self.begun = true;
        let frame = std::task::ready!(Pin::new(&mut self.body).poll_frame(cx));
        match &frame {
            Some(Ok(frame)) => {
                self.n_bytes += frame.data_ref().map_or(0, |data| data.len() as u64);
                self.ended = self.body.is_end_stream();
            }
            Some(Err(_)) => {}
            None => self.ended = true,
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Sent {
    fn drop(&mut self) {
        // An answer to HEAD, or one without a body, is never begun.
        self.line.write(self.n_bytes, self.ended || !self.begun);
    }
}
