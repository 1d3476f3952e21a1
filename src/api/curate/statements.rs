//! Correcting statements.

use super::incidents::{CORRECTION, desk, taken_reason};
use super::patch::{Faults, code};
use super::{JSON, PATCHES, Refused, input, reason, refused};
use crate::api::auth::{Curate, MayWrite};
use crate::api::etag;
use crate::api::moved::missing;
use crate::api::path::Path;
use crate::api::precondition::{IfMatch, stale};
use crate::api::problem::{Fault, Problem};
use crate::api::query::Query;
use crate::api::{App, Shared, unavailable};
use crate::curate::{self, CurateError, Seen, StatementEdit};
use crate::model::correction::{SpeakerValue, StatementChange};
use crate::views::correction::{ReasonInput, StatementPatch};
use crate::views::statement::StatementView;
use axum::extract::{Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde_json::{Map, Value};

/// Most stretches that one statement is made of.
const MAX_SPANS: usize = 20;
/// Longest text of a speaker, in characters.
const MAX_NAME: usize = 300;
/// Longest stretch of what was said, in characters.
const MAX_WORDS: usize = 20_000;

/// Correct a statement: kind, speaker, stretches of what was said
///
/// `speaker` is `null`, or an `actor` and the words for it (`start`, `end`, `text`), each of which may be left out. `content` lists the
/// stretches of the document, with their words.
#[utoipa::path(patch, path = "/v1/statements/{id}", tag = "curation", security((), ("key" = ["curate"])),
    params(("id" = String, Path, description = "Id of the statement."), ("If-Match" = String, Header, description = "`ETag` of the statement as it was read.")),
    request_body(content((StatementPatch = "application/merge-patch+json"), (StatementPatch = "application/json"))),
    responses((status = 200, description = "The statement as it is now.", body = StatementView)))]
pub async fn patch_statement(
    State(app): State<Shared>,
    may: MayWrite<Curate>,
    Path(id): Path,
    _: Query<()>,
    if_match: IfMatch,
    request: Request,
) -> Result<Response, Refused> {
    let revision = seen(&app, &id, &if_match).await?;
    let mut patch: Map<String, Value> = input(request, &app, &PATCHES).await?;
    let why = taken_reason(&mut patch)?;
    let edits = edits(&app, &patch).await?;
    let done = curate::edit_statement(&desk(&app, &may, &why), &Seen { uid: &id, revision }, &edits).await;
    answer(&app, &id, done).await
}

/// Confirm a statement
#[utoipa::path(post, path = "/v1/statements/{id}/confirm", tag = "curation", security((), ("key" = ["curate"])),
    params(("id" = String, Path, description = "Id of the statement."), ("If-Match" = String, Header, description = "`ETag` of the statement as it was read.")),
    request_body(content((ReasonInput = "application/json"))),
    responses((status = 200, description = "The statement as it is now.", body = StatementView)))]
pub async fn confirm_statement(
    State(app): State<Shared>,
    may: MayWrite<Curate>,
    Path(id): Path,
    _: Query<()>,
    if_match: IfMatch,
    request: Request,
) -> Result<Response, Refused> {
    let revision = seen(&app, &id, &if_match).await?;
    let why = reason(&input::<ReasonInput>(request, &app, &JSON).await?.reason)?;
    let done = curate::decide_statement(&desk(&app, &may, &why), &Seen { uid: &id, revision }, true).await;
    answer(&app, &id, done).await
}

/// Reject a statement
///
/// It was not said, or is none: lists leave it out.
#[utoipa::path(post, path = "/v1/statements/{id}/reject", tag = "curation", security((), ("key" = ["curate"])),
    params(("id" = String, Path, description = "Id of the statement."), ("If-Match" = String, Header, description = "`ETag` of the statement as it was read.")),
    request_body(content((ReasonInput = "application/json"))),
    responses((status = 200, description = "The statement as it is now.", body = StatementView)))]
pub async fn reject_statement(
    State(app): State<Shared>,
    may: MayWrite<Curate>,
    Path(id): Path,
    _: Query<()>,
    if_match: IfMatch,
    request: Request,
) -> Result<Response, Refused> {
    let revision = seen(&app, &id, &if_match).await?;
    let why = reason(&input::<ReasonInput>(request, &app, &JSON).await?.reason)?;
    let done = curate::decide_statement(&desk(&app, &may, &why), &Seen { uid: &id, revision }, false).await;
    answer(&app, &id, done).await
}

async fn seen(app: &Shared, id: &str, if_match: &IfMatch) -> Result<i64, Refused> {
    let Some(statement) = app.store.statement(id).await.map_err(unavailable)? else { return Err(missing(app, "statement", id).await.into()) };
    if !if_match.allows(statement.revision) {
        return Err(stale(format!("/v1/statements/{id}"), statement.revision).into());
    }
    Ok(statement.revision)
}

async fn answer(app: &Shared, id: &str, done: Result<i64, CurateError>) -> Result<Response, Refused> {
    let path = format!("/v1/statements/{id}");
    let correction = match done {
        Ok(correction) => correction,
        Err(error) => return Err(refused(app, error, &path, "").await),
    };
    let Some(statement) = app.store.statement(id).await.map_err(unavailable)? else { return Err(missing(app, "statement", id).await.into()) };
    let headers = [(header::CONTENT_LOCATION, path.clone()), (CORRECTION, format!("/v1/corrections/{correction}"))];
    let state = etag::Shown { path, revision: statement.revision };
    Ok((Extension(state), headers, Json(StatementView::from(statement))).into_response())
}

