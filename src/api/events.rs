//! Server-sent events: answers that last as long as the client listens, and what keeps them from being in the way. They have places of their
//! own instead of one among the requests or exports, say something now and then so that no limit on silence ends them, and end when the
//! server stops.

use super::etag::Untagged;
use super::problem::{Code, Fault, Problem};
use crate::metrics::{Refusal, metrics};
use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

/// The media type.
pub const EVENT_STREAM: &str = "text/event-stream";
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
/// For proxies that would collect an answer before they pass it on.
const ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");
/// What a client is told to wait before it connects again.
const RETRY: &str = "retry: 3000\n\n";
/// A comment: keeps the connection alive and says nothing.
const HEARTBEAT: &str = ": still here\n\n";
/// How often a source that had nothing is asked again.
const PACE: Duration = Duration::from_millis(500);
/// Longest silence, where the limit on idle connections is not shorter.
const LONGEST_SILENCE: Duration = Duration::from_secs(15);

/// Told when the server begins to stop; the accept loop puts it into the request's extensions.
#[derive(Clone, Debug)]
pub struct Stopping(pub watch::Receiver<bool>);

/// Marks an answer that has a place among the feeds: it takes none among requests and exports.
#[derive(Clone, Copy, Debug)]
pub struct Feed;

/// The places of a server's feeds.
#[derive(Debug)]
pub struct Feeds {
    places: Arc<Semaphore>,
    longest_silence: Duration,
}

/// Where a feed goes on, and until when.
#[derive(Clone, Debug)]
pub struct Listening {
    /// `Last-Event-ID`: the last event that the client got before it lost its connection.
    pub last: Option<i64>,
    stopping: Option<watch::Receiver<bool>>,
}

/// One event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What `Last-Event-ID` will say.
    pub id: i64,
    /// JSON, without line breaks.
    pub data: String,
}

/// What a source has to tell.
#[derive(Debug, Default)]
pub struct News {
    /// In order.
    pub events: Vec<Event>,
    /// Nothing will follow.
    pub ended: bool,
}

/// What a feed tells of.
pub trait Source: Send + 'static {
    /// What is new since it was last asked.
    fn news(&mut self) -> impl Future<Output = Result<News, Problem>> + Send;
}

impl Feeds {
    /// At most `places` at once, on connections that may be silent for `idle_timeout`.
    pub fn new(places: usize, idle_timeout: Duration) -> Self {
        Self { places: Arc::new(Semaphore::new(places)), longest_silence: (idle_timeout / 3).min(LONGEST_SILENCE) }
    }

    /// Begins to tell what `source` has.
    ///
    /// # Errors
    /// 503 where all places are taken; what the source fails with when it is asked first.
    pub async fn begin(&self, mut source: impl Source, listening: Listening) -> Result<Response, Problem> {
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
            metrics().refused(Refusal::TooManyStreams);
            return Err(Problem::new(Code::Overloaded, "The server has as many feeds open as it may (`--max-feeds`)."));
        };
        let first = source.news().await?;
        let ended = first.ended;
        let head = format!("{RETRY}{}", text_of(&first.events));
        let telling = Telling { source, stopping: listening.stopping, longest_silence: self.longest_silence, ended, _place: place };
        let parts = stream::unfold((Some(head), telling), |(head, mut telling)| async move {
            let part = match head {
                Some(head) => head,
                None => telling.next().await?,
            };
            Some((Ok::<_, Infallible>(part), (None, telling)))
        });
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static(EVENT_STREAM)),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
            (ACCEL_BUFFERING, HeaderValue::from_static("no")),
        ];
        let mut response = (headers, Body::from_stream(parts)).into_response();
        response.extensions_mut().insert(Untagged);
        response.extensions_mut().insert(Feed);
        Ok(response)
    }
}

/// A feed under way.
struct Telling<S> {
    source: S,
    stopping: Option<watch::Receiver<bool>>,
    longest_silence: Duration,
    ended: bool,
    _place: OwnedSemaphorePermit,
}

impl<S: Source> Telling<S> {
    /// The next events, or a sign of life; none at the end.
    async fn next(&mut self) -> Option<String> {
        let mut silence = Duration::ZERO;
        while !self.ended && !self.is_stopping() {
            // A source that fails is asked again: a client that connected anew would do no better.
            if let Ok(news) = self.source.news().await {
                self.ended = news.ended;
                if !news.events.is_empty() {
                    return Some(text_of(&news.events));
                }
            }
            if silence >= self.longest_silence {
                return Some(HEARTBEAT.to_owned());
            }
            if !self.ended {
                self.wait().await;
            }
            silence += PACE;
        }
        None
    }

    fn is_stopping(&self) -> bool {
        self.stopping.as_ref().is_some_and(|stopping| *stopping.borrow())
    }

    async fn wait(&mut self) {
        let pace = tokio::time::sleep(PACE);
        match &mut self.stopping {
            Some(stopping) => tokio::select! {
                () = pace => {}
                // An error says that the server is gone.
                _ = stopping.changed() => {}
            },
            None => pace.await,
        }
    }
}

fn text_of(events: &[Event]) -> String {
    events.iter().map(|Event { id, data }| format!("id: {id}\ndata: {data}\n\n")).collect()
}

impl<S: Send + Sync> FromRequestParts<S> for Listening {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let stopping = parts.extensions.get::<Stopping>().map(|stopping| stopping.0.clone());
        let last = parts.headers.get(LAST_EVENT_ID).map(|value| value.to_str().ok().and_then(number)).map(|number| {
            let detail = "The header Last-Event-ID is not the id of an event; send it as the feed gave it, or leave it out";
            number.ok_or_else(|| Problem::of(Code::InvalidParameter, vec![Fault { detail: detail.to_owned(), ..Fault::default() }]))
        });
        Ok(Self { last: last.transpose()?, stopping })
    }
}

/// A whole number as feeds write them.
fn number(text: &str) -> Option<i64> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_written_as_the_standard_says() {
        let events = [Event { id: 7, data: "{}".to_owned() }, Event { id: 8, data: "[1]".to_owned() }];
        assert_eq!(text_of(&events), "id: 7\ndata: {}\n\nid: 8\ndata: [1]\n\n");
    }

    #[test]
    fn ids_are_plain_numbers() {
        assert_eq!((number("17"), number(""), number("-1"), number("1e3"), number("99999999999999999999")), (Some(17), None, None, None, None));
    }
}
