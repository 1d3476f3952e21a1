//! What curators decide, as data: it is applied to whatever the reports say, now and later.

use super::incident::Party;
use super::plan::Reconciled;
use super::record::Place;
use super::{Count, DateRange};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One change of an incident.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "field", content = "value", rename_all = "snake_case")]
pub enum Change {
    /// Code of the incident type list.
    Type(String),
    /// When; none where it is not known.
    Date(Option<DateRange>),
    /// Where; none where it is not known.
    Place(Option<Place>),
    /// Where exactly, within the place.
    Coordinates(Coordinates),
    /// Building or spot.
    Site(Option<String>),
    /// Deaths.
    Killed(Option<Count>),
    /// Injured.
    Injured(Option<Count>),
    /// All weapons: codes of the weapon kind list.
    Weapons(Vec<String>),
    /// All attributes: codes of the attribute list.
    Attributes(Vec<String>),
    /// Code of the certainty list.
    Certainty(String),
    /// Code of the evidence grade list.
    EvidenceGrade(String),
    /// Told as context only.
    Background(bool),
    /// The sentence that tells it best.
    Summary(String),
    /// Somebody took part.
    #[serde(rename = "participants.add")]
    AddParticipant(Party),
    /// Somebody did not take part.
    #[serde(rename = "participants.remove")]
    RemoveParticipant(PartyRef),
    /// Somebody took part in another role.
    #[serde(rename = "participants.role")]
    Role(RoleChange),
    /// `confirmed` or `rejected`.
    Status(String),
}

/// A point.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Coordinates {
    /// Degrees, WGS 84.
    pub latitude: f64,
    /// Degrees, WGS 84.
    pub longitude: f64,
    /// Code of the place precision list.
    pub precision: String,
}

/// One party of an incident: an actor, or somebody without a name by the words for them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartyRef {
    /// Id of the actor.
    pub actor: Option<String>,
    /// Canonical name, else the words.
    pub name: String,
    /// Code of the participant role list.
    pub role: String,
}

/// A party that gets another role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleChange {
    /// Who, in the role so far.
    pub party: PartyRef,
    /// Code of the participant role list.
    pub to: String,
}

/// A change of an incident that holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Correction {
    /// Number of the correction.
    pub id: i64,
    /// What is changed.
    pub change: Change,
    /// What documents said otherwise when it was made: document and value.
    pub known: Vec<(String, Value)>,
}

/// A report that says otherwise than a correction.
#[derive(Clone, Debug, PartialEq)]
pub struct Contradiction {
    /// Number of the correction.
    pub correction: i64,
    /// The field.
    pub field: String,
    /// Id of the document.
    pub document: String,
    /// What it says.
    pub said: Value,
}

/// What reports and corrections together make.
#[derive(Clone, Debug, PartialEq)]
pub struct Corrected {
    /// The incident.
    pub state: Reconciled,
    /// The place that it is stored under, whatever exact point it has.
    pub place: Option<Place>,
    /// Where the reports say otherwise, and that was not known when the correction was made.
    pub contradictions: Vec<Contradiction>,
}

impl Change {
    /// Name of the field and its value as JSON.
    ///
    /// # Errors
    /// Where a value cannot be written as JSON, which does not happen with finite numbers.
    pub fn stored(&self) -> Result<(String, Value), serde_json::Error> {
        let mut tagged = serde_json::to_value(self)?;
        let mut take = |name: &str| tagged.get_mut(name).map(Value::take).unwrap_or_default();
        let (field, value) = (take("field"), take("value"));
        Ok((field.as_str().unwrap_or_default().to_owned(), value))
    }

    /// The change of a stored correction.
    ///
    /// # Errors
    /// Where the field is not one, or the value not one of it.
    pub fn of_stored(field: &str, value: Value) -> Result<Self, serde_json::Error> {
        serde_json::from_value(serde_json::json!({ "field": field, "value": value }))
    }

    /// What the base calls such a change.
    pub fn action(&self) -> &'static str {
        match self {
            Self::AddParticipant(_) => "add",
            Self::RemoveParticipant(_) => "remove",
            Self::Status(status) if status == "confirmed" => "confirm",
            Self::Status(_) => "reject",
            _ => "set",
        }
    }

    /// The actor that it names.
    pub fn actor(&self) -> Option<&str> {
        match self {
            Self::AddParticipant(party) => party.actor.as_deref(),
            Self::RemoveParticipant(party) | Self::Role(RoleChange { party, .. }) => party.actor.as_deref(),
            _ => None,
        }
    }

    /// Names another actor instead, where one was merged or renamed.
    pub fn set_actor(&mut self, id: &str, name: &str) {
        let (actor, shown) = match self {
            Self::AddParticipant(party) => (&mut party.actor, &mut party.name),
            Self::RemoveParticipant(party) | Self::Role(RoleChange { party, .. }) => (&mut party.actor, &mut party.name),
            _ => return,
        };
        *actor = Some(id.to_owned());
        name.clone_into(shown);
    }
}

