//! Verbs of speech that the tagger took for nouns or adjectives, where only a verb can stand.

use crate::extract::Analysis;
use crate::lexicon::cues::{CuePart, Frame};
use crate::text::{Shape, Tag};

/// A better tag for a word of speech, or for one that belongs to it ("a note *pinned* to the door said").
pub(super) fn better(a: &Analysis<'_>, i: usize) -> Option<Tag> {
    let doc = &a.doc;
    // Nearly half of all tokens have tags that are left alone here.
    if !matches!(doc.tag(i), Tag::VBG | Tag::VBN | Tag::VBD | Tag::JJ | Tag::NN | Tag::NNS | Tag::NNP | Tag::RB | Tag::RP | Tag::IN | Tag::FW) {
        return None;
    }
    let word = doc.word(i);
    let before = i.checked_sub(1).map_or(Tag::X, |b| doc.tag(b));
    match doc.tag(i) {
        // "Beijing called for calm": a seat of government, no participle.
        Tag::VBG | Tag::JJ | Tag::VBN | Tag::RB | Tag::NN if is_seat(a, i) => Some(Tag::NNP),
        // "Seoul called for", "Kabul talked to": verbs of speech that no passive goes with
        Tag::VBN if before == Tag::NNP && is_spoken(word, doc.word(i + 1)) => Some(Tag::VBD),
        // "…, Memon related, …"
        Tag::JJ | Tag::VBN if word.ends_with("ed") && inserted(a, i) && reports(a, word) => Some(Tag::VBD),
        // "…, Nepali media report."
        Tag::NN if doc.tag(i + 1) == Tag::Stop && matches!(doc.word(i.checked_sub(1)?), "media" | "police" | "officials") && inserted(a, i) => {
            reports(a, word).then_some(Tag::VBP)
        }
        // "the text speaks of", "families speak of"
        Tag::NN | Tag::NNS | Tag::NNP if before.is_noun() && matches!(word, "speaks" | "says" | "tells" | "insists" | "denies") => Some(Tag::VBZ),
        Tag::NN if before.is_noun() && word == "speak" => Some(Tag::VBP),
        // "Notes left behind promise that …"
        Tag::NN if doc.word(i + 1) == "that" && i > 1 && doc.word(i - 1) == "behind" && doc.word(i - 2) == "left" => Some(Tag::VBP),
        Tag::IN | Tag::RP if word == "behind" && i > 0 && doc.word(i - 1) == "left" && finite(doc.tag(i + 1)) => Some(Tag::RB),
        Tag::VBD if word == "left" && before.is_noun() && doc.word(i + 1) == "behind" && finite(doc.tag(i + 2)) => Some(Tag::VBN),
        // "A note pinned to one of the shirts called …": the document does not pin.
        Tag::VBD if before.is_noun() && is_document(doc.word(i - 1)) && matches!(doc.tag(i + 1), Tag::IN | Tag::TO | Tag::RB) && speaks_later(a, i) => {
            Some(Tag::VBN)
        }
        // "had a bomb strapped to his leg": done to what he had
        Tag::VBD if word.ends_with("ed") && matches!(doc.tag(i + 1), Tag::IN | Tag::TO) && had_done(a, i) => Some(Tag::VBN),
        // "The group followed with a denial"
        Tag::VBN if word == "followed" && doc.word(i + 1) == "with" && (before.is_noun() || matches!(before, Tag::CloseBracket | Tag::Comma)) => Some(Tag::VBD),
        // "un-Islamic", not the United Nations
        Tag::NNP | Tag::NN | Tag::FW if doc.raw(i) == "un" && doc.tag(i + 1) == Tag::Hyphen => Some(Tag::JJ),
        Tag::NNP | Tag::NN if i > 1 && doc.tag(i - 1) == Tag::Hyphen && doc.raw(i - 2) == "un" => Some(Tag::JJ),
        // "the massacre un-Islamic"
        Tag::JJ if before == Tag::DT && doc.raw(i + 1) == "un" && a.lexicon.triggers.ends_noun_at(doc, i) => Some(Tag::NN),
        _ => None,
    }
}

