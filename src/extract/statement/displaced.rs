//! Content that stands before its speaker and is no quotation: before a relative pronoun ("a raid to which they put their name"), in a cleft
//! ("It was in its name that he claimed it"), as a fronted object ("That attack the army ascribed to them"), in the clause before
//! ("a bomb went off at the gate; the group took responsibility").

use super::cue::Match;
use super::extent::{Extent, clause_pieces, trim};
use super::speaker::Phrase;
use super::view::View;
use crate::lexicon::cues::{CuePart, Frame};
use crate::text::{Tag, TokenSpan};

/// How far before its speaker the words that open a cleft may stand.
const LONGEST_CLEFT: usize = 16;

/// What was claimed, denied or condemned, where it stands before the subject of a verb that has nothing behind it.
pub fn before(view: View<'_, '_>, found: &Match<'_>, subject: Phrase) -> Option<Vec<TokenSpan>> {
    let frames = found.cue.frames;
    let named = frames.any(&[Frame::Np, Frame::Before, Frame::Nothing]) || !found.cue.prepositions.is_empty();
    let complete = frames.has(Frame::Nothing) && found.cue.kind == "claim";
    named
        .then(|| {
            antecedent(view, subject.tokens.start as usize, frames.has(Frame::Np) && !frames.any(&[Frame::Bare, Frame::That]) || frames.has(Frame::Before))
        })
        .flatten()
        .or_else(|| if complete { cleft(view, subject.tokens.start as usize) } else { None })
        .or_else(|| if complete { clause_before(view, subject.tokens.start as usize) } else { None })
}

/// The noun phrase before "which", "to which" or, where it names an act or something said, right before the subject ("a claim the army denied").
fn antecedent(view: View<'_, '_>, start: usize, any_relative: bool) -> Option<Vec<TokenSpan>> {
    let doc = view.doc();
    let floor = view.region(start).start as usize;
    let r = start.checked_sub(1).filter(|&r| r > floor)?;
    let pronoun = matches!(doc.tag(r), Tag::WDT | Tag::WP) || doc.word(r) == "that" && doc.tag(r) != Tag::DT;
    let mut end = if pronoun { r } else { start };
    let pied = pronoun && doc.tag(r) != Tag::DT && end > floor + 1 && matches!(doc.tag(end - 1), Tag::IN | Tag::TO) && view.a.noun_at(end - 1).is_none();
    end -= usize::from(pied);
    if pronoun && doc.tag(end - 1) == Tag::Comma && end > floor + 1 {
        end -= 1;
    }
    let nearest = view.a.noun_at(end - 1)?;
    let mut group = &view.a.nouns[nearest];
    let mut chosen = None;
    loop {
        let head = doc.lemma(group.head);
        let act = view.a.lexicon.triggers.of_noun(head).next().is_some();
        let said = view.a.lexicon.cues.starting(head).any(|(_, c)| c.part == CuePart::Noun);
        if act || said {
            chosen = Some(group.tokens.start as usize);
            break;
        }
        let from = group.tokens.start as usize;
        match (from > floor + 1 && view.is_preposition(from - 1)).then(|| view.a.noun_at(from - 2)).flatten() {
            Some(n) => group = &view.a.nouns[n],
            None => break,
        }
    }
    // Without an act only a preposition before "which", or a verb that takes nothing but noun phrases, tells that the phrase belongs to it.
    let from = chosen.or_else(|| (pronoun && (pied || any_relative)).then(|| view.a.nouns[nearest].tokens.start as usize))?;
    Some(vec![TokenSpan::new(from, end)])
}

/// "It was in the name of the group that the caller took responsibility": the words between "was" and "that".
fn cleft(view: View<'_, '_>, start: usize) -> Option<Vec<TokenSpan>> {
    let doc = view.doc();
    let that = start.checked_sub(1).filter(|&r| doc.word(r) == "that")?;
    let floor = (view.region(start).start as usize).max(that.saturating_sub(LONGEST_CLEFT));
    let be = (floor + 1..that).rev().find(|&i| matches!(doc.word(i), "was" | "is" | "were") && doc.word(i - 1) == "it")?;
    trim(view, TokenSpan::new(be + 1, that)).map(|p| vec![p])
}

/// The clause of the same sentence before a semicolon, where it tells an act.
fn clause_before(view: View<'_, '_>, start: usize) -> Option<Vec<TokenSpan>> {
    let doc = view.doc();
    let semicolon = start.checked_sub(1).filter(|&c| doc.word(c) == ";")?;
    let floor = view.region(start).start as usize;
    let triggers = &view.a.lexicon.triggers;
    let act = (floor..semicolon).any(|i| match doc.tag(i) {
        t if t.is_verb() => triggers.of_verb(doc.lemma(i)).next().is_some(),
        t if t.is_noun() => triggers.of_noun(doc.lemma(i)).next().is_some(),
        _ => false,
    });
    let piece = trim(view, TokenSpan::new(floor, semicolon)).filter(|_| act)?;
    Some(vec![piece])
}

/// "That attack, too, the military ascribed to the LTTE": the accused act at the front, and the phrase behind the verb.
pub fn fronted(view: View<'_, '_>, found: &Match<'_>, subject: Phrase) -> Option<(Phrase, Vec<TokenSpan>)> {
    let doc = view.doc();
    let at = found.tokens.end as usize;
    let charged = found.cue.whom_prepositions.iter().any(|p| p == doc.word(at));
    let floor = view.region(at).start as usize;
    let start = subject.tokens.start as usize;
    let noun = view.noun_from(floor).filter(|_| charged)?;
    let group = &view.a.nouns[noun];
    let aside = |i: usize| doc.tag(i) == Tag::Comma || matches!(doc.word(i), "too" | "also" | "likewise");
    let end = group.tokens.end as usize;
    if end > start || view.a.noun_at(subject.head) == Some(noun) || !(end..start).all(aside) {
        return None;
    }
    let region_end = view.region(at).end as usize;
    let mut pieces = vec![group.tokens];
    pieces.extend(clause_pieces(view, at, Extent { found, frame: Frame::WhomThen, end: region_end }));
    Some((Phrase { tokens: group.tokens, head: group.head }, pieces))
}
