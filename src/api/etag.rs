//! Entity tags: strong, made of the base's revision, the lexicon, the engine and the request; a known tag is answered 304.

use super::Shared;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

/// Marks an answer that is not read at one moment, and so gets no tag.
#[derive(Clone, Copy, Debug)]
pub struct Untagged;

/// Tags the answers under `/v1/`, which depend on nothing but the base, the program and the request.
pub async fn layer(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let reads = request.method() == Method::GET || request.method() == Method::HEAD;
    if !reads || !request.uri().path().starts_with("/v1/") {
        return next.run(request).await;
    }
    // Without a revision there is no tag; the handler meets the same failure and tells it.
    let Ok(revision) = app.store.revision().await else { return next.run(request).await };
    let hash = hash(&app, &request, revision);
    let known = request.headers().get_all(header::IF_NONE_MATCH).iter().filter_map(|v| v.to_str().ok()).any(|value| names(value, &hash));
    if known {
        return with_tag(StatusCode::NOT_MODIFIED.into_response(), &hash);
    }
    let response = next.run(request).await;
    if response.extensions().get::<Untagged>().is_some() {
        return response;
    }
    // A write in between may or may not be in the answer: then it is not tagged.
    let unchanged = app.store.revision().await.is_ok_and(|now| now == revision);
    if response.status() == StatusCode::OK && unchanged { with_tag(response, &hash) } else { response }
}

fn hash(app: &Shared, request: &Request, revision: i64) -> String {
    let accept = request.headers().get(header::ACCEPT).map_or(&b""[..], |v| v.as_bytes());
    let host = request.headers().get(header::HOST).map_or(&b""[..], |v| v.as_bytes());
    let mut sha = Sha256::new();
    let parts: [&[u8]; 6] = [
        env!("CARGO_PKG_VERSION").as_bytes(),
        app.lexicon.hash.as_bytes(),
        &revision.to_le_bytes(),
        request.uri().path_and_query().map_or("", |p| p.as_str()).as_bytes(),
        accept,
        // Links in the answer begin with it.
        host,
    ];
    for part in parts {
        sha.update((part.len() as u64).to_le_bytes());
        sha.update(part);
    }
    sha.finalize().iter().take(12).map(|b| format!("{b:02x}")).collect()
}

/// Whether an If-None-Match header names the tag, in whatever encoding the client holds it. `*` matches anything there is.
fn names(header: &str, hash: &str) -> bool {
    header.split(',').map(str::trim).any(|tag| {
        let tag = tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"');
        tag == "*" || tag.split('-').next() == Some(hash)
    })
}

/// One tag for each encoding, because strong tags stand for the same bytes.
fn with_tag(mut response: Response, hash: &str) -> Response {
    let headers = response.headers_mut();
    let encoding = headers.get(header::CONTENT_ENCODING).and_then(|v| v.to_str().ok()).map(|e| format!("-{e}")).unwrap_or_default();
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{hash}{encoding}\"")) {
        headers.insert(header::ETAG, tag);
    }
    must_revalidate(headers);
    response
}

/// Caches may keep the answer and must ask each time whether it still holds.
pub fn must_revalidate(headers: &mut HeaderMap) {
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn tags_are_recognised_in_any_encoding() {
        assert!(names("\"abc\"", "abc"));
        assert!(names("\"x\", \"abc-zstd\"", "abc"));
        assert!(names("W/\"abc-gzip\"", "abc"));
        assert!(names("*", "abc"));
        assert!(!names("\"abcd\"", "abc"));
        assert!(!names("", "abc"));
    }
}
