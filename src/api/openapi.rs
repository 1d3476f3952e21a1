//! The OpenAPI 3.1 description: what is not said at the handlers, and serving it.

use super::problem::ProblemBody;
use super::query::Query;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;
use utoipa::OpenApi;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{self, ContentBuilder, Ref, RefOr, ResponseBuilder};

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
        (name = "jobs", description = "What goes on after it was answered."),
        (name = "places", description = "Where things happened."),
        (name = "figures", description = "Statistics that documents quote."),
        (name = "search", description = "Words, across everything."),
        (name = "stats", description = "Sums for dashboards."),
        (name = "extract", description = "Text in, facts out, nothing stored."),
        (name = "curation", description = "Corrections: made, listed, undone; what is to be reviewed."),
        (name = "codes", description = "Code lists with labels and crosswalks."),
        (name = "service", description = "The service itself."),
    ),
    components(schemas(ProblemBody)),
)]
struct Head;

/// The description before any route.
pub fn head() -> openapi::OpenApi {
    let mut api = Head::openapi();
    let description = "A key made by `waqia keys create`. Its scope is `ingest`, `curate` or `admin`; each includes those before it. Reading \
                       needs none, nor does writing by a program on the machine of a server that only listens there, while no key was made.";
    let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("waqia_<public part>_<secret>").description(Some(description)).build();
    api.components.get_or_insert_default().add_security_scheme("key", SecurityScheme::Http(scheme));
    api
}

/// Adds what holds for every operation: any of them can fail, always in the same form.
pub fn finished(mut api: openapi::OpenApi) -> openapi::OpenApi {
    for item in api.paths.paths.values_mut() {
        for operation in [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete] {
            operation.iter_mut().for_each(can_fail);
            operation.iter_mut().filter(|operation| operation.security.is_some()).for_each(takes_keys);
        }
    }
    api
}

fn takes_keys(operation: &mut Operation) {
    let needs_scope =
        operation.security.iter().flatten().filter_map(|s| serde_json::to_value(s).ok()).any(|s| s["key"].as_array().is_some_and(|all| !all.is_empty()));
    let refused = if needs_scope {
        "The key does not have the scope (`missing_scope`), or there is none and the request may come from another machine or site (`write_refused`)."
    } else {
        "The request comes from a page of another site (`cross_site`)."
    };
    let unauthorized = "The key is wrong, revoked or expired, or one is needed (`unauthorized`); `WWW-Authenticate` says which.";
    let limited = "As many requests came as may in a minute (`rate_limited`); wait as long as `Retry-After` says.";
    for (status, description) in [("401", unauthorized), ("403", refused), ("429", limited)] {
        operation.responses.responses.insert(status.to_owned(), RefOr::T(problem(description)));
    }
}

fn can_fail(operation: &mut Operation) {
    let response = problem("Any failure; `code` says which, `/problems/{code}` what to do.");
    operation.responses.responses.insert("default".to_owned(), RefOr::T(response));
}

fn problem(description: &str) -> openapi::Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    ResponseBuilder::new().description(description).content("application/problem+json", content).build()
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
