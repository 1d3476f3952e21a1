//! Correcting incidents.

use super::patch::changes;
use super::{JSON, PATCHES, Refused, input, reason, refused};
use crate::api::auth::{Curate, MayWrite};
use crate::api::etag;
use crate::api::incidents::detail;
use crate::api::moved::{missing, redirect};
use crate::api::path::Path;
use crate::api::precondition::{IfMatch, stale};
use crate::api::problem::{Code, Fault, Problem};
use crate::api::query::Query;
use crate::api::{Shared, unavailable};
use crate::curate::{self, CurateError, Desk, EvidenceChange, Seen};
use crate::model::correction::Span;
use crate::model::incident::IncidentRow;
use crate::views::correction::{EvidenceInput, EvidenceSpan, IncidentPatch, ReasonInput};
use crate::views::incident::IncidentDetail;
use axum::extract::{Request, State};
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde_json::{Map, Value};

/// Most stretches of one request.
const MAX_SPANS: usize = 100;

/// Set fields of an incident
///
/// JSON Merge Patch (RFC 7396): what is left out stays, `null` takes a value away. `participants` has `add`, `remove` and `role`. What is set
/// holds whatever later documents say; where one says otherwise, `/v1/review` tells of it.
#[utoipa::path(patch, path = "/v1/incidents/{id}", tag = "curation", security((), ("key" = ["curate"])),
    params(("id" = String, Path, description = "Id of the incident."), ("If-Match" = String, Header, description = "`ETag` of the incident as it was read.")),
    request_body(content((IncidentPatch = "application/merge-patch+json"), (IncidentPatch = "application/json"))),
    responses((status = 200, description = "The incident as it is now.", body = IncidentDetail)))]
pub async fn patch_incident(
    State(app): State<Shared>,
    may: MayWrite<Curate>,
    Path(id): Path,
    _: Query<()>,
    if_match: IfMatch,
    request: Request,
) -> Result<Response, Refused> {
    let row = seen(&app, &id, &if_match, "").await?;
    let mut patch: Map<String, Value> = input(request, &app, &PATCHES).await?;
    let why = taken_reason(&mut patch)?;
    let changes = changes(&app, &row, &patch).await?;
    let done = curate::edit(&desk(&app, &may, &why), &Seen { uid: &id, revision: row.revision }, &changes).await;
    answer(&app, &id, "", done).await
}

/// Confirm an incident
///
/// Its status is `confirmed` from then on, whatever is reported later.
#[utoipa::path(post, path = "/v1/incidents/{id}/confirm", tag = "curation", security((), ("key" = ["curate"])),
    params(("id" = String, Path, description = "Id of the incident."), ("If-Match" = String, Header, description = "`ETag` of the incident as it was read.")),
    request_body(content((ReasonInput = "application/json"))),
    responses((status = 200, description = "The incident as it is now.", body = IncidentDetail)))]
pub async fn confirm_incident(
    State(app): State<Shared>,
    may: MayWrite<Curate>,
    Path(id): Path,
    _: Query<()>,
    if_match: IfMatch,
    request: Request,
) -> Result<Response, Refused> {
    let row = seen(&app, &id, &if_match, "/confirm").await?;
    let why = reason(&input::<ReasonInput>(request, &app, &JSON).await?.reason)?;
    let done = curate::decide(&desk(&app, &may, &why), &Seen { uid: &id, revision: row.revision }, true).await;
    answer(&app, &id, "/confirm", done).await
}

/// Reject an incident
///
/// It did not happen, or is none. Lists, sums and maps leave it out unless `status=rejected` asks for it; further reports of it join it and
/// open a review item.
#[utoipa::path(post, path = "/v1/incidents/{id}/reject", tag = "curation", security((), ("key" = ["curate"])),
    params(("id" = String, Path, description = "Id of the incident."), ("If-Match" = String, Header, description = "`ETag` of the incident as it was read.")),
    request_body(content((ReasonInput = "application/json"))),
    responses((status = 200, description = "The incident as it is now.", body = IncidentDetail)))]
pub async fn reject_incident(
    State(app): State<Shared>,
    may: MayWrite<Curate>,
    Path(id): Path,
    _: Query<()>,
    if_match: IfMatch,
    request: Request,
) -> Result<Response, Refused> {
    let row = seen(&app, &id, &if_match, "/reject").await?;
    let why = reason(&input::<ReasonInput>(request, &app, &JSON).await?.reason)?;
    let done = curate::decide(&desk(&app, &may, &why), &Seen { uid: &id, revision: row.revision }, false).await;
    answer(&app, &id, "/reject", done).await
}

/// Add and remove evidence of an incident
///
/// Each stretch is a document, a first and a last code point, and the words between them, which must be those of the document.
#[utoipa::path(post, path = "/v1/incidents/{id}/evidence", tag = "curation", security((), ("key" = ["curate"])),
    params(("id" = String, Path, description = "Id of the incident."), ("If-Match" = String, Header, description = "`ETag` of the incident as it was read.")),
    request_body(content((EvidenceInput = "application/json"))),
    responses((status = 200, description = "The incident as it is now.", body = IncidentDetail)))]
