//! The HTTP API: every route in one list, extractors and problems of our own, one file per resource.

pub mod accept;
pub mod article;
pub mod body;
mod codes;
pub mod etag;
mod extract;
mod health;
pub mod list;
pub mod openapi;
pub mod path;
pub mod problem;
mod problems;
pub mod query;
pub mod suggest;

use crate::clock::Clock;
use crate::extract::Options;
use crate::lexicon::Lexicon;
use crate::lexicon::codes::Codes;
use crate::store::Store;
use axum::Router;
use jiff::Timestamp;
use problem::{Code, Problem};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// What handlers work with.
#[derive(Debug)]
pub struct App {
    /// The knowledge base.
    pub store: Store,
    /// What the engine knows.
    pub lexicon: Arc<Lexicon>,
    /// Code lists.
    pub codes: Arc<Codes>,
    /// Settings of the engine.
    pub options: Options,
    /// The time.
    pub clock: Clock,
    /// When the server started.
    pub started: Timestamp,
    /// Largest body, in bytes.
    pub max_body: usize,
    /// Time for a request, half of it for its body to arrive.
    pub request_timeout: Duration,
    /// Texts that the engine may read at once.
    pub engine_slots: Arc<Semaphore>,
    /// What clients see before the path, without a slash at the end; `None`: `http://` and the Host header.
    pub public_url: Option<String>,
    /// Who may write.
    pub writes: Writes,
}

/// Who may write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writes {
    /// Everybody on this machine: the server listens on a loopback address and no keys are made.
    FromThisMachine,
    /// Nobody.
    Refused,
}

/// The state of the router.
pub type Shared = Arc<App>;

/// Every route of the API with its description.
fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::with_openapi(openapi::head())
        .routes(routes!(extract::extract_text))
        .routes(routes!(codes::list_code_lists))
        .routes(routes!(codes::get_code_list))
        .routes(routes!(problems::list_problems))
        .routes(routes!(problems::get_problem))
        .routes(routes!(health::get_health))
        .routes(routes!(health::get_readiness))
        .routes(routes!(openapi::get_openapi))
}

/// The API's router.
pub fn router(app: Shared) -> Router {
    let (router, _) = routes().split_for_parts();
    router.fallback(no_route).with_state(app)
}

/// The OpenAPI description of every route.
pub fn description() -> utoipa::openapi::OpenApi {
    openapi::finished(routes().into_openapi())
}

async fn no_route() -> Problem {
    Problem::new(Code::NotFound, "There is nothing at this path; /docs lists what there is.")
}
