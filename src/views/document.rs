//! Documents on the wire.

use crate::model::bounded::{Bounded, SenderId};
use crate::model::document::{Annotation, MAX_ID, MAX_LANGUAGE, MAX_PUBLISHED, MAX_SOURCE, MAX_TITLE, MAX_URL, StoredDocument};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A stored document without its text.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Document)]
pub struct DocumentView {
    /// `doc_…`, derived from the text.
    pub id: String,
    /// Hash of the text, hexadecimal.
    pub sha256: String,
    /// Headline.
    pub title: Option<String>,
    /// Who published it.
    pub source: Option<String>,
    /// Where it was found.
    pub url: Option<String>,
    /// Day of publication, ISO 8601.
    pub published: Option<String>,
    /// `input`, `text` or `inferred`.
    pub published_from: Option<String>,
    /// ISO 639-1.
    pub language: String,
    /// Where the facts of a text written for this project come from.
    pub facts: Option<String>,
    /// Invented, deeds and persons included.
    pub fictional: bool,
    /// What it was before its text was taken out.
    pub media_type: String,
    /// RFC 3339, UTC.
    pub received_at: String,
    /// Length in code points.
    pub n_chars: u32,
    /// What reading it had to mend, in sentences.
    pub notes: Vec<String>,
    /// Id of the earlier document that says the same in nearly the same words.
    pub near_duplicate_of: Option<String>,
    /// Number of incidents it reports.
    pub n_incidents: u32,
    /// Number of statements in it.
    pub n_statements: u32,
    /// The base's revision at its last change.
    pub revision: i64,
}

impl From<StoredDocument> for DocumentView {
    fn from(d: StoredDocument) -> Self {
        Self {
            id: d.id,
            sha256: d.sha256,
            title: d.title,
            source: d.source,
            url: d.url,
            published: d.published,
            published_from: d.published_from,
            language: d.language,
            facts: d.facts,
            fictional: d.fictional,
            media_type: d.media_type,
            received_at: d.received_at,
            n_chars: d.n_chars,
            notes: d.notes,
            near_duplicate_of: d.near_duplicate_of,
            n_incidents: d.n_incidents,
            n_statements: d.n_statements,
            revision: d.revision,
        }
    }
}

/// All marked stretches of a document, as W3C Web Annotations.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnnotationPage {
    /// Always `http://www.w3.org/ns/anno.jsonld`.
    #[serde(rename = "@context")]
    pub context: &'static str,
    /// Where this page is.
    pub id: String,
    /// `AnnotationPage`
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The annotations, by start.
    pub items: Vec<AnnotationView>,
}

/// One marked stretch.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Annotation)]
pub struct AnnotationView {
    /// `Annotation`
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// What is said of the stretch.
    pub body: AnnotationBody,
    /// The stretch.
    pub target: AnnotationTarget,
}

/// What is said of a stretch.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnnotationBody {
    /// `incident`, `statement`, `actor`, `place`, `relation`, `figure`, `note` or `dateline`.
    pub kind: String,
    /// The field it is evidence for (`killed`, `content`, …), or the code of a note.
    pub field: String,
    /// Id of the entity, where it has one of its own.
    pub entity: Option<String>,
    /// What a reader may be told: canonical name, type code.
    pub label: Option<String>,
    /// Rule that read it.
    pub rule: Option<String>,
}

/// A stretch of a document.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnnotationTarget {
    /// Where the text is.
    pub source: String,
    /// The stretch by its place, and by its words.
    pub selector: (PositionSelector, QuoteSelector),
}

/// A stretch by its place.
#[derive(Debug, Serialize, ToSchema)]
pub struct PositionSelector {
    /// `TextPositionSelector`
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// First code point.
    pub start: u32,
    /// One past the last code point.
    pub end: u32,
}

/// A stretch by its words.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuoteSelector {
    /// `TextQuoteSelector`
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The words.
    pub exact: String,
    /// Up to 32 code points before.
    pub prefix: String,
    /// Up to 32 code points after.
    pub suffix: String,
}

