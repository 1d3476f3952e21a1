//! Front matter: `---`, lines `key: value`, `---` before a text.

use super::read::{beginning, day};
use crate::model::bounded::Bounded;
use crate::model::document::{Article, MAX_FACTS, MAX_ID, MAX_LANGUAGE, MAX_SOURCE, MAX_TITLE, MAX_URL};

/// Takes the front matter off into `article` and gives the text after it. A text that does not begin with `---` and a line `key: value` has
/// none. Keys that mean nothing here are left alone.
///
/// # Errors
/// 1-based line and what is wrong with it.
pub(super) fn take<'t>(text: &'t str, article: &mut Article) -> Result<&'t str, (usize, String)> {
    let Some((head, body)) = split(text) else { return Ok(text) };
    for (n, line) in head.lines().enumerate() {
        // The opening mark is line 1.
        let n = n + 2;
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let (key, value) = line.split_once(':').ok_or_else(|| (n, "a line of the front matter has the form `key: value`".to_owned()))?;
        set(article, key.trim(), unquoted(value)).map_err(|problem| (n, problem))?;
    }
    Ok(body)
}

fn set(article: &mut Article, key: &str, value: &str) -> Result<(), String> {
    let given = (!value.is_empty() && value != "null").then_some(value);
    match key {
        "id" => article.id = bounded::<MAX_ID>(key, given)?,
        "title" => article.title = bounded::<MAX_TITLE>(key, given)?,
        "source" => article.source = bounded::<MAX_SOURCE>(key, given)?,
        "url" => article.url = bounded::<MAX_URL>(key, given)?,
        "facts" => article.facts = bounded::<MAX_FACTS>(key, given)?,
        "language" => article.language = bounded::<MAX_LANGUAGE>(key, given)?,
        "published" => article.published = given.map(day).transpose()?,
        "fictional" => {
            article.fictional = match value {
                "true" | "yes" => true,
                "false" | "no" | "" => false,
                other => return Err(format!("fictional \"{}\" is neither true nor false", beginning(other))),
            }
        }
        _ => {}
    }
    Ok(())
}

fn bounded<const MAX: usize>(key: &str, value: Option<&str>) -> Result<Option<String>, String> {
    value.map(|value| Bounded::<MAX>::new(value).map(|b| b.0).map_err(|problem| format!("{key} {problem}"))).transpose()
}

fn split(text: &str) -> Option<(&str, &str)> {
    let rest = text.strip_prefix("---\n").or_else(|| text.strip_prefix("---\r\n"))?;
    let first = rest.lines().find(|l| !l.trim().is_empty())?;
    let is_key = |key: &str| !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    first.split_once(':').filter(|(key, _)| is_key(key.trim()))?;
    if let Some(body) = rest.strip_prefix("---") {
        return Some(("", body));
    }
    let end = rest.match_indices("\n---").find(|(at, _)| matches!(rest[at + 4..].chars().next(), None | Some('\n' | '\r')))?.0;
    Some((&rest[..end], rest[end + 4..].trim_start_matches(['\r', '\n'])))
}

/// A value without its quotation marks.
fn unquoted(value: &str) -> &str {
    let value = value.trim();
    let inner = |mark: char| value.strip_prefix(mark).and_then(|v| v.strip_suffix(mark));
    inner('"').or_else(|| inner('\'')).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(Article, &str), (usize, String)> {
        let mut article = Article::default();
        take(text, &mut article).map(|body| (article, body))
    }

    #[test]
    fn keys_are_taken_and_the_body_left() {
        let text = "---\nid: a-1\ntitle: \"Two: words\"\npublished: 2007-07-19\nsource: S\nurl: https://x.example/a:b\nfacts: RAND\nfictional: true\nlanguage: en\nother: x\n---\n\nHANGU – A bomb.\n---\nmore\n";
        let (a, body) = read(text).unwrap();
        assert_eq!(body, "HANGU – A bomb.\n---\nmore\n");
        assert_eq!((a.id.as_deref(), a.title.as_deref(), a.url.as_deref()), (Some("a-1"), Some("Two: words"), Some("https://x.example/a:b")));
        assert_eq!((a.published.unwrap().to_string().as_str(), a.fictional, a.language.as_deref()), ("2007-07-19", true, Some("en")));
    }

    #[test]
    fn a_rule_is_not_front_matter() {
        for text in ["---\nHe said: nothing more.\n---\n", "--- x", "---\n", "", "---\nid: x", "plain\n---\nid: x\n---\n"] {
            assert_eq!(read(text).unwrap().1, text);
        }
    }

    #[test]
    fn errors_name_the_line() {
        assert_eq!(read("---\nid: x\npublished: yesterday\n---\nt").unwrap_err().0, 3);
        assert_eq!(read("---\nid: x\nno colon\n---\nt").unwrap_err().0, 3);
        let long = format!("---\nid: x\nsource: {}\n---\nt", "s".repeat(MAX_SOURCE + 1));
        assert_eq!(read(&long).unwrap_err(), (3, "source is longer than 256 characters".to_owned()));
        assert!(read("---\nid: x\r\nfictional: perhaps\r\n---\r\nt").unwrap_err().1.contains("perhaps"));
    }
}
