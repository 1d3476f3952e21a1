//! Incidents: fields, status, evidence.

use super::{CurateError, Desk, Seen, present};
use crate::ingest::settle;
use crate::merge::{self, CasualtyPolicy};
use crate::model::correction::{Change, Correction, Span};
use crate::store::{IncidentKey, NewCorrection, Writer};
use serde_json::{Value, json};

/// Sets fields of an incident; gives the number of the curation.
///
/// # Errors
/// When it is not as it was seen, or the base fails.
pub async fn edit(desk: &Desk<'_>, seen: &Seen<'_>, changes: &[Change]) -> Result<i64, CurateError> {
    change(desk, seen, "edit", changes).await
}

/// Confirms or rejects an incident, whatever reports say later; gives the number of the curation.
///
/// # Errors
/// When it is not as it was seen, or the base fails.
pub async fn decide(desk: &Desk<'_>, seen: &Seen<'_>, is_confirmed: bool) -> Result<i64, CurateError> {
    let (action, status) = if is_confirmed { ("confirm", "confirmed") } else { ("reject", "rejected") };
    change(desk, seen, action, &[Change::Status(status.to_owned())]).await
}

async fn change(desk: &Desk<'_>, seen: &Seen<'_>, action: &str, changes: &[Change]) -> Result<i64, CurateError> {
    let mut writer = desk.begin().await?;
    let key = present(&mut writer, "incident", seen).await?.incident();
    let curation = writer.add_curation("incident", &key.uid, action, desk.reason).await?;
    add_changes(&mut writer, &key, curation, changes, desk.reason).await?;
    settle(&mut writer, vec![key], desk.lexicon, desk.reason).await?;
    writer.commit().await?;
    Ok(curation)
}

/// Stores changes with what they change and with what reports say otherwise already.
async fn add_changes(writer: &mut Writer, key: &IncidentKey, curation: i64, changes: &[Change], reason: &str) -> Result<(), CurateError> {
    let keys = [key.clone()];
    let reports = writer.reports(&keys).await?.pop().unwrap_or_default();
    let earlier = writer.corrections(&keys).await?.remove(key).unwrap_or_default();
    let Some(machine) = merge::reconcile(&reports, CasualtyPolicy::default()) else {
        return Err(CurateError::Conflict("No document reports the incident any more.".to_owned()));
    };
    let now = merge::correct(machine.clone(), &reports, &earlier).state;
    let mut replaced: Vec<i64> = Vec::new();
    for change in changes {
        let damaged = |e: serde_json::Error| CurateError::Unfit { pointer: String::new(), problem: format!("a value cannot be stored: {e}") };
        let (field, value) = change.stored().map_err(damaged)?;
        replaced.extend(earlier.iter().filter(|c: &&Correction| merge::is_same_field(&c.change, change)).map(|c| c.id));
        let known = merge::said_otherwise(change, &reports);
        let new = NewCorrection {
            entity: "incident",
            uid: &key.uid,
            action: change.action(),
            field: Some(&field),
            value: Some(value.to_string()),
            before: Some(merge::value_of(change, &now)),
            original: Some(merge::value_of(change, &machine)),
            known: &known,
        };
        writer.add_correction(curation, &new).await?;
    }
    Ok(writer.close_reviews_of(&replaced, reason).await?)
}

/// Evidence that is added to an incident or taken from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceChange {
    /// Whether it is added.
    pub is_added: bool,
    /// The field, e.g. `killed`.
    pub field: String,
    /// Where it stands.
    pub span: Span,
    /// The words that the curator sees there.
    pub text: String,
    /// JSON pointer to it in the request.
    pub pointer: String,
}

/// Adds and removes evidence; gives the number of the curation.
///
/// # Errors
/// When the incident is not as it was seen, words do not stand where they are said to, or what is to be removed is not there.
pub async fn edit_evidence(desk: &Desk<'_>, seen: &Seen<'_>, changes: &[EvidenceChange]) -> Result<i64, CurateError> {
    let mut writer = desk.begin().await?;
    let key = present(&mut writer, "incident", seen).await?.incident();
    let curation = writer.add_curation("incident", &key.uid, "evidence", desk.reason).await?;
    let (mut added, mut removed): (Vec<Value>, Vec<Value>) = (Vec::new(), Vec::new());
    for change in changes {
        check_words(&mut writer, change).await?;
        let is_there = writer.has_evidence(&key, &change.field, &change.span).await?;
        if is_there == change.is_added {
            let problem = if is_there { "is evidence of that field already" } else { "is no evidence of that field" };
            return Err(CurateError::Unfit { pointer: change.pointer.clone(), problem: problem.to_owned() });
        }
        let span = json!(change.span);
        let new = NewCorrection {
            entity: "evidence",
            uid: &key.uid,
            action: if change.is_added { "add" } else { "remove" },
            field: Some(&change.field),
            value: Some(span.to_string()),
            ..NewCorrection::default()
        };
        writer.add_correction(curation, &new).await?;
        let list = if change.is_added { &mut added } else { &mut removed };
        list.push(json!({ "field": change.field, "document": change.span.document, "start": change.span.start, "end": change.span.end }));
    }
    writer.log_curated("incident", &key.uid, "changed", desk.reason, &json!({ "evidence": removed }), &json!({ "evidence": added })).await?;
    settle(&mut writer, vec![key], desk.lexicon, desk.reason).await?;
    writer.commit().await?;
    Ok(curation)
}

/// Whether the document has these words there, so that a span of another text, or counted in bytes, is noticed.
async fn check_words(writer: &mut Writer, change: &EvidenceChange) -> Result<(), CurateError> {
    let unfit = |member: &str, problem: String| Err(CurateError::Unfit { pointer: format!("{}/{member}", change.pointer), problem });
    let Span { document, start, end } = &change.span;
    let Some(text) = writer.text_of(document).await? else { return unfit("document", "is not the id of a document".to_owned()) };
    match words_at(&text, *start, *end) {
        Some(words) if words == change.text => Ok(()),
        Some(words) => unfit("text", format!("does not stand there; from {start} to {end} the document says \"{}\"", shortened(&words))),
        None => unfit("start", format!("does not begin a stretch of the document before `end`: it has {} code points", text.chars().count())),
    }
}

/// The words between two code points of a text; none where they are not in it in this order.
pub(super) fn words_at(text: &str, start: u32, end: u32) -> Option<String> {
    let n = end.checked_sub(start).filter(|n| *n > 0)? as usize;
    let words: String = text.chars().skip(start as usize).take(n).collect();
    (words.chars().count() == n).then_some(words)
}

pub(super) fn shortened(words: &str) -> String {
    words.chars().take(200).collect()
}
