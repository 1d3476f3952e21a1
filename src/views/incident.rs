//! Incidents on the wire.

use super::statement::StatementView;
use crate::model::incident::{
    Conflict, ConflictingValue, IncidentPlace, IncidentRow, MergeDecision, Nearest, Party, Report, ReportRef, StoredEvidence, StoredIncident,
};
use crate::model::record;
use crate::model::{Count, DateRange};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// One incident, reconciled from all its reports.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Incident)]
pub struct IncidentView {
    /// Stable: the same documents give the same ids on any machine.
    pub id: String,
    /// Code of the list `incident_types`.
    #[serde(rename = "type")]
    pub kind: String,
    /// When; null where no report says so.
    pub date: Option<DateRange>,
    /// Where; null where no report says so.
    pub place: Option<PlaceOfIncident>,
    /// Deaths, `best` by `casualty_policy`, the latest official figure without it; null where no report gives a figure.
    pub killed: Option<Count>,
    /// Injured, likewise.
    pub injured: Option<Count>,
    /// Codes of the list `weapon_kinds`.
    pub weapons: Vec<String>,
    /// Codes of the list `incident_attributes`.
    pub attributes: Vec<String>,
    /// Code of the list `certainty`.
    pub certainty: String,
    /// Code of the list `evidence_grades`.
    pub evidence_grade: String,
    /// Every report tells it as context only.
    pub background: bool,
    /// `machine`, `confirmed`, `rejected` or `merged`.
    pub status: String,
    /// Id of its successor, where it was merged.
    pub merged_into: Option<String>,
    /// Every report of it comes from an invented document.
    pub fictional: bool,
    /// 0 to 1.
    pub confidence: f64,
    /// The sentence of a source that tells it best.
    pub summary: String,
    /// Number of reports.
    pub n_reports: u32,
    /// Number of independent sources among them; near-identical texts count as one.
    pub n_sources: u32,
    /// When it came into the base, RFC 3339, UTC.
    pub created_at: String,
    /// Last change, RFC 3339, UTC.
    pub updated_at: String,
    /// The base's revision at its last change.
    pub revision: i64,
    /// Who did it, to whom; with `include=participants`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub participants: Option<Vec<Participant>>,
    /// What each document says; with `include=reports`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reports: Option<Vec<ReportView>>,
    /// Why each field has its value; with `include=evidence`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Vec<EvidenceView>>,
}

/// Where an incident happened.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PlaceOfIncident {
    /// Id of the place in `/v1/places`.
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
    /// Code of the list `place_precision`.
    pub precision: String,
}

/// Who took part, over all reports.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Participant {
    /// Id of the actor in `/v1/actors`, where it has a name.
    pub actor: Option<String>,
    /// Canonical name, else the words that describe it.
    pub name: String,
    /// Code of the list `participant_kinds`.
    pub kind: String,
    /// Code of the list `participant_roles`.
    pub role: String,
    /// Code of the list `target_types`, for targets and victims.
    pub target_type: Option<String>,
    /// How many.
    pub count: Option<Count>,
    /// Of claimants and deniers: code of the list `claim_standings`, over all reports; else null.
    pub standing: Option<String>,
    /// Of victims who are counted among others: the name of those others, so that the two are no sum; else null.
    pub within: Option<String>,
}

/// What one document says of an incident.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Report)]
pub struct ReportView {
    /// The document.
    pub document: ReportingDocument,
    /// Place in the list of incidents of that document's extraction record.
    pub index: u32,
    /// What it says, as in the extraction record: its own type, date, place, figures, participants, evidence.
    pub says: record::Incident,
}

/// A document that reports an incident.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReportingDocument {
    /// Id in `/v1/documents`.
    pub id: String,
    /// Headline.
    pub title: Option<String>,
    /// Who published it.
    pub source: Option<String>,
    /// Where it was found.
    pub url: Option<String>,
    /// Day of publication, ISO 8601.
    pub published: Option<String>,
    /// Id of the document that this one repeats in nearly the same words.
    pub near_duplicate_of: Option<String>,
    /// Invented.
    pub fictional: bool,
    /// It was withdrawn: what it told stays, its words are gone.
    pub withdrawn: bool,
}

