//! Words that the press spells in several ways: `lexicon/spellings.tsv`.

use super::LexiconError;
use super::source::{Source, rows};
use super::trie::Mix;
use crate::text::word_hash;
use std::collections::HashMap;
use std::hash::BuildHasherDefault;

/// Hashes of spellings, and of the one that stands for each.
#[derive(Clone, Debug, Default)]
pub struct Spellings {
    of: HashMap<u64, u64, BuildHasherDefault<Mix>>,
}

impl Spellings {
    /// Loads `spellings.tsv`.
    pub(super) fn load(source: &Source) -> Result<Self, LexiconError> {
        let mut this = Self::default();
        for (line, row) in rows(source.get("spellings.tsv").unwrap_or("")) {
            let [word, variants] = row[..] else {
                return Err(LexiconError::new("spellings.tsv", line, "a row is a word, a tab, and its other spellings with blanks between them"));
            };
            for variant in variants.split(' ').filter(|&v| word_hash(v) != word_hash(word)) {
                if this.of.insert(word_hash(variant), word_hash(word)).is_some_and(|other| other != word_hash(word)) {
                    return Err(LexiconError::new("spellings.tsv", line, format!("\"{variant}\" is a spelling of another word as well")));
                }
            }
        }
        Ok(this)
    }

    /// The hashes of all spellings for which others stand, in no order.
    pub(super) fn variants(&self) -> impl Iterator<Item = u64> {
        self.of.keys().copied()
    }

    /// The hash that stands for a word, given its own.
    pub fn folded(&self, hash: u64) -> u64 {
        self.of.get(&hash).copied().unwrap_or(hash)
    }
}
