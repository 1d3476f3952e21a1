//! Participants in a patch: who took part, who did not, and in which role.

use super::patch::{Faults, code, count, text};
use crate::api::problem::{Fault, Problem};
use crate::api::{App, unavailable};
use crate::model::correction::{Change, PartyRef, RoleChange};
use crate::model::id::fold_name;
use crate::model::incident::{IncidentRow, Party};
use serde_json::{Map, Value};

/// Most entries of one list.
const MAX_ENTRIES: usize = 100;
/// Longest description, in characters.
const MAX_NAME: usize = 300;

/// What `participants` changes.
pub async fn participants(app: &App, row: &IncidentRow, value: &Value, found: &mut Faults) -> Result<Vec<Change>, Problem> {
    const LISTS: [&str; 3] = ["remove", "role", "add"];
    let mut changes = Vec::new();
    let Value::Object(lists) = value else {
        found.add(Fault::pointer("/participants", "is not an object of `add`, `remove` and `role`, each a list"));
        return Ok(changes);
    };
    for name in lists.keys().filter(|name| !LISTS.contains(&name.as_str())) {
        found.add(Fault::pointer(format!("/participants/{name}"), "is not one of the lists of participants").with_allowed(name, LISTS));
    }
    for list in LISTS {
        let Some(entries) = lists.get(list) else { continue };
        let at = format!("/participants/{list}");
        let Some(entries) = entries.as_array().filter(|entries| entries.len() <= MAX_ENTRIES) else {
            found.add(Fault::pointer(at, format!("is not a list of at most {MAX_ENTRIES} participants")));
            continue;
        };
        for (n, entry) in entries.iter().enumerate() {
            let at = format!("{at}/{n}");
            let Value::Object(entry) = entry else {
                found.add(Fault::pointer(at, "is not an object"));
                continue;
            };
            changes.extend(match list {
                "add" => added(app, entry, &at, found).await?.map(Change::AddParticipant),
                "remove" => known(app, row, entry, "role", &["actor", "name", "role"], &at, found).await?.map(Change::RemoveParticipant),
                _ => moved(app, row, entry, &at, found).await?.map(Change::Role),
            });
        }
    }
    Ok(changes)
}

async fn added(app: &App, entry: &Map<String, Value>, at: &str, found: &mut Faults) -> Result<Option<Party>, Problem> {
    check_members(entry, &["actor", "name", "role", "kind", "target_type", "count"], at, found);
    let role = code(&app.codes, "participant_roles", &format!("{at}/role"), entry.get("role").unwrap_or(&Value::Null), found);
    let optional = |name: &str, list: &str, found: &mut Faults| match entry.get(name) {
        None | Some(Value::Null) => Some(None),
        Some(value) => code(&app.codes, list, &format!("{at}/{name}"), value, found).map(Some),
    };
    let (kind, target_type) = (optional("kind", "participant_kinds", found), optional("target_type", "target_types", found));
    let count = match entry.get("count") {
        None | Some(Value::Null) => Some(None),
        Some(value) => count(None, &format!("{at}/count"), value, found).map(Some),
    };
    let who = match (entry.get("actor"), entry.get("name")) {
        (Some(actor), None) => actor_of(app, &format!("{at}/actor"), actor, found).await?.map(|(id, name, kind)| (Some(id), name, kind)),
        (None, Some(name)) => text(&format!("{at}/name"), name, MAX_NAME, found).map(|name| (None, name, "people")),
        _ => found.none(Fault::pointer(at, "needs either `actor`, somebody with a name, or `name`, the words for somebody without one")),
    };
    let (Some((actor, name, of_type)), Some(role), Some(kind), Some(target_type), Some(count)) = (who, role, kind, target_type, count) else {
        return Ok(None);
    };
    Ok(Some(Party { actor, name, kind: kind.unwrap_or_else(|| of_type.to_owned()), role, target_type, count, standing: None, within: None }))
}

async fn moved(app: &App, row: &IncidentRow, entry: &Map<String, Value>, at: &str, found: &mut Faults) -> Result<Option<RoleChange>, Problem> {
    let to = code(&app.codes, "participant_roles", &format!("{at}/to"), entry.get("to").unwrap_or(&Value::Null), found);
    let party = known(app, row, entry, "from", &["actor", "name", "from", "to"], at, found).await?;
    Ok(party.zip(to).map(|(party, to)| RoleChange { party, to }))
}

/// The one participant that an entry means.
async fn known(
    app: &App,
    row: &IncidentRow,
    entry: &Map<String, Value>,
    role: &str,
    members: &[&'static str],
    at: &str,
    found: &mut Faults,
) -> Result<Option<PartyRef>, Problem> {
    check_members(entry, members, at, found);
    let actor = match entry.get("actor") {
        Some(value) => match actor_of(app, &format!("{at}/actor"), value, found).await? {
            Some((id, ..)) => Some(id),
            None => return Ok(None),
        },
        None => None,
    };
    let name = entry.get("name").and_then(Value::as_str);
    let wanted = entry.get(role).and_then(Value::as_str);
    let is = |p: &&Party| {
        wanted.is_none_or(|role| p.role == role)
            && match (&actor, name) {
                (Some(actor), _) => p.actor.as_ref() == Some(actor),
                (None, Some(name)) => fold_name(&p.name) == fold_name(name),
                (None, None) => false,
            }
    };
    let matching: Vec<&Party> = row.parties.iter().filter(is).collect();
    let problem = match matching[..] {
        [party] => return Ok(Some(PartyRef { actor: party.actor.clone(), name: party.name.clone(), role: party.role.clone() })),
        [] => format!("is none of the participants; give `actor` or `name`, and `{role}`, as one of them has"),
        _ => format!("is several of the participants; give `{role}` as well"),
    };
    let told = row.parties.iter().map(|p| format!("{}: {}", p.role, p.actor.as_deref().unwrap_or(&p.name)));
    let fault = Fault { allowed: told.collect(), ..Fault::pointer(at, problem) };
    Ok(found.none(fault))
}

/// The one actor of an id, name or alias: id, name, participant kind.
async fn actor_of(app: &App, at: &str, value: &Value, found: &mut Faults) -> Result<Option<(String, String, &'static str)>, Problem> {
    let wanted = value.as_str().unwrap_or_default();
    let actors = app.store.resolve_actor(wanted).await.map_err(unavailable)?;
    match &actors[..] {
        [actor] => {
            let stored = app.store.actor(&actor.id).await.map_err(unavailable)?;
            let kind = match stored.map(|s| s.row.kind).as_deref().and_then(|kind| kind.split('.').next()) {
                Some("person") => "person",
                Some("people") => "people",
                Some("state") => "state",
                _ => "organisation",
            };
            Ok(Some((actor.id.clone(), actor.name.clone(), kind)))
        }
        [] => Ok(found.none(Fault::pointer(at, "is not the id, name or alias of an actor; use `name` for somebody without a name"))),
        several => {
            let told = several.iter().map(|a| format!("{} ({})", a.id, a.name)).collect();
            Ok(found.none(Fault { allowed: told, ..Fault::pointer(at, "is a name of several actors; give the id of one") }))
        }
    }
}

fn check_members(entry: &Map<String, Value>, allowed: &[&'static str], at: &str, found: &mut Faults) {
    for name in entry.keys().filter(|name| !allowed.contains(&name.as_str())) {
        found.add(Fault::pointer(format!("{at}/{name}"), "is not a member here").with_allowed(name, allowed.iter().copied()));
    }
}