/// Why a field has its value.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Evidence)]
pub struct EvidenceView {
    /// The field, e.g. `killed`, `place`, `participants.0` (index within the report).
    pub field: String,
    /// Id of the document.
    pub document: String,
    /// Index of the report in that document's extraction record.
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
    /// The sentence around them.
    pub sentence: record::Excerpt,
}

/// How a report found its incident.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = MergeDecision)]
pub struct MergeDecisionView {
    /// Id of the report's document.
    pub document: String,
    /// Index of the report in that document's extraction record.
    pub index: u32,
    /// `new` or `same`.
    pub verdict: String,
    /// The best candidate, even where it was refused.
    pub candidate: Option<String>,
    /// Log-odds; above 0 is more likely the same than not.
    pub score: f64,
    /// What the score is made of.
    pub features: BTreeMap<String, f64>,
    /// What decided.
    pub rule: String,
    /// How many stored incidents were compared.
    pub n_candidates: u32,
    /// RFC 3339, UTC.
    pub made_at: String,
    /// RFC 3339, UTC; where it was taken back.
    pub undone_at: Option<String>,
}

/// A field in which reports contradict each other.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Conflict)]
pub struct ConflictView {
    /// `type`, `date`, `place`, `killed`, `injured`, `certainty` or `perpetrator`.
    pub field: String,
    /// All that reports say of it, in their order.
    pub values: Vec<ConflictingValueView>,
}

/// One of several values that reports give to a field.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ConflictingValue)]
pub struct ConflictingValueView {
    /// In the form of the field; the names of all of them for `perpetrator`.
    pub value: serde_json::Value,
    /// Those that say so.
    pub reports: Vec<ReportRefView>,
}

/// A report, by its document.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ReportRef)]
pub struct ReportRefView {
    /// Id of the document.
    pub document: String,
    /// Index of the report in that document's extraction record.
    pub index: u32,
}

/// Why a report is of its incident, and which others it is near to.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MergedReport {
    /// How it came there.
    pub joined: MergeDecisionView,
    /// The nearest incidents that it is not of, the nearest first.
    pub not_joined: Vec<NotJoined>,
}

/// An incident that a report is near to and not of.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NotJoined {
    /// Id of the other incident.
    pub incident: String,
    /// Id of the document that tells of it and is nearest.
    pub document: String,
    /// Log-odds of the two reports; above 0 they belong together by themselves.
    pub score: f64,
    /// Why they are not joined: `veto.…`, `doubt.…`, `merge.too_unlike`, or `merge.mean` where other reports of the two speak against it.
    pub rule: String,
    /// What the score is made of.
    pub features: BTreeMap<String, f64>,
}

impl MergedReport {
    /// The reports of an incident, each with what is near to it.
    pub fn all(decisions: Vec<MergeDecision>, nearest: Vec<Nearest>) -> Vec<Self> {
        let mut near: BTreeMap<(String, u32), Vec<NotJoined>> = BTreeMap::new();
        for n in nearest {
            let Nearest { document, index, incident, other_document, score, rule, features } = n;
            let other = NotJoined { incident, document: other_document, score: hundredths(score), rule, features: features.into_iter().collect() };
            near.entry((document, index)).or_default().push(other);
        }
        let standing = decisions.into_iter().filter(|d| d.undone_at.is_none());
        standing
            .map(|d| {
                let not_joined = near.remove(&(d.document.clone(), d.index)).unwrap_or_default();
                Self { joined: d.into(), not_joined }
            })
            .collect()
    }
}

