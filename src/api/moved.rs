//! What an id that is not in its table may still mean: merged into another, or deleted.

use super::problem::{Code, Problem};
use super::{App, unavailable};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// 308 to the same resource under its successor's id; a query begins with its question mark.
pub fn redirect(path: &str, query: &str) -> Response {
    let encoded: Vec<String> = path.split('/').map(super::query::encode).collect();
    let mut response = StatusCode::PERMANENT_REDIRECT.into_response();
    if let Ok(location) = HeaderValue::from_str(&format!("{}{query}", encoded.join("/"))) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

/// The problem of an id that is not there: deleted, or never heard of.
pub async fn missing(app: &App, what: &str, id: &str) -> Problem {
    match app.store.tombstone(id).await {
        Ok(Some(tombstone)) => {
            let successor = tombstone.successor.map(|s| format!(" Its successor is {s}.")).unwrap_or_default();
            Problem::new(Code::Gone, format!("The {} was deleted: {}.{successor}", tombstone.entity, tombstone.reason))
        }
        Ok(None) => Problem::not_found(what, id),
        Err(error) => unavailable(error),
    }
}
