//! Articles as JSON: one object, an array, or one object a line.

use super::read::{ReadError, clean, day, decode};
use crate::model::document::Article;
use serde::Deserialize;
use serde::de::IgnoredAny;

/// The members that matter; others are ignored.
#[derive(Deserialize)]
struct Object {
    id: Option<Id>,
    text: Option<String>,
    title: Option<String>,
    published: Option<String>,
    source: Option<String>,
    url: Option<String>,
    facts: Option<String>,
    language: Option<String>,
    fictional: Option<bool>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Id {
    Text(String),
    Number(serde_json::Number),
    Other(IgnoredAny),
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
    let object: Object = serde_json::from_str(json).map_err(|e| (e.line().max(1), e.to_string()))?;
    let text = object.text.ok_or_else(|| (1, "the member `text` is missing".to_owned()))?;
    let published = object.published.filter(|p| !p.is_empty()).map(|p| day(&p)).transpose().map_err(|problem| (1, problem))?;
    let text = clean(text.into(), &mut notes).into_owned();
    // What is shown beside the text may not hold U+0000 either.
    let mut plain = |value: Option<String>| value.filter(|v| !v.is_empty()).map(|v| clean(v.into(), &mut notes).into_owned());
    Ok(Article {
        title: plain(object.title),
        source: plain(object.source),
        url: plain(object.url),
        facts: plain(object.facts),
        language: plain(object.language),
        id: Some(match object.id {
            Some(Id::Text(id)) if !id.is_empty() => id,
            Some(Id::Number(id)) => id.to_string(),
            Some(Id::Other(_)) => return Err((1, "the member `id` is neither a text nor a number".to_owned())),
            _ => name.to_owned(),
        }),
        published,
        fictional: object.fictional.unwrap_or_default(),
        media_type: "text/plain".to_owned(),
        text,
        notes,
    })
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
            (br#"{"text":"x","id":[]}"#, "neither a text nor a number"),
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
