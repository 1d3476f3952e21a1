//! Nouns and phrases that report: "the warning from X to …", "X's claim that", "according to X".

use super::content;
use super::cue::Match;
use super::draft::{Draft, rest_after};
use super::extent::{Extent, clause_pieces};
use super::speaker::{self, Phrase};
use super::view::View;
use crate::extract::analysis::{Determiner, Voice};
use crate::lexicon::cues::Frame;
use crate::text::{Tag, TokenSpan};

/// Verbs that lend their subject to a noun of speech ("issued a warning that").
const LIGHT: &[&str] = &[
    "issue",
    "make",
    "give",
    "repeat",
    "reiterate",
    "release",
    "send",
    "deliver",
    "voice",
    "express",
    "offer",
    "lodge",
    "raise",
    "post",
    "publish",
    "have",
    "renew",
    "add",
    "share",
    "hold",
    "take",
    "level",
    "put",
    "file",
    "submit",
];

/// "the warning from X to …", "X's claim that", "accusations of …".
pub(super) fn noun<'a>(view: View<'_, 'a>, found: &Match<'a>) -> Option<Draft<'a>> {
    let doc = view.doc();
    let at = found.tokens.start as usize;
    let group = &view.a.nouns[view.a.noun_at(at)?];
    let region = view.region(at);
    let group_start = group.tokens.start as usize;
    if group.head >= found.tokens.end as usize || group.head < at {
        return None;
    }
    if group.determiner == Determiner::Negative {
        return no_comment(view, found, group.tokens);
    }
    let from = (found.tokens.end as usize..(region.end as usize).min(found.tokens.end as usize + 3))
        .find(|&i| matches!(doc.word(i), "from" | "by"))
        .and_then(|i| speaker::phrase_from(view, i + 1, region.end as usize));
    let possessor = (group_start..at).find(|&i| doc.tag(i) == Tag::PRPS).map(|i| Phrase { tokens: TokenSpan::one(i), head: i }).or_else(|| {
        let mark = (group_start.saturating_sub(1)..at).find(|&i| doc.tag(i) == Tag::POS)?;
        let n = view.a.noun_at(mark.checked_sub(1)?)?;
        let owner = &view.a.nouns[n];
        Some(Phrase { tokens: TokenSpan::new(owner.tokens.start as usize, mark), head: owner.head })
    });
    let light = || {
        // "put in a claim", "put out a statement"
        let particle = group_start.checked_sub(1).filter(|&i| matches!(doc.word(i), "in" | "out" | "forward" | "up"));
        let v = particle.unwrap_or(group_start).checked_sub(1).or(group_start.checked_sub(1)).and_then(|i| view.a.verb_at(i))?;
        let verb = &view.a.verbs[v];
        (verb.voice == Voice::Active && LIGHT.contains(&doc.lemma(verb.head))).then(|| speaker::subject(view, v)).flatten()
    };
    let speaker = possessor.or(from).or_else(light).or_else(|| coming_with(view, group_start));
    // "Requests for comment" were made by those who tell it.
    if found.cue.words[0] == "request" && doc.word(found.tokens.end as usize + 1) == "comment" {
        return None;
    }
    // "followed with a denial of its own": the noun says all.
    let own =
        doc.word(found.tokens.end as usize) == "of" && doc.tag(found.tokens.end as usize + 1) == Tag::PRPS && doc.word(found.tokens.end as usize + 2) == "own";
    if own && speaker.is_some() && matches!(found.cue.kind, "denial" | "claim" | "accusation" | "condemnation") {
        let pieces = vec![TokenSpan::new(group_start, found.tokens.end as usize + 3)];
        return Some(Draft { cue: Some(*found), speaker, same: None, behalf: None, whom: None, pieces, negated: false, inherited: false });
    }
    let ahead = content::forward(view, found)?;
    // "accounts of who had slept there", "a readiness to use force": said by nobody.
    let vague = ahead.frame == Some(Frame::To) && group.determiner == Determiner::Indefinite && found.cue.kind != "threat";
    let asks = ahead.pieces.first().is_some_and(|p| matches!(doc.tag(p.start as usize), Tag::WP | Tag::WRB | Tag::WDT));
    if speaker.is_none() && (asks || vague) {
        return None;
    }
    // "in the hope of weaning them", "by the account of a guard": nobody says it here. "In order to" is no order.
    let in_phrase = group_start > 0 && doc.tag(group_start - 1) == Tag::IN;
    let in_order = found.cue.words[0] == "order" && group.tokens.len() == 1 && in_phrase;
    if in_order || speaker.is_none() && in_phrase && ahead.frame == Some(Frame::Np) {
        return None;
    }
    Some(Draft { cue: Some(*found), speaker, same: None, behalf: None, whom: ahead.whom, pieces: ahead.pieces, negated: false, inherited: false })
}

