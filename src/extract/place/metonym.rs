//! Places that stand for a government: "Kabul said", "talks between Islamabad and the TTP".

use crate::extract::Analysis;
use crate::extract::analysis::PlaceMention;
use crate::lexicon::gazetteer::PlaceWord;
use crate::text::{Document, Tag, TokenSpan};

/// Whether the mention is who acts rather than where: a capital or country that is the subject of a verb, or party to talks.
pub(super) fn stands_for_government(a: &Analysis<'_>, place: &PlaceMention) -> bool {
    let capital = place.gazetteer.as_deref().is_some_and(|key| a.lexicon.gazetteer.is_seat_of_government(key));
    if !(capital || place.precision == "country") || place.tokens != place.core {
        return false;
    }
    is_subject(a, place.tokens) || is_addressed(a, place.tokens) || is_party_to_talks(a, place.tokens)
}

/// At the head of a sentence or behind a comma, "that", "and" …, with a verb of saying or deciding right after it.
fn is_subject(a: &Analysis<'_>, tokens: TokenSpan) -> bool {
    let (doc, gazetteer) = (&a.doc, &a.lexicon.gazetteer);
    let (start, mut next) = (tokens.start as usize, tokens.end as usize);
    let opens = start == 0 || doc.sentence_of(start - 1) != doc.sentence_of(start);
    let prev = start.wrapping_sub(1);
    let clause_starts = opens
        || matches!(doc.tag(prev), Tag::Comma | Tag::Colon | Tag::OpenQuote | Tag::CloseQuote | Tag::CC)
        || matches!(doc.word(prev), "that" | "and" | "but" | "if" | "because" | "while" | "when" | "as" | "which" | "where" | "after" | "before" | "year");
    while next < doc.len()
        && matches!(doc.word(next), "also" | "has" | "had" | "have" | "later" | "now" | "repeatedly" | "officially" | "again" | "still" | "never")
    {
        next += 1;
    }
    let verb = gazetteer.word(doc, next).has(PlaceWord::SPEECH) || is_finite_verb(doc, next);
    let in_clause = next < doc.len() && doc.sentence_of(next) == doc.sentence_of(start);
    clause_starts && verb && in_clause && !behind_preposition_in_list(a, start)
}

/// "in Lahore and Islamabad was": the conjunction goes on with a phrase, not with a clause.
fn behind_preposition_in_list(a: &Analysis<'_>, start: usize) -> bool {
    let (doc, gazetteer) = (&a.doc, &a.lexicon.gazetteer);
    let Some(conjunction) = start.checked_sub(1).filter(|&p| matches!(doc.word(p), "and" | "or" | ",")) else { return false };
    let mut at = conjunction;
    while at > 0 && (super::context::is_capital(doc, at - 1) || doc.tag(at - 1) == Tag::Comma) && doc.sentence_of(at - 1) == doc.sentence_of(start) {
        at -= 1;
    }
    at < conjunction && at > 0 && gazetteer.word(doc, at - 1).has(PlaceWord::PREPOSITION)
}

/// "accused Tehran", "urged Islamabad to …"
fn is_addressed(a: &Analysis<'_>, tokens: TokenSpan) -> bool {
    let verb = (tokens.start as usize).checked_sub(1).filter(|&v| a.doc.sentence_of(v) == a.doc.sentence_of(tokens.start as usize));
    verb.is_some_and(|v| a.lexicon.gazetteer.word(&a.doc, v).has(PlaceWord::ADDRESS))
}

fn is_finite_verb(doc: &Document<'_>, i: usize) -> bool {
    matches!(doc.tag(i), Tag::VBD | Tag::VBZ | Tag::VBP | Tag::MD)
}

/// "talks between Kabul and Islamabad", "relations with Tehran".
fn is_party_to_talks(a: &Analysis<'_>, tokens: TokenSpan) -> bool {
    let (doc, gazetteer) = (&a.doc, &a.lexicon.gazetteer);
    let start = tokens.start as usize;
    let floor = doc.sentences().get(doc.sentence_of(start)).map_or(start, |s| s.start as usize);
    let linked = (floor.max(start.saturating_sub(6))..start).rev().find(|&i| matches!(doc.word(i), "between" | "with"));
    linked.is_some_and(|link| {
        let only_parties = (link + 1..start).all(|i| super::context::is_capital(doc, i) || matches!(doc.word(i), "and" | "the" | ","));
        only_parties && (floor.max(link.saturating_sub(3))..link).any(|i| gazetteer.word(doc, i).has(PlaceWord::TALKS))
    })
}
