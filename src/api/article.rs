//! A text and what came with it, out of a request.

use super::Shared;
use super::body;
use super::problem::{Code, Fault, Problem};
use super::query::{Bad, QueryValue};
use crate::ingest::read::{Format, articles};
use crate::model::document::Article;
use crate::query;
use crate::views::document::DocumentInput;
use axum::extract::Request;
use jiff::civil::Date;
use utoipa::openapi::schema::{KnownFormat, Schema, SchemaFormat, Type};

/// What one text may come as.
pub const MEDIA_TYPES: &[&str] = &["application/json", "text/plain", "text/markdown", "text/html"];
/// What many texts may come as.
pub const NDJSON: &str = "application/x-ndjson";

query! {
    /// What is known of the text beside its words, where the body does not say it itself; a JSON body has members for these, and they count first.
    pub struct TextQuery {
        /// Id to be repeated in the answer.
        id: Option<String>,
        /// Headline: a hint, never quoted as evidence.
        title: Option<String>,
        /// Day of publication, e.g. 2023-02-03; relative dates are counted from it.
        published: Option<Date>,
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

/// Reads the body by its content type.
///
/// # Errors
/// 400, 413, 415 or 422, saying where and what.
pub async fn article(request: Request, app: &Shared, query: TextQuery) -> Result<Article, Problem> {
    let media_type = body::content_type(request.headers(), MEDIA_TYPES)?;
    let bytes = body::bytes(request, app).await?;
    article_of(&bytes, media_type, query)
}

/// Reads a body of one of [`MEDIA_TYPES`].
///
/// # Errors
/// 400 or 422, saying where and what.
pub fn article_of(bytes: &[u8], media_type: &str, query: TextQuery) -> Result<Article, Problem> {
    let text = body::text(bytes)?;
    if media_type == "application/json" {
        return from_input(body::json(text)?, query);
    }
    let format = Format::of_media_type(media_type).unwrap_or(Format::Plain);
    let read = articles(bytes, format, "").pop().ok_or_else(|| fault("", "holds no text"))?;
    // What the text says of itself (front matter, `<title>`) counts before the query.
    let read =
        read.map_err(|error| Problem::of(Code::InvalidBody, vec![Fault { line: error.line.map(|n| n as u64), detail: error.problem, ..Fault::default() }]))?;
    Ok(Article {
        id: read.id.filter(|id| !id.is_empty()).or(query.id),
        title: read.title.or(query.title),
        published: read.published.or(query.published),
        ..read
    })
}

fn from_input(input: DocumentInput, query: TextQuery) -> Result<Article, Problem> {
    let published = match input.published.as_deref().filter(|p| !p.is_empty()) {
        Some(text) => Some(day(text).ok_or_else(|| fault("/published", "is not a day such as 2023-02-03"))?),
        None => query.published,
    };
    for (pointer, value) in [("/text", Some(&input.text)), ("/title", input.title.as_ref()), ("/source", input.source.as_ref()), ("/url", input.url.as_ref())] {
        if value.is_some_and(|v| v.contains('\0')) {
            return Err(fault(pointer, "holds U+0000"));
        }
    }
    Ok(Article {
        id: input.id.map(|id| id.0).or(query.id),
        title: input.title.or(query.title),
        published,
        source: input.source,
        url: input.url,
        language: input.language,
        media_type: "text/plain".to_owned(),
        text: input.text,
        ..Article::default()
    })
}

fn fault(pointer: &str, detail: &str) -> Problem {
    Problem::of(Code::InvalidBody, vec![Fault::pointer(pointer, detail)])
}
