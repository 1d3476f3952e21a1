//! Statements: kind, speaker, content, status.

use super::incident::{shortened, words_at};
use super::{CurateError, Desk, Seen, present};
use crate::model::correction::{SpeakerValue, StatementChange};
use crate::store::{NewCorrection, Writer};
use serde_json::{Map, Value, json};

/// A change of a statement, with the words that the curator sees at its spans, by the pointer to each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementEdit {
    /// What is changed.
    pub change: StatementChange,
    /// First and last code point, the words, the pointer into the request.
    pub words: Vec<(u32, u32, String, String)>,
}

/// Changes a statement; gives the number of the curation.
///
/// # Errors
/// When it is not as it was seen, or words do not stand where they are said to.
pub async fn edit_statement(desk: &Desk<'_>, seen: &Seen<'_>, edits: &[StatementEdit]) -> Result<i64, CurateError> {
    change(desk, seen, "edit", edits).await
}

/// Confirms or rejects a statement; gives the number of the curation.
///
/// # Errors
/// When it is not as it was seen, or the base fails.
pub async fn decide_statement(desk: &Desk<'_>, seen: &Seen<'_>, is_confirmed: bool) -> Result<i64, CurateError> {
    let (action, status) = if is_confirmed { ("confirm", "confirmed") } else { ("reject", "rejected") };
    change(desk, seen, action, &[StatementEdit { change: StatementChange::Status(status.to_owned()), words: Vec::new() }]).await
}

async fn change(desk: &Desk<'_>, seen: &Seen<'_>, action: &'static str, edits: &[StatementEdit]) -> Result<i64, CurateError> {
    let mut writer = desk.begin().await?;
    let statement = present(&mut writer, "statement", seen).await?;
    let curation = writer.add_curation("statement", &statement.uid, action, desk.reason).await?;
    let text = writer.text_of_statement(statement.number()).await?;
    let (mut before, mut after) = (Map::new(), Map::new());
    for edit in edits {
        check_words(&text, edit)?;
        let now = writer.statement_value(statement.number(), &edit.change).await?;
        let change = with_kept_words(&edit.change, &now);
        let ((field, was), (_, is)) = (stored(&now)?, stored(&change)?);
        let original = writer.statement_original(&statement.uid, &field).await?.unwrap_or_else(|| was.clone());
        let new = NewCorrection {
            entity: "statement",
            uid: &statement.uid,
            action: change.action(),
            field: Some(&field),
            value: Some(is.to_string()),
            before: Some(was.clone()),
            original: Some(original),
            known: &[],
        };
        writer.add_correction(curation, &new).await?;
        writer.set_statement(statement.number(), &change).await?;
        before.insert(field.clone(), was);
        after.insert(field, is);
    }
    let logged = match action {
        "confirm" => "confirmed",
        "reject" => "rejected",
        _ => "changed",
    };
    writer.log_curated("statement", &statement.uid, logged, desk.reason, &Value::Object(before), &Value::Object(after)).await?;
    writer.commit().await?;
    Ok(curation)
}

/// Whoever is named without words is shown by the words that are there.
fn with_kept_words(change: &StatementChange, now: &StatementChange) -> StatementChange {
    match (change, now) {
        (StatementChange::Speaker(Some(new)), StatementChange::Speaker(Some(now))) if new.span.is_none() => {
            StatementChange::Speaker(Some(SpeakerValue { text: now.text.clone(), span: now.span, ..new.clone() }))
        }
        _ => change.clone(),
    }
}

fn check_words(text: &str, edit: &StatementEdit) -> Result<(), CurateError> {
    for (start, end, words, pointer) in &edit.words {
        let problem = match words_at(text, *start, *end) {
            Some(there) if there == *words => continue,
            Some(there) => format!("is not what stands there; from {start} to {end} the document says \"{}\"", shortened(&there)),
            None => format!("is no stretch of the document, which has {} code points", text.chars().count()),
        };
        return Err(CurateError::Unfit { pointer: pointer.clone(), problem });
    }
    Ok(())
}

fn stored(change: &StatementChange) -> Result<(String, Value), CurateError> {
    change.stored().map_err(|e| CurateError::Conflict(format!("A value cannot be stored: {e}.")))
}

/// Makes a statement anew after one of its curations was undone: each field is what the last correction that holds set, else what it was.
pub(super) async fn undo_statement(desk: &Desk<'_>, writer: &mut Writer, uid: &str, parts: &[(String, Value)]) -> Result<(), CurateError> {
    let Some(statement) = writer.present("statement", uid).await? else { return Ok(()) };
    let holding = writer.statement_corrections(uid).await?;
    let (mut before, mut after) = (Map::new(), Map::new());
    for (field, original) in parts {
        let undone = StatementChange::of_stored(field, original.clone()).map_err(|e| CurateError::Conflict(format!("A value cannot be read: {e}.")))?;
        let is_same = |change: &&StatementChange| std::mem::discriminant(*change) == std::mem::discriminant(&undone);
        let wanted = holding.iter().find(is_same).unwrap_or(&undone);
        let now = writer.statement_value(statement.number(), wanted).await?;
        before.insert(field.clone(), stored(&now)?.1);
        after.insert(field.clone(), stored(wanted)?.1);
        writer.set_statement(statement.number(), wanted).await?;
    }
    Ok(writer.log_curated("statement", uid, "changed", desk.reason, &json!(before), &json!(after)).await?)
}
