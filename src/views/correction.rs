//! Corrections on the wire: what curators send, and what is kept of it.

use super::actor::ActorCandidateView;
use super::incident::PlaceOfIncident;
use crate::model::correction::{Curation, Part, ReviewItem, Undone};
use crate::model::{Count, DateRange};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// Members of an incident to be set (JSON Merge Patch, RFC 7396); what is left out stays, `null` takes a value away.
#[derive(Debug, ToSchema)]
pub struct IncidentPatch {
    /// Why.
    pub reason: String,
    /// Code of the list `incident_types`.
    pub r#type: Option<String>,
    /// A day, month or year (`2023-01-30`, `2023-01`, `2023`), or members of the date.
    #[schema(value_type = Option<DateRange>)]
    pub date: Option<DateRange>,
    /// Id or name of a place, or members: `id`, `name`, `latitude` and `longitude`.
    #[schema(value_type = Option<PlaceOfIncident>)]
    pub place: Option<PlaceOfIncident>,
    /// Building or spot.
    pub site: Option<String>,
    /// A number, or members of the count.
    pub killed: Option<Count>,
    /// A number, or members of the count.
    pub injured: Option<Count>,
    /// Who took part, who did not, and in which role.
    pub participants: Option<ParticipantsPatch>,
    /// All weapons: codes of the list `weapon_kinds`.
    pub weapons: Option<Vec<String>>,
    /// All attributes: codes of the list `incident_attributes`.
    pub attributes: Option<Vec<String>>,
    /// Code of the list `certainty`.
    pub certainty: Option<String>,
    /// Code of the list `evidence_grades`.
    pub evidence_grade: Option<String>,
    /// The sentence that tells it best.
    pub summary: Option<String>,
    /// Told as context only.
    pub background: Option<bool>,
}

/// Changes of the participants.
#[derive(Debug, ToSchema)]
pub struct ParticipantsPatch {
    /// Those who took part, too.
    pub add: Vec<NewParticipant>,
    /// Those who did not.
    pub remove: Vec<KnownParticipant>,
    /// Those who took part in another role.
    pub role: Vec<ParticipantRole>,
}

/// Somebody who took part.
#[derive(Debug, ToSchema)]
pub struct NewParticipant {
    /// Id, name or alias of an actor; or `name`.
    pub actor: Option<String>,
    /// Words for somebody without a name.
    pub name: Option<String>,
    /// Code of the list `participant_roles`.
    pub role: String,
    /// Code of the list `participant_kinds`; for an actor that of its type without it.
    pub kind: Option<String>,
    /// Code of the list `target_types`.
    pub target_type: Option<String>,
    /// A number, or members of the count.
    pub count: Option<Count>,
}

/// Somebody among the participants.
#[derive(Debug, ToSchema)]
pub struct KnownParticipant {
    /// Id, name or alias of an actor; or `name`.
    pub actor: Option<String>,
    /// The name that the participant is shown by.
    pub name: Option<String>,
    /// The role; needed where there are several of that name.
    pub role: Option<String>,
}

/// Somebody among the participants and the right role.
#[derive(Debug, ToSchema)]
pub struct ParticipantRole {
    /// Id, name or alias of an actor; or `name`.
    pub actor: Option<String>,
    /// The name that the participant is shown by.
    pub name: Option<String>,
    /// The role so far; needed where there are several of that name.
    pub from: Option<String>,
    /// Code of the list `participant_roles`.
    pub to: String,
}

/// Why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReasonInput {
    /// Why, in words for those who come after.
    pub reason: String,
}

/// Evidence to be added and removed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EvidenceInput {
    /// Why.
    pub reason: String,
    /// Stretches that are evidence.
    #[serde(default)]
    pub add: Vec<EvidenceSpan>,
    /// Stretches that are none.
    #[serde(default)]
    pub remove: Vec<EvidenceSpan>,
}

