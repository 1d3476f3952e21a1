//! Articles as JSON: one object, an array, or one object a line.

use super::read::{ReadError, clean, day, decode};
use crate::model::bounded::{Bounded, SenderId};
use crate::model::document::{Article, MAX_FACTS, MAX_ID, MAX_LANGUAGE, MAX_PUBLISHED, MAX_SOURCE, MAX_TITLE, MAX_URL};
use serde::Deserialize;

/// Longest message on what is wrong with an object, in characters.
const MAX_PROBLEM: usize = 300;

/// The members that matter; others are skipped.
#[derive(Deserialize)]
struct Object {
    id: Option<SenderId<MAX_ID>>,
    text: Option<String>,
    title: Option<Bounded<MAX_TITLE>>,
    published: Option<Bounded<MAX_PUBLISHED>>,
    source: Option<Bounded<MAX_SOURCE>>,
    url: Option<Bounded<MAX_URL>>,
    facts: Option<Bounded<MAX_FACTS>>,
    language: Option<Bounded<MAX_LANGUAGE>>,
    fictional: Option<bool>,
}

pub(super) fn whole(bytes: &[u8], name: &str) -> Vec<Result<Article, ReadError>> {
    let error = |line: Option<usize>, problem: String| ReadError { name: name.to_owned(), line, problem };
    let mut notes = Vec::new();
    let text = decode(bytes, &mut notes);
    if !text.trim_start().starts_with('[') {
        return vec![parse(&text, name, notes).map_err(|(line, problem)| error(Some(line), problem))];
    }
    match serde_json::from_str::<Vec<Box<serde_json::value::RawValue>>>(&text) {
        Ok(objects) => objects
            .iter()
            .enumerate()
            .map(|(n, object)| {
                let name = format!("{name}#{n}");
                parse(object.get(), &name, notes.clone()).map_err(|(_, problem)| ReadError { name, line: None, problem })
            })
            .collect(),
        Err(e) => vec![Err(error(Some(e.line()), e.to_string()))],
    }
}

pub(super) fn lines(bytes: &[u8], name: &str) -> Vec<Result<Article, ReadError>> {
    let mut articles = Vec::new();
    for (n, line) in bytes.split(|b| *b == b'\n').enumerate().filter(|(_, line)| !line.trim_ascii().is_empty()) {
        let article = object(line, &format!("{name}:{}", n + 1));
        articles.push(article.map_err(|problem| ReadError { name: name.to_owned(), line: Some(n + 1), problem }));
    }
    articles
}

pub(super) fn object(line: &[u8], name: &str) -> Result<Article, String> {
    let mut notes = Vec::new();
    let text = decode(line, &mut notes);
    parse(&text, name, notes).map_err(|(_, problem)| problem)
}

/// 1-based line and problem where it fails.
fn parse(json: &str, name: &str, mut notes: Vec<String>) -> Result<Article, (usize, String)> {
    // serde would read an array's items as the members of an object, in their order.
    if json.trim_start().starts_with('[') {
        return Err((1, "is an array where an object is expected".to_owned()));
    }
    let mut reader = serde_json::Deserializer::from_str(json);
    let object: Object = serde_path_to_error::deserialize(&mut reader).map_err(|e| told(&e))?;
    reader.end().map_err(|e| (e.line().max(1), e.to_string()))?;
    let text = object.text.ok_or_else(|| (1, "the member `text` is missing".to_owned()))?;
    let published = object.published.filter(|p| !p.0.is_empty()).map(|p| day(&p.0)).transpose().map_err(|problem| (1, problem))?;
    let text = clean(text.into(), &mut notes).into_owned();
    // What is shown beside the text may not hold U+0000 either.
    let mut plain = |value: Option<String>| value.filter(|v| !v.is_empty()).map(|v| clean(v.into(), &mut notes).into_owned());
    Ok(Article {
        title: plain(object.title.map(|t| t.0)),
        source: plain(object.source.map(|s| s.0)),
        url: plain(object.url.map(|u| u.0)),
        facts: plain(object.facts.map(|f| f.0)),
        language: plain(object.language.map(|l| l.0)),
        id: Some(object.id.map(|id| id.0).filter(|id| !id.is_empty()).unwrap_or_else(|| name.to_owned())),
        published,
        fictional: object.fictional.unwrap_or_default(),
        media_type: "text/plain".to_owned(),
        text,
        notes,
    })
}

/// With the member, where it is known which.
fn told(error: &serde_path_to_error::Error<serde_json::Error>) -> (usize, String) {
    let inner = error.inner();
    let member = error.path().iter().next().map(|member| format!("the member `{member}`: ")).filter(|_| inner.is_data()).unwrap_or_default();
    // The message repeats values that are wrong, however long they are.
    let problem: String = format!("{member}{inner}").chars().take(MAX_PROBLEM).collect();
    (inner.line().max(1), problem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_arrays_and_lines_are_read() {
        let one = whole(br#"{"id": 7, "text": "x", "published": "2023-02-03T10:00:00Z", "fictional": true, "more": {}}"#, "f.json");
        let article = one[0].as_ref().unwrap();
        assert_eq!((article.id.as_deref(), article.published.unwrap().to_string().as_str(), article.fictional), (Some("7"), "2023-02-03", true));
        let two = whole(b" [{\"text\":\"a\"},{\"text\":3}]", "f.json");
        assert_eq!(two[0].as_ref().unwrap().id.as_deref(), Some("f.json#0"));
        assert!(two[1].as_ref().unwrap_err().problem.contains("expected a string"));
        let lines = lines(b"{\"text\":\"a\"}\n\nnonsense\n{\"text\":\"b\",\"id\":null}\n", "f.ndjson");
        assert_eq!(lines[1].as_ref().unwrap_err().line, Some(3));
        assert_eq!(lines[2].as_ref().unwrap().id.as_deref(), Some("f.ndjson:4"));
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (json, expect) in [
            (&br#"{"id":"a"}"#[..], "`text` is missing"),
            (br#"{"text":"x","published":"2023-02-30"}"#, "is not a day"),
            (br#"{"text":"x","id":[]}"#, "`id`: invalid type: sequence, expected a text of at most 256 characters or a number"),
            (br#"{"text":"x","language":"a language with a very long name indeed"}"#, "`language`: is longer than 35 characters"),
            (br#"["id","text"]"#, "is an array"),
            (b"{", "EOF"),
            (b"", "EOF"),
        ] {
            let problem = object(json, "x").unwrap_err();
            assert!(problem.contains(expect), "{problem}");
        }
        assert_eq!(whole(b"{\n\"text\": \"a\"\n\"b\"}", "f").remove(0).unwrap_err().line, Some(3));
    }

    #[test]
    fn broken_characters_are_replaced_and_noted() {
        let article = object(b"{\"text\":\"a\\u0000b\xff\",\"title\":\"\\u0000\"}", "x").unwrap();
        assert_eq!((article.text.as_str(), article.title.as_deref()), ("a\u{fffd}b\u{fffd}", Some("\u{fffd}")));
        assert_eq!(article.notes.len(), 3);
    }
}
