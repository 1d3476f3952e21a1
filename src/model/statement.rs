//! Statements and figures as they are kept.

use super::DateRange;
use super::actor::ActorRef;
use super::record::Excerpt;
use serde::{Deserialize, Serialize};

/// The speaker of a stored statement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredSpeaker {
    /// The stored actor, where the speaker has a name.
    pub actor: Option<ActorRef>,
    /// Canonical name when known.
    pub name: Option<String>,
    /// The noun phrase as it stands.
    pub text: String,
    /// What the speaker belongs to.
    pub affiliation: Option<String>,
    /// For whom it is said.
    pub on_behalf_of: Option<String>,
}

/// Who said what, in one document.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StoredStatement {
    /// `stm_…`, derived from the document.
    pub id: String,
    /// Code of the statement kind list.
    pub kind: String,
    /// Code of the statement mode list.
    pub mode: String,
    /// Who said it.
    pub speaker: Option<StoredSpeaker>,
    /// The word that reports it.
    pub cue: Option<String>,
    /// To whom.
    pub addressee: Option<String>,
    /// The words of all content spans, put together with a space.
    pub content: String,
    /// By which way: code of the statement channel list.
    pub channel: Option<String>,
    /// Of claims and denials: code of the claim standing list.
    pub standing: Option<String>,
    /// When it was said.
    pub said_on: Option<DateRange>,
    /// Ids of incidents.
    pub about: Vec<String>,
    /// Id of the document.
    pub document: String,
    /// Headline of the document.
    pub document_title: Option<String>,
    /// Who published it.
    pub source: Option<String>,
    /// Day of publication, ISO 8601.
    pub published: Option<String>,
    /// `machine`, `confirmed` or `rejected`.
    pub status: String,
    /// The document is invented.
    pub fictional: bool,
    /// 0 to 1.
    pub confidence: f64,
    /// Spans in the document by part: `speaker`, `cue`, `content`, `quote`.
    pub spans: Vec<StatementSpan>,
    /// The base's revision at its last change.
    pub revision: i64,
}

/// One stretch of a statement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementSpan {
    /// `speaker`, `cue`, `content` or `quote`.
    pub part: String,
    /// First code point.
    pub start: u32,
    /// One past the last code point.
    pub end: u32,
    /// The words.
    pub text: String,
}

/// A statistic that a document quotes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredFigure {
    /// `fig_…`, derived from the document.
    pub id: String,
    /// What is counted.
    pub measure: String,
    /// The number.
    pub value: Option<f64>,
    /// `percent`, `count` or `times`.
    pub unit: Option<String>,
    /// `increase`, `decrease` or null.
    pub change: Option<String>,
    /// When.
    pub period: Option<DateRange>,
    /// ISO country, or a place name.
    pub place: Option<String>,
    /// Who gives it.
    pub source: Option<String>,
    /// The stored actor who gives it.
    pub source_actor: Option<ActorRef>,
    /// Id of the document.
    pub document: String,
    /// The document is invented.
    pub fictional: bool,
    /// Where it stands.
    pub excerpt: Excerpt,
    /// The base's revision when it was stored.
    pub revision: i64,
}