/// A stretch of a document and the field that it is evidence for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EvidenceSpan {
    /// The field: `type`, `date`, `place`, `killed`, `injured`, `weapons.0`, `participants.1`, …
    pub field: String,
    /// Id of the document.
    pub document: String,
    /// First code point.
    pub start: u32,
    /// One past the last code point.
    pub end: u32,
    /// The words there; they must be those of the document.
    pub text: String,
}

/// The incident that it is one with.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeInput {
    /// Id of the other incident.
    pub incident: String,
    /// Why.
    pub reason: String,
}

/// Reports that tell another incident.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SplitInput {
    /// Reports of the incident, as its `reports` lists them; some must stay.
    pub reports: Vec<ReportInput>,
    /// Why.
    pub reason: String,
}

/// A report of an incident.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportInput {
    /// Id of its document.
    pub document: String,
    /// Place in that document's list of incidents; needed where it has several reports of this one.
    #[serde(default)]
    pub index: Option<u32>,
}

/// Names of an actor to be changed (JSON Merge Patch, RFC 7396).
#[derive(Debug, ToSchema)]
pub struct ActorPatch {
    /// Why.
    pub reason: String,
    /// What it is called; what it was called stays an alias.
    pub name: Option<String>,
    /// Other names.
    pub names: Option<NamesPatch>,
}

/// Other names of an actor.
#[derive(Debug, ToSchema)]
pub struct NamesPatch {
    /// Names, or objects of `name` and `kind` (`alias`, `acronym`, `native`, `former`).
    #[schema(value_type = Vec<Object>)]
    pub add: Vec<Value>,
    /// Names that are not its.
    pub remove: Vec<String>,
}

/// The actor that it is one with.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeActorInput {
    /// Id of the other actor, which stays.
    pub into: String,
    /// Why.
    pub reason: String,
}

/// A relation of an actor.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RelateInput {
    /// Code of the list `actor_relations`.
    pub relation: String,
    /// Id, name or alias of the other actor; of `operates_in` also the name of a place.
    pub object: String,
    /// Since this day, month or year.
    #[serde(default)]
    pub valid_from: Option<String>,
    /// Until this day, month or year.
    #[serde(default)]
    pub valid_to: Option<String>,
    /// Why.
    pub reason: String,
}

/// Members of a statement to be set (JSON Merge Patch, RFC 7396).
#[derive(Debug, ToSchema)]
pub struct StatementPatch {
    /// Why.
    pub reason: String,
    /// Code of the list `statement_kinds`.
    pub kind: Option<String>,
    /// Who said it; null where the text does not say.
    pub speaker: Option<SpeakerPatch>,
    /// The stretches of what was said, in the place of those that are there.
    pub content: Option<Vec<Words>>,
}

/// Who said something.
#[derive(Debug, ToSchema)]
pub struct SpeakerPatch {
    /// Id, name or alias of the actor.
    pub actor: Option<String>,
    /// First code point of the words for the speaker.
    pub start: Option<u32>,
    /// One past the last code point.
    pub end: Option<u32>,
    /// The words; they must be those of the document.
    pub text: Option<String>,
}

/// A stretch of a document.
#[derive(Debug, ToSchema)]
pub struct Words {
    /// First code point.
    pub start: u32,
    /// One past the last code point.
    pub end: u32,
    /// The words; they must be those of the document.
    pub text: String,
}

/// What a curator decided with one request.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Correction)]
pub struct CorrectionView {
    /// Number.
    pub id: i64,
    /// `incident`, `actor` or `statement`.
    pub entity: String,
    /// Id of what it is about.
    pub of: String,
    /// Where that is read.
    pub url: String,
    /// `edit`, `merge`, `split`, `confirm`, `reject`, `evidence` or `relate`.
    pub action: String,
    /// Why.
    pub reason: String,
    /// The key's name.
    pub who: String,
    /// RFC 3339, UTC.
    pub at: String,
    /// The base's revision that it made; entries of `/v1/changes` with this `revision` tell what it led to.
    pub revision: i64,
    /// What exactly; at most 100.
    pub changes: Vec<CorrectionPart>,
    /// When, by whom and why it was undone; null while it holds.
    pub undone: Option<UndoneView>,
}

