//! Actors: names, status, who is who, relations.

use super::{CurateError, Desk, Seen, present};
use crate::ingest::settle;
use crate::model::correction::{NameChange, StoredName, shown_names};
use crate::model::id::fold_name;
use crate::store::{NewCorrection, NewRelation, Writer};
use serde_json::{Value, json};

/// Incidents made anew at once.
const AT_ONCE: usize = 500;

/// A change of an actor's names, with its place in the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameEdit {
    /// What is changed.
    pub change: NameChange,
    /// JSON pointer to it.
    pub pointer: String,
}

/// Renames an actor, adds and removes other names; gives the number of the curation.
///
/// # Errors
/// When it is not as it was seen, or a name does not fit what is there.
pub async fn edit_actor(desk: &Desk<'_>, seen: &Seen<'_>, edits: &[NameEdit]) -> Result<i64, CurateError> {
    let mut writer = desk.begin().await?;
    let actor = present(&mut writer, "actor", seen).await?;
    let names = writer.names_of(actor.number()).await?;
    let before = writer.names_before(&actor.uid, &names).await?;
    let curation = writer.add_curation("actor", &actor.uid, "edit", desk.reason).await?;
    for edit in edits {
        let now = writer.names_of(actor.number()).await?;
        check_name(edit, &now)?;
        let change = json!(edit.change);
        let new = NewCorrection {
            entity: "actor",
            uid: &actor.uid,
            action: match edit.change {
                NameChange::Rename { .. } => "set",
                NameChange::Add { .. } => "add",
                NameChange::Remove { .. } => "remove",
            },
            field: Some("names"),
            value: Some(change.to_string()),
            before: Some(shown_names(&now)),
            original: Some(json!(before)),
            known: &[],
        };
        writer.add_correction(curation, &new).await?;
        writer.correct_names(actor.number(), &actor.uid, &before).await?;
    }
    finish_names(desk, &mut writer, &actor.uid, actor.number(), &names).await?;
    writer.commit().await?;
    Ok(curation)
}

fn check_name(edit: &NameEdit, now: &[StoredName]) -> Result<(), CurateError> {
    let unfit = |problem: String| Err(CurateError::Unfit { pointer: edit.pointer.clone(), problem });
    let known = |name: &str| now.iter().filter(|n| fold_name(&n.name) == fold_name(name)).collect::<Vec<_>>();
    match &edit.change {
        NameChange::Rename { name } if now.iter().any(|n| n.kind == "canonical" && n.name == *name) => unfit("is its name already".to_owned()),
        NameChange::Rename { .. } => Ok(()),
        NameChange::Add { name, .. } if known(name).is_empty() => Ok(()),
        NameChange::Add { .. } => unfit("is one of its names already".to_owned()),
        NameChange::Remove { name, .. } => match known(name)[..] {
            [] => unfit(format!("is none of its names: {}", now.iter().map(|n| n.name.as_str()).collect::<Vec<_>>().join(", "))),
            [one] if one.kind == "canonical" => unfit("is what it is called; give it another `name` first".to_owned()),
            _ => Ok(()),
        },
    }
}

/// What follows from other names: its incidents show them, its history tells them.
async fn finish_names(desk: &Desk<'_>, writer: &mut Writer, uid: &str, number: i64, before: &[StoredName]) -> Result<(), CurateError> {
    let names = writer.names_of(number).await?;
    writer.touch_actor(number).await?;
    writer.log_curated("actor", uid, "changed", desk.reason, &json!({ "names": shown_names(before) }), &json!({ "names": shown_names(&names) })).await?;
    let called = |names: &[StoredName]| names.iter().find(|n| n.kind == "canonical").map(|n| n.name.clone());
    if called(before) != called(&names) {
        settle_incidents_of(desk, writer, &[number]).await?;
    }
    Ok(())
}

async fn settle_incidents_of(desk: &Desk<'_>, writer: &mut Writer, actors: &[i64]) -> Result<(), CurateError> {
    for keys in writer.incidents_of(actors).await?.chunks(AT_ONCE) {
        settle(writer, keys.to_vec(), desk.lexicon, desk.reason).await?;
    }
    Ok(())
}

/// Confirms or rejects an actor; gives the number of the curation.
///
/// # Errors
/// When it is not as it was seen, or the base fails.
pub async fn decide_actor(desk: &Desk<'_>, seen: &Seen<'_>, is_confirmed: bool) -> Result<i64, CurateError> {
    let mut writer = desk.begin().await?;
    let actor = present(&mut writer, "actor", seen).await?;
    let action = if is_confirmed { "confirm" } else { "reject" };
    let curation = decide_in(&mut writer, &actor.uid, action, desk.reason).await?;
    writer.commit().await?;
    Ok(curation)
}

pub(super) async fn decide_in(writer: &mut Writer, uid: &str, action: &'static str, reason: &str) -> Result<i64, CurateError> {
    let curation = writer.add_curation("actor", uid, action, reason).await?;
    let status = if action == "confirm" { "confirmed" } else { "rejected" };
    let new = NewCorrection { entity: "actor", uid, action, field: Some("status"), value: Some(json!(status).to_string()), ..NewCorrection::default() };
    writer.add_correction(curation, &new).await?;
    writer.correct_actors(reason).await?;
    Ok(curation)
}