/// What a curator decided with one request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Curation {
    /// Number.
    pub id: i64,
    /// `incident`, `actor` or `statement`.
    pub entity: String,
    /// Its id.
    pub uid: String,
    /// `edit`, `merge`, `split`, `confirm`, `reject`, `evidence` or `relate`.
    pub action: String,
    /// Why.
    pub reason: String,
    /// The key's name.
    pub made_by: String,
    /// RFC 3339, UTC.
    pub made_at: String,
    /// The base's revision that it made.
    pub revision: i64,
    /// Where it was undone: when, by whom, why.
    pub undone: Option<Undone>,
    /// What exactly; at most 100.
    pub parts: Vec<Part>,
}

/// When, by whom and why something was undone or closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undone {
    /// RFC 3339, UTC.
    pub at: String,
    /// The key's name.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// One part of a curation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// `incident`, `actor`, `statement`, `report` or `evidence`.
    pub entity: String,
    /// Its id; of evidence the incident's.
    pub uid: String,
    /// `set`, `add`, `remove`, `same_as`, `not_same_as`, `confirm` or `reject`.
    pub action: String,
    /// The field.
    pub field: Option<String>,
    /// What it was before.
    pub before: Option<Value>,
    /// What it would be without any correction.
    pub original: Option<Value>,
    /// What it is, or the other one's id.
    pub value: Option<Value>,
}

/// A stretch of a document that is, or is not, why a field has its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// Id of the document.
    pub document: String,
    /// First code point.
    pub start: u32,
    /// One past the last code point.
    pub end: u32,
}

/// Something that somebody is to look at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReviewItem {
    /// `contradiction`, `reported_again` or `open_name`.
    pub reason: String,
    /// Number among those of its table.
    pub number: i64,
    /// `incident`, `actor` or `statement`.
    pub entity: String,
    /// Its id.
    pub uid: String,
    /// The field that a correction set; of an open name `name`.
    pub field: String,
    /// What the correction set.
    pub corrected: Option<Value>,
    /// Number of the curation that it is part of.
    pub correction: Option<i64>,
    /// The document.
    pub document: String,
    /// What the document says.
    pub said: Value,
    /// Of an open name: whom it may mean, the best first.
    pub candidates: Vec<super::resolution::Weighed>,
    /// RFC 3339, UTC.
    pub opened_at: String,
    /// When, by whom and why it was closed.
    pub closed: Option<Undone>,
}

/// A name of an actor as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredName {
    /// Number of its row; none for one that a correction adds.
    pub id: Option<i64>,
    /// The name.
    pub name: String,
    /// `canonical`, `alias`, `acronym`, `native`, `former` or `mention`.
    pub kind: String,
    /// ISO 15924, where it is not Latin.
    pub script: Option<String>,
    /// Partial ISO date.
    pub valid_from: Option<String>,
    /// Partial ISO date.
    pub valid_to: Option<String>,
    /// It also means something else.
    pub ambiguous: bool,
}

/// One change of the names of an actor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "change")]
pub enum NameChange {
    /// It is called so; what it was called stays an alias.
    Rename {
        /// The name.
        name: String,
    },
    /// It is called so, too.
    Add {
        /// The name.
        name: String,
        /// `alias`, `acronym`, `native` or `former`.
        kind: String,
    },
    /// It is not called so, whatever documents say.
    Remove {
        /// The name.
        name: String,
        /// As names are compared.
        folded: String,
    },
}

/// JSON of names as a history shows them.
pub fn shown_names(names: &[StoredName]) -> Value {
    names.iter().map(|n| serde_json::json!({ "name": n.name, "kind": n.kind })).collect()
}

/// The names of an actor after changes, in their order.
pub fn changed_names(names: &[StoredName], changes: &[NameChange]) -> Vec<StoredName> {
    let mut names = names.to_vec();
    let new = |name: &str, kind: &str| StoredName {
        id: None,
        name: name.to_owned(),
        kind: kind.to_owned(),
        script: None,
        valid_from: None,
        valid_to: None,
        ambiguous: false,
    };
    for change in changes {
        match change {
            NameChange::Rename { name } => {
                // The new name may have been an alias, the old one may be one as well.
                names.retain(|n| n.kind == "canonical" || n.name != *name);
                let old: Vec<String> = names.iter().filter(|n| n.kind == "canonical" && n.name != *name).map(|n| n.name.clone()).collect();
                names.retain(|n| n.kind == "canonical" || n.kind != "alias" || !old.contains(&n.name));
                names.iter_mut().filter(|n| n.kind == "canonical" && n.name != *name).for_each(|n| "alias".clone_into(&mut n.kind));
                if !names.iter().any(|n| n.kind == "canonical") {
                    names.push(new(name, "canonical"));
                }
            }
            NameChange::Add { name, kind } => {
                if !names.iter().any(|n| n.name == *name) {
                    names.push(new(name, kind));
                }
            }
            NameChange::Remove { folded, .. } => names.retain(|n| n.kind == "canonical" || super::id::fold_name(&n.name) != *folded),
        }
    }
    names
}

