//! Where and when a frame takes place.

use super::class::phrases_after;
use super::frame::Frame;
use crate::extract::Analysis;
use crate::extract::analysis::DateMention;
use crate::text::TokenSpan;

/// The place of a frame: index into `Analysis::places`, and whether the frame's own clause names it.
pub fn place(a: &Analysis<'_>, frame: &Frame<'_>) -> Option<(usize, bool)> {
    let reach = reach(a, frame);
    let usable = |i: &usize| {
        let p = &a.places[*i];
        !p.metonym && !p.dateline && !inside_actor(a, p.tokens) && !is_direction(a, p.tokens)
    };
    let sentence = a.doc.sentences()[frame.sentence];
    let in_sentence: Vec<usize> = a.places_in(sentence).filter(usable).collect();
    let own: Vec<usize> = in_sentence.iter().copied().filter(|&i| reach.contains(a.places[i].tokens)).collect();
    let pick = |list: &[usize]| {
        list.iter().copied().min_by_key(|&i| {
            let p = &a.places[i];
            let distance = distance(frame.tokens, p.tokens);
            let located = p.tokens.start > 0 && located(a.doc.word(p.tokens.start as usize - 1));
            // A town beats a country; a place after "in" beats one inside "from" or a bare name; then the nearest.
            (coarseness(p.precision) / 4, !located, coarseness(p.precision), distance)
        })
    };
    pick(&own).map(|i| (finest(a, i, &in_sentence), true)).or_else(|| pick(&in_sentence).map(|i| (finest(a, i, &in_sentence), false)))
}

/// "Mir Ali, North Waziristan": the inner one of a chain.
fn finest(a: &Analysis<'_>, place: usize, among: &[usize]) -> usize {
    among.iter().copied().find(|&i| a.places[i].inside == Some(place)).unwrap_or(place)
}

fn located(word: &str) -> bool {
    matches!(word, "in" | "at" | "near" | "outside" | "around" | "of" | "inside" | "within" | "across" | "on")
}

/// "sent a delegation to Kabul", "bound for Karachi", "traders from Mastung"
fn is_direction(a: &Analysis<'_>, tokens: TokenSpan) -> bool {
    let start = tokens.start as usize;
    start > 0
        && (a.doc.word(start - 1) == "for"
            || a.doc.word(start - 1) == "to" && start > 1 && !matches!(a.doc.word(start - 2), "close" | "next" | "near" | "adjacent"))
}

/// A place inside a group's name or a demonym-like modifier ("the Peshawar police chief") says little of the scene.
fn inside_actor(a: &Analysis<'_>, tokens: TokenSpan) -> bool {
    a.mentions_in(tokens)
        .any(|(_, m)| m.kind == crate::extract::analysis::MentionKind::Organisation && m.tokens.contains(tokens) && m.tokens.len() > tokens.len())
}

/// Lower is finer.
pub fn coarseness(precision: &str) -> u8 {
    match precision {
        "exact" => 0,
        "near" => 1,
        "admin2" => 2,
        "admin1" => 4,
        "area" => 5,
        "country" => 8,
        _ => 9,
    }
}

/// Tokens that belong to the frame: its clause from subject to end, or the noun with its phrases.
fn reach(a: &Analysis<'_>, frame: &Frame<'_>) -> TokenSpan {
    let mut reach = frame.tokens;
    if let Some(noun) = frame.noun {
        let end = a.doc.sentences()[frame.sentence].end as usize;
        reach = reach.cover(a.nouns[noun].tokens);
        for (_, n) in phrases_after(a, noun, end) {
            reach = reach.cover(a.nouns[n].tokens);
        }
    }
    if let Some(clause) = frame.clause {
        let c = &a.clauses[clause];
        reach = reach.cover(TokenSpan::new(a.verbs[c.verb].tokens.start as usize, c.end));
        for &n in &c.subject {
            reach = reach.cover(a.nouns[n].tokens);
        }
    }
    reach
}

/// The date of a frame: index into `Analysis::dates`, and whether its own clause names it.
pub fn date(a: &Analysis<'_>, frame: &Frame<'_>) -> Option<(usize, bool)> {
    let reach = reach(a, frame);
    let sentence = a.doc.sentences()[frame.sentence];
    let usable = |d: &DateMention| d.value.is_some() && !d.duration && sentence.contains(d.tokens);
    let pick = |own: bool| {
        a.dates_in(sentence)
            .filter(|(_, d)| usable(d) && (!own || reach.contains(d.tokens) || frame.noun.is_some_and(|n| a.nouns[n].tokens.overlaps(d.tokens))))
            .min_by_key(|(_, d)| (d.value.map(|v| v.precision), said_then(a, d.tokens), distance(frame.tokens, d.tokens)))
            .map(|(i, _)| i)
    };
    pick(true).map(|i| (i, true)).or_else(|| pick(false).filter(|&i| !said_then(a, a.dates[i].tokens)).map(|i| (i, false)))
}

/// "said on Tuesday": the day of the statement, not of what it tells.
fn said_then(a: &Analysis<'_>, date: TokenSpan) -> bool {
    let start = date.start as usize;
    let back = start.saturating_sub(usize::from(start > 0 && a.doc.word(start - 1) == "on"));
    back > 0
        && a.verb_at(back - 1)
            .is_some_and(|v| matches!(a.doc.lemma(a.verbs[v].head), "say" | "tell" | "announce" | "report" | "claim" | "confirm" | "state" | "add" | "declare"))
}

/// Tokens between two spans.
pub fn distance(a: TokenSpan, b: TokenSpan) -> u32 {
    if a.overlaps(b) { 0 } else { b.start.saturating_sub(a.end).max(a.start.saturating_sub(b.end)) }
}
