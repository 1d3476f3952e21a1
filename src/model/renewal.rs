//! What reading stored texts anew changes.

use super::Record;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// A stored document with what was last read in it.
#[derive(Clone, Debug)]
pub struct Renewable {
    /// Internal number.
    pub number: i64,
    /// Public id.
    pub uid: String,
    /// Hash of the text, hexadecimal.
    pub sha256: String,
    /// Headline.
    pub title: Option<String>,
    /// Day of publication, where it came with the text; one that was read or inferred may change.
    pub published: Option<String>,
    /// Invented.
    pub fictional: bool,
    /// The text.
    pub text: String,
    /// Number of the last extraction.
    pub extraction: i64,
    /// What it found.
    pub record: Record,
}

/// How many things of one kind came, went or changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// That were not there.
    pub added: u64,
    /// That are there no more.
    pub removed: u64,
    /// That are there still and are told otherwise.
    pub changed: u64,
}

impl Tally {
    /// Whether nothing is different.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// Adds another.
    pub fn add(&mut self, other: &Self) {
        self.added += other.added;
        self.removed += other.removed;
        self.changed += other.changed;
    }
}

/// What became of one incident of a record.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IncidentChange {
    /// `added`, `removed`, `changed`, or `kept` where the engine tells it no more and a curator's word stands for it.
    pub change: &'static str,
    /// Code of its type now, or as it was.
    #[serde(rename = "type")]
    pub kind: String,
    /// Names of the members that differ.
    pub fields: Vec<String>,
    /// These members as they were.
    #[serde(skip_serializing_if = "Value::is_null")]
    pub before: Value,
    /// And as they are.
    #[serde(skip_serializing_if = "Value::is_null")]
    pub after: Value,
}

/// What reading one document anew changes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DocumentChange {
    /// Public id.
    pub document: String,
    /// Engine of the last extraction.
    pub engine: String,
    /// Hash of its lexicon.
    pub lexicon: String,
    /// Its incidents that are not as they were.
    pub incidents: Vec<IncidentChange>,
    /// Statements.
    pub statements: Tally,
    /// Actors, relations, figures, names of places and notes.
    pub others: BTreeMap<&'static str, Tally>,
}

/// What a whole run changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenewalSummary {
    /// Whether nothing was written.
    pub dry_run: bool,
    /// Documents read.
    pub n_documents: u64,
    /// Of them told otherwise now.
    pub n_changed: u64,
    /// Incidents of the records.
    pub incidents: Tally,
    /// Incidents that stay by a curator's word.
    pub n_kept: u64,
    /// In how many of the changed incidents each member differs.
    pub fields: BTreeMap<String, u64>,
    /// Statements.
    pub statements: Tally,
    /// Actors, relations, figures, names of places and notes.
    pub others: BTreeMap<String, Tally>,
}

impl RenewalSummary {
    /// Counts a document.
    pub fn add(&mut self, change: Option<&DocumentChange>) {
        self.n_documents += 1;
        let Some(change) = change else { return };
        self.n_changed += 1;
        for incident in &change.incidents {
            match incident.change {
                "added" => self.incidents.added += 1,
                "removed" => self.incidents.removed += 1,
                "kept" => self.n_kept += 1,
                _ => self.incidents.changed += 1,
            }
            for field in &incident.fields {
                *self.fields.entry(field.clone()).or_default() += 1;
            }
        }
        self.statements.add(&change.statements);
        for (name, tally) in &change.others {
            self.others.entry((*name).to_owned()).or_default().add(tally);
        }
    }
}
