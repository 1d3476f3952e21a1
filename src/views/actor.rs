//! Actors on the wire.

use super::Reference;
use crate::model::actor::{ActorName, ActorRow, NameDecision, Network, StoredActor, StoredRelation, Tie};
use crate::model::resolution::Weighed;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// An organisation, state or person with a name.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Actor)]
pub struct ActorView {
    /// The lexicon's key, or `act_…`.
    pub id: String,
    /// Canonical name.
    pub name: String,
    /// Code of the list `actor_types`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its home, ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Ideology or nature; never a judgement.
    pub tags: Vec<String>,
    /// An entry of the lexicon, as against one that documents brought.
    pub known: bool,
    /// `machine`, `confirmed`, `rejected` or `merged`.
    pub status: String,
    /// Id of its successor, where it was merged.
    pub merged_into: Option<String>,
    /// Number of incidents it takes part in, in any role.
    pub n_incidents: u32,
    /// Number of its statements.
    pub n_statements: u32,
    /// Number of documents that mention it.
    pub n_documents: u32,
    /// The base's revision at its last change.
    pub revision: i64,
    /// Its names are not shown; `name` is a label.
    pub withheld: bool,
}

/// One name of an actor.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NameOfActor {
    /// The name.
    pub name: String,
    /// `canonical`, `alias`, `acronym`, `native`, `former` or `mention`.
    pub kind: String,
    /// ISO 15924, where it is not Latin.
    pub script: Option<String>,
    /// In use since this partial ISO date.
    pub valid_from: Option<String>,
    /// In use until this partial ISO date.
    pub valid_to: Option<String>,
    /// It also means something else.
    pub ambiguous: bool,
}

/// A title or office that documents give.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Title {
    /// The words.
    pub title: String,
    /// Number of documents that give it.
    pub n_documents: u32,
}

