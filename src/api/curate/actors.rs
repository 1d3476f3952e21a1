//! Correcting actors.

use super::incidents::{CORRECTION, desk, taken_reason};
use super::patch::{Faults, code, text};
use super::{JSON, PATCHES, Refused, input, reason, refused};
use crate::api::actors::detail;
use crate::api::auth::{Curate, MayWrite};
use crate::api::filter::PartialDay;
use crate::api::moved::{missing, redirect};
use crate::api::path::Path;
use crate::api::precondition::{IfMatch, stale};
use crate::api::problem::{Code, Fault, Problem};
use crate::api::query::{Query, QueryValue};
use crate::api::{App, Shared, unavailable};
use crate::curate::{self, CurateError, NameEdit, RelationInput, Seen};
use crate::model::correction::NameChange;
use crate::model::id::fold_name;
use crate::views::actor::ActorDetail;
use crate::views::correction::{ActorPatch, MergeActorInput, ReasonInput, RelateInput};
use axum::extract::{Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde_json::{Map, Value, json};

/// Longest name, in characters.
const MAX_NAME: usize = 200;
/// Kinds of names that a curator can add.
const KINDS: [&str; 4] = ["alias", "acronym", "native", "former"];
/// Relations whose object may be a place.
const OF_PLACES: [&str; 1] = ["operates_in"];

/// Rename an actor, add and remove names
///
/// What it was called stays an alias. A name that is removed does not come back with the next document that uses it.
#[utoipa::path(patch, path = "/v1/actors/{id}", tag = "curation", security((), ("key" = ["curate"])),
    params(("id" = String, Path, description = "Id of the actor."), ("If-Match" = String, Header, description = "`ETag` of the actor as it was read.")),
    request_body(content((ActorPatch = "application/merge-patch+json"), (ActorPatch = "application/json"))),
    responses((status = 200, description = "The actor as it is now.", body = ActorDetail)))]
pub async fn patch_actor(
    State(app): State<Shared>,
    may: MayWrite<Curate>,
    Path(id): Path,
    _: Query<()>,
    if_match: IfMatch,
    request: Request,
) -> Result<Response, Refused> {
    let revision = seen(&app, &id, &if_match, "").await?;
    let mut patch: Map<String, Value> = input(request, &app, &PATCHES).await?;
    let why = taken_reason(&mut patch)?;
    let edits = name_edits(&patch)?;
    let done = curate::edit_actor(&desk(&app, &may, &why), &Seen { uid: &id, revision }, &edits).await;
    answer(&app, &id, "", done).await
}

/// Make an actor one with another
///
/// The other keeps its id; this one leads to it. Incidents, statements and sums follow.
#[utoipa::path(post, path = "/v1/actors/{id}/merge", tag = "curation", security((), ("key" = ["curate"])),
    params(("id" = String, Path, description = "Id of the actor."), ("If-Match" = String, Header, description = "`ETag` of the actor as it was read.")),
    request_body(content((MergeActorInput = "application/json"))),
    responses((status = 200, description = "The other actor as it is now.", body = ActorDetail)))]
pub async fn merge_actor(
    State(app): State<Shared>,
    may: MayWrite<Curate>,
    Path(id): Path,
    _: Query<()>,
    if_match: IfMatch,
    request: Request,
) -> Result<Response, Refused> {
    let revision = seen(&app, &id, &if_match, "/merge").await?;
    let given: MergeActorInput = input(request, &app, &JSON).await?;
    let why = reason(&given.reason)?;
    let done = curate::merge_actor(&desk(&app, &may, &why), &Seen { uid: &id, revision }, given.into.trim()).await;
    answer(&app, &id, "/merge", done).await
}

/// Relate an actor to another
#[utoipa::path(post, path = "/v1/actors/{id}/relations", tag = "curation", security((), ("key" = ["curate"])),
    params(("id" = String, Path, description = "Id of the actor."), ("If-Match" = String, Header, description = "`ETag` of the actor as it was read.")),
    request_body(content((RelateInput = "application/json"))),
    responses((status = 200, description = "The actor as it is now.", body = ActorDetail)))]
pub async fn relate_actor(
    State(app): State<Shared>,
    may: MayWrite<Curate>,
    Path(id): Path,
    _: Query<()>,
    if_match: IfMatch,
    request: Request,
) -> Result<Response, Refused> {
    let revision = seen(&app, &id, &if_match, "/relations").await?;
    let given: RelateInput = input(request, &app, &JSON).await?;
    let why = reason(&given.reason)?;
    let relation = relation(&app, &id, given).await?;
    let done = curate::relate_actor(&desk(&app, &may, &why), &Seen { uid: &id, revision }, &relation).await;
    answer(&app, &id, "/relations", done).await
}