/// Whether the word is written with a capital, has a verb behind it and stands for a government when it acts.
fn is_seat(a: &Analysis<'_>, i: usize) -> bool {
    let acts = a.doc.tag(i + 1).is_verb() || matches!(a.doc.tag(i + 1), Tag::MD | Tag::POS);
    acts && a.doc.token(i).shape.has(Shape::CAPITAL) && !a.lexicon.actors.metonym(&[a.doc.token(i).hash]).is_empty()
}

fn is_spoken(word: &str, next: &str) -> bool {
    matches!((word, next), ("called", "for" | "on" | "upon") | ("talked", "to" | "with" | "of" | "about") | ("appealed", "for" | "to"))
}

/// Whether "had" and its object stand right before.
fn had_done(a: &Analysis<'_>, i: usize) -> bool {
    const LONGEST_OBJECT: usize = 4;
    let doc = &a.doc;
    let object = |t: Tag| t.is_noun() || t.is_adjective() || matches!(t, Tag::DT | Tag::CD | Tag::PRPS);
    let verb = (i.saturating_sub(LONGEST_OBJECT + 1)..i).rev().find(|&j| !object(doc.tag(j)));
    verb.is_some_and(|j| j + 1 < i && matches!(doc.word(j), "had" | "has" | "have") && doc.tag(j + 1) != Tag::VBN)
}

fn finite(tag: Tag) -> bool {
    matches!(tag, Tag::VBD | Tag::VBP | Tag::VBZ | Tag::MD)
}

/// Whether a name or noun phrase stands before the word, a comma before that and a comma or the end of the sentence behind it.
fn inserted(a: &Analysis<'_>, i: usize) -> bool {
    const LONGEST_NAME: usize = 6;
    let doc = &a.doc;
    if !matches!(doc.tag(i + 1), Tag::Comma | Tag::Stop) || i == 0 || !doc.tag(i - 1).is_noun() {
        return false;
    }
    let part = |t: Tag| t.is_noun() || t.is_adjective() || matches!(t, Tag::DT | Tag::PRPS | Tag::POS);
    let edge = (i.saturating_sub(LONGEST_NAME)..i).rev().find(|&j| !part(doc.tag(j)));
    edge.is_some_and(|j| matches!(doc.tag(j), Tag::Comma | Tag::CloseQuote))
}

/// Whether the word is a past or base form of a verb that reports a clause.
fn reports(a: &Analysis<'_>, word: &str) -> bool {
    let is_cue = |lemma: &str| a.lexicon.cues.starting(lemma).any(|(_, c)| c.part == CuePart::Verb && c.words.len() == 1 && c.frames.has(Frame::That));
    is_cue(word) || word.strip_suffix("ed").is_some_and(is_cue) || word.strip_suffix('d').is_some_and(is_cue)
}

/// Things on which words are written or recorded.
fn is_document(word: &str) -> bool {
    matches!(
        word,
        "note" | "notes" | "statement" | "message" | "letter" | "letters" | "leaflet" | "leaflets" | "video" | "poster" | "posters" | "e-mail" | "email"
    )
}

/// Whether a verb of speech stands in the same clause behind phrases only: it is what the document does.
fn speaks_later(a: &Analysis<'_>, i: usize) -> bool {
    const LONGEST_PHRASE: usize = 12;
    let doc = &a.doc;
    let phrase = |t: Tag| t.is_noun() || t.is_adjective() || matches!(t, Tag::DT | Tag::IN | Tag::TO | Tag::CD | Tag::PRPS | Tag::POS | Tag::Hyphen | Tag::RB);
    let verb = (i + 1..(i + LONGEST_PHRASE).min(doc.len())).find(|&j| !phrase(doc.tag(j)));
    verb.is_some_and(|v| doc.tag(v) == Tag::VBD && doc.tag(v - 1).is_noun() && a.lexicon.cues.of_lemma(doc, v).any(|(_, c)| c.part == CuePart::Verb))
}
