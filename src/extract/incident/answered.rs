//! Acts that somebody answers for: "arrested in connection with the killing of a trader", "wanted in several cases, including the attack on
//! a camp", "was involved in blowing up a bridge". The news is the arrest or the trial; the act is its context.

use super::frame::Frame;
use crate::extract::Analysis;
use crate::extract::analysis::VerbForm;
use crate::text::Tag;

/// How far back the words stand that say so, in tokens.
const REACH: usize = 14;
/// Items of a list that are followed back to the first.
const MAX_ITEMS: usize = 4;

/// Whether the act of the frame is named only as what people are arrested, wanted or tried for.
pub fn is_answered_for(a: &Analysis<'_>, frame: &Frame<'_>) -> bool {
    let mut start = match (frame.noun, frame.clause) {
        (Some(noun), _) => begins(a, noun),
        (None, Some(clause)) if a.verbs[a.clauses[clause].verb].form == VerbForm::Gerund => a.verbs[a.clauses[clause].verb].tokens.start as usize,
        _ => return false,
    };
    let floor = a.doc.sentences()[frame.sentence].start as usize;
    for _ in 0..MAX_ITEMS {
        if answers(a, floor, start) {
            return true;
        }
        let Some(before) = item_before(a, floor, start) else { return false };
        start = before;
    }
    false
}

/// Whether the words right before token `start` say that somebody answers for what begins there.
fn answers(a: &Analysis<'_>, floor: usize, start: usize) -> bool {
    if start < floor + 2 {
        return false;
    }
    let before = start - 2;
    let verb = |i: usize| a.verb_at(i).is_some_and(|v| a.verbs[v].head == i && is_answering_verb(a.doc.lemma(i)));
    let noun = |i: usize| a.doc.tag(i).is_noun() && is_answering_noun(a.doc.lemma(i));
    match a.doc.word(start - 1) {
        // "charges were filed against five men for the murder of …"
        "for" => verb(before) || noun(before) || (floor..=before).rev().take(REACH).any(|i| is_of_court(a.doc.lemma(i))),
        "in" | "of" | "with" => verb(before) || noun(before),
        // "a strike was called on Monday against the killing of …"
        "over" | "against" => verb(before) || noun(before) || (floor..=before).rev().take(REACH).any(|i| is_of_protest(a.doc.lemma(i))),
        "into" => matches!(a.doc.lemma(before), "probe" | "investigation" | "inquiry" | "enquiry"),
        _ if a.verb_at(start - 1).is_some_and(|v| a.verbs[v].head == start - 1) => matches!(a.doc.lemma(start - 1), "avenge" | "protest"),
        "including" => (floor..=before).rev().take(REACH).any(|i| verb(i) || noun(i)),
        _ => false,
    }
}

/// "the attack on a camp and the killing of …": where the item before this one begins.
fn item_before(a: &Analysis<'_>, floor: usize, start: usize) -> Option<usize> {
    let joined = start > floor && matches!(a.doc.word(start - 1), "and" | ",");
    let within = floor..start - usize::from(joined);
    let words = within.rev().take(REACH).filter(|_| joined);
    let acts = |i: &usize| a.noun_at(*i).is_some_and(|n| a.nouns[n].head == *i) && a.lexicon.triggers.of_noun_at(&a.doc, *i).next().is_some();
    let head = words.take_while(|&i| a.verb_at(i).is_none()).find(acts)?;
    a.noun_at(head).map(|n| a.nouns[n].tokens.start as usize)
}

/// Where a noun group begins: with what its bracket explains ("the improvised explosive device (IED) blast").
pub fn begins(a: &Analysis<'_>, noun: usize) -> usize {
    let start = a.nouns[noun].tokens.start as usize;
    let behind = |i: usize, tag: Tag| i > 0 && a.doc.tag(i - 1) == tag;
    let open = if behind(start, Tag::OpenBracket) {
        Some(start - 1)
    } else if behind(start, Tag::CloseBracket) {
        (start.saturating_sub(6)..start).rev().find(|&i| a.doc.tag(i) == Tag::OpenBracket)
    } else {
        None
    };
    open.and_then(|o| a.noun_at(o.checked_sub(1)?)).map_or(start, |n| a.nouns[n].tokens.start as usize)
}

fn is_of_court(lemma: &str) -> bool {
    matches!(
        lemma,
        "arrest"
            | "charge"
            | "chargesheet"
            | "warrant"
            | "jail"
            | "sentence"
            | "hang"
            | "convict"
            | "custody"
            | "trial"
            | "prosecute"
            | "remand"
            | "detain"
            | "want"
            | "court"
            | "appeal"
            | "indict"
    )
}

fn is_of_protest(lemma: &str) -> bool {
    matches!(
        lemma,
        "protest" | "demonstration" | "demonstrate" | "rally" | "agitation" | "bandh" | "shutdown" | "strike" | "sit-in" | "march" | "outrage" | "anger"
    )
}

fn is_answering_verb(lemma: &str) -> bool {
    matches!(lemma, "involve" | "implicate" | "want" | "avenge" | "book" | "convict" | "sentence" | "indict" | "arraign" | "acquit" | "try")
}

fn is_answering_noun(lemma: &str) -> bool {
    matches!(lemma, "connection" | "involvement" | "complicity" | "participation" | "accused" | "case" | "crime" | "offence" | "offense")
}
