//! Incidents as they are kept: what each report says, and what all of them together make.

use super::casualty::{CasualtyPolicy, OtherFigures};
use super::record;
use super::{Count, DateRange};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Where an incident happened, as lists show it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct IncidentPlace {
    /// Id of the stored place.
    pub id: Option<String>,
    /// Name in the gazetteer, or as the text has it.
    pub name: String,
    /// As the text has it.
    pub mention: String,
    /// Building or spot.
    pub site: Option<String>,
    /// District or county.
    pub admin2: Option<String>,
    /// Province or state.
    pub admin1: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Degrees, WGS 84.
    pub latitude: Option<f64>,
    /// Degrees, WGS 84.
    pub longitude: Option<f64>,
    /// Code of the place precision list.
    pub precision: String,
}

/// One party of an incident, over all reports.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// Id of the stored actor, where it has a name.
    pub actor: Option<String>,
    /// Canonical name, else the words that describe it.
    pub name: String,
    /// Code of the participant kind list.
    pub kind: String,
    /// Code of the participant role list.
    pub role: String,
    /// Code of the target type list.
    pub target_type: Option<String>,
    /// How many.
    pub count: Option<Count>,
    /// Of claimants and deniers: code of the claim standing list.
    pub standing: Option<String>,
    /// Of victims who are counted among others: the name of those others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<String>,
}

/// An incident as lists show it; what `incident_doc` holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IncidentRow {
    /// `inc_…`, derived from the document that first reported it.
    pub id: String,
    /// Code of the incident type list.
    #[serde(rename = "type")]
    pub kind: String,
    /// When.
    pub date: Option<DateRange>,
    /// Where.
    pub place: Option<IncidentPlace>,
    /// Deaths under the default casualty policy; null where no report gives a figure.
    pub killed: Option<Count>,
    /// Injured, likewise.
    pub injured: Option<Count>,
    /// Who did it, to whom.
    pub parties: Vec<Party>,
    /// Codes of the weapon kind list.
    pub weapons: Vec<String>,
    /// Codes of the attribute list.
    pub attributes: Vec<String>,
    /// Code of the certainty list.
    pub certainty: String,
    /// Code of the evidence grade list.
    pub evidence_grade: String,
    /// Every report tells it as context only.
    pub background: bool,
    /// `machine`, `confirmed`, `rejected` or `merged`.
    pub status: String,
    /// Its successor, where it was merged.
    pub merged_into: Option<String>,
    /// Every report of it comes from an invented document.
    pub fictional: bool,
    /// 0 to 1.
    pub confidence: f64,
    /// The sentence of a source that tells it best.
    pub summary: String,
    /// Number of reports.
    pub n_reports: u32,
    /// Number of independent sources among them.
    pub n_sources: u32,
    /// RFC 3339, UTC.
    pub created_at: String,
    /// RFC 3339, UTC.
    pub updated_at: String,
    /// The base's revision at its last change.
    pub revision: i64,
    /// Deaths and injured under the other policies, where they differ.
    #[serde(default, skip_serializing_if = "OtherFigures::is_empty")]
    pub other_figures: OtherFigures,
}

impl IncidentRow {
    /// With the figures of a policy.
    #[must_use]
    pub fn under(mut self, policy: CasualtyPolicy) -> Self {
        self.killed = self.other_figures.killed.under(policy, self.killed);
        self.injured = self.other_figures.injured.under(policy, self.injured);
        self
    }
}

/// What reconciling looks at in a report's document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportSource {
    /// Id of the document.
    pub document: String,
    /// Headline.
    pub title: Option<String>,
    /// Who published it.
    pub source: Option<String>,
    /// Where it was found.
    pub url: Option<String>,
    /// Day of publication, ISO 8601.
    pub published: Option<String>,
    /// The document that this one repeats.
    pub near_duplicate_of: Option<String>,
    /// Invented.
    pub fictional: bool,
    /// It was withdrawn, and what it told was kept.
    #[serde(default)]
    pub withdrawn: bool,
}

/// What one document says of one incident.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The document.
    pub source: ReportSource,
    /// Place in the record's list of incidents.
    pub index: u32,
    /// What it says.
    pub incident: record::Incident,
    /// Its participants, each with the stored actor.
    pub parties: Vec<Party>,
    /// Speakers of statements about it in this document: code of their actor type, where known, and the kind of statement.
    pub voices: Vec<Voice>,
}

/// Who speaks of an incident in a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Voice {
    /// Code of the actor type list.
    pub speaker_type: Option<String>,
    /// Code of the statement kind list.
    pub kind: String,
}

/// A report, by its document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportRef {
    /// Id of the document.
    pub document: String,
    /// Place in that record's list of incidents.
    pub index: u32,
}

/// A field in which reports contradict each other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conflict {
    /// `type`, `date`, `place`, `killed`, `injured`, `certainty` or `perpetrator`.
    pub field: String,
    /// All that is said of it, in the order of the reports.
    pub values: Vec<ConflictingValue>,
}

/// One of several values that reports give to a field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConflictingValue {
    /// As the reports have it.
    pub value: Value,
    /// Those that say so.
    pub reports: Vec<ReportRef>,
}

/// How a report found its incident.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MergeDecision {
    /// Document of the report.
    pub document: String,
    /// Place in that record's list of incidents.
    pub index: u32,
    /// `new` or `same`.
    pub verdict: String,
    /// The best candidate, even where it was refused.
    pub candidate: Option<String>,
    /// Log-odds; above 0 is more likely the same than not.
    pub score: f64,
    /// What the score is made of.
    pub features: Vec<(String, f64)>,
    /// What decided.
    pub rule: String,
    /// How many stored incidents were compared.
    pub n_candidates: u32,
    /// RFC 3339, UTC.
    pub made_at: String,
    /// RFC 3339, UTC; where it was taken back.
    pub undone_at: Option<String>,
}

/// An incident that a report is near to and not of.
#[derive(Clone, Debug, PartialEq)]
pub struct Nearest {
    /// Document of the report.
    pub document: String,
    /// Place of the report in that record's list of incidents.
    pub index: u32,
    /// The other incident.
    pub incident: String,
    /// Document of that report of it which is nearest.
    pub other_document: String,
    /// Log-odds of the two reports; above 0 they belong together by themselves.
    pub score: f64,
    /// Why they are not joined.
    pub rule: String,
    /// What the score is made of.
    pub features: Vec<(String, f64)>,
}

/// One incident with all that is known of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredIncident {
    /// As lists show it.
    pub row: IncidentRow,
    /// What each document says.
    pub reports: Vec<Report>,
    /// How each report came here.
    pub decisions: Vec<MergeDecision>,
    /// Incidents that were merged into this one.
    pub merged: Vec<String>,
}

/// One piece of evidence with its sentence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredEvidence {
    /// The field, e.g. `killed`, `place`, `participants.0` (index within the report).
    pub field: String,
    /// Id of the document.
    pub document: String,
    /// Place in that record's list of incidents.
    pub report: u32,
    /// First code point.
    pub start: u32,
    /// One past the last code point.
    pub end: u32,
    /// The words.
    pub text: String,
    /// Rule that read them.
    pub rule: String,
    /// 0 to 1.
    pub confidence: f64,
    /// The words around, as far as the sentence or line reaches (at most 400 code points).
    pub sentence: record::Excerpt,
}