fn hundredths(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// One incident with all that is known of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct IncidentDetail {
    /// As in lists, with participants, reports and evidence.
    #[serde(flatten)]
    pub incident: IncidentView,
    /// What its reports contradict each other in, with all that they say of it; the incident has what the policies chose.
    pub conflicts: Vec<ConflictView>,
    /// Statements about it, the latest first.
    pub statements: Vec<StatementView>,
    /// How each report came here.
    pub merge_decisions: Vec<MergeDecisionView>,
    /// Ids of incidents that were merged into this one.
    pub merged_from: Vec<String>,
}

impl From<IncidentRow> for IncidentView {
    fn from(row: IncidentRow) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            date: row.date,
            place: row.place.map(PlaceOfIncident::from),
            killed: row.killed,
            injured: row.injured,
            weapons: row.weapons,
            attributes: row.attributes,
            certainty: row.certainty,
            evidence_grade: row.evidence_grade,
            background: row.background,
            status: row.status,
            merged_into: row.merged_into,
            fictional: row.fictional,
            confidence: row.confidence,
            summary: row.summary,
            n_reports: row.n_reports,
            n_sources: row.n_sources,
            created_at: row.created_at,
            updated_at: row.updated_at,
            revision: row.revision,
            participants: Some(row.parties.into_iter().map(Participant::from).collect()),
            reports: None,
            evidence: None,
        }
    }
}

impl IncidentDetail {
    /// Puts together what the store gives.
    pub fn new(stored: StoredIncident, conflicts: Vec<Conflict>, evidence: Vec<StoredEvidence>, statements: Vec<StatementView>) -> Self {
        let mut incident = IncidentView::from(stored.row);
        incident.reports = Some(stored.reports.into_iter().map(ReportView::from).collect());
        incident.evidence = Some(evidence.into_iter().map(EvidenceView::from).collect());
        let merge_decisions = stored.decisions.into_iter().map(MergeDecisionView::from).collect();
        let conflicts = conflicts.into_iter().map(ConflictView::from).collect();
        Self { incident, conflicts, statements, merge_decisions, merged_from: stored.merged }
    }
}

impl From<IncidentPlace> for PlaceOfIncident {
    fn from(place: IncidentPlace) -> Self {
        let IncidentPlace { id, name, mention, site, admin2, admin1, country, latitude, longitude, precision } = place;
        Self { id, name, mention, site, admin2, admin1, country, latitude, longitude, precision }
    }
}

impl From<Party> for Participant {
    fn from(party: Party) -> Self {
        let Party { actor, name, kind, role, target_type, count, standing, within } = party;
        Self { actor, name, kind, role, target_type, count, standing, within }
    }
}

impl From<Conflict> for ConflictView {
    fn from(conflict: Conflict) -> Self {
        let reports = |all: Vec<ReportRef>| all.into_iter().map(|ReportRef { document, index }| ReportRefView { document, index }).collect();
        let value = |ConflictingValue { value, reports: all }| ConflictingValueView { value, reports: reports(all) };
        Self { field: conflict.field, values: conflict.values.into_iter().map(value).collect() }
    }
}

impl From<Report> for ReportView {
    fn from(report: Report) -> Self {
        let source = report.source;
        let document = ReportingDocument {
            id: source.document,
            title: source.title,
            source: source.source,
            url: source.url,
            published: source.published,
            near_duplicate_of: source.near_duplicate_of,
            fictional: source.fictional,
            withdrawn: source.withdrawn,
        };
        Self { document, index: report.index, says: report.incident }
    }
}

impl From<StoredEvidence> for EvidenceView {
    fn from(evidence: StoredEvidence) -> Self {
        let StoredEvidence { field, document, report, start, end, text, rule, confidence, sentence } = evidence;
        Self { field, document, report, start, end, text, rule, confidence, sentence }
    }
}

impl From<MergeDecision> for MergeDecisionView {
    fn from(decision: MergeDecision) -> Self {
        let MergeDecision { document, index, verdict, candidate, score, features, rule, n_candidates, made_at, undone_at } = decision;
        Self { document, index, verdict, candidate, score, features: features.into_iter().collect(), rule, n_candidates, made_at, undone_at }
    }
}