async fn edits(app: &App, patch: &Map<String, Value>) -> Result<Vec<StatementEdit>, Problem> {
    let mut found = Faults::default();
    let mut edits = Vec::new();
    if patch.is_empty() {
        found.add(Fault::pointer("", "has no member but the reason, so nothing would change"));
    }
    for (member, value) in patch {
        edits.extend(match member.as_str() {
            "kind" => code(&app.codes, "statement_kinds", "/kind", value, &mut found)
                .map(|kind| StatementEdit { change: StatementChange::Kind(kind), words: Vec::new() }),
            "speaker" => speaker(app, value, &mut found).await?,
            "content" => content(value, &mut found),
            _ => {
                let allowed = ["kind", "speaker", "content", "reason"];
                found.none(Fault::pointer(format!("/{member}"), "is not a member that can be set").with_allowed(member, allowed))
            }
        });
    }
    found.finish(edits)
}

async fn speaker(app: &App, value: &Value, found: &mut Faults) -> Result<Option<StatementEdit>, Problem> {
    let members = match value {
        Value::Null => return Ok(Some(StatementEdit { change: StatementChange::Speaker(None), words: Vec::new() })),
        Value::Object(members) => members,
        _ => return Ok(found.none(Fault::pointer("/speaker", "is neither null nor an object of `actor`, `start`, `end` and `text`"))),
    };
    let allowed = ["actor", "start", "end", "text"];
    for name in members.keys().filter(|name| !allowed.contains(&name.as_str())) {
        found.add(Fault::pointer(format!("/speaker/{name}"), "is not a member here").with_allowed(name, allowed));
    }
    let mut speaker = SpeakerValue::default();
    let mut words = Vec::new();
    if members.contains_key("start") || members.contains_key("end") {
        let Some((start, end, text)) = span("/speaker", value, MAX_NAME, found) else { return Ok(None) };
        speaker = SpeakerValue { span: Some((start, end)), text: text.clone(), ..speaker };
        words.push((start, end, text, "/speaker/text".to_owned()));
    }
    if let Some(actor) = members.get("actor") {
        let actors = app.store.resolve_actor(actor.as_str().unwrap_or_default()).await.map_err(unavailable)?;
        match &actors[..] {
            [actor] => {
                speaker.text = if speaker.text.is_empty() { actor.name.clone() } else { speaker.text };
                (speaker.actor, speaker.name) = (Some(actor.id.clone()), Some(actor.name.clone()));
            }
            [] => return Ok(found.none(Fault::pointer("/speaker/actor", "is not the id, name or alias of an actor"))),
            several => {
                let told = several.iter().map(|a| format!("{} ({})", a.id, a.name)).collect();
                return Ok(found.none(Fault { allowed: told, ..Fault::pointer("/speaker/actor", "is a name of several actors; give the id of one") }));
            }
        }
    }
    if speaker.text.is_empty() {
        return Ok(found.none(Fault::pointer("/speaker", "needs `actor`, or `start`, `end` and `text`")));
    }
    Ok(Some(StatementEdit { change: StatementChange::Speaker(Some(speaker)), words }))
}

fn content(value: &Value, found: &mut Faults) -> Option<StatementEdit> {
    let Some(entries) = value.as_array().filter(|entries| (1..=MAX_SPANS).contains(&entries.len())) else {
        return found.none(Fault::pointer(
            "/content",
            format!("is not a list of 1 to {MAX_SPANS} stretches, each with `start`, `end` and `text`; to take a statement away, reject it"),
        ));
    };
    let mut words: Vec<(u32, u32, String, String)> = Vec::new();
    for (n, entry) in entries.iter().enumerate() {
        let (start, end, text) = span(&format!("/content/{n}"), entry, MAX_WORDS, found)?;
        if words.last().is_some_and(|(_, last, ..)| start < *last) {
            return found.none(Fault::pointer(format!("/content/{n}/start"), "lies before the end of the stretch before it"));
        }
        words.push((start, end, text, format!("/content/{n}/text")));
    }
    let spans = words.iter().map(|(start, end, ..)| (*start, *end)).collect();
    Some(StatementEdit { change: StatementChange::Content(spans), words })
}

/// First and last code point, and the words there.
fn span(at: &str, value: &Value, max: usize, found: &mut Faults) -> Option<(u32, u32, String)> {
    let number = |name: &str| value.get(name).and_then(Value::as_u64).and_then(|n| u32::try_from(n).ok());
    let Some((start, end)) = number("start").zip(number("end")).filter(|(start, end)| start < end) else {
        return found.none(Fault::pointer(at, "needs `start` and `end`, code points of the document, the end after the start"));
    };
    // Compared with the document as they are, blanks at the ends included.
    let words = value.get("text").and_then(Value::as_str).unwrap_or_default();
    if words.is_empty() || words.chars().count() > max {
        return found.none(Fault::pointer(format!("{at}/text"), "is not the words that stand there"));
    }
    Some((start, end, words.to_owned()))
}