/// Code points of context in a quote selector.
const CONTEXT: usize = 32;

impl AnnotationPage {
    /// The annotations of `text`, which is served at `source`.
    pub fn new(id: String, source: &str, text: &str, annotations: Vec<Annotation>) -> Self {
        let chars: Vec<char> = text.chars().collect();
        let part = |from: usize, to: usize| chars.get(from.min(chars.len())..to.min(chars.len())).unwrap_or_default().iter().collect::<String>();
        let view = |a: Annotation| {
            let (start, end) = (a.start as usize, a.end as usize);
            let quote = QuoteSelector {
                kind: "TextQuoteSelector",
                exact: part(start, end),
                prefix: part(start.saturating_sub(CONTEXT), start),
                suffix: part(end, end.saturating_add(CONTEXT)),
            };
            let position = PositionSelector { kind: "TextPositionSelector", start: a.start, end: a.end };
            AnnotationView {
                kind: "Annotation",
                body: AnnotationBody { kind: a.kind, field: a.field, entity: a.entity, label: a.label, rule: a.rule },
                target: AnnotationTarget { source: source.to_owned(), selector: (position, quote) },
            }
        };
        Self { context: "http://www.w3.org/ns/anno.jsonld", id, kind: "AnnotationPage", items: annotations.into_iter().map(view).collect() }
    }
}

/// What became of a document that was withdrawn.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Withdrawal)]
pub struct WithdrawalView {
    /// Its id, which is answered 410 from now on.
    pub id: String,
    /// Why.
    pub reason: String,
    /// `keep` or `drop`.
    pub facts: &'static str,
    /// Ids of incidents that were made anew.
    pub changed: Vec<String>,
    /// Ids of incidents that are gone.
    pub deleted: Vec<String>,
    /// Whether the log beside the base's file was emptied as well. Where another program reads the base it is not; then it is with the next
    /// writing.
    pub purged: bool,
}

/// What became of a text that was sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct Ingestion {
    /// `stored`, `existing` or `failed`.
    pub status: &'static str,
    /// The sender's id.
    pub id: Option<String>,
    /// Line of an NDJSON body, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// Id of the document.
    pub document: Option<String>,
    /// Where it is.
    pub url: Option<String>,
    /// Ids of the incidents that it reports, in the order of the text.
    pub incidents: Vec<String>,
    /// Incidents that it is the first to report.
    pub n_new_incidents: usize,
    /// Incidents known before that it reports.
    pub n_merged_incidents: usize,
    /// Id of the earlier document that says the same in nearly the same words.
    pub near_duplicate_of: Option<String>,
    /// Why it failed.
    pub problem: Option<String>,
}

/// What became of many texts.
#[derive(Debug, Serialize, ToSchema)]
pub struct Ingestions {
    /// Each, in the order in which they were sent.
    pub data: Vec<Ingestion>,
    /// How many were stored.
    pub n_stored: usize,
    /// How many were stored before.
    pub n_existing: usize,
    /// How many failed.
    pub n_failed: usize,
}

/// A text to be read. Members not named here are skipped. Lengths count characters; the server's `--max-text` bounds the text.
#[derive(Debug, Deserialize, ToSchema)]
pub struct DocumentInput {
    /// The sender's id, text or number; repeated in the answer.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 256)]
    pub id: Option<SenderId<MAX_ID>>,
    /// The words.
    #[schema(example = "A suicide bomber killed at least 12 people in Peshawar on Monday.")]
    pub text: String,
    /// Day of publication, ISO 8601; relative dates are counted from it.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date, max_length = 64)]
    pub published: Option<Bounded<MAX_PUBLISHED>>,
    /// Headline: a hint, never quoted as evidence.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 1024)]
    pub title: Option<Bounded<MAX_TITLE>>,
    /// Where it was found.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 2048)]
    pub url: Option<Bounded<MAX_URL>>,
    /// Who published it.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 256)]
    pub source: Option<Bounded<MAX_SOURCE>>,
    /// ISO 639-1.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 35)]
    pub language: Option<Bounded<MAX_LANGUAGE>>,
}
