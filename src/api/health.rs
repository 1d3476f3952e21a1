//! Whether the process lives, and whether it can answer.

use super::Shared;
use super::problem::{Code, Problem, ProblemBody};
use super::query::Query;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// The process answers.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// `ok`
    status: &'static str,
    /// Version of the program and its engine.
    version: &'static str,
}

/// Everything needed to answer is there.
#[derive(Debug, Serialize, ToSchema)]
pub struct Readiness {
    /// `ready`
    status: &'static str,
    /// Rises with each write to the knowledge base.
    revision: i64,
    /// Hash of the lexicon.
    lexicon: String,
}

/// Whether the process lives
#[utoipa::path(get, path = "/healthz", tag = "service", responses((status = 200, description = "The process answers.", body = Health)))]
pub async fn get_health(_: Query<()>) -> Json<Health> {
    Json(Health { status: "ok", version: env!("CARGO_PKG_VERSION") })
}

/// Whether the knowledge base can be read, is of this version, and the lexicon is loaded
#[utoipa::path(get, path = "/readyz", tag = "service", responses(
    (status = 200, description = "Requests can be answered.", body = Readiness),
    (status = 503, description = "They cannot.", body = ProblemBody, content_type = "application/problem+json"),
))]
pub async fn get_readiness(State(app): State<Shared>, _: Query<()>) -> Result<Json<Readiness>, Problem> {
    let not_ready = |error| Problem { cause: Some(Arc::new(error)), ..Problem::new(Code::NotReady, "The knowledge base cannot be used.") };
    app.store.check_ready().await.map_err(not_ready)?;
    let revision = app.store.revision().await.map_err(not_ready)?;
    Ok(Json(Readiness { status: "ready", revision, lexicon: app.lexicon.hash.clone() }))
}
