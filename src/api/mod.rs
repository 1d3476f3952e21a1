//! The HTTP API: every route in one list, extractors and problems of our own, one file per resource.

pub mod accept;
mod actors;
pub mod article;
pub mod as_of;
pub mod auth;
pub mod body;
mod changes;
mod codes;
mod curate;
mod documents;
pub mod engine;
pub mod etag;
pub mod events;
pub mod export;
mod extract;
mod figures;
pub mod filter;
mod health;
mod incidents;
mod ingest;
mod jobs;
pub mod list;
pub mod masked;
mod metrics;
mod moved;
pub mod openapi;
pub mod path;
mod places;
pub mod precondition;
pub mod problem;
mod problems;
pub mod query;
pub mod rows;
mod search;
mod statements;
mod stats;
pub mod suggest;

use crate::clock::Clock;
use crate::codebook::Scorer;
use crate::extract::Options;
use crate::ingest::jobs::Jobs;
use crate::lexicon::Lexicon;
use crate::lexicon::codes::Codes;
use crate::store::{Store, StoreError, Trouble};
use auth::Access;
use axum::Router;
use engine::EngineSlots;
use events::Feeds;
pub use ingest::is_bulk;
use jiff::Timestamp;
use masked::Masks;
use problem::{Code, Problem};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
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
    /// The weights of learned codebooks, unpacked when the first request asks for such a one.
    pub scorer: OnceLock<Scorer>,
    /// The time.
    pub clock: Clock,
    /// When the server started.
    pub started: Timestamp,
    /// Largest body, in bytes.
    pub max_body: usize,
    /// Largest body of a job, in bytes.
    pub max_bulk: usize,
    /// What goes on after it was answered.
    pub jobs: Jobs,
    /// Time for a request, half of it for its body to arrive.
    pub request_timeout: Duration,
    /// Largest text of one document, in bytes.
    pub max_text: usize,
    /// Texts that the engine may read at once.
    pub engine_slots: EngineSlots,
    /// What clients see before the path, without a slash at the end; `None`: `http://` and the Host header.
    pub public_url: Option<String>,
    /// Whether `/metrics` is served.
    pub metrics: bool,
    /// Answers that last.
    pub feeds: Feeds,
    /// Names that no answer shows.
    pub masks: Masks,
    /// Who may do what.
    pub access: Access,
}

impl App {
    /// The weights of learned codebooks.
    fn scorer(&self) -> Result<&Scorer, Problem> {
        match self.scorer.get() {
            Some(scorer) => Ok(scorer),
            // Two requests at once may both unpack them; one is kept.
            None => Scorer::embedded().map(|scorer| self.scorer.get_or_init(|| scorer)).map_err(Problem::internal),
        }
    }
}

/// The state of the router.
pub type Shared = Arc<App>;

/// Every route of the API with its description.
fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::with_openapi(openapi::head())
        .routes(routes!(incidents::list_incidents))
        .routes(routes!(incidents::get_incident, curate::patch_incident))
        .routes(routes!(incidents::get_evidence, curate::edit_evidence))
        .routes(routes!(incidents::get_merges))
        .routes(routes!(incidents::get_history))
        .routes(routes!(curate::confirm_incident))
        .routes(routes!(curate::reject_incident))
        .routes(routes!(curate::merge_incidents))
        .routes(routes!(curate::split_incident))
        .routes(routes!(curate::merge_actor))
        .routes(routes!(curate::relate_actor))
        .routes(routes!(curate::confirm_actor))
        .routes(routes!(curate::reject_actor))
        .routes(routes!(curate::confirm_statement))
        .routes(routes!(curate::reject_statement))
        .routes(routes!(actors::list_actors))
        .routes(routes!(actors::get_actor, curate::patch_actor))
        .routes(routes!(actors::list_actor_incidents))
        .routes(routes!(actors::list_actor_statements))
        .routes(routes!(actors::get_network))
        .routes(routes!(actors::get_actor_history))
        .routes(routes!(actors::withhold_names, actors::show_names))
        .routes(routes!(statements::list_statements))
        .routes(routes!(statements::get_statement, curate::patch_statement))
        .routes(routes!(statements::get_statement_history))
        .routes(routes!(places::list_places))
        .routes(routes!(places::get_place))
        .routes(routes!(documents::list_documents, ingest::add_documents))
        .routes(routes!(documents::get_document, documents::withdraw_document))
        .routes(routes!(jobs::list_jobs, jobs::start_job))
        .routes(routes!(jobs::get_job))
        .routes(routes!(jobs::list_job_errors))
        .routes(routes!(jobs::cancel_job))
        .routes(routes!(documents::get_text))
        .routes(routes!(documents::get_annotations))
        .routes(routes!(documents::get_document_history))
        .routes(routes!(figures::list_figures))
        .routes(routes!(search::search))
        .routes(routes!(stats::get_summary))
        .routes(routes!(stats::get_timeline))
        .routes(routes!(stats::get_breakdown))
        .routes(routes!(stats::get_map))
        .routes(routes!(changes::list_changes))
        .routes(routes!(curate::list_corrections))
        .routes(routes!(curate::get_correction))
        .routes(routes!(curate::undo_correction))
        .routes(routes!(curate::list_review))
        .routes(routes!(curate::confirm_review))
        .routes(routes!(extract::extract_text))
        .routes(routes!(codes::list_code_lists))
        .routes(routes!(codes::get_code_list))
        .routes(routes!(problems::list_problems))
        .routes(routes!(problems::get_problem))
        .routes(routes!(health::get_health))
        .routes(routes!(health::get_readiness))
        .routes(routes!(metrics::get_metrics))
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

/// The base failed: what the client, or who runs the server, can do about it.
pub(crate) fn unavailable(error: StoreError) -> Problem {
    let (code, detail) = match error.trouble() {
        Trouble::Busy => (Code::Overloaded, "The knowledge base is busy; try again."),
        Trouble::OutOfTime => (Code::Timeout, "The search of the knowledge base took too long and was stopped. Ask for less, or for something narrower."),
        Trouble::Full => (
            Code::InsufficientStorage,
            "The disk of the knowledge base is full; nothing of this request was stored. Free some space, then send it again. Reading goes on.",
        ),
        Trouble::ReadOnly => {
            (Code::ReadOnly, "The file of the knowledge base, or its file system, is read-only; nothing of this request was stored. Reading goes on.")
        }
        Trouble::Disk => {
            (Code::NotReady, "The disk of the knowledge base fails to read or write; nothing of this request was stored. The server's log has the error.")
        }
        Trouble::Gone => {
            (Code::NotReady, "A file of the knowledge base was deleted or replaced while the server runs; nothing is written until it is restarted.")
        }
        Trouble::Other => return Problem::internal(error),
    };
    Problem { cause: Some(Arc::new(error)), ..Problem::new(code, detail) }
}

async fn no_route() -> Problem {
    Problem::new(Code::NotFound, "There is nothing at this path; /docs lists what there is.")
}
