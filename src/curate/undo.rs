//! Taking decisions back, and closing what was to be looked at.

use super::actor::{decide_in, undo_actor};
use super::cluster::undo_cluster;
use super::statement::undo_statement;
use super::{CurateError, Desk};
use crate::ingest::settle;
use crate::store::{StoredCuration, Writer};
use serde_json::Value;

/// Takes a curation back: what it changed is as if it had not been made. Others, also later ones, stay.
///
/// # Errors
/// When there is no such curation, it was undone before, or the base fails.
pub async fn undo(desk: &Desk<'_>, number: i64) -> Result<(), CurateError> {
    let mut writer = desk.begin().await?;
    let missing = || CurateError::Missing { what: "correction", uid: number.to_string() };
    let curation = writer.curation(number).await?.ok_or_else(missing)?;
    if let Some(at) = &curation.undone_at {
        return Err(CurateError::Conflict(format!("The correction {number} was undone at {at} already.")));
    }
    writer.undo_curation(number, desk.reason).await?;
    apply(desk, &mut writer, number, &curation).await?;
    writer.commit().await?;
    Ok(())
}

/// Makes what the curation was about anew.
async fn apply(desk: &Desk<'_>, writer: &mut Writer, number: i64, curation: &StoredCuration) -> Result<(), CurateError> {
    let parts = writer.parts_of(number).await?;
    let originals = parts.iter().filter_map(|p| Some((p.field.clone()?, serde_json::from_str::<Value>(p.original.as_deref()?).ok()?)));
    match (curation.entity.as_str(), curation.action.as_str()) {
        ("incident", "merge" | "split") => undo_cluster(desk, writer, number).await,
        ("incident", _) => undo_incident(desk, writer, &curation.uid).await,
        ("actor", action) => {
            writer.drop_relations_of(number).await?;
            let original = originals.map(|(_, value)| value).next();
            undo_actor(desk, writer, &curation.uid, action, original.as_ref()).await
        }
        _ => undo_statement(desk, writer, &curation.uid, &originals.collect::<Vec<_>>()).await,
    }
}

async fn undo_incident(desk: &Desk<'_>, writer: &mut Writer, uid: &str) -> Result<(), CurateError> {
    // Of what is gone with its documents nothing is left to be made anew.
    let Some(found) = writer.present("incident", uid).await? else { return Ok(()) };
    if let Some(key) = writer.find_incident(&found.successor.unwrap_or(found.uid)).await? {
        settle(writer, vec![key], desk.lexicon, desk.reason).await?;
    }
    Ok(())
}

/// Closes a review item: the correction stands.
///
/// # Errors
/// When there is no such item, or it is closed.
pub async fn close_review(desk: &Desk<'_>, number: i64) -> Result<(), CurateError> {
    let mut writer = desk.begin().await?;
    match writer.close_review(number, desk.reason).await? {
        None => return Err(CurateError::Missing { what: "review item", uid: format!("rev_{number}") }),
        Some(false) => return Err(CurateError::Conflict(format!("The review item rev_{number} is closed."))),
        Some(true) => {}
    }
    writer.commit().await?;
    Ok(())
}

/// Closes an open name: its actor is one of its own.
///
/// # Errors
/// When there is no such name, or somebody decided on it.
pub async fn confirm_name(desk: &Desk<'_>, number: i64) -> Result<(), CurateError> {
    let mut writer = desk.begin().await?;
    let missing = || CurateError::Missing { what: "review item", uid: format!("name_{number}") };
    let (uid, status) = writer.actor_of_open_name(number).await?.ok_or_else(missing)?;
    if status != "machine" {
        return Err(CurateError::Conflict(format!("The review item name_{number} is closed: the actor {uid} is {status}.")));
    }
    decide_in(&mut writer, &uid, "confirm", desk.reason).await?;
    writer.commit().await?;
    Ok(())
}
