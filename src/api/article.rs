//! A text and what came with it, out of a request.

use super::body;
use super::problem::{Code, Fault, Problem};
use super::query::{Bad, QueryValue};
use crate::ingest::read::{Format, articles, too_large};
use crate::model::bounded::Bounded;
use crate::model::document::{Article, MAX_ID, MAX_TITLE};
use crate::query;
use crate::views::document::DocumentInput;
use jiff::civil::Date;
use utoipa::openapi::schema::{KnownFormat, Schema, SchemaFormat, Type};

/// What one text may come as.
pub const MEDIA_TYPES: &[&str] = &["application/json", "text/plain", "text/markdown", "text/html"];
/// What many texts may come as.
pub const NDJSON: &str = "application/x-ndjson";
/// What is always a job.
pub const BULK_TYPES: &[&str] = &["application/zip", "application/warc", "application/rss+xml", "application/atom+xml", "application/xml", "text/xml"];

query! {
    /// What is known of the text beside its words, where the body does not say it itself; a JSON body has members for these, and they count first.
    pub struct TextQuery {
        /// Id to be repeated in the answer.
        id: Option<Bounded<MAX_ID>>,
        /// Headline: a hint, never quoted as evidence.
        title: Option<Bounded<MAX_TITLE>>,
        /// Day of publication, e.g. 2023-02-03; relative dates are counted from it.
        published: Option<Date>,
        /// `true`: take the text in although it was withdrawn; needs a key of the scope `admin`.
        restore: Option<bool>,
    }
}

impl TextQuery {
    /// Refuses what cannot hold for many texts.
    ///
    /// # Errors
    /// 400 that names it.
    pub fn refuse_for_many(&self) -> Result<(), Problem> {
        let given = [("id", self.id.is_some()), ("title", self.title.is_some()), ("published", self.published.is_some()), ("restore", self.restore.is_some())];
        let faults: Vec<Fault> = given
            .into_iter()
            .filter(|(_, given)| *given)
            .map(|(name, _)| {
                Fault::parameter(
                    name,
                    if name == "restore" {
                        "does not go with a job: send withdrawn texts without it"
                    } else {
                        "is for one text, and a job may hold many: say it in the body"
                    },
                )
            })
            .collect();
        if faults.is_empty() { Ok(()) } else { Err(Problem::of(Code::ConflictingParameters, faults)) }
    }
}

impl QueryValue for Date {
    fn parse(text: &str) -> Result<Self, Bad> {
        day(text).ok_or_else(|| "is not a day such as 2023-02-03".into())
    }

    fn schema() -> Schema {
        super::query::schema(Type::String).format(Some(SchemaFormat::KnownFormat(KnownFormat::Date))).build().into()
    }
}

/// Ten characters, YYYY-MM-DD; jiff alone would also take times and other notations.
fn day(text: &str) -> Option<Date> {
    let iso = text.len() == 10 && text.bytes().enumerate().all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
    iso.then(|| text.parse().ok()).flatten()
}

impl<const MAX: usize> QueryValue for Bounded<MAX> {
    fn parse(text: &str) -> Result<Self, Bad> {
        Ok(Self::new(String::parse(text)?)?)
    }

    fn schema() -> Schema {
        super::query::schema(Type::String).min_length(Some(1)).max_length(Some(MAX)).build().into()
    }
}

/// Reads a body of one of [`MEDIA_TYPES`], whose text may have `max_text` bytes.
///
/// # Errors
/// 400, 413 or 422, saying where and what.
pub fn article_of(bytes: &[u8], media_type: &str, query: TextQuery, max_text: usize) -> Result<Article, Problem> {
    let text = body::text(bytes)?;
    let article = match media_type {
        "application/json" => from_input(body::json(text)?, query)?,
        _ => from_text(bytes, media_type, query)?,
    };
    match too_large(&article, max_text) {
        Some(_) => Err(text_too_large(article.text.len(), max_text)),
        None => Ok(article),
    }
}

fn text_too_large(length: usize, max: usize) -> Problem {
    Problem::new(Code::TextTooLarge, format!("The text has {length} bytes; one text may have {max} at most."))
}

fn from_text(bytes: &[u8], media_type: &str, query: TextQuery) -> Result<Article, Problem> {
    let format = Format::of_media_type(media_type).unwrap_or(Format::Plain);
    let read = articles(bytes, format, "").pop().ok_or_else(|| fault("", "holds no text"))?;
    // What the text says of itself (front matter, `<title>`) counts before the query.
    let read =
        read.map_err(|error| Problem::of(Code::InvalidBody, vec![Fault { line: error.line.map(|n| n as u64), detail: error.problem, ..Fault::default() }]))?;
    Ok(Article {
        id: read.id.filter(|id| !id.is_empty()).or(query.id.map(|id| id.0)),
        title: read.title.or(query.title.map(|title| title.0)),
        published: read.published.or(query.published),
        ..read
    })
}

fn from_input(input: DocumentInput, query: TextQuery) -> Result<Article, Problem> {
    let published = match input.published.as_ref().map(|p| p.0.as_str()).filter(|p| !p.is_empty()) {
        Some(text) => Some(day(text).ok_or_else(|| fault("/published", "is not a day such as 2023-02-03"))?),
        None => query.published,
    };
    let id = input.id.map(|id| id.0).or(query.id.map(|id| id.0));
    let title = input.title.or(query.title).map(|title| title.0);
    let (source, url, language) = (input.source.map(|s| s.0), input.url.map(|u| u.0), input.language.map(|l| l.0));
    let members = [("/id", &id), ("/title", &title), ("/source", &source), ("/url", &url), ("/language", &language)];
    let found = members.iter().find(|(_, value)| value.as_ref().is_some_and(|v| v.contains('\0'))).map(|(pointer, _)| *pointer);
    if let Some(pointer) = found.or_else(|| input.text.contains('\0').then_some("/text")) {
        return Err(fault(pointer, "holds U+0000"));
    }
    Ok(Article { id, title, published, source, url, language, media_type: "text/plain".to_owned(), text: input.text, ..Article::default() })
}

fn fault(pointer: &str, detail: &str) -> Problem {
    Problem::of(Code::InvalidBody, vec![Fault::pointer(pointer, detail)])
}
