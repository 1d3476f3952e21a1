//! Statements on the wire.

use super::Reference;
use crate::model::DateRange;
use crate::model::record::Excerpt;
use crate::model::statement::{StatementSpan, StoredSpeaker, StoredStatement};
use serde::Serialize;
use utoipa::ToSchema;

/// Who said what, in one document.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Statement)]
pub struct StatementView {
    /// `stm_…`, derived from the document.
    pub id: String,
    /// Code of the list `statement_kinds`.
    pub kind: String,
    /// Code of the list `statement_modes`.
    pub mode: String,
    /// Who said it; null where the text does not say.
    pub speaker: Option<SpeakerView>,
    /// The word that reports it.
    pub cue: Option<String>,
    /// To whom.
    pub addressee: Option<String>,
    /// What was said; the parts of an interrupted quotation are put together with a space.
    pub content: String,
    /// The parts between quotation marks, with their place in the document.
    pub quotes: Vec<Excerpt>,
    /// All spans in the document by what they hold.
    pub spans: Vec<SpanView>,
    /// By which way it was said: code of the list `statement_channels`; null where the text does not tell it.
    pub channel: Option<String>,
    /// Of claims and denials: code of the list `claim_standings`, over all reports of the incident; else null.
    pub standing: Option<String>,
    /// When it was said.
    pub said_on: Option<DateRange>,
    /// Ids of the incidents that it is about.
    pub about: Vec<String>,
    /// Id of the document.
    pub document: String,
    /// Headline of the document.
    pub document_title: Option<String>,
    /// Who published the document.
    pub source: Option<String>,
    /// Day of publication, ISO 8601.
    pub published: Option<String>,
    /// `machine`, `confirmed` or `rejected`.
    pub status: String,
    /// The document is invented.
    pub fictional: bool,
    /// 0 to 1.
    pub confidence: f64,
    /// The base's revision at its last change.
    pub revision: i64,
}

/// The speaker of a statement.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Speaker)]
pub struct SpeakerView {
    /// The actor, where the speaker has a name.
    pub actor: Option<Reference>,
    /// Canonical name when known.
    pub name: Option<String>,
    /// The noun phrase as it stands.
    pub text: String,
    /// What the speaker belongs to.
    pub affiliation: Option<String>,
    /// For whom it is said.
    pub on_behalf_of: Option<String>,
}

/// One stretch of a document.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Span)]
pub struct SpanView {
    /// `speaker`, `cue`, `content` or `quote`.
    pub part: String,
    /// First code point.
    pub start: u32,
    /// One past the last code point.
    pub end: u32,
    /// The words.
    pub text: String,
}

impl From<StoredStatement> for StatementView {
    fn from(s: StoredStatement) -> Self {
        let quote = |span: &StatementSpan| Excerpt { start: span.start, end: span.end, text: span.text.clone() };
        Self {
            id: s.id,
            kind: s.kind,
            mode: s.mode,
            speaker: s.speaker.map(SpeakerView::from),
            cue: s.cue,
            addressee: s.addressee,
            content: s.content,
            quotes: s.spans.iter().filter(|span| span.part == "quote").map(quote).collect(),
            spans: s.spans.into_iter().map(SpanView::from).collect(),
            channel: s.channel,
            standing: s.standing,
            said_on: s.said_on,
            about: s.about,
            document: s.document,
            document_title: s.document_title,
            source: s.source,
            published: s.published,
            status: s.status,
            fictional: s.fictional,
            confidence: s.confidence,
            revision: s.revision,
        }
    }
}

impl From<StoredSpeaker> for SpeakerView {
    fn from(speaker: StoredSpeaker) -> Self {
        let StoredSpeaker { actor, name, text, affiliation, on_behalf_of } = speaker;
        Self { actor: actor.map(Reference::from), name, text, affiliation, on_behalf_of }
    }
}

impl From<StatementSpan> for SpanView {
    fn from(span: StatementSpan) -> Self {
        let StatementSpan { part, start, end, text } = span;
        Self { part, start, end, text }
    }
}
