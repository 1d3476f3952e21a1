//! Words that make a run of capitalised words an organisation: `organisation_heads.tsv`.

use super::LexiconError;
use super::source::{Source, rows};
use super::trie::Mix;
use crate::text::word_hash;
use std::collections::HashMap;
use std::hash::BuildHasherDefault;

/// What a word says of a name that it heads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganisationHead {
    /// The name goes on with "of" or "for".
    pub of: bool,
    /// Code of the actor type list.
    pub actor_type: String,
}

/// Heads by the hash of their word; looked up, never iterated.
#[derive(Debug, Default)]
pub struct OrganisationHeads {
    first: HashMap<u64, OrganisationHead, BuildHasherDefault<Mix>>,
    last: HashMap<u64, OrganisationHead, BuildHasherDefault<Mix>>,
}

impl OrganisationHeads {
    /// Loads the file.
    pub(super) fn load(source: &Source) -> Result<Self, LexiconError> {
        const FILE: &str = "organisation_heads.tsv";
        let mut this = Self::default();
        for (line, row) in source.get(FILE).into_iter().flat_map(rows) {
            let [word, position, of, actor_type] = row[..] else {
                return Err(LexiconError::new(FILE, line, "a row needs word, position, of and type"));
            };
            let head = OrganisationHead { of: of == "yes", actor_type: actor_type.to_owned() };
            match position {
                "first" => this.first.insert(word_hash(word), head),
                "last" => this.last.insert(word_hash(word), head),
                _ => return Err(LexiconError::new(FILE, line, "position is first or last")),
            };
        }
        Ok(this)
    }

    /// The head that begins a name.
    pub fn first(&self, hash: u64) -> Option<&OrganisationHead> {
        self.first.get(&hash)
    }

    /// The head that ends a name.
    pub fn last(&self, hash: u64) -> Option<&OrganisationHead> {
        self.last.get(&hash)
    }
}