/// Verbs of answering, whose subject says what "with" brings ("followed with a denial", "coupled the claim with a demand").
const COMING: &[&str] = &["follow", "respond", "reply", "react", "counter", "couple", "combine", "answer", "begin", "open", "end", "hit", "come"];

/// The subject of a verb of answering before "with a denial".
fn coming_with(view: View<'_, '_>, group_start: usize) -> Option<Phrase> {
    let with = group_start.checked_sub(1).filter(|&w| view.doc().word(w) == "with")?;
    // The verb, or its object, stands right before.
    let last = with.checked_sub(1)?;
    let verb = view.a.verb_at(last).or_else(|| {
        let object = &view.a.nouns[view.a.noun_at(last)?];
        view.a.verb_at((object.tokens.start as usize).checked_sub(1)?)
    })?;
    let group = &view.a.verbs[verb];
    (view.is_finite(verb) && group.voice == Voice::Active && COMING.contains(&view.doc().lemma(group.head))).then(|| speaker::subject(view, verb)).flatten()
}

/// "Requests for comment to X went unanswered": X is silent.
pub(super) fn unanswered<'a>(view: View<'_, 'a>, found: &Match<'a>) -> Option<Draft<'a>> {
    let doc = view.doc();
    let (floor, end) = (view.region(found.tokens.start as usize).start as usize, found.tokens.start as usize);
    let asked = (floor..end).find(|&i| matches!(doc.lemma(i), "request" | "question" | "call" | "message" | "e-mail" | "email" | "letter" | "query"))?;
    let to = (asked + 1..end).find(|&i| doc.word(i) == "to" && view.noun_from(i + 1).is_some())?;
    let speaker = speaker::phrase_from(view, to + 1, end)?;
    Some(Draft { cue: Some(*found), speaker: Some(speaker), same: None, behalf: None, whom: None, pieces: Vec::new(), negated: false, inherited: false })
}

/// "There was no immediate comment from X".
fn no_comment<'a>(view: View<'_, 'a>, found: &Match<'a>, group: TokenSpan) -> Option<Draft<'a>> {
    let end = group.end as usize;
    let from = (found.cue.words[0] == "comment" && view.doc().word(end) == "from").then_some(end + 1)?;
    let speaker = speaker::phrase_from(view, from, view.region(end).end as usize)?;
    Some(Draft {
        cue: Some(Match { tokens: group, ..*found }),
        speaker: Some(speaker),
        same: None,
        behalf: None,
        whom: None,
        pieces: Vec::new(),
        negated: true,
        inherited: false,
    })
}