pub async fn edit_evidence(
    State(app): State<Shared>,
    may: MayWrite<Curate>,
    Path(id): Path,
    _: Query<()>,
    if_match: IfMatch,
    request: Request,
) -> Result<Response, Refused> {
    let row = seen(&app, &id, &if_match, "/evidence").await?;
    let given: EvidenceInput = input(request, &app, &JSON).await?;
    let why = reason(&given.reason)?;
    let changes = spans(given, &row)?;
    let done = curate::edit_evidence(&desk(&app, &may, &why), &Seen { uid: &id, revision: row.revision }, &changes).await;
    answer(&app, &id, "/evidence", done).await
}

/// Fields that evidence can be of; participants and weapons by their index.
const FIELDS: [&str; 12] =
    ["type", "date", "place", "site", "killed", "injured", "participants.N", "weapons.N", "attributes", "certainty", "background", "summary"];

fn spans(given: EvidenceInput, row: &IncidentRow) -> Result<Vec<EvidenceChange>, Problem> {
    let mut faults = Vec::new();
    if given.add.is_empty() && given.remove.is_empty() {
        faults.push(Fault::pointer("", "has neither `add` nor `remove`, so nothing would change"));
    }
    if given.add.len() + given.remove.len() > MAX_SPANS {
        faults.push(Fault::pointer("", format!("has more than {MAX_SPANS} stretches; send the rest in other requests")));
    }
    let mut read = |list: Vec<EvidenceSpan>, is_added: bool, name: &str| -> Vec<EvidenceChange> {
        let with_pointer = list.into_iter().enumerate().map(|(n, span)| (format!("/{name}/{n}"), span));
        with_pointer
            .map(|(pointer, EvidenceSpan { field, document, start, end, text })| {
                if is_added && !is_field(&field, row) {
                    faults.push(Fault::pointer(format!("{pointer}/field"), "is not a field that this incident has").with_allowed(&field, FIELDS));
                }
                EvidenceChange { is_added, field, span: Span { document, start, end }, text, pointer }
            })
            .collect()
    };
    let mut changes = read(given.remove, false, "remove");
    changes.extend(read(given.add, true, "add"));
    if faults.is_empty() { Ok(changes) } else { Err(Problem::of(Code::InvalidBody, faults)) }
}

fn is_field(field: &str, row: &IncidentRow) -> bool {
    match field.split_once('.') {
        Some(("participants", n)) => n.parse::<usize>().is_ok_and(|n| n < row.parties.len()),
        Some(("weapons", n)) => n.parse::<usize>().is_ok_and(|n| n < row.weapons.len()),
        _ => FIELDS.contains(&field) && !field.contains('.'),
    }
}

/// The incident, if it is there and as the sender of the change has seen it.
pub(super) async fn seen(app: &Shared, id: &str, if_match: &IfMatch, below: &str) -> Result<IncidentRow, Refused> {
    let Some(stored) = app.store.incident(id).await.map_err(unavailable)? else { return Err(missing(app, "incident", id).await.into()) };
    if let Some(successor) = &stored.row.merged_into {
        return Err(redirect(&format!("/v1/incidents/{successor}{below}"), "").into());
    }
    if !if_match.allows(stored.row.revision) {
        return Err(stale(format!("/v1/incidents/{id}"), stored.row.revision).into());
    }
    Ok(stored.row)
}

pub(super) fn desk<'a>(app: &'a Shared, may: &'a MayWrite<Curate>, reason: &'a str) -> Desk<'a> {
    Desk { store: &app.store, lexicon: &app.lexicon, now: app.clock.now(), who: &may.who, reason }
}

/// The incident after a change, with its tag and the number of the correction.
pub(super) async fn answer(app: &Shared, id: &str, below: &str, done: Result<i64, CurateError>) -> Result<Response, Refused> {
    let path = format!("/v1/incidents/{id}");
    let correction = match done {
        Ok(correction) => correction,
        Err(error) => return Err(refused(app, error, &path, below).await),
    };
    let stored = app.store.incident(id).await.map_err(unavailable)?;
    let now = stored.and_then(|s| s.row.merged_into).unwrap_or_else(|| id.to_owned());
    let (state, view) = detail(app, &now).await?;
    let headers = [(header::CONTENT_LOCATION, state.path.clone()), (CORRECTION, format!("/v1/corrections/{correction}"))];
    Ok((Extension::<etag::Shown>(state), headers, Json(view)).into_response())
}

/// Where the correction is that a change is kept as.
pub(super) const CORRECTION: HeaderName = HeaderName::from_static("x-correction");

/// Takes the reason out of a patch.
pub(super) fn taken_reason(patch: &mut Map<String, Value>) -> Result<String, Problem> {
    match patch.remove("reason") {
        Some(Value::String(text)) => reason(&text),
        Some(_) => Err(Problem::of(Code::InvalidBody, vec![Fault::pointer("/reason", "is not a text")])),
        None => Err(Problem::of(Code::InvalidBody, vec![Fault::pointer("", "has no `reason`; say why, for those who come after")])),
    }
}
