//! Incidents that are one, and incidents that are two.

use super::incidents::{CORRECTION, answer, desk, seen};
use super::{JSON, Refused, input, reason, refused};
use crate::api::Shared;
use crate::api::auth::{Curate, MayWrite};
use crate::api::incidents::detail;
use crate::api::path::Path;
use crate::api::precondition::IfMatch;
use crate::api::problem::{Code, Fault, Problem};
use crate::api::query::Query;
use crate::curate::{self, NamedReport, Seen};
use crate::views::Items;
use crate::views::correction::{MergeInput, SplitInput};
use crate::views::incident::IncidentDetail;
use axum::Json;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};

/// Most reports of one request.
const MAX_REPORTS: usize = 500;

/// Make an incident one with another
///
/// The one that has most of the reports keeps its id, else the older; the other leads to it. Later reports of either join it.
#[utoipa::path(post, path = "/v1/incidents/{id}/merge", tag = "curation", security((), ("key" = ["curate"])),
    params(("id" = String, Path, description = "Id of the incident."), ("If-Match" = String, Header, description = "`ETag` of the incident as it was read.")),
    request_body(content((MergeInput = "application/json"))),
    responses((status = 200, description = "The incident that both are now.", body = IncidentDetail)))]
pub async fn merge_incidents(
    State(app): State<Shared>,
    may: MayWrite<Curate>,
    Path(id): Path,
    _: Query<()>,
    if_match: IfMatch,
    request: Request,
) -> Result<Response, Refused> {
    let row = seen(&app, &id, &if_match, "/merge").await?;
    let given: MergeInput = input(request, &app, &JSON).await?;
    let why = reason(&given.reason)?;
    let done = curate::merge(&desk(&app, &may, &why), &Seen { uid: &id, revision: row.revision }, given.incident.trim()).await;
    answer(&app, &id, "/merge", done).await
}

/// Take reports out of an incident: they tell another
///
/// The two stay apart, whatever is reported later; each part stays together.
#[utoipa::path(post, path = "/v1/incidents/{id}/split", tag = "curation", security((), ("key" = ["curate"])),
    params(("id" = String, Path, description = "Id of the incident."), ("If-Match" = String, Header, description = "`ETag` of the incident as it was read.")),
    request_body(content((SplitInput = "application/json"))),
    responses((status = 200, description = "Both incidents; that of the reports taken out is the second.", body = Items<IncidentDetail>)))]
pub async fn split_incident(
    State(app): State<Shared>,
    may: MayWrite<Curate>,
    Path(id): Path,
    _: Query<()>,
    if_match: IfMatch,
    request: Request,
) -> Result<Response, Refused> {
    let row = seen(&app, &id, &if_match, "/split").await?;
    let given: SplitInput = input(request, &app, &JSON).await?;
    let why = reason(&given.reason)?;
    if given.reports.is_empty() || given.reports.len() > MAX_REPORTS {
        let fault = Fault::pointer("/reports", format!("is not a list of 1 to {MAX_REPORTS} reports, each with `document` and, where needed, `index`"));
        return Err(Problem::of(Code::InvalidBody, vec![fault]).into());
    }
    let taken: Vec<NamedReport> = given.reports.into_iter().map(|r| NamedReport { document: r.document, index: r.index }).collect();
    match curate::split(&desk(&app, &may, &why), &Seen { uid: &id, revision: row.revision }, &taken).await {
        Ok((correction, [left, out])) => {
            let both = [detail(&app, &left).await?.1, detail(&app, &out).await?.1];
            let headers = [(CORRECTION, format!("/v1/corrections/{correction}"))];
            Ok((headers, Json(both.into_iter().collect::<Items<IncidentDetail>>())).into_response())
        }
        Err(error) => Err(refused(&app, error, &format!("/v1/incidents/{id}"), "/split").await),
    }
}
