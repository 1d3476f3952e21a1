//! Entity tags: strong, made of the base's revision, the lexicon, the engine and the request; a known tag is answered 304.
//!
//! The tag of one incident, actor or statement begins with its own revision and a dot. [`IfMatch`](super::precondition::IfMatch) compares
//! that part only: what is written elsewhere in the base makes no change to it stale.

use super::Shared;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

/// Marks an answer that is not read at one moment, and so gets no tag.
#[derive(Clone, Copy, Debug)]
pub struct Untagged;

/// Of which resource an answer shows the state: put into its extensions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Where it is read.
    pub path: String,
    /// The base's revision at its last change.
    pub revision: i64,
}

/// Tags the answers under `/v1/`, which depend on nothing but the base, the program and the request.
pub async fn layer(State(app): State<Shared>, request: Request, next: Next) -> Response {
    if !request.uri().path().starts_with("/v1/") {
        return next.run(request).await;
    }
    let reads = request.method() == Method::GET || request.method() == Method::HEAD;
    if !reads {
        return written(&app, request, next).await;
    }
    // Without a revision there is no tag; the handler meets the same failure and tells it.
    let Ok(revision) = app.store.revision().await else { return next.run(request).await };
    let hash = hash(&app, request.uri().path_and_query().map_or("", |p| p.as_str()), request.headers(), revision);
    let mut given = request.headers().get_all(header::IF_NONE_MATCH).iter().filter_map(|v| v.to_str().ok());
    if let Some(own) = given.find_map(|value| named(value, &hash)) {
        return with_tag(StatusCode::NOT_MODIFIED.into_response(), own, &hash);
    }
    let response = next.run(request).await;
    if response.extensions().get::<Untagged>().is_some() {
        return response;
    }
    // A write in between may or may not be in the answer: then it is not tagged.
    let unchanged = app.store.revision().await.is_ok_and(|now| now == revision);
    if response.status() != StatusCode::OK || !unchanged {
        return response;
    }
    let own = response.extensions().get::<Shown>().map(|state| state.revision);
    with_tag(response, own, &hash)
}

/// The answer to a change shows the state that it led to, or the one that it was refused for: with the tag that reading it has.
async fn written(app: &Shared, request: Request, next: Next) -> Response {
    let names = [header::ACCEPT, header::HOST];
    let headers: HeaderMap = names.into_iter().filter_map(|name| Some((name.clone(), request.headers().get(name)?.clone()))).collect();
    let response = next.run(request).await;
    let Some(state) = response.extensions().get::<Shown>().cloned() else { return response };
    let Ok(revision) = app.store.revision().await else { return response };
    let hash = hash(app, &state.path, &headers, revision);
    with_tag(response, Some(state.revision), &hash)
}

fn hash(app: &Shared, path: &str, headers: &HeaderMap, revision: i64) -> String {
    let accept = headers.get(header::ACCEPT).map_or(&b""[..], |v| v.as_bytes());
    let host = headers.get(header::HOST).map_or(&b""[..], |v| v.as_bytes());
    let mut sha = Sha256::new();
    let parts: [&[u8]; 6] = [
        env!("CARGO_PKG_VERSION").as_bytes(),
        app.lexicon.hash.as_bytes(),
        &revision.to_le_bytes(),
        path.as_bytes(),
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

/// Whether an If-None-Match header names the tag, in whatever encoding the client holds it; gives the resource's own revision in it. `*`
/// matches anything there is.
fn named(header: &str, hash: &str) -> Option<Option<i64>> {
    header.split(',').find_map(|tag| {
        let tag = opaque(tag);
        let (own, rest) = tag.split_once('.').map_or((None, tag), |(own, rest)| (own.parse().ok(), rest));
        (tag == "*" || rest.split('-').next() == Some(hash)).then_some(own)
    })
}

/// What stands between the quotation marks; a proxy that compresses may have made the tag a weak one.
pub fn opaque(tag: &str) -> &str {
    let tag = tag.trim();
    tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"')
}

/// One tag for each encoding, because strong tags stand for the same bytes.
fn with_tag(mut response: Response, own: Option<i64>, hash: &str) -> Response {
    let headers = response.headers_mut();
    let encoding = headers.get(header::CONTENT_ENCODING).and_then(|v| v.to_str().ok()).map(|e| format!("-{e}")).unwrap_or_default();
    let own = own.map(|revision| format!("{revision}.")).unwrap_or_default();
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{own}{hash}{encoding}\"")) {
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
    use super::named;

    #[test]
    fn tags_are_recognised_in_any_encoding() {
        for tag in ["\"abc\"", "\"x\", \"abc-zstd\"", "W/\"abc-gzip\"", "*"] {
            assert_eq!(named(tag, "abc"), Some(None), "{tag}");
        }
        assert_eq!(named("\"12.abc-br\"", "abc"), Some(Some(12)));
        for tag in ["\"abcd\"", "", "\"abc.d\""] {
            assert_eq!(named(tag, "abc"), None, "{tag}");
        }
    }
}
