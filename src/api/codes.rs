//! The code lists.

use super::Shared;
use super::path::Path;
use super::problem::{Code, Problem, ProblemBody};
use super::query::Query;
use super::suggest;
use crate::views::codes::{CodeListView, CodeLists};
use axum::Json;
use axum::extract::State;

/// All code lists by name
#[utoipa::path(get, path = "/v1/codes", tag = "codes", responses((status = 200, description = "Names of the lists and their sizes.", body = CodeLists)))]
pub async fn list_code_lists(State(app): State<Shared>, _: Query<()>) -> Json<CodeLists> {
    Json(CodeLists::from(&*app.codes))
}

/// One code list with labels, descriptions and crosswalks
///
/// Crosswalk columns name the codes of other codebooks: ACLED, GTD, PLOVER, CAMEO (with its vintage), UCDP.
#[utoipa::path(get, path = "/v1/codes/{list}", tag = "codes", params(("list" = String, Path, description = "Name of the list, e.g. `incident_types`.")), responses(
    (status = 200, description = "The list.", body = CodeListView),
    (status = 404, description = "There is no such list.", body = ProblemBody, content_type = "application/problem+json"),
))]
pub async fn get_code_list(State(app): State<Shared>, Path(name): Path, _: Query<()>) -> Result<Json<CodeListView>, Problem> {
    let list = app.codes.list(&name).ok_or_else(|| {
        let nearest = suggest::nearest(&name, app.codes.iter().map(|l| l.name.as_str()));
        let hint = nearest.map(|n| format!(" Did you mean \"{n}\"?")).unwrap_or_default();
        Problem::new(Code::NotFound, format!("There is no code list of that name.{hint} /v1/codes names them all."))
    })?;
    Ok(Json(CodeListView::from(list)))
}