/// Confirm an actor
///
/// It is one of its own: where it was open whom a document means, it no longer is.
#[utoipa::path(post, path = "/v1/actors/{id}/confirm", tag = "curation", security((), ("key" = ["curate"])),
    params(("id" = String, Path, description = "Id of the actor."), ("If-Match" = String, Header, description = "`ETag` of the actor as it was read.")),
    request_body(content((ReasonInput = "application/json"))),
    responses((status = 200, description = "The actor as it is now.", body = ActorDetail)))]
pub async fn confirm_actor(
    State(app): State<Shared>,
    may: MayWrite<Curate>,
    Path(id): Path,
    _: Query<()>,
    if_match: IfMatch,
    request: Request,
) -> Result<Response, Refused> {
    let revision = seen(&app, &id, &if_match, "/confirm").await?;
    let why = reason(&input::<ReasonInput>(request, &app, &JSON).await?.reason)?;
    let done = curate::decide_actor(&desk(&app, &may, &why), &Seen { uid: &id, revision }, true).await;
    answer(&app, &id, "/confirm", done).await
}

/// Reject an actor
///
/// It is none: lists leave it out, and names are no longer taken for it.
#[utoipa::path(post, path = "/v1/actors/{id}/reject", tag = "curation", security((), ("key" = ["curate"])),
    params(("id" = String, Path, description = "Id of the actor."), ("If-Match" = String, Header, description = "`ETag` of the actor as it was read.")),
    request_body(content((ReasonInput = "application/json"))),
    responses((status = 200, description = "The actor as it is now.", body = ActorDetail)))]
pub async fn reject_actor(
    State(app): State<Shared>,
    may: MayWrite<Curate>,
    Path(id): Path,
    _: Query<()>,
    if_match: IfMatch,
    request: Request,
) -> Result<Response, Refused> {
    let revision = seen(&app, &id, &if_match, "/reject").await?;
    let why = reason(&input::<ReasonInput>(request, &app, &JSON).await?.reason)?;
    let done = curate::decide_actor(&desk(&app, &may, &why), &Seen { uid: &id, revision }, false).await;
    answer(&app, &id, "/reject", done).await
}

/// Revision of the actor, if it is there and as the sender of the change has seen it.
async fn seen(app: &Shared, id: &str, if_match: &IfMatch, below: &str) -> Result<i64, Refused> {
    let Some(stored) = app.store.actor(id).await.map_err(unavailable)? else { return Err(missing(app, "actor", id).await.into()) };
    if let Some(successor) = &stored.row.merged_into {
        return Err(redirect(&format!("/v1/actors/{successor}{below}"), "").into());
    }
    if !if_match.allows(stored.row.revision) {
        return Err(stale(format!("/v1/actors/{id}"), stored.row.revision).into());
    }
    Ok(stored.row.revision)
}

async fn answer(app: &Shared, id: &str, below: &str, done: Result<i64, CurateError>) -> Result<Response, Refused> {
    let correction = match done {
        Ok(correction) => correction,
        Err(error) => return Err(refused(app, error, &format!("/v1/actors/{id}"), below).await),
    };
    let stored = app.store.actor(id).await.map_err(unavailable)?;
    let now = stored.and_then(|s| s.row.merged_into).unwrap_or_else(|| id.to_owned());
    let (state, view) = detail(app, &now).await?;
    let headers = [(header::CONTENT_LOCATION, state.path.clone()), (CORRECTION, format!("/v1/corrections/{correction}"))];
    Ok((Extension(state), headers, Json(view)).into_response())
}

