//! Actors as they are kept.

use super::resolution::Weighed;
use serde::{Deserialize, Serialize};

/// Name and id of an actor.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ActorRef {
    /// The lexicon's key, or `act_…`.
    pub id: String,
    /// Canonical name.
    pub name: String,
}

/// An actor as lists show it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActorRow {
    /// The lexicon's key, or `act_…`.
    pub id: String,
    /// Canonical name.
    pub name: String,
    /// Code of the actor type list.
    #[serde(rename = "type")]
    pub kind: String,
    /// ISO 3166-1 alpha-2 of its home.
    pub country: Option<String>,
    /// Ideology or nature.
    pub tags: Vec<String>,
    /// An entry of the lexicon.
    pub known: bool,
    /// `machine`, `confirmed`, `rejected` or `merged`.
    pub status: String,
    /// Its successor, where it was merged.
    pub merged_into: Option<String>,
    /// Number of incidents it takes part in, in any role.
    pub n_incidents: u32,
    /// Number of its statements.
    pub n_statements: u32,
    /// Number of documents that mention it.
    pub n_documents: u32,
    /// The base's revision at its last change.
    pub revision: i64,
    /// Its names are not shown.
    pub withheld: bool,
}

/// One name of an actor.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActorName {
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

/// One relation, seen from neither side.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StoredRelation {
    /// Who.
    pub subject: ActorRef,
    /// Code of the actor relation list.
    pub relation: String,
    /// To whom; an empty id for a place or an actor without a page.
    pub object: ActorRef,
    /// `reported` or `alleged`.
    pub certainty: String,
    /// Partial ISO date.
    pub valid_from: Option<String>,
    /// Partial ISO date.
    pub valid_to: Option<String>,
    /// The document that says so; null for the lexicon.
    pub document: Option<String>,
    /// First code point.
    pub start: Option<u32>,
    /// One past the last code point.
    pub end: Option<u32>,
    /// The words.
    pub text: Option<String>,
    /// 0 to 1.
    pub confidence: f64,
}

/// One actor with all that is known of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StoredActor {
    /// As lists show it.
    pub row: ActorRow,
    /// All names.
    pub names: Vec<ActorName>,
    /// Titles and offices that documents give it, with the number of documents.
    pub titles: Vec<(String, u32)>,
    /// Where the entry can be checked.
    pub source: Option<String>,
    /// Partial ISO date.
    pub valid_from: Option<String>,
    /// Partial ISO date.
    pub valid_to: Option<String>,
    /// Relations on either side.
    pub relations: Vec<StoredRelation>,
    /// Number of incidents by role.
    pub roles: Vec<(String, u32)>,
    /// How documents came to name it, the latest first.
    pub decisions: Vec<NameDecision>,
}

/// Whom a name in a document was taken for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NameDecision {
    /// The document.
    pub document: String,
    /// The name in it.
    pub name: String,
    /// `new`, `same` or `open`.
    pub verdict: String,
    /// What decided.
    pub rule: String,
    /// Those compared, the best first.
    pub candidates: Vec<Weighed>,
    /// RFC 3339, UTC.
    pub made_at: String,
}

/// One tie of an actor's network: the two share incidents or are related.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tie {
    /// One end.
    pub from: String,
    /// The other.
    pub to: String,
    /// Code of the actor relation list, or `incident` for taking part in the same ones.
    pub relation: String,
    /// Number of incidents or documents.
    pub weight: u32,
}

/// An actor's surroundings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Network {
    /// Actors, the nearest first.
    pub actors: Vec<ActorRow>,
    /// What ties them.
    pub ties: Vec<Tie>,
}

/// An actor as the lexicon knows it, to be seeded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownActor {
    /// The lexicon's key.
    pub key: String,
    /// Canonical name.
    pub name: String,
    /// Code of the actor type list.
    pub kind: String,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Ideology or nature.
    pub tags: Vec<String>,
    /// All names but the canonical one.
    pub names: Vec<ActorName>,
    /// Partial ISO date.
    pub valid_from: Option<String>,
    /// Partial ISO date.
    pub valid_to: Option<String>,
    /// Where the entry can be checked.
    pub source: String,
    /// Subject key, relation, object key, from, to.
    pub relations: Vec<KnownTie>,
}

/// A relation of the lexicon.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownTie {
    /// Key of the subject.
    pub subject: String,
    /// Code of the actor relation list.
    pub relation: String,
    /// Key of the object.
    pub object: String,
    /// Partial ISO date.
    pub valid_from: Option<String>,
    /// Partial ISO date.
    pub valid_to: Option<String>,
}