/// "According to X, …" and "…, according to X".
pub(super) fn phrase<'a>(view: View<'_, 'a>, found: &Match<'a>) -> Option<Draft<'a>> {
    let doc = view.doc();
    let at = found.tokens.start as usize;
    let region = view.region(at);
    let (floor, end) = (region.start as usize, region.end as usize);
    // "by the army's count": the source stands inside.
    let mut source = match found.gap {
        Some(gap) => possessor(view, gap)?,
        None => speaker::phrase_from(view, found.tokens.end as usize, end)?,
    };
    // "according to the first count": numbers, and nobody who counted.
    if matches!(doc.lemma(source.head), "count" | "tally") && view.a.mentions_in(source.tokens).next().is_none() {
        return None;
    }
    // "a report from May 2022": the day belongs to the document.
    let dated = source.tokens.end as usize;
    if matches!(doc.word(dated), "from" | "of" | "in")
        && let Some(d) = view.a.dates.iter().find(|d| d.tokens.start as usize == dated + 1)
    {
        source.tokens.end = d.tokens.end;
    }
    let after = source.tokens.end.max(found.tokens.end) as usize;
    let fronted = at == floor
        || doc.tag(at - 1) == Tag::CC
        || view.is_subordinator(at - 1)
        || matches!(doc.tag(at - 1), Tag::Colon | Tag::OpenQuote | Tag::Hyphen)
        || doc.tag(at - 1).is_adverb() && at - 1 == floor;
    let pieces = if fronted {
        // "but according to the police the attack was thwarted": no comma
        if view.starts_clause(after, end) {
            clause_pieces(view, after, Extent { found, frame: Frame::That, end })
        } else {
            let mut commas = (after..end).filter(|&i| doc.tag(i) == Tag::Comma);
            let first = commas.next()?;
            let start = std::iter::once(first)
                .chain(commas)
                .find(|&c| view.starts_clause(c + 1, end) || view.opens(c + 1).is_some() || view.is_preposition(c + 1))
                .unwrap_or(first);
            clause_pieces(view, start + 1, Extent { found, frame: Frame::That, end })
        }
    } else if view.quote_before(at).is_some_and(|q| view.sentence(view.with_marks(q).start as usize).start == view.with_marks(q).start) {
        content::backward(view, at)?
    } else if doc.tag(at - 1) == Tag::Comma && at > floor + 1 && matches!(doc.tag(at - 2), Tag::WDT | Tag::WP) && doc.tag(after) == Tag::Comma {
        // "a picture which, according to officials, matches the wreck"
        clause_pieces(view, after + 1, Extent { found, frame: Frame::That, end })
    } else {
        let start = clause_start(view, at, floor);
        let mut pieces = clause_pieces(view, start, Extent { found, frame: Frame::That, end: at });
        if doc.tag(at - 1) == Tag::Comma && doc.tag(after) == Tag::Comma {
            pieces.extend(rest_after(view, after, &pieces, found));
        }
        pieces
    };
    (!pieces.is_empty()).then_some(Draft {
        cue: Some(*found),
        speaker: Some(source),
        same: None,
        behalf: None,
        whom: None,
        pieces,
        negated: false,
        inherited: false,
    })
}

/// Whose count or words: "the army's" or "her".
fn possessor(view: View<'_, '_>, gap: TokenSpan) -> Option<Phrase> {
    let doc = view.doc();
    let (start, end) = (gap.start as usize, gap.end as usize);
    // "its own"
    let end = end - usize::from(end > start + 1 && doc.word(end - 1) == "own");
    if end == start + 1 && doc.tag(start) == Tag::PRPS {
        return Some(Phrase { tokens: TokenSpan::one(start), head: start });
    }
    let mark = (start..end).rev().find(|&i| doc.tag(i) == Tag::POS)?;
    speaker::phrase_from(view, start, mark).filter(|p| p.tokens.end as usize == mark)
}

/// Where the clause before `at` starts: at its sentence, or after an earlier attribution's "and", "but", ";".
fn clause_start(view: View<'_, '_>, at: usize, floor: usize) -> usize {
    (floor..at).rev().find(|&i| view.doc().tag(i) == Tag::Colon && view.doc().word(i) == ";").map_or(floor, |i| i + 1)
}