/// The speaker of a statement, as a curator sets it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpeakerValue {
    /// Id of the actor, where the speaker has a name.
    pub actor: Option<String>,
    /// Canonical name.
    pub name: Option<String>,
    /// The noun phrase as it stands, else the name.
    pub text: String,
    /// What the speaker belongs to.
    pub affiliation: Option<String>,
    /// For whom it is said.
    pub on_behalf_of: Option<String>,
    /// Where the noun phrase stands in the document.
    pub span: Option<(u32, u32)>,
}

/// What a curator can set of a statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "field", content = "value", rename_all = "snake_case")]
pub enum StatementChange {
    /// Code of the statement kind list.
    Kind(String),
    /// Who said it; none where the text does not say.
    Speaker(Option<SpeakerValue>),
    /// What was said: stretches of the document.
    Content(Vec<(u32, u32)>),
    /// `machine`, `confirmed` or `rejected`.
    Status(String),
}

impl StatementChange {
    /// Name of the field and its value as JSON.
    ///
    /// # Errors
    /// Where a value cannot be written as JSON, which does not happen.
    pub fn stored(&self) -> Result<(String, Value), serde_json::Error> {
        let mut tagged = serde_json::to_value(self)?;
        let mut take = |name: &str| tagged.get_mut(name).map(Value::take).unwrap_or_default();
        let (field, value) = (take("field"), take("value"));
        Ok((field.as_str().unwrap_or_default().to_owned(), value))
    }

    /// The change of a stored correction.
    ///
    /// # Errors
    /// Where the field is not one, or the value not one of it.
    pub fn of_stored(field: &str, value: Value) -> Result<Self, serde_json::Error> {
        serde_json::from_value(serde_json::json!({ "field": field, "value": value }))
    }

    /// What the base calls such a change.
    pub fn action(&self) -> &'static str {
        match self {
            Self::Status(status) if status == "confirmed" => "confirm",
            Self::Status(_) => "reject",
            _ => "set",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(id: i64, name: &str, kind: &str) -> StoredName {
        StoredName { id: Some(id), name: name.to_owned(), kind: kind.to_owned(), script: None, valid_from: None, valid_to: None, ambiguous: false }
    }

    #[track_caller]
    fn check(changes: &[NameChange], expect: &[(&str, &str)]) {
        let names = [name(1, "Army of Islam", "canonical"), name(2, "AoI", "acronym"), name(3, "Islam Army", "mention")];
        let got = changed_names(&names, changes);
        assert_eq!(got.iter().map(|n| (n.name.as_str(), n.kind.as_str())).collect::<Vec<_>>(), expect);
        assert!(got.iter().filter(|n| n.kind == "canonical").count() == 1);
    }

    #[test]
    fn names_are_changed_one_after_the_other() {
        let rename = |name: &str| NameChange::Rename { name: name.to_owned() };
        let remove = |name: &str| NameChange::Remove { name: name.to_owned(), folded: crate::model::id::fold_name(name) };
        let add = |name: &str, kind: &str| NameChange::Add { name: name.to_owned(), kind: kind.to_owned() };
        let (old, acronym, mention) = (("Army of Islam", "canonical"), ("AoI", "acronym"), ("Islam Army", "mention"));
        check(&[], &[old, acronym, mention]);
        check(&[rename("Army of Islam")], &[old, acronym, mention]);
        check(&[rename("Jaish al-Islam")], &[("Army of Islam", "alias"), acronym, mention, ("Jaish al-Islam", "canonical")]);
        check(&[rename("Islam Army")], &[("Army of Islam", "alias"), acronym, ("Islam Army", "canonical")]);
        check(&[rename("X"), rename("Y")], &[("Army of Islam", "alias"), acronym, mention, ("X", "alias"), ("Y", "canonical")]);
        check(&[rename("X"), rename("Army of Islam")], &[acronym, mention, ("X", "alias"), ("Army of Islam", "canonical")]);
        check(&[remove("aoi"), remove("Army of Islam")], &[old, mention]);
        check(&[add("Islamic Army", "alias"), add("AoI", "alias")], &[old, acronym, mention, ("Islamic Army", "alias")]);
    }
}
