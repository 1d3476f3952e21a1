//! The pages under `web/`, compiled in. They talk to the public API only.

use axum::Router;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "web/"]
struct Files;

/// Pages by their path, and the files they are made of under `/web/`.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/", get(|headers: HeaderMap| async move { file("index.html", &headers) }))
        .route("/docs", get(|headers: HeaderMap| async move { file("docs.html", &headers) }))
        .route("/favicon.ico", get(|headers: HeaderMap| async move { file("icon.svg", &headers) }))
        .route("/web/{*path}", get(|axum::extract::Path(path): axum::extract::Path<String>, headers: HeaderMap| async move { file(&path, &headers) }))
}

/// A file of the folder; others are not reachable, whatever the path says.
fn file(path: &str, headers: &HeaderMap) -> Response {
    let Some(EmbeddedFile { data, metadata }) = Files::get(path) else { return StatusCode::NOT_FOUND.into_response() };
    let hash: String = metadata.sha256_hash().iter().take(12).map(|b| format!("{b:02x}")).collect();
    let tag = format!("\"{hash}\"");
    let cache = [(header::ETAG, tag.as_str()), (header::CACHE_CONTROL, "no-cache")];
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, cache).into_response();
    }
    ([(header::CONTENT_TYPE, media_type(path))], cache, data.into_owned()).into_response()
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "json" => "application/json",
        "png" => "image/png",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_has_a_media_type() {
        for path in Files::iter() {
            assert_ne!(media_type(&path), "application/octet-stream", "{path}");
        }
    }

    #[test]
    fn nothing_outside_the_folder_is_served() {
        for path in ["../Cargo.toml", "/etc/passwd", "..%2fCargo.toml", "", ".", "index.html/"] {
            assert_eq!(file(path, &HeaderMap::new()).status(), StatusCode::NOT_FOUND, "{path}");
        }
    }

    #[test]
    fn pages_hold_no_inline_scripts_or_styles() {
        for path in Files::iter().filter(|p| p.ends_with(".html")) {
            let text = String::from_utf8(Files::get(&path).unwrap().data.into_owned()).unwrap();
            assert!(!text.contains("<style") && !text.contains(" style=") && !text.contains(" onclick="), "{path}");
            for script in text.match_indices("<script").map(|(at, _)| &text[at..]) {
                let tag = &script[..script.find('>').unwrap()];
                assert!(tag.contains(" src=\"/web/"), "{path}: {tag}");
            }
            assert!(!text.contains("http://") && !text.contains("https://"), "{path} names another host");
        }
    }
}
