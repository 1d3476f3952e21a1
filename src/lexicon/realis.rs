//! Words that say whether an act took place: `lexicon/realis.toml`.

use super::LexiconError;
use super::source::Source;
use crate::text::WordMap;
use serde::Deserialize;

/// A group of cues with one meaning.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RealisCue {
    /// Name of the rule.
    pub id: String,
    /// Code of the certainty list that acts in its scope get.
    pub certainty: String,
    /// Code of the attribute list that they get.
    pub attribute: Option<String>,
    /// What stands in its scope is told as background.
    #[serde(default)]
    pub background: bool,
    /// Verb lemmas.
    #[serde(default)]
    pub verbs: Vec<String>,
    /// Noun lemmas ("a plot to …", "the threat of …").
    #[serde(default)]
    pub nouns: Vec<String>,
    /// Words before the noun ("a foiled attack").
    #[serde(default)]
    pub adjectives: Vec<String>,
    /// Texts in which it applies.
    #[serde(default)]
    pub matches: Vec<String>,
}

/// All cues by word.
#[derive(Debug, Default)]
pub struct Realis {
    list: Vec<RealisCue>,
    verbs: WordMap<Option<usize>>,
    nouns: WordMap<Option<usize>>,
    adjectives: WordMap<Option<usize>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RealisFile {
    #[serde(default)]
    cue: Vec<RealisCue>,
}

impl Realis {
    /// Loads `realis.toml`; where a word is in two groups the first counts.
    pub(super) fn load(source: &Source) -> Result<Self, LexiconError> {
        let Some(text) = source.get("realis.toml") else { return Ok(Self::default()) };
        let file: RealisFile = super::parse_toml("realis.toml", text)?;
        let mut this = Self::default();
        for (index, cue) in file.cue.into_iter().enumerate() {
            for (words, map) in [(&cue.verbs, &mut this.verbs), (&cue.nouns, &mut this.nouns), (&cue.adjectives, &mut this.adjectives)] {
                for word in words {
                    map.entry(word).get_or_insert(index);
                }
            }
            this.list.push(cue);
        }
        Ok(this)
    }

    /// The cue of a verb lemma.
    pub fn verb(&self, lemma: &str) -> Option<&RealisCue> {
        self.list.get((*self.verbs.get(lemma)?)?)
    }

    /// The cue of a noun lemma.
    pub fn noun(&self, lemma: &str) -> Option<&RealisCue> {
        self.list.get((*self.nouns.get(lemma)?)?)
    }

    /// The cue of a word before a noun.
    pub fn adjective(&self, word: &str) -> Option<&RealisCue> {
        self.list.get((*self.adjectives.get(word)?)?)
    }

    /// All cues.
    pub fn iter(&self) -> impl Iterator<Item = &RealisCue> {
        self.list.iter()
    }
}
