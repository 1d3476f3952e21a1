//! WARC files (ISO 28500): the pages and texts that a crawler kept.
//!
//! Of responses those that came with status 200 and hold a page or plain text are read, of resources and conversions (the plain text that a
//! crawl was converted to) those that hold such; all others are passed over. The crate `warc` is not used because it reads the head of a
//! record without a bound.

use super::http::{self, Body};
use super::sink::Sink;
use super::{Given, MAX_DOCUMENT};
use crate::ingest::read::{self, Format, ReadError};
use crate::model::document::MAX_URL;
use std::io::{self, BufRead, Read};
use std::ops::ControlFlow;

/// Longest head of a record, and of a response in it, in bytes.
pub(super) const MAX_HEAD: usize = 64 << 10;

/// Reads record after record.
pub(super) fn read(from: &mut dyn BufRead, name: &str, sink: &mut Sink<'_>) -> ControlFlow<()> {
    for n in 1_u64.. {
        let name_of_record = format!("{name}, record {n}");
        let head = match head(from) {
            Ok(Some(head)) => head,
            Ok(None) => break,
            // The beginning of the next record is not known then.
            Err(problem) => return sink.fail(&name_of_record, None, problem),
        };
        let mut content = from.take(head.length);
        record(&head, &mut content, &name_of_record, sink)?;
        if let Err(problem) = pass_over(&mut content) {
            return sink.fail(&name_of_record, None, problem);
        }
    }
    ControlFlow::Continue(())
}

/// What matters of a record's head.
#[derive(Debug, Default)]
struct Head {
    kind: String,
    content_type: String,
    target: Option<String>,
    truncated: Option<String>,
    length: u64,
}

/// The next record's head; `None` at the end.
fn head(from: &mut dyn BufRead) -> Result<Option<Head>, String> {
    let mut lines = from.take(MAX_HEAD as u64);
    let mut line = String::new();
    let mut next = |line: &mut String| -> Result<usize, String> {
        line.clear();
        let mut bytes = Vec::new();
        let n = lines.read_until(b'\n', &mut bytes).map_err(|e| format!("cannot be read on: {e}"))?;
        line.push_str(String::from_utf8_lossy(&bytes).trim_end_matches(['\r', '\n']));
        Ok(n)
    };
    // Records end with two line breaks.
    while line.is_empty() {
        if next(&mut line)? == 0 {
            return Ok(None);
        }
    }
    if !line.starts_with("WARC/1.") && !line.starts_with("WARC/0.") {
        return Err("does not begin with WARC/1.0 or WARC/1.1, so that what follows cannot be read either".to_owned());
    }
    let mut head = Head::default();
    let mut length = None;
    loop {
        if next(&mut line)? == 0 {
            return Err(format!("has a head of more than {MAX_HEAD} bytes, or breaks off in it"));
        }
        if line.is_empty() {
            break;
        }
        let Some((name, value)) = line.split_once(':') else { continue };
        let value = value.trim();
        match name.trim().to_ascii_lowercase().as_str() {
            "warc-type" => head.kind = value.to_ascii_lowercase(),
            "content-type" => head.content_type = value.to_ascii_lowercase(),
            "content-length" => length = value.parse().ok(),
            "warc-target-uri" => head.target = Some(value.trim_matches(['<', '>']).to_owned()),
            "warc-truncated" => head.truncated = Some(value.to_owned()),
            _ => {}
        }
    }
    head.length = length.ok_or("has no Content-Length that is a number, so that what follows cannot be read either")?;
    Ok(Some(head))
}

fn record(head: &Head, content: &mut dyn BufRead, name: &str, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let body = match head.kind.as_str() {
        "response" if head.content_type.starts_with("application/http") => match http::head(content) {
            Ok(Some(body)) => body,
            Ok(None) => return ControlFlow::Continue(()),
            Err(problem) => return sink.fail(name, None, problem),
        },
        "resource" | "conversion" => match Body::of(&head.content_type) {
            Some(body) => body,
            None => return ControlFlow::Continue(()),
        },
        _ => return ControlFlow::Continue(()),
    };
    sink.give(name, || document(head, &body, content, name))
}

fn document(head: &Head, body: &Body, content: &mut dyn BufRead, name: &str) -> Given {
    let error = |problem: String| ReadError { name: name.to_owned(), line: None, problem };
    let mut bytes = Vec::new();
    content.take(MAX_DOCUMENT as u64 + 1).read_to_end(&mut bytes).map_err(|e| error(format!("cannot be read on: {e}")))?;
    if bytes.len() > MAX_DOCUMENT {
        return Err(error(format!("it has more than {MAX_DOCUMENT} bytes")));
    }
    let text = body.decode(bytes).map_err(error)?;
    let format = if body.is_page { Format::Html } else { Format::Plain };
    let mut article = read::articles(text.as_bytes(), format, name).pop().unwrap_or_else(|| Err(error("holds no document".to_owned())))?;
    if article.url.is_none() {
        article.url = head.target.clone().filter(|url| url.chars().nth(MAX_URL).is_none());
    }
    if let Some(why) = &head.truncated {
        article.notes.push(format!("the crawler cut the page ({})", why.chars().take(40).collect::<String>()));
    }
    Ok(article)
}

/// The rest of a record.
fn pass_over<R: BufRead>(content: &mut io::Take<R>) -> Result<(), String> {
    io::copy(content, &mut io::sink()).map_err(|e| format!("cannot be read on: {e}"))?;
    if content.limit() > 0 { Err("breaks off before its end".to_owned()) } else { Ok(()) }
}
