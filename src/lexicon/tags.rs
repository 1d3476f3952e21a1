//! Tags that a word may have in this domain: `lexicon/tags.tsv`.

use super::LexiconError;
use super::source::{Source, rows};
use super::terms::{TermKind, Terms};
use super::triggers::Triggers;
use crate::text::{AllowedTags, Tag, TagSet, TextModel, word_hash};

/// Loads the table, by [`word_hash`].
pub(super) fn load(source: &Source) -> Result<AllowedTags, LexiconError> {
    let mut allowed = AllowedTags::default();
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

/// Tags for words of other data files that the tagger never met: forms of trigger verbs, people and sites ("dynamited", "tribesmen").
pub(super) fn add_unknown(model: &mut TextModel, triggers: &Triggers, terms: &Terms) {
    let add = |model: &mut TextModel, word: &str, tags: &[Tag]| {
        if !model.knows(word) {
            model.allowed.entry(word_hash(word)).or_insert_with(|| TagSet::of(tags));
        }
    };
    for verb in triggers.beginnings() {
        for past in pasts(verb) {
            add(model, &past, &[Tag::VBD, Tag::VBN]);
        }
        for gerund in stems(verb).map(|stem| format!("{stem}ing")) {
            add(model, &gerund, &[Tag::VBG, Tag::NN]);
        }
    }
    for term in terms.iter().filter(|t| matches!(t.kind, TermKind::People | TermKind::Site)) {
        let is_word = term.term.bytes().all(|b| b.is_ascii_lowercase());
        for (form, tag) in term.forms.iter().filter(|_| is_word).zip([[Tag::NN, Tag::NNP], [Tag::NNS, Tag::NNPS]]) {
            add(model, form, &tag);
        }
    }
}

/// The stem before "-ed" and "-ing": as it is, without its last "e", with its last letter doubled; unheard-of forms do no harm.
fn stems(verb: &str) -> impl Iterator<Item = String> {
    let bare = verb.strip_suffix('e').filter(|_| !verb.ends_with("ee")).unwrap_or(verb).to_owned();
    let doubled = verb.chars().last().filter(|c| "bdglmnprt".contains(*c)).map(|last| format!("{verb}{last}"));
    std::iter::once(bare).chain(doubled)
}

fn pasts(verb: &str) -> Vec<String> {
    let before_y = verb.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'i', 'o', 'u']));
    stems(verb).map(|stem| format!("{stem}ed")).chain(before_y.map(|stem| format!("{stem}ied"))).collect()
}
