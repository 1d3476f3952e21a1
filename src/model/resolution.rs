//! Who an actor of a text is among those that the base has: what is compared, and what was decided.

use super::name::Name;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// An actor of the base that an actor of a text may be.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Candidate {
    /// The lexicon's key, or `act_…`.
    pub id: String,
    /// Canonical name.
    pub name: String,
    /// All its names, the canonical one among them.
    pub names: Vec<Name>,
    /// Code of the actor type list.
    pub kind: String,
    /// Its home, ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// An entry of the lexicon.
    pub known: bool,
    /// It exists since this partial ISO date.
    pub valid_from: Option<String>,
    /// It existed until this partial ISO date.
    pub valid_to: Option<String>,
    /// What documents tell of it.
    pub context: Context,
}

/// What documents tell around an actor, of a text or of the base.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Context {
    /// Titles and offices.
    pub titles: Vec<String>,
    /// Ids of persons who are mentioned with it, sorted.
    pub people: Vec<String>,
    /// Ids of groups and organisations that are mentioned with it, states apart, sorted.
    pub groups: Vec<String>,
    /// Ids of what it belongs to, sorted.
    pub owners: Vec<String>,
    /// ISO 3166-1 alpha-2 codes of the countries in which incidents of these documents happened, sorted.
    pub countries: Vec<String>,
    /// Day of publication of the first document that mentions it.
    pub first: Option<Date>,
    /// Day of publication of the last one.
    pub last: Option<Date>,
}

/// Whether an actor of a text is one of the base.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Identity {
    /// None of the base.
    New,
    /// The actor of this id.
    Same(String),
    /// It may be one of several, and nothing tells which.
    Open,
}

/// A candidate after comparison.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Weighed {
    /// Id of the actor.
    pub id: String,
    /// Its canonical name.
    pub name: String,
    /// Log-odds; above 0 is more likely the same than not.
    pub score: f64,
    /// What the score is made of, by name.
    pub features: Vec<(String, f64)>,
    /// Why they cannot be the same, whatever the score.
    pub veto: Option<String>,
}

impl Weighed {
    /// More likely the same than not, and nothing against it.
    pub fn is_likely(&self) -> bool {
        self.veto.is_none() && self.score > 0.0
    }
}

/// What was decided on one actor of a text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Resolution {
    /// Index of the actor in the record.
    pub actor: usize,
    /// Its name in the text.
    pub name: String,
    /// What was decided.
    pub identity: Identity,
    /// What decided: `resolve.score`, `resolve.close`, `resolve.too_unlike`, `resolve.no_candidate`, `veto.type`, …
    pub rule: String,
    /// Those compared, the best first; at most ten.
    pub candidates: Vec<Weighed>,
}
