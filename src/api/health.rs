//! Whether the process lives, and whether it can answer.

use super::Shared;
use super::problem::{Code, Problem, ProblemBody};
use super::query::Query;
use crate::store::StoreError;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use std::collections::BTreeMap;
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
    /// Rises with each write to the knowledge base; null where all connections were busy.
    revision: Option<i64>,
    /// Hash of the lexicon.
    lexicon: String,
    /// Each part that was looked at and how it is: `ok`, or `busy` where it is at work for others.
    checks: BTreeMap<&'static str, &'static str>,
}

/// Whether the process lives
#[utoipa::path(get, path = "/healthz", tag = "service", responses((status = 200, description = "The process answers.", body = Health)))]
pub async fn get_health(_: Query<()>) -> Json<Health> {
    Json(Health { status: "ok", version: env!("CARGO_PKG_VERSION") })
}

/// Whether the knowledge base can be read and written, is of this version, and the lexicon is loaded
#[utoipa::path(get, path = "/readyz", tag = "service", responses(
    (status = 200, description = "Requests can be answered.", body = Readiness),
    (status = 503, description = "Some cannot; `checks` says which part fails.", body = ProblemBody, content_type = "application/problem+json"),
))]
pub async fn get_readiness(State(app): State<Shared>, _: Query<()>) -> Result<Json<Readiness>, Problem> {
    let base = app.store.readiness().await;
    let parts = [("database", &base.database), ("writing", &base.writing), ("migrations", &base.migrations)];
    let mut checks = BTreeMap::from(parts.map(|(name, part)| (name, part.words())));
    // The server does not start without one.
    checks.insert("lexicon", "ok");
    match parts.into_iter().find_map(|(name, part)| part.failure().map(|error| (name, part.words(), error))) {
        None => Ok(Json(Readiness { status: "ready", revision: base.revision, lexicon: app.lexicon.hash.clone(), checks })),
        Some((name, words, error)) => {
            let problem = Problem::new(Code::NotReady, format!("The knowledge base cannot be used: {name} {words}."));
            Err(Problem { checks, cause: Some(Arc::<StoreError>::clone(error)), ..problem })
        }
    }
}
