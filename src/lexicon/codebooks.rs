//! What event datasets include: `lexicon/codebooks.toml`. `docs/RULES.md` explains each field.

use super::LexiconError;
use super::codes::{Code, CodeList};
use super::source::Source;
use serde::Deserialize;

/// Where the codebooks stand.
const FILE: &str = "codebooks.toml";

/// What one dataset counts as an incident of its own, as far as our codes can say it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Codebook {
    /// Its name in commands and requests.
    pub id: String,
    /// A few words for people.
    pub label: String,
    /// What it includes, and what of its criteria cannot be said with our codes.
    pub description: String,
    /// Where the criteria are published.
    pub source: String,
    /// Codes of the incident type list that are included, or classes of them; empty for all.
    #[serde(default)]
    pub types: Vec<String>,
    /// Codes of the certainty list that are included; empty for all.
    #[serde(default)]
    pub certainties: Vec<String>,
    /// Whether acts that are told as context count, too.
    #[serde(default = "yes")]
    pub background: bool,
    /// Smallest number of dead, by any of the figures that the text gives.
    #[serde(default)]
    pub min_killed: u32,
    /// Codes of the attribute list with which an act is left out.
    #[serde(default)]
    pub excluded_attributes: Vec<String>,
    /// Actor types, or classes of them: an act all of whose perpetrators are such is left out.
    #[serde(default)]
    pub excluded_perpetrators: Vec<String>,
    /// Whether the learned relevance decides about what the other criteria let through.
    #[serde(default)]
    pub learned: bool,
    /// Texts of which an incident must be included.
    #[serde(default)]
    pub matches: Vec<String>,
    /// Texts of which no incident must be.
    #[serde(default)]
    pub rejects: Vec<String>,
}

fn yes() -> bool {
    true
}

impl Codebook {
    /// Whether it leaves nothing out, whatever a record holds.
    pub fn takes_all(&self) -> bool {
        let lists = [&self.types, &self.certainties, &self.excluded_attributes, &self.excluded_perpetrators];
        lists.iter().all(|l| l.is_empty()) && self.background && self.min_killed == 0 && !self.learned
    }
}

/// Whether a code is one of `prefixes` or below one of them: `explosion.ied` below `explosion`, never `explosions`.
pub fn is_below(code: &str, prefixes: &[String]) -> bool {
    prefixes.iter().any(|prefix| code.strip_prefix(prefix.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
}

/// All codebooks.
#[derive(Clone, Debug, Default)]
pub struct Codebooks {
    list: Vec<Codebook>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CodebookFile {
    #[serde(default)]
    codebook: Vec<Codebook>,
}

impl Codebooks {
    /// Loads `codebooks.toml`.
    pub(super) fn load(source: &Source) -> Result<Self, LexiconError> {
        let Some(text) = source.get(FILE) else { return Ok(Self::default()) };
        let file: CodebookFile = super::parse_toml(FILE, text)?;
        for (n, book) in file.codebook.iter().enumerate() {
            let problem = |what: &str| Err(LexiconError::new(FILE, None, format!("codebook \"{}\" {what}", book.id)));
            if file.codebook.iter().take(n).any(|other| other.id == book.id) {
                return problem("is given twice");
            }
            if book.id.is_empty() || !book.id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
                return problem("needs an id of a–z, 0–9 and _");
            }
            if [&book.label, &book.description, &book.source].iter().any(|words| words.trim().is_empty()) {
                return problem("needs a label, a description and a source");
            }
            if book.matches.is_empty() || !book.takes_all() && book.rejects.is_empty() {
                return problem("needs texts in `matches` and in `rejects`");
            }
        }
        Ok(Self { list: file.codebook })
    }

    /// The codebook of that name.
    pub fn get(&self, id: &str) -> Option<&Codebook> {
        self.list.iter().find(|book| book.id == id)
    }

    /// All of them, in the order of the file.
    pub fn iter(&self) -> std::slice::Iter<'_, Codebook> {
        self.list.iter()
    }

    /// Their names.
    pub fn ids(&self) -> Vec<&str> {
        self.list.iter().map(|book| book.id.as_str()).collect()
    }

    /// The same as a code list, for those who ask which there are.
    pub(super) fn code_list(&self) -> CodeList {
        let code = |book: &Codebook| Code {
            code: book.id.clone(),
            label: book.label.clone(),
            description: format!("{} Source: {}", book.description.split_whitespace().collect::<Vec<_>>().join(" "), book.source),
            crosswalk: Vec::new(),
        };
        CodeList { name: "codebooks".to_owned(), crosswalks: Vec::new(), codes: self.list.iter().map(code).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str) -> Result<Codebooks, LexiconError> {
        let mut source = Source::default();
        source.insert(FILE.to_owned(), text.to_owned());
        Codebooks::load(&source)
    }

    #[test]
    fn what_is_wrong_is_named() {
        let book =
            |id: &str, more: &str| format!("[[codebook]]\nid = \"{id}\"\nlabel = \"x\"\ndescription = \"x\"\nsource = \"x\"\nmatches = [\"x\"]\n{more}\n");
        let error = |text: &str| load(text).map(|_| ()).unwrap_err().to_string();
        assert!(error(&(book("a", "") + &book("a", ""))).contains("\"a\" is given twice"));
        assert!(error(&book("A b", "")).contains("needs an id"));
        assert!(error(&book("a", "min_killed = 1")).contains("`rejects`"));
        assert!(error(&book("a", "minimum = 1")).contains("line 7"));
        assert!(load(&book("a", "")).unwrap().get("a").unwrap().takes_all());
    }

    #[test]
    fn a_class_stands_for_its_types() {
        let prefixes = ["explosion".to_owned(), "unrest.strike".to_owned()];
        for (code, expect) in [("explosion.ied", true), ("explosion", true), ("explosions.ied", false), ("unrest.strike", true), ("unrest.mob_violence", false)]
        {
            assert_eq!(is_below(code, &prefixes), expect, "{code}");
        }
    }
}