/// Makes an actor one with another, whose id stays; gives the number of the curation.
///
/// # Errors
/// When it is not as it was seen, or the other is not there.
pub async fn merge_actor(desk: &Desk<'_>, seen: &Seen<'_>, into: &str) -> Result<i64, CurateError> {
    let unfit = |problem: String| CurateError::Unfit { pointer: "/into".to_owned(), problem };
    let mut writer = desk.begin().await?;
    let actor = present(&mut writer, "actor", seen).await?;
    let other = writer.present("actor", into).await?.ok_or_else(|| unfit("is not the id of an actor".to_owned()))?;
    if let Some(successor) = other.successor {
        return Err(unfit(format!("was merged into {successor}; give that one")));
    }
    if other.uid == actor.uid {
        return Err(unfit("is the actor itself".to_owned()));
    }
    let curation = writer.add_curation("actor", &actor.uid, "merge", desk.reason).await?;
    let new = NewCorrection { entity: "actor", uid: &actor.uid, action: "same_as", value: Some(other.uid.clone()), ..NewCorrection::default() };
    writer.add_correction(curation, &new).await?;
    follow_merges(desk, &mut writer).await?;
    let gained = json!({ "merged_from": actor.uid });
    writer.touch_actor(other.number()).await?;
    writer.log_curated("actor", &other.uid, "changed", desk.reason, &json!({ "merged_from": Value::Null }), &gained).await?;
    writer.commit().await?;
    Ok(curation)
}

/// Makes actors one, or apart, as the corrections that hold say; their incidents follow.
pub(super) async fn follow_merges(desk: &Desk<'_>, writer: &mut Writer) -> Result<(), CurateError> {
    let moved = writer.correct_actors(desk.reason).await?;
    if moved.is_empty() { Ok(()) } else { settle_incidents_of(desk, writer, &moved).await }
}

/// A relation of an actor to another, or to a place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RelationInput {
    /// Code of the actor relation list.
    pub relation: String,
    /// Id of the object, where it is an actor.
    pub object: Option<String>,
    /// Its name.
    pub object_name: String,
    /// Partial ISO date.
    pub valid_from: Option<String>,
    /// Partial ISO date.
    pub valid_to: Option<String>,
}

/// Relates an actor to another; gives the number of the curation.
///
/// # Errors
/// When it is not as it was seen, or the base fails.
pub async fn relate_actor(desk: &Desk<'_>, seen: &Seen<'_>, relation: &RelationInput) -> Result<i64, CurateError> {
    let mut writer = desk.begin().await?;
    let actor = present(&mut writer, "actor", seen).await?;
    let curation = writer.add_curation("actor", &actor.uid, "relate", desk.reason).await?;
    let value = json!({
        "relation": relation.relation, "object": relation.object, "name": relation.object_name,
        "valid_from": relation.valid_from, "valid_to": relation.valid_to,
    });
    let new =
        NewCorrection { entity: "actor", uid: &actor.uid, action: "add", field: Some("relations"), value: Some(value.to_string()), ..NewCorrection::default() };
    let correction = writer.add_correction(curation, &new).await?;
    let row = NewRelation {
        subject: &actor.uid,
        relation: &relation.relation,
        object: relation.object.as_deref(),
        object_name: &relation.object_name,
        valid_from: relation.valid_from.as_deref(),
        valid_to: relation.valid_to.as_deref(),
    };
    writer.add_curated_relation(correction, &row).await?;
    writer.touch_actor(actor.number()).await?;
    writer.log_curated("actor", &actor.uid, "changed", desk.reason, &json!({ "relations": [] }), &json!({ "relations": [value] })).await?;
    writer.commit().await?;
    Ok(curation)
}

/// Makes an actor anew after one of its curations was undone.
pub(super) async fn undo_actor(desk: &Desk<'_>, writer: &mut Writer, uid: &str, action: &str, original: Option<&Value>) -> Result<(), CurateError> {
    let Some(actor) = writer.present("actor", uid).await? else { return Ok(()) };
    match action {
        "edit" => {
            let names = writer.names_of(actor.number()).await?;
            // Undone already, so that the original is no longer found among those that hold.
            let mut before: Vec<StoredName> = original.and_then(|o| serde_json::from_value(o.clone()).ok()).unwrap_or_else(|| names.clone());
            let since: Vec<StoredName> = names.iter().filter(|n| n.kind == "mention" && !before.iter().any(|b| b.name == n.name)).cloned().collect();
            before.extend(since);
            writer.correct_names(actor.number(), uid, &before).await?;
            finish_names(desk, writer, uid, actor.number(), &names).await
        }
        "relate" => {
            writer.touch_actor(actor.number()).await?;
            Ok(writer.log_curated("actor", uid, "changed", desk.reason, &json!({ "relations": "added" }), &json!({ "relations": Value::Null })).await?)
        }
        _ => follow_merges(desk, writer).await,
    }
}
