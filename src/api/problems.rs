//! What each kind of failure means; the `type` of a problem leads here.

use super::path::Path;
use super::problem::{Code, Problem, ProblemBody};
use super::query::Query;
use super::suggest;
use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

/// One kind of failure.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemKind {
    /// Its name, as in `code` of a problem.
    code: &'static str,
    /// The HTTP status.
    status: u16,
    /// A few words.
    title: &'static str,
    /// What the client can do.
    help: &'static str,
}

/// All kinds of failure.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemKinds {
    /// Each kind.
    data: Vec<ProblemKind>,
}

/// All kinds of failure
#[utoipa::path(get, path = "/problems", tag = "service", responses((status = 200, description = "Each kind of failure.", body = ProblemKinds)))]
pub async fn list_problems(_: Query<()>) -> Json<ProblemKinds> {
    Json(ProblemKinds { data: Code::ALL.iter().copied().map(kind).collect() })
}

/// What one kind of failure means
#[utoipa::path(get, path = "/problems/{code}", tag = "service", params(("code" = String, Path, description = "The `code` of a problem.")), responses(
    (status = 200, description = "What it means and what to do.", body = ProblemKind),
    (status = 404, description = "There is no such kind.", body = ProblemBody, content_type = "application/problem+json"),
))]
pub async fn get_problem(Path(name): Path, _: Query<()>) -> Result<Json<ProblemKind>, Problem> {
    let code = Code::ALL.iter().copied().find(|code| code.name() == name);
    code.map(|code| Json(kind(code))).ok_or_else(|| {
        let nearest = suggest::nearest(&name, Code::ALL.iter().map(|c| c.name()));
        let hint = nearest.map(|n| format!(" Did you mean \"{n}\"?")).unwrap_or_default();
        Problem::new(Code::NotFound, format!("There is no such kind of failure.{hint}"))
    })
}

fn kind(code: Code) -> ProblemKind {
    ProblemKind { code: code.name(), status: code.status().as_u16(), title: code.title(), help: code.help() }
}
