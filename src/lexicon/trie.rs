//! One trie over word hashes for every name and term; matching walks it from each token of a text.

use super::spellings::Spellings;
use crate::text::{Document, Filter, Shape, Tag, TokenSpan};
use std::collections::HashMap;

/// What a name or term stands for: the list, and the index in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Entry {
    /// `lexicon.actors.get(index)`
    Actor(u32),
    /// `lexicon.terms.get(index)`
    Term(u32),
    /// `lexicon.gazetteer` demonym ("Afghan"): index of the country there.
    Demonym(u32),
}

/// How a name must be written to count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Case {
    /// Any way ("suicide vest").
    Any,
    /// At least one word with a capital; texts all in capitals pass ("Taliban").
    Capital,
    /// Those words with a capital that have their bit set, the first word's bit lowest ("Islamic State", not "an Islamic state").
    Written(u32),
    /// All its letters capitals, or two of them ("TTP", "LeT").
    Acronym,
    /// Like an acronym, but also with one capital, as British papers write it ("NATO", "Nato").
    SpokenAcronym,
}

impl Case {
    /// Whether the tokens are written as this policy asks.
    pub fn admits(self, doc: &Document<'_>, tokens: TokenSpan) -> bool {
        self.admits_over(doc, tokens, &|i| is_silent(doc, i))
    }

    /// The same where `silent` says which tokens are no words of names.
    pub fn admits_over(self, doc: &Document<'_>, tokens: TokenSpan, silent: &impl Fn(usize) -> bool) -> bool {
        let shape = |i: usize| doc.token(i).shape;
        match self {
            Self::Any => true,
            Self::Capital => tokens.range().any(|i| shape(i).has(Shape::CAPITAL) || shape(i).has(Shape::FOREIGN_SCRIPT)),
            Self::Written(mask) => {
                let words = tokens.range().filter(|&i| i == tokens.range().start || !silent(i));
                words.zip(0..u32::BITS).all(|(i, bit)| (mask >> bit) & 1 == 0 || shape(i).has(Shape::CAPITAL) || shape(i).has(Shape::FOREIGN_SCRIPT))
            }
            Self::Acronym => tokens.range().all(|i| abbreviated(doc, i)),
            Self::SpokenAcronym => tokens.range().all(|i| abbreviated(doc, i) || (shape(i).has(Shape::CAPITAL) && doc.raw(i).len() >= 4)),
        }
    }
}

/// Whether a token is a hyphen, whatever the tagger says of it ("ULFA-I set off"), or an apostrophe ("Workers' Party").
fn is_silent(doc: &Document<'_>, i: usize) -> bool {
    doc.token(i).tag == Tag::Hyphen || matches!(doc.word(i), "-" | "'")
}

/// Whether a token is written as a part of an acronym is: "TTP", "LeT", "19", "I".
fn abbreviated(doc: &Document<'_>, i: usize) -> bool {
    let shape = doc.token(i).shape;
    shape.has(Shape::ALL_CAPS)
        || shape.has(Shape::PUNCTUATION)
        || shape.has(Shape::DIGIT)
        || doc.raw(i).len() == 1
        || doc.raw(i).chars().filter(|c| c.is_uppercase()).count() >= 2
}

/// Trie keyed by [`crate::text::word_hash`]es; hyphens are no words in it, so "Tehrik-e-Taliban" and "Tehrik e Taliban" are one name, and
/// spellings of one word are one key.
#[derive(Debug, Default)]
pub struct Trie {
    /// (node, word) → node; looked up, never iterated. Node 0 is the root.
    edges: HashMap<(u32, u64), u32, std::hash::BuildHasherDefault<Mix>>,
    /// Per node what ends there.
    ends: Vec<Vec<(Entry, Case)>>,
    /// First words of names, in all spellings: nothing starts with most words of a text.
    firsts: Filter,
    spellings: Spellings,
}

impl Trie {
    /// An empty trie that takes these spellings for one.
    pub fn new(spellings: Spellings) -> Self {
        let mut this = Self { spellings, ..Self::default() };
        this.spellings.variants().for_each(|hash| this.firsts.add(hash));
        this
    }

    /// Adds a name, given as the hashes of its words; the same (name, entry) twice counts once.
    pub fn insert(&mut self, words: &[u64], entry: Entry, case: Case) {
        if words.is_empty() {
            return;
        }
        if self.ends.is_empty() {
            self.ends.push(Vec::new());
        }
        self.firsts.add(self.spellings.folded(words[0]));
        let mut node = 0;
        for &word in words {
            let next = self.ends.len() as u32;
            node = *self.edges.entry((node, self.spellings.folded(word))).or_insert(next);
            if node == next {
                self.ends.push(Vec::new());
            }
        }
        let ends = &mut self.ends[node as usize];
        if !ends.contains(&(entry, case)) {
            ends.push((entry, case));
        }
    }

    /// Calls `found(end, entry, case)` for every name that starts at token `start`, shortest first.
    pub fn matches(&self, doc: &Document<'_>, start: usize, found: &mut impl FnMut(usize, Entry, Case)) {
        self.matches_over(doc, start, &|i| is_silent(doc, i), found);
    }

    /// The same where `silent` says which tokens are no words of names.
    pub fn matches_over(&self, doc: &Document<'_>, start: usize, silent: &impl Fn(usize) -> bool, found: &mut impl FnMut(usize, Entry, Case)) {
        if !self.firsts.may_have(doc.token(start).hash) {
            return;
        }
        let mut node = 0;
        let mut at = start;
        while at < doc.len() {
            let token = doc.token(at);
            if at > start && silent(at) {
                at += 1;
                continue;
            }
            let Some(&next) = self.edges.get(&(node, self.spellings.folded(token.hash))) else { return };
            node = next;
            at += 1;
            for &(entry, case) in &self.ends[node as usize] {
                found(at, entry, case);
            }
        }
    }

    /// What the words stand for, whatever their case.
    pub fn exact<'t>(&'t self, words: &[u64]) -> impl Iterator<Item = Entry> + 't {
        let node = words.iter().try_fold(0, |node, &word| self.edges.get(&(node, self.spellings.folded(word))).copied());
        let ends = node.filter(|_| !words.is_empty()).and_then(|n| self.ends.get(n as usize));
        ends.into_iter().flatten().map(|&(entry, _)| entry)
    }

    /// Number of names and terms.
    pub fn len(&self) -> usize {
        self.ends.iter().map(Vec::len).sum()
    }

    /// Whether nothing was added.
    pub fn is_empty(&self) -> bool {
        self.edges.is_empty()
    }
}

/// Hasher for keys that are hashes already: one multiplication.
#[derive(Debug, Default)]
pub struct Mix(u64);

impl std::hash::Hasher for Mix {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &b in bytes {
            self.write_u64(u64::from(b));
        }
    }

    fn write_u32(&mut self, n: u32) {
        self.write_u64(u64::from(n));
    }

    fn write_u64(&mut self, n: u64) {
        self.0 = (self.0.rotate_left(26) ^ n).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}
