//! From bytes to articles.

use super::{front_matter, html, intake, json};
use crate::model::document::Article;
use jiff::civil::Date;
use std::borrow::Cow;

/// What bytes are taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Text, with optional front matter.
    Plain,
    /// Markdown, with optional front matter; the marks stay in the text.
    Markdown,
    /// A page, whose text is taken out.
    Html,
    /// One JSON object, or an array of them.
    Json,
    /// One JSON object a line.
    NdJson,
    /// RSS or Atom.
    Feed,
    /// What a crawler kept.
    Warc,
    /// Files of these formats, packed.
    Zip,
}

/// A text that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name}{}: {problem}", line.map(|n| format!(", line {n}")).unwrap_or_default())]
pub struct ReadError {
    /// The file, or what stands for it.
    pub name: String,
    /// 1-based line.
    pub line: Option<usize>,
    /// What is wrong and what to change.
    pub problem: String,
}

impl Format {
    /// The format of a file by its ending, before a `.gz`; text where the ending says nothing.
    pub fn of_path(path: &std::path::Path) -> Self {
        match intake::ending(path).as_deref() {
            Some("md" | "markdown") => Self::Markdown,
            Some("html" | "htm" | "xhtml") => Self::Html,
            Some("json") => Self::Json,
            Some("ndjson" | "jsonl") => Self::NdJson,
            Some("rss" | "atom" | "xml") => Self::Feed,
            Some("warc") => Self::Warc,
            Some("zip") => Self::Zip,
            _ => Self::Plain,
        }
    }

    /// The format of a media type without parameters.
    pub fn of_media_type(media_type: &str) -> Option<Self> {
        Some(match media_type {
            "text/plain" => Self::Plain,
            "text/markdown" => Self::Markdown,
            "text/html" | "application/xhtml+xml" => Self::Html,
            "application/json" => Self::Json,
            "application/x-ndjson" | "application/ndjson" | "application/jsonl" => Self::NdJson,
            "application/rss+xml" | "application/atom+xml" | "application/xml" | "text/xml" => Self::Feed,
            "application/warc" => Self::Warc,
            "application/zip" => Self::Zip,
            _ => return None,
        })
    }
}

/// Reads all articles in `bytes`. `name` stands for the source in errors, and is the id of an article that has none.
pub fn articles(bytes: &[u8], format: Format, name: &str) -> Vec<Result<Article, ReadError>> {
    match format {
        Format::Plain => vec![text(bytes, "text/plain", name)],
        Format::Markdown => vec![text(bytes, "text/markdown", name)],
        Format::Html => vec![Ok(page(bytes, name))],
        Format::Json => json::whole(bytes, name),
        Format::NdJson => json::lines(bytes, name),
        Format::Feed | Format::Warc | Format::Zip => intake::of_bytes(bytes, format, name),
    }
}

/// Reads one line of NDJSON. `name` is the id where the line gives none.
///
/// # Errors
/// Says what is wrong with the line; the caller knows its number.
pub fn json_line(line: &[u8], name: &str) -> Result<Article, String> {
    json::object(line, name)
}

fn text(bytes: &[u8], media_type: &str, name: &str) -> Result<Article, ReadError> {
    let mut article = Article { media_type: media_type.to_owned(), ..Article::default() };
    let decoded = decode(bytes, &mut article.notes);
    let body = front_matter::take(&decoded, &mut article).map_err(|(line, problem)| ReadError { name: name.to_owned(), line: Some(line), problem })?.to_owned();
    article.text = body;
    article.id.get_or_insert_with(|| name.to_owned());
    Ok(article)
}

fn page(bytes: &[u8], name: &str) -> Article {
    let mut article = Article { media_type: "text/html".to_owned(), ..Article::default() };
    let decoded = decode(bytes, &mut article.notes);
    html::take(&decoded, &mut article);
    article.id = Some(name.to_owned());
    article
}

/// Bytes as text: a byte order mark is left out; what is no UTF-8 becomes U+FFFD, as does U+0000, at which databases cut texts.
pub(super) fn decode<'b>(bytes: &'b [u8], notes: &mut Vec<String>) -> Cow<'b, str> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = String::from_utf8_lossy(bytes);
    if let Cow::Owned(_) = text {
        notes.push("the text is not valid UTF-8; broken characters were replaced by U+FFFD".to_owned());
    }
    clean(text, notes)
}

/// Replaces U+0000.
pub(super) fn clean<'t>(text: Cow<'t, str>, notes: &mut Vec<String>) -> Cow<'t, str> {
    if !text.contains('\0') {
        return text;
    }
    notes.push("characters U+0000 were replaced by U+FFFD".to_owned());
    Cow::Owned(text.replace('\0', "\u{FFFD}"))
}

/// A day as `2023-02-03`, or the day of a date-time.
pub(super) fn day(text: &str) -> Result<Date, String> {
    let head = text.get(..10).filter(|_| text.as_bytes().get(10).is_none_or(|b| matches!(b, b'T' | b't' | b' ')));
    head.and_then(|d| d.parse().ok()).ok_or_else(|| format!("published \"{}\" is not a day such as 2023-02-03", beginning(text)))
}

/// As much of a value as stands in a message.
pub(super) fn beginning(text: &str) -> &str {
    text.char_indices().nth(40).map_or(text, |(end, _)| &text[..end])
}

/// Why a text is not read that has more than `max` bytes (`--max-text`); `None` where it has not.
pub fn too_large(article: &Article, max: usize) -> Option<String> {
    let length = article.text.len();
    (length > max).then(|| format!("the text has {length} bytes, more than the {max} that --max-text allows"))
}
