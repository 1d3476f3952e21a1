//! Documents for `waqia extract`, one at a time: NDJSON lines, or whole text files with optional front matter.

use jiff::civil::Date;
use serde::Deserialize;
use std::io::{BufRead, Read};

/// Longest line of NDJSON that is read; longer ones are refused, so that memory stays bounded.
pub const MAX_LINE: usize = 64 << 20;

/// One text to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// As given, else made from where it stands.
    pub id: String,
    /// The words.
    pub text: String,
    /// Day of publication.
    pub published: Option<Date>,
    /// Headline.
    pub title: Option<String>,
}

/// Members of an NDJSON document that matter here; others are ignored.
#[derive(Deserialize)]
struct Line {
    id: Option<Id>,
    text: String,
    published: Option<String>,
    title: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Id {
    Text(String),
    Number(serde_json::Number),
}

/// Reads one NDJSON line; `fallback` is the id where none is given. Bytes that are no UTF-8 become U+FFFD.
pub fn from_json(line: &[u8], fallback: &str) -> Result<Document, String> {
    let line = String::from_utf8_lossy(line);
    let line: Line = serde_json::from_str(&line).map_err(|e| e.to_string())?;
    Ok(Document {
        id: match line.id {
            Some(Id::Text(id)) => id,
            Some(Id::Number(id)) => id.to_string(),
            None => fallback.to_owned(),
        },
        text: line.text,
        published: line.published.filter(|p| !p.is_empty()).map(|p| date(&p)).transpose()?,
        title: line.title,
    })
}

/// Reads a text file: `---`, lines `key: value`, `---`, text; or the text alone.
pub fn from_text(bytes: &[u8], fallback: &str) -> Result<Document, String> {
    let text = String::from_utf8_lossy(bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let mut document = Document { id: fallback.to_owned(), text: String::new(), published: None, title: None };
    let mut body = text;
    if let Some((head, rest)) = front_matter(text) {
        body = rest;
        for (key, value) in head.lines().filter_map(|line| line.split_once(':')) {
            let value = value.trim().trim_matches('"');
            match key.trim() {
                "id" => document.id = value.to_owned(),
                "title" => document.title = Some(value.to_owned()),
                "published" if !value.is_empty() => document.published = Some(date(value)?),
                _ => {}
            }
        }
    }
    document.text = body.to_owned();
    Ok(document)
}

fn front_matter(text: &str) -> Option<(&str, &str)> {
    let rest = text.strip_prefix("---\n").or_else(|| text.strip_prefix("---\r\n"))?;
    let end = rest.match_indices("\n---").find(|(i, _)| matches!(rest[i + 4..].chars().next(), None | Some('\n' | '\r')))?.0;
    Some((&rest[..end], rest[end + 4..].trim_start_matches(['\r', '\n'])))
}

/// A day, or the day of a date-time.
fn date(text: &str) -> Result<Date, String> {
    let day = text.get(..10).filter(|_| text.as_bytes().get(10).is_none_or(|b| *b == b'T' || *b == b' '));
    day.and_then(|d| d.parse().ok()).ok_or_else(|| format!("published \"{text}\" is not a day such as 2023-02-03"))
}

/// Reads up to the next line break (left out). `Ok(None)` at the end; `Err(length)` where the line is too long and was skipped.
pub fn read_line(from: &mut impl BufRead, line: &mut Vec<u8>) -> std::io::Result<Option<Result<(), u64>>> {
    line.clear();
    let n = from.by_ref().take(MAX_LINE as u64 + 1).read_until(b'\n', line)?;
    if n == 0 {
        return Ok(None);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
    } else if n > MAX_LINE {
        line.clear();
        return Ok(Some(Err(n as u64 + skip_line(from)?)));
    }
    Ok(Some(Ok(())))
}

fn skip_line(from: &mut impl BufRead) -> std::io::Result<u64> {
    let mut skipped = 0;
    loop {
        let buffer = from.fill_buf()?;
        let end = buffer.iter().position(|b| *b == b'\n');
        let n = end.map_or(buffer.len(), |i| i + 1);
        from.consume(n);
        skipped += n as u64;
        if end.is_some() || n == 0 {
            return Ok(skipped);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_json(line: &str, expect: Result<(&str, &str, Option<&str>), &str>) {
        let got = from_json(line.as_bytes(), "f:1");
        match (got, expect) {
            (Ok(got), Ok((id, text, published))) => {
                assert_eq!((got.id.as_str(), got.text.as_str()), (id, text));
                assert_eq!(got.published.map(|d| d.to_string()).as_deref(), published);
            }
            (Err(got), Err(expect)) => assert!(got.contains(expect), "{got}"),
            (got, expect) => panic!("{line}: {got:?}, not {expect:?}"),
        }
    }

    #[test]
    fn json_lines_are_read() {
        check_json(r#"{"id":"a","text":"x","published":"2023-02-03","more":[1]}"#, Ok(("a", "x", Some("2023-02-03"))));
        check_json(r#"{"id":7,"text":"x","published":null}"#, Ok(("7", "x", None)));
        check_json(r#"{"text":"","published":"2023-02-03T10:00:00Z"}"#, Ok(("f:1", "", Some("2023-02-03"))));
        check_json(r#"{"text":"x","published":"yesterday"}"#, Err("is not a day"));
        check_json(r#"{"text":"x","published":"2023-02-30"}"#, Err("is not a day"));
        check_json(r#"{"text":"x","published":"éééééééééé"}"#, Err("is not a day"));
        check_json(r#"{"text":3}"#, Err("expected a string"));
        check_json(r#"{"text":"\ud800"}"#, Err("hex escape"));
        check_json(r#"{"id":"a"}"#, Err("missing field `text`"));
        check_json("[]", Err("invalid"));
        check_json("{", Err("EOF"));
    }

    #[test]
    fn front_matter_is_taken_off() {
        let file = "---\nid: abc\ntitle: \"Two: words\"\npublished: 2007-07-19\nlanguage: en\n---\nHANGU – A bomb.\n---\nmore\n";
        let doc = from_text(file.as_bytes(), "x.md").unwrap();
        assert_eq!(doc.text, "HANGU – A bomb.\n---\nmore\n");
        assert_eq!((doc.id.as_str(), doc.title.as_deref()), ("abc", Some("Two: words")));
        assert_eq!(doc.published.unwrap().to_string(), "2007-07-19");
        assert_eq!(from_text(b"--- not a head\nid: x", "x.txt").unwrap().text, "--- not a head\nid: x");
        assert_eq!(from_text(b"---\nid: x", "x.txt").unwrap().id, "x.txt");
        assert_eq!(from_text(b"\xff", "x.txt").unwrap().text, "\u{fffd}");
    }

    #[test]
    fn lines_are_read_one_by_one() {
        let mut input = std::io::Cursor::new(b"one\n\nthree".to_vec());
        let mut line = Vec::new();
        let mut lines = Vec::new();
        while let Some(Ok(())) = read_line(&mut input, &mut line).unwrap() {
            lines.push(String::from_utf8(line.clone()).unwrap());
        }
        assert_eq!(lines, ["one", "", "three"]);
    }

    #[test]
    fn a_line_that_is_too_long_is_skipped_whole() {
        let mut long = vec![b'a'; MAX_LINE + 10];
        long.extend_from_slice(b"\nnext\n");
        let mut input = std::io::Cursor::new(long);
        let mut line = Vec::new();
        assert_eq!(read_line(&mut input, &mut line).unwrap(), Some(Err(MAX_LINE as u64 + 11)));
        assert_eq!(read_line(&mut input, &mut line).unwrap(), Some(Ok(())));
        assert_eq!(line, b"next");
        assert_eq!(read_line(&mut input, &mut line).unwrap(), None);
    }
}
