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
    /// The tag of each token, that which a name of the lexicon gives it before the tagger's.
    tags: Vec<Tag>,
}

impl<'s> std::ops::Deref for Reader<'_, 's> {
    type Target = Document<'s>;

    fn deref(&self) -> &Self::Target {
        self.text
    }
}

impl Reader<'_, '_> {
    fn tag(&self, i: usize) -> Tag {
        self.tags.get(i).copied().unwrap_or_default()
    }
}

/// The tags, put right by the names and terms of more than one word.
fn known_tags(a: &Analysis<'_>) -> Vec<Tag> {
    let mut known: Vec<Tag> = a.doc.tokens().iter().map(|token| token.tag).collect();
    for hit in a.hits.iter().filter(|h| h.tokens.len() > 1) {
        let last = hit.tokens.end as usize - 1;
        match hit.entry {
            Entry::Actor(_) => {
                for i in hit.tokens.range().filter(|&i| a.doc.tag(i) != Tag::Hyphen || i == last) {
                    known[i] = Tag::NNP;
                }
            }
            Entry::Term(_) if a.doc.tag(last).is_adjective() => known[last] = Tag::NN,
            _ => {}
        }
    }
    known
}

/// Finds the groups of every sentence.
pub fn find_groups(a: &mut Analysis<'_>) {
    let mended = mend::tags(a, 0..a.doc.len());
    retag(a, &mended);
    // A word put right puts its neighbours right; what stands further away saw nothing of it.
    let beside = mend::neighbours(&mended, a.doc.len());
    let again = mend::tags(a, beside);
    retag(a, &again);
    let reader = Reader { text: &a.doc, triggers: &a.lexicon.triggers, tags: known_tags(a) };
    let mut nouns = Vec::new();
    let mut verbs = Vec::new();
    for (sentence, &tokens) in a.doc.sentences().iter().enumerate().take_while(|_| !a.is_stopped()) {
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

fn retag(a: &mut Analysis<'_>, better: &[(usize, Tag)]) {
    for &(i, tag) in better {
        a.doc.retag(i, tag, &a.lexicon.text);
    }
}
