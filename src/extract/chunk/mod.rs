//! Base noun groups and verb groups: the words of one sentence in the pieces that rules speak of.
//!
//! Read off the tags from left to right; each token is looked at a bounded number of times.

mod mend;
mod noun;
mod speech;
mod verb;

use super::Analysis;
use super::analysis::{NounGroup, VerbGroup};
use crate::lexicon::trie::Entry;
use crate::lexicon::triggers::Triggers;
use crate::text::{Document, Tag};

/// A text whose known names count as nouns, whatever the tagger says of their parts ("Tehreek-i-Taliban", "police compound").
struct Reader<'r, 's> {
    text: &'r Document<'s>,
    /// Knows which words follow which verbs as particles.
    triggers: &'r Triggers,
    /// The tag that a name of the lexicon gives a token.
    known: Vec<Option<Tag>>,
}

impl<'s> std::ops::Deref for Reader<'_, 's> {
    type Target = Document<'s>;

    fn deref(&self) -> &Self::Target {
        self.text
    }
}

impl Reader<'_, '_> {
    fn tag(&self, i: usize) -> Tag {
        self.known.get(i).copied().flatten().unwrap_or_else(|| self.text.tag(i))
    }
}

/// What the names and terms of more than one word say of the tags.
fn known_tags(a: &Analysis<'_>) -> Vec<Option<Tag>> {
    let mut known = vec![None; a.doc.len()];
    for hit in a.hits.iter().filter(|h| h.tokens.len() > 1) {
        let last = hit.tokens.end as usize - 1;
        match hit.entry {
            Entry::Actor(_) => {
                for i in hit.tokens.range().filter(|&i| a.doc.tag(i) != Tag::Hyphen || i == last) {
                    known[i] = Some(Tag::NNP);
                }
            }
            Entry::Term(_) if a.doc.tag(last).is_adjective() => known[last] = Some(Tag::NN),
            _ => {}
        }
    }
    known
}

/// Finds the groups of every sentence.
pub fn find_groups(a: &mut Analysis<'_>) {
    // Twice: a word put right puts its neighbours right.
    for _ in 0..2 {
        for (i, tag) in mend::tags(a) {
            a.doc.retag(i, tag, &a.lexicon.text);
        }
    }
    let known = known_tags(a);
    let reader = Reader { text: &a.doc, triggers: &a.lexicon.triggers, known };
    let mut nouns = Vec::new();
    let mut verbs = Vec::new();
    for (sentence, &tokens) in a.doc.sentences().iter().enumerate() {
        let mut at = tokens.start as usize;
        let end = tokens.end as usize;
        while at < end {
            if let Some(group) = verb::group(&reader, at, end, sentence) {
                at = group.tokens.end as usize;
                verbs.push(group);
            } else if let Some(group) = noun::group(&reader, at, end, sentence) {
                at = group.tokens.end as usize;
                nouns.push(group);
            } else {
                at += 1;
            }
        }
        let first_verb = verbs.partition_point(|v: &VerbGroup| v.sentence < sentence);
        let first_noun = nouns.partition_point(|n: &NounGroup| n.sentence < sentence);
        mend::participles(&reader, &mut verbs[first_verb..], &nouns[first_noun..]);
    }
    a.set_groups(nouns, verbs);
}
