//! A text and what came with it, out of a request.

use super::Shared;
use super::body;
use super::problem::{Code, Fault, Problem};
use super::query::{Bad, QueryValue};
use crate::model::document::Article;
use crate::query;
use crate::views::document::DocumentInput;
use axum::extract::Request;
use jiff::civil::Date;
use utoipa::openapi::schema::{KnownFormat, Schema, SchemaFormat, Type};

/// What texts may come as.
pub const MEDIA_TYPES: &[&str] = &["application/json", "text/plain"];

query! {
    /// What is known of the text beside its words, where the body is the text alone; a JSON body has members for these.
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
    let text = body::text(&bytes)?;
    match media_type {
        "application/json" => from_input(body::json(text)?, query),
        _ => Ok(Article {
            id: query.id,
            title: query.title,
            published: query.published,
            media_type: media_type.to_owned(),
            text: text.to_owned(),
            ..Article::default()
        }),
    }
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
