//! Tags that a word may have in this domain: `lexicon/tags.tsv`.

use super::LexiconError;
use super::source::{Source, rows};
use crate::text::{Tag, TagSet, word_hash};
use std::collections::HashMap;

/// Loads the table, by [`word_hash`].
pub(super) fn load(source: &Source) -> Result<HashMap<u64, TagSet>, LexiconError> {
    let mut allowed = HashMap::new();
    let Some(text) = source.get("tags.tsv") else { return Ok(allowed) };
    for (line, row) in rows(text) {
        let [word, labels] = row[..] else {
            return Err(LexiconError::new("tags.tsv", line, "a row is a word, a tab, and tags with spaces between them"));
        };
        let tags: Vec<Tag> = labels.split(' ').map(Tag::from_label).collect();
        if tags.is_empty() || tags.contains(&Tag::X) {
            return Err(LexiconError::new("tags.tsv", line, format!("\"{labels}\" holds something that is no Penn Treebank tag")));
        }
        allowed.insert(word_hash(word), TagSet::of(&tags));
    }
    Ok(allowed)
}
