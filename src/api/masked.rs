//! Answers without the names that are withheld: a layer around all routes but `/v1/extract`, which says nothing of the base. It works on
//! what is sent, so that no route can forget it. Where no name is withheld nothing is looked at.

use super::problem::Problem;
use super::{Shared, unavailable};
use crate::model::mask::Mask;
use crate::store::{Store, StoreError};
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use hyper::body::Body as _;
use serde_json::Value;
use std::borrow::Cow;
use std::sync::{Arc, Mutex, PoisonError};

/// The names that are withheld, read anew whenever the base has changed.
#[derive(Debug, Default)]
pub struct Masks(Mutex<Option<(i64, Option<Arc<Mask>>)>>);

impl Masks {
    /// What masks answers now; none where no name is withheld.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn current(&self, store: &Store) -> Result<Option<Arc<Mask>>, StoreError> {
        let revision = store.revision().await?;
        if let Some(mask) = self.known(revision) {
            return Ok(mask);
        }
        let mask = store.mask().await?.map(Arc::new);
        self.keep(revision, mask.clone());
        Ok(mask)
    }

    fn known(&self, revision: i64) -> Option<Option<Arc<Mask>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).as_ref().filter(|(of, _)| *of == revision).map(|(_, mask)| mask.clone())
    }

    fn keep(&self, revision: i64, mask: Option<Arc<Mask>>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((revision, mask));
    }
}

/// Masks what handlers answer. Where it cannot be known what is withheld, nothing is answered.
pub async fn layer(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let speaks_of_the_base = is_concerned(request.uri().path());
    let response = next.run(request).await;
    if !speaks_of_the_base {
        return response;
    }
    match app.masks.current(&app.store).await {
        Ok(None) => response,
        Ok(Some(mask)) => masked(response, mask).await,
        Err(error) => unavailable(error).into_response(),
    }
}

fn is_concerned(path: &str) -> bool {
    path.starts_with("/v1/") && path != "/v1/extract"
}

fn is(response: &Response, media_type: &str) -> bool {
    response.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).is_some_and(|v| v.starts_with(media_type))
}

async fn masked(mut response: Response, mask: Arc<Mask>) -> Response {
    if let Some(problem) = response.extensions_mut().get_mut::<Problem>() {
        mask_problem(problem, &mask);
    }
    let (json, lines) = (is(&response, "application/json"), is(&response, "application/x-ndjson"));
    if response.body().size_hint().exact().is_some() {
        let (mut parts, body) = response.into_parts();
        let bytes = match body.collect().await {
            Ok(collected) => collected.to_bytes(),
            Err(error) => return Problem::internal(error).into_response(),
        };
        parts.headers.remove(header::CONTENT_LENGTH);
        return Response::from_parts(parts, Body::from(if json { json_without(&bytes, &mask) } else { text_without(&bytes, &mask) }));
    }
    // What is streamed comes in whole rows.
    response.map(|body| {
        Body::new(body.map_frame(move |frame| frame.map_data(|bytes| if lines { lines_without(&bytes, &mask) } else { text_without(&bytes, &mask) })))
    })
}

fn json_without(bytes: &Bytes, mask: &Mask) -> Bytes {
    let Ok(mut value) = serde_json::from_slice::<Value>(bytes) else { return text_without(bytes, mask) };
    mask.json(&mut value);
    serde_json::to_vec(&value).map_or_else(|_| text_without(bytes, mask), Bytes::from)
}

fn lines_without(bytes: &Bytes, mask: &Mask) -> Bytes {
    let mut out = Vec::with_capacity(bytes.len());
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        out.extend_from_slice(&json_without(&Bytes::copy_from_slice(line.trim_ascii_end()), mask));
        out.push(b'\n');
    }
    Bytes::from(out)
}

/// A text of any kind, with blocks. Everything sent is UTF-8.
pub fn text_without(bytes: &Bytes, mask: &Mask) -> Bytes {
    let text: Cow<'_, str> = String::from_utf8_lossy(bytes);
    mask.text(&text).map_or_else(|| bytes.clone(), Bytes::from)
}

fn mask_problem(problem: &mut Problem, mask: &Mask) {
    if let Some(detail) = mask.text(&problem.detail) {
        problem.detail = detail.into();
    }
    for fault in &mut problem.errors {
        fault.suggestion = fault.suggestion.take().filter(|name| mask.text(name).is_none());
        fault.allowed.retain(|name| mask.text(name).is_none());
        if let Some(detail) = mask.text(&fault.detail) {
            fault.detail = detail;
        }
    }
}
