//! Documents as they are received and kept.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Longest id that a sender may give a document, in code points, as are the lengths below.
pub const MAX_ID: usize = 256;
/// Longest headline.
pub const MAX_TITLE: usize = 1024;
/// Longest name of a publisher.
pub const MAX_SOURCE: usize = 256;
/// Longest address, which is what servers take at most.
pub const MAX_URL: usize = 2048;
/// Longest note on where the facts of a text come from.
pub const MAX_FACTS: usize = 1024;
/// Longest reason for withdrawing a document.
pub const MAX_REASON: usize = 1024;
/// Longest name of a language; BCP 47 asks for 35 to be kept.
pub const MAX_LANGUAGE: usize = 35;
/// Longest day of publication: a time with fractions and a zone.
pub const MAX_PUBLISHED: usize = 64;

/// A text ready to be read, with what came with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Article {
    /// Id that the sender gave it; repeated in reports of progress and errors.
    pub id: Option<String>,
    /// Headline.
    pub title: Option<String>,
    /// Day of publication.
    pub published: Option<Date>,
    /// Who published it.
    pub source: Option<String>,
    /// Where it was found.
    pub url: Option<String>,
    /// Where the facts of a text written for this project come from.
    pub facts: Option<String>,
    /// Invented, deeds and persons included.
    pub fictional: bool,
    /// ISO 639-1.
    pub language: Option<String>,
    /// `text/plain`, `text/markdown` or `text/html`.
    pub media_type: String,
    /// The text that all offsets count in.
    pub text: String,
    /// What reading it had to mend, in sentences.
    pub notes: Vec<String>,
}

/// A document about to be stored.
#[derive(Clone, Debug)]
pub struct NewDocument<'a> {
    /// What was read.
    pub article: &'a Article,
    /// Hash of its text, hexadecimal.
    pub sha256: &'a str,
    /// What the engine found in it.
    pub record: &'a super::Record,
    /// The record as it is stored.
    pub packed: &'a [u8],
    /// MinHash of the text.
    pub signature: &'a [u32],
    /// Bands of the signature.
    pub bands: &'a [u32],
    /// Id of the earlier document that says the same in nearly the same words.
    pub near_duplicate_of: Option<String>,
}

/// A stored document without its text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredDocument {
    /// `doc_…`, derived from the text.
    pub id: String,
    /// Hash of the text, hexadecimal.
    pub sha256: String,
    /// Who published it.
    pub source: Option<String>,
    /// Where it was found.
    pub url: Option<String>,
    /// Headline.
    pub title: Option<String>,
    /// Day of publication, ISO 8601.
    pub published: Option<String>,
    /// `input`, `text` or `inferred`.
    pub published_from: Option<String>,
    /// ISO 639-1.
    pub language: String,
    /// Where the facts of a text written for this project come from.
    pub facts: Option<String>,
    /// Invented.
    pub fictional: bool,
    /// What it was before its text was taken out.
    pub media_type: String,
    /// RFC 3339, UTC.
    pub received_at: String,
    /// Length in code points.
    pub n_chars: u32,
    /// What reading it had to mend.
    pub notes: Vec<String>,
    /// The earlier document that says the same in nearly the same words.
    pub near_duplicate_of: Option<String>,
    /// Number of incidents it reports.
    pub n_incidents: u32,
    /// Number of statements in it.
    pub n_statements: u32,
    /// The base's revision at its last change.
    pub revision: i64,
}

/// One marked stretch of a document: what stands there and whose evidence it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Annotation {
    /// First code point.
    pub start: u32,
    /// One past the last code point.
    pub end: u32,
    /// `incident`, `statement`, `actor`, `place`, `relation`, `figure`, `note` or `dateline`.
    pub kind: String,
    /// The field it is evidence for (`killed`, `content`, …), or the code of a note.
    pub field: String,
    /// Id of the stored entity, where it has one of its own.
    pub entity: Option<String>,
    /// What a reader may be told: canonical name, type code.
    pub label: Option<String>,
    /// Rule that read it.
    pub rule: Option<String>,
}