/// One actor's relation to another.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Relation)]
pub struct RelationView {
    /// Who.
    pub subject: Reference,
    /// Code of the list `actor_relations`.
    pub relation: String,
    /// To whom.
    pub object: Reference,
    /// `reported`, or `alleged` where the document only passes it on.
    pub certainty: String,
    /// Since this partial ISO date.
    pub valid_from: Option<String>,
    /// Until this partial ISO date.
    pub valid_to: Option<String>,
    /// Id of the document that says so; null for the lexicon and for curators.
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
#[derive(Debug, Serialize, ToSchema)]
pub struct ActorDetail {
    /// As in lists.
    #[serde(flatten)]
    pub actor: ActorView,
    /// All names.
    pub names: Vec<NameOfActor>,
    /// Titles and offices, the most frequent first.
    pub titles: Vec<Title>,
    /// Where the entry can be checked.
    pub source: Option<String>,
    /// Exists since this partial ISO date.
    pub valid_from: Option<String>,
    /// Existed until this partial ISO date.
    pub valid_to: Option<String>,
    /// Relations, on either side.
    pub relations: Vec<RelationView>,
    /// Number of incidents by role; codes of the list `participant_roles`.
    pub roles: BTreeMap<String, u32>,
    /// How the names of documents came to stand for it, the latest first, at most 12; an actor of the lexicon is found by its names alone.
    pub decisions: Vec<ActorDecisionView>,
}

/// Whom a name in a document was taken for, and why.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ActorDecision)]
pub struct ActorDecisionView {
    /// Id of the document.
    pub document: String,
    /// The name in it.
    pub name: String,
    /// `new`: nobody whom the base had; `same`: this actor, which the base had; `open`: one of the candidates or nobody.
    pub verdict: String,
    /// What decided: `resolve.score`, `resolve.close` (several are as likely), `resolve.too_unlike`, `resolve.no_candidate`, `veto.…`,
    /// `curator.same` (somebody made the actor of this name one with this one).
    pub rule: String,
    /// Those compared, the best first.
    pub candidates: Vec<ActorCandidateView>,
    /// RFC 3339, UTC.
    pub made_at: String,
}

/// An actor that a name could have meant.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ActorCandidate)]
pub struct ActorCandidateView {
    /// Id of the actor.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Log-odds; above 0 is more likely the same than not.
    pub score: f64,
    /// What the score is made of: `name`, `type`, `country`, `affiliation`, `title`, `people` and `groups` named beside it,
    /// `strangers` (nobody of them the same), `validity`, `years`.
    pub features: BTreeMap<String, f64>,
    /// Why they cannot be the same, whatever the score: `type`, `not_yet`, `set_aside`.
    pub veto: Option<String>,
}

/// What ties two actors.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Tie)]
pub struct TieView {
    /// Id of one end.
    pub from: String,
    /// Id of the other.
    pub to: String,
    /// Code of the list `actor_relations`, or `incident` for taking part in the same ones.
    pub relation: String,
    /// Number of incidents or documents.
    pub weight: u32,
}

/// An actor's surroundings.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Network)]
pub struct NetworkView {
    /// Actors, the nearest first; at most 60.
    pub actors: Vec<ActorView>,
    /// What ties them.
    pub ties: Vec<TieView>,
}

impl From<ActorRow> for ActorView {
    fn from(row: ActorRow) -> Self {
        let ActorRow { id, name, kind, country, tags, known, status, merged_into, n_incidents, n_statements, n_documents, revision, withheld } = row;
        Self { id, name, kind, country, tags, known, status, merged_into, n_incidents, n_statements, n_documents, revision, withheld }
    }
}

impl From<ActorName> for NameOfActor {
    fn from(name: ActorName) -> Self {
        let ActorName { name, kind, script, valid_from, valid_to, ambiguous } = name;
        Self { name, kind, script, valid_from, valid_to, ambiguous }
    }
}

impl From<StoredRelation> for RelationView {
    fn from(r: StoredRelation) -> Self {
        Self {
            subject: r.subject.into(),
            relation: r.relation,
            object: r.object.into(),
            certainty: r.certainty,
            valid_from: r.valid_from,
            valid_to: r.valid_to,
            document: r.document,
            start: r.start,
            end: r.end,
            text: r.text,
            confidence: r.confidence,
        }
    }
}

impl From<StoredActor> for ActorDetail {
    fn from(stored: StoredActor) -> Self {
        Self {
            actor: stored.row.into(),
            names: stored.names.into_iter().map(NameOfActor::from).collect(),
            titles: stored.titles.into_iter().map(|(title, n_documents)| Title { title, n_documents }).collect(),
            source: stored.source,
            valid_from: stored.valid_from,
            valid_to: stored.valid_to,
            relations: stored.relations.into_iter().map(RelationView::from).collect(),
            roles: stored.roles.into_iter().collect(),
            decisions: stored.decisions.into_iter().map(ActorDecisionView::from).collect(),
        }
    }
}

impl From<NameDecision> for ActorDecisionView {
    fn from(decision: NameDecision) -> Self {
        let NameDecision { document, name, verdict, rule, candidates, made_at } = decision;
        Self { document, name, verdict, rule, candidates: candidates.into_iter().map(ActorCandidateView::from).collect(), made_at }
    }
}

impl From<Weighed> for ActorCandidateView {
    fn from(candidate: Weighed) -> Self {
        let Weighed { id, name, score, features, veto } = candidate;
        Self { id, name, score, features: features.into_iter().collect(), veto }
    }
}

impl From<Network> for NetworkView {
    fn from(network: Network) -> Self {
        let tie = |Tie { from, to, relation, weight }| TieView { from, to, relation, weight };
        Self { actors: network.actors.into_iter().map(ActorView::from).collect(), ties: network.ties.into_iter().map(tie).collect() }
    }
}

/// Whether an actor's names are withheld.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Withheld)]
pub struct WithheldView {
    /// Id of the actor.
    pub id: String,
    /// Whether its names are withheld now.
    pub withheld: bool,
    /// Whether that was otherwise before.
    pub changed: bool,
}