/// What a patch changes of an actor's names, each a place in the request.
fn name_edits(patch: &Map<String, Value>) -> Result<Vec<NameEdit>, Problem> {
    let mut found = Faults::default();
    let mut edits = Vec::new();
    if patch.is_empty() {
        found.add(Fault::pointer("", "has no member but the reason, so nothing would change"));
    }
    let lists = match patch.get("names") {
        None => Map::new(),
        Some(Value::Object(lists)) => lists.clone(),
        Some(_) => {
            found.add(Fault::pointer("/names", "is not an object of `add` and `remove`, each a list"));
            Map::new()
        }
    };
    for member in patch.keys().filter(|m| !["name", "names"].contains(&m.as_str())) {
        found.add(Fault::pointer(format!("/{member}"), "is not a member that can be set").with_allowed(member, ["name", "names", "reason"]));
    }
    for list in lists.keys().filter(|l| !["add", "remove"].contains(&l.as_str())) {
        found.add(Fault::pointer(format!("/names/{list}"), "is not one of the lists of names").with_allowed(list, ["add", "remove"]));
    }
    if let Some(value) = patch.get("name") {
        edits.extend(name("/name", value, &mut found).map(|name| NameEdit { change: NameChange::Rename { name }, pointer: "/name".to_owned() }));
    }
    let mut each = |list: &str, read: &dyn Fn(&str, &Value, &mut Faults) -> Option<NameChange>| match lists.get(list) {
        None => {}
        Some(Value::Array(entries)) => {
            for (n, entry) in entries.iter().enumerate() {
                let pointer = format!("/names/{list}/{n}");
                edits.extend(read(&pointer, entry, &mut found).map(|change| NameEdit { change, pointer }));
            }
        }
        Some(_) => found.add(Fault::pointer(format!("/names/{list}"), "is not a list")),
    };
    each("add", &added);
    each("remove", &|at, entry, found| name(at, entry, found).map(|name| NameChange::Remove { folded: fold_name(&name), name }));
    found.finish(edits)
}

/// A name alone is an alias.
fn added(at: &str, entry: &Value, found: &mut Faults) -> Option<NameChange> {
    let Value::Object(entry) = entry else {
        return name(at, entry, found).map(|name| NameChange::Add { name, kind: "alias".to_owned() });
    };
    for member in entry.keys().filter(|m| !["name", "kind"].contains(&m.as_str())) {
        found.add(Fault::pointer(format!("{at}/{member}"), "is not a member here").with_allowed(member, ["name", "kind"]));
    }
    let kind = entry.get("kind").map_or("alias", |kind| kind.as_str().unwrap_or_default());
    if !KINDS.contains(&kind) {
        return found.none(Fault::pointer(format!("{at}/kind"), "is not a kind of name that can be added").with_allowed(kind, KINDS));
    }
    let name = name(&format!("{at}/name"), entry.get("name").unwrap_or(&Value::Null), found)?;
    Some(NameChange::Add { name, kind: kind.to_owned() })
}

fn name(at: &str, value: &Value, found: &mut Faults) -> Option<String> {
    let name = text(at, value, MAX_NAME, found)?;
    if fold_name(&name).is_empty() { found.none(Fault::pointer(at, "has no letter in it")) } else { Some(name) }
}

async fn relation(app: &App, subject: &str, given: RelateInput) -> Result<RelationInput, Problem> {
    let mut found = Faults::default();
    let code = code(&app.codes, "actor_relations", "/relation", &json!(given.relation), &mut found);
    let actors = app.store.resolve_actor(&given.object).await.map_err(unavailable)?;
    let object = match &actors[..] {
        [actor] if actor.id == subject => found.none(Fault::pointer("/object", "is the actor itself")),
        [actor] => Some((Some(actor.id.clone()), actor.name.clone())),
        [] if OF_PLACES.contains(&given.relation.as_str()) => text("/object", &json!(given.object), MAX_NAME, &mut found).map(|name| (None, name)),
        [] => found.none(Fault::pointer("/object", "is not the id, name or alias of an actor")),
        several => {
            let told = several.iter().map(|a| format!("{} ({})", a.id, a.name)).collect();
            found.none(Fault { allowed: told, ..Fault::pointer("/object", "is a name of several actors; give the id of one") })
        }
    };
    let mut day = |member: &str, value: &Option<String>| {
        let read = value.as_deref().map(PartialDay::parse)?;
        read.map_err(|bad| found.add(Fault::pointer(format!("/{member}"), bad.detail))).ok()
    };
    let (from, to) = (day("valid_from", &given.valid_from), day("valid_to", &given.valid_to));
    if from.zip(to).is_some_and(|(from, to)| from.first > to.last) {
        found.add(Fault::pointer("/valid_from", "is after `valid_to`"));
    }
    match (code, object) {
        (Some(relation), Some((object, object_name))) => {
            found.finish(RelationInput { relation, object, object_name, valid_from: given.valid_from, valid_to: given.valid_to })
        }
        _ => found.finish(RelationInput::default()).and_then(|_| Err(Problem::new(Code::InvalidBody, "The relation cannot be read."))),
    }
}
