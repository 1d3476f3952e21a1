//! What merging decides, before anything is written.

use super::casualty::OtherFigures;
use super::incident::Party;
use super::{Count, DateRange, record};
use serde::{Deserialize, Serialize};

/// Whether a report tells something new.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// A new incident.
    New,
    /// The incident of this id.
    Same(String),
}

/// How one report found its incident.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// Index of the incident in the record.
    pub incident: usize,
    /// What was decided.
    pub verdict: Verdict,
    /// The best candidate, even where it was refused.
    pub candidate: Option<String>,
    /// Log-odds of the best candidate; above 0 is more likely the same than not.
    pub score: f64,
    /// What the score is made of, by name.
    pub features: Vec<(String, f64)>,
    /// What decided: `merge.score`, `veto.days`, `veto.distance`, …
    pub rule: String,
    /// How many were compared.
    pub n_candidates: u32,
}

/// What all reports of an incident together say, under the default policies.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reconciled {
    /// Code of the incident type list.
    pub kind: String,
    /// When.
    pub date: Option<DateRange>,
    /// Where.
    pub place: Option<record::Place>,
    /// Deaths.
    pub killed: Option<Count>,
    /// Injured.
    pub injured: Option<Count>,
    /// Both under the other policies.
    pub other_figures: OtherFigures,
    /// Who did it, to whom, by all reports.
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
    /// Every report comes from an invented document.
    pub fictional: bool,
    /// 0 to 1.
    pub confidence: f64,
    /// The sentence that tells it best.
    pub summary: String,
    /// Number of reports.
    pub n_reports: u32,
    /// Number of independent sources.
    pub n_sources: u32,
    /// `machine`, or `confirmed` or `rejected` where a curator said so.
    pub status: String,
}