/// One change of a correction.
#[derive(Debug, Serialize, ToSchema)]
pub struct CorrectionPart {
    /// `incident`, `actor`, `statement`, `report` or `evidence`.
    pub entity: String,
    /// Its id; of evidence the incident's.
    pub id: String,
    /// `set`, `add`, `remove`, `same_as`, `not_same_as`, `confirm` or `reject`.
    pub action: String,
    /// The field.
    pub field: Option<String>,
    /// What it was.
    #[schema(value_type = Option<Object>)]
    pub before: Option<Value>,
    /// What it is since; of `same_as` and `not_same_as` the other's id.
    #[schema(value_type = Option<Object>)]
    pub after: Option<Value>,
    /// What it would be without any correction.
    #[schema(value_type = Option<Object>)]
    pub original: Option<Value>,
}

/// When, by whom and why something was undone or closed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Undone)]
pub struct UndoneView {
    /// RFC 3339, UTC.
    pub at: String,
    /// The key's name.
    pub who: String,
    /// Why.
    pub reason: String,
}

/// Something that somebody is to look at.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReviewItem)]
pub struct ReviewView {
    /// `rev_…` of a correction, `name_…` of an open name.
    pub id: String,
    /// `contradiction`: a document says otherwise than a correction. `reported_again`: a further document reports what was rejected.
    /// `open_name`: it is open whom a document means.
    pub reason: String,
    /// `incident`, `actor` or `statement`.
    pub entity: String,
    /// Id of what it is about.
    pub of: String,
    /// Where that is read.
    pub url: String,
    /// The field.
    pub field: String,
    /// What the correction set, and what holds.
    #[schema(value_type = Option<Object>)]
    pub corrected: Option<Value>,
    /// What the document says.
    #[schema(value_type = Object)]
    pub said: Value,
    /// Id of the document.
    pub document: String,
    /// Number of the correction.
    pub correction: Option<i64>,
    /// Of an open name: whom it may mean, the best first.
    pub candidates: Vec<ActorCandidateView>,
    /// RFC 3339, UTC.
    pub opened_at: String,
    /// When, by whom and why it was closed; null while it is open.
    pub closed: Option<UndoneView>,
}

fn url(entity: &str, id: &str) -> String {
    format!("/v1/{entity}s/{id}")
}

impl From<Curation> for CorrectionView {
    fn from(c: Curation) -> Self {
        Self {
            url: url(&c.entity, &c.uid),
            id: c.id,
            entity: c.entity,
            of: c.uid,
            action: c.action,
            reason: c.reason,
            who: c.made_by,
            at: c.made_at,
            revision: c.revision,
            changes: c.parts.into_iter().map(CorrectionPart::from).collect(),
            undone: c.undone.map(UndoneView::from),
        }
    }
}

impl From<Part> for CorrectionPart {
    fn from(part: Part) -> Self {
        let Part { entity, uid, action, field, before, original, value } = part;
        Self { entity, id: uid, action, field, before, after: value, original }
    }
}

impl From<Undone> for UndoneView {
    fn from(undone: Undone) -> Self {
        Self { at: undone.at, who: undone.by, reason: undone.reason }
    }
}

impl From<ReviewItem> for ReviewView {
    fn from(item: ReviewItem) -> Self {
        let prefix = if item.reason == "open_name" { "name" } else { "rev" };
        Self {
            id: format!("{prefix}_{}", item.number),
            url: url(&item.entity, &item.uid),
            reason: item.reason,
            entity: item.entity,
            of: item.uid,
            field: item.field,
            corrected: item.corrected,
            said: item.said,
            document: item.document,
            correction: item.correction,
            candidates: item.candidates.into_iter().map(ActorCandidateView::from).collect(),
            opened_at: item.opened_at,
            closed: item.closed.map(UndoneView::from),
        }
    }
}
