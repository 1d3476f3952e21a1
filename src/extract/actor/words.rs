//! What single tokens look like to the rules on names.

use crate::extract::Analysis;
use crate::lexicon::Hit;
pub(super) use crate::lexicon::actor_words::ActorWord as Word;
use crate::lexicon::terms::{Term, TermKind};
use crate::lexicon::trie::Entry;
use crate::text::{Document, Shape, Tag, TokenSpan};

/// Whether a word, in small letters, is of a class of the lexicon.
pub(super) fn is(a: &Analysis<'_>, word: &str, class: Word) -> bool {
    a.lexicon.actor_words.classes(word).has(class)
}

/// Whether token `i` is a word of the class.
pub(super) fn is_word(a: &Analysis<'_>, i: usize, class: Word) -> bool {
    a.lexicon.actor_words.of_word(&a.doc, i).has(class)
}

/// Whether the lemma of token `i` is a word of the class.
pub(super) fn is_lemma(a: &Analysis<'_>, i: usize, class: Word) -> bool {
    a.lexicon.actor_words.of_lemma(&a.doc, i).has(class)
}

/// Whether token `i` can be part of a name: a capital that is not just a sentence's first letter.
pub(super) fn is_name_token(a: &Analysis<'_>, i: usize) -> bool {
    let token = a.doc.token(i);
    if i >= a.doc.len() || !token.shape.has(Shape::CAPITAL) || token.shape.has(Shape::PUNCTUATION) || token.shape.has(Shape::DIGIT) {
        return false;
    }
    if is_date(a, i) {
        return false;
    }
    let first = token.shape.has(Shape::SENTENCE_START) || opens_quotation(&a.doc, i);
    match token.tag {
        Tag::NNP | Tag::NNPS => !first || !is_word(a, i, Word::NoName),
        Tag::NN | Tag::NNS | Tag::JJ | Tag::FW | Tag::X | Tag::VBG | Tag::VBN | Tag::VB | Tag::VBD | Tag::UH => !first && !is_word(a, i, Word::NoName),
        _ => false,
    }
}

/// The first token after an opening quotation mark has a capital as a sentence's first has.
fn opens_quotation(doc: &Document<'_>, i: usize) -> bool {
    i > 0 && (doc.tag(i - 1) == Tag::OpenQuote || matches!(doc.word(i - 1), ":" | "\""))
}

/// Whether the token is part of a date.
pub(super) fn is_date(a: &Analysis<'_>, i: usize) -> bool {
    a.date_at(i).is_some()
}

/// Whether a small word at `i` joins parts of a person's name: a particle, or a hyphen without spaces, with a name token after it.
pub(super) fn joins_name(a: &Analysis<'_>, i: usize) -> bool {
    let particle = is_word(a, i, Word::Particle) || hyphen(&a.doc, i);
    particle
        && i > 0
        && (is_name_token(a, i + 1) || (hyphen(&a.doc, i) && is_word(a, i + 1, Word::Particle)) || (is_word(a, i, Word::Particle) && hyphen(&a.doc, i + 1)))
}

/// A hyphen with no space on either side.
pub(super) fn hyphen(doc: &Document<'_>, i: usize) -> bool {
    i > 0 && doc.word(i) == "-" && !doc.token(i).shape.has(Shape::SPACE_AFTER) && !doc.token(i - 1).shape.has(Shape::SPACE_AFTER)
}

/// An initial: one capital letter, with or without its stop.
pub(super) fn is_initial(doc: &Document<'_>, i: usize) -> bool {
    let raw = doc.raw(i);
    // Nearly every word is ruled out by its second letter.
    if let [first, second, ..] = raw.as_bytes()
        && first.is_ascii()
        && *second != b'.'
    {
        return false;
    }
    let single = raw.chars().count() == 1 && raw.chars().all(char::is_uppercase);
    // "A.W.P.": capitals and stops in turn.
    let dotted = raw.len() >= 2 && raw.len().is_multiple_of(2) && raw.as_bytes().chunks(2).all(|pair| pair[0].is_ascii_uppercase() && pair[1] == b'.');
    single || dotted
}

/// Hits that start at token `i`, longest first.
pub(super) fn hits_at<'h>(a: &'h Analysis<'_>, i: usize) -> impl Iterator<Item = &'h Hit> {
    a.hits_in(TokenSpan::one(i)).iter()
}

/// The longest title that starts at token `i`: its tokens and term. One that is written with a capital in the lexicon needs one.
pub(super) fn title_at<'l>(a: &Analysis<'l>, i: usize) -> Option<(TokenSpan, &'l Term)> {
    hits_at(a, i).find_map(|h| {
        let term = term_of(a, h.entry).filter(|t| t.kind == TermKind::Title)?;
        let needs = term.term.starts_with(char::is_uppercase);
        let capital = a.doc.token(i).shape.has(Shape::CAPITAL);
        let end = h.tokens.end as usize;
        let named = term.term.len() > 4 && a.doc.token(end).shape.has(Shape::CAPITAL) && a.doc.tag(end).is_proper();
        (!needs || capital || named).then_some((h.tokens, term))
    })
}

/// The longest word for people that ends before token `end` and starts at or after `start`: its tokens, index and term.
pub(super) fn people_term_ending<'l>(a: &Analysis<'l>, start: usize, end: usize) -> Option<(TokenSpan, u32, &'l Term)> {
    (start..end).find_map(|i| {
        hits_at(a, i).find_map(|h| {
            let Entry::Term(index) = h.entry else { return None };
            let term = a.lexicon.terms.get(index).filter(|t| t.kind == TermKind::People)?;
            (h.tokens.end as usize == end).then_some((h.tokens, index, term))
        })
    })
}

/// The term of an entry.
pub(super) fn term_of<'l>(a: &Analysis<'l>, entry: Entry) -> Option<&'l Term> {
    match entry {
        Entry::Term(index) => a.lexicon.terms.get(index),
        _ => None,
    }
}

/// Whether token `i` is a common first or last name.
pub(super) fn is_personal_name(a: &Analysis<'_>, i: usize) -> bool {
    i < a.doc.len() && a.lexicon.gazetteer.is_personal_name(&a.doc, i)
}

/// Whether a place's name covers token `i` and nothing speaks against it.
pub(super) fn place_at(a: &Analysis<'_>, i: usize) -> Option<usize> {
    a.place_at(i)
}

/// Verbs after or before which a capitalised run is whoever speaks.
pub(super) fn speaks(a: &Analysis<'_>, i: usize) -> bool {
    (a.doc.tag(i).is_verb() || a.doc.tag(i) == Tag::NN) && is_lemma(a, i, Word::Speech)
}
