//! The OpenAPI 3.1 description: what is not said at the handlers, and serving it.

use super::problem::ProblemBody;
use super::query::Query;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;
use utoipa::OpenApi;
use utoipa::openapi::path::Operation;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, ResponseBuilder};

/// What is said of the API as a whole.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "waqia",
        description = "Incidents of militant violence, actors and statements, read from news text; each field is traced to the characters it was read from.\n\n\
            Parameters that take several values take them by repetition or with commas between. An unknown parameter or value is refused with a \
            400 that names it and suggests the nearest. Lists are pages: follow `links.next`. Every failure is `application/problem+json` (RFC 9457). \
            Answers carry an `ETag`; `If-None-Match` is answered 304 while the knowledge base is unchanged. Offsets count Unicode code points, half-open.",
        license(name = "MIT", identifier = "MIT"),
    ),
    tags(
        (name = "incidents", description = "What happened, where, to whom, and how it is known."),
        (name = "actors", description = "Organisations, states and persons."),
        (name = "statements", description = "Who said what."),
        (name = "documents", description = "The texts everything was read from."),
        (name = "places", description = "Where things happened."),
        (name = "figures", description = "Statistics that documents quote."),
        (name = "search", description = "Words, across everything."),
        (name = "stats", description = "Sums for dashboards."),
        (name = "extract", description = "Text in, facts out, nothing stored."),
        (name = "codes", description = "Code lists with labels and crosswalks."),
        (name = "service", description = "The service itself."),
    ),
    components(schemas(ProblemBody)),
)]
struct Head;

/// The description before any route.
pub fn head() -> utoipa::openapi::OpenApi {
    Head::openapi()
}

/// Adds what holds for every operation: any of them can fail, always in the same form.
pub fn finished(mut api: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
    for item in api.paths.paths.values_mut() {
        for operation in [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete] {
            operation.iter_mut().for_each(can_fail);
        }
    }
    api
}

fn can_fail(operation: &mut Operation) {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    let description = "Any failure; `code` says which, `/problems/{code}` what to do.";
    let response = ResponseBuilder::new().description(description).content("application/problem+json", content).build();
    operation.responses.responses.insert("default".to_owned(), RefOr::T(response));
}

struct Rendered {
    json: String,
    tag: String,
}

static RENDERED: LazyLock<Rendered> = LazyLock::new(|| {
    let json = super::description().to_json().unwrap_or_default();
    let hash: String = Sha256::digest(&json).iter().take(12).map(|b| format!("{b:02x}")).collect();
    Rendered { json, tag: format!("\"{hash}\"") }
});

/// This description
#[utoipa::path(get, path = "/openapi.json", tag = "service", responses((status = 200, description = "OpenAPI 3.1.", body = Object)))]
pub async fn get_openapi(headers: HeaderMap, _: Query<()>) -> Response {
    let Rendered { json, tag } = &*RENDERED;
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|v| v.as_bytes() == tag.as_bytes());
    let cache = [(header::ETAG, tag.as_str()), (header::CACHE_CONTROL, "no-cache")];
    if known {
        return (StatusCode::NOT_MODIFIED, cache).into_response();
    }
    ([(header::CONTENT_TYPE, "application/json")], cache, json.as_str()).into_response()
}
