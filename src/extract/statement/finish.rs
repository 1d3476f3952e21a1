//! From drafts to statements: bytes, entities, days, kind and mode.

use super::draft::Draft;
use super::kind::kind;
use super::speaker::{Phrase, phrase_from};
use super::view::View;
use crate::extract::analysis::{Mention, MentionKind, Statement};
use crate::lexicon::cues::CuePart;
use crate::model::DateRange;
use crate::text::{Span, TokenSpan};

/// The statement of a draft.
pub fn statement(view: View<'_, '_>, draft: &Draft<'_>) -> Statement {
    let doc = view.doc();
    let content: Vec<Span> = draft.pieces.iter().map(|&p| doc.span(p)).collect();
    let quotes: Vec<Span> = quotes(view, &draft.pieces).into_iter().map(|q| doc.span(q)).collect();
    let kind = kind(view, draft);
    let blames = matches!(kind, "accusation" | "condemnation" | "praise" | "claim" | "denial" | "condolence");
    Statement {
        kind,
        mode: mode(view, &draft.pieces),
        speaker: draft.speaker.map(|s| s.tokens),
        entity: speaker_entity(view, draft),
        on_behalf_of: on_behalf_of(view, draft),
        cue: draft.cue.map(|c| c.tokens),
        addressee: draft.whom.filter(|_| !blames).and_then(|w| entity(view, w)),
        content,
        quotes,
        channel: super::channel::of_draft(view, draft),
        standing: None,
        said_on: said_on(view, draft),
        object: draft.whom.filter(|_| blames).map(|w| within(draft, w.tokens)),
        about: Vec::new(),
        confidence: confidence(draft),
    }
}

/// What is blamed or claimed goes no further than the content that begins with it.
fn within(draft: &Draft<'_>, tokens: TokenSpan) -> TokenSpan {
    let first = draft.pieces.first().filter(|p| p.start == tokens.start && p.end < tokens.end);
    first.copied().unwrap_or(tokens)
}

/// The entity that speaks.
pub fn speaker_entity(view: View<'_, '_>, draft: &Draft<'_>) -> Option<usize> {
    draft.same.and_then(|s| entity(view, s)).or_else(|| draft.speaker.and_then(|s| entity(view, s)))
}

/// The entity of the mention that holds the head of a phrase.
pub fn entity(view: View<'_, '_>, phrase: Phrase) -> Option<usize> {
    let mut mentions = view.a.mentions_in(TokenSpan::one(phrase.head)).collect::<Vec<_>>();
    mentions.sort_by_key(|(_, m)| (m.head != phrase.head, m.phrase.len()));
    mentions.iter().find_map(|(_, m)| m.entity)
}

/// Heads of speakers who speak for somebody else.
const VOICES: &[&str] = &["spokesman", "spokeswoman", "spokesperson", "spokesmen", "representative", "lawyer", "negotiator", "envoy", "emissary"];

/// For whom the speaker speaks: "on behalf of X", "a spokesman for X", "X's spokesman".
pub fn on_behalf_of(view: View<'_, '_>, draft: &Draft<'_>) -> Option<usize> {
    let doc = view.doc();
    let speaker = draft.speaker?;
    if let Some(e) = draft.behalf.and_then(|b| entity(view, b)) {
        return Some(e);
    }
    let region = view.region(draft.at());
    let named = region.range().find(|&i| speaks_for(view, i) && !draft.has(i)).and_then(|i| phrase_from(view, i + 2, region.end as usize));
    if let Some(who) = named {
        return entity(view, who);
    }
    // The words of the noun phrase and of an apposition after it.
    let end = draft.cue.filter(|c| c.tokens.start >= speaker.tokens.end).map_or(speaker.tokens.end as usize, |c| c.tokens.start as usize);
    let voice = (speaker.tokens.start as usize..end).find(|&i| VOICES.contains(&doc.word(i)))?;
    if matches!(doc.word(voice + 1), "for" | "of") {
        return phrase_from(view, voice + 2, region.end as usize).and_then(|who| entity(view, who));
    }
    // "Taliban spokesman Zabihullah Mujahid"
    let before = TokenSpan::new(speaker.tokens.start as usize, voice);
    let named = view.a.mentions_in(before).filter(|(_, m)| before.contains(m.tokens)).find_map(|(_, m)| m.entity);
    let own = || before.range().any(|i| doc.tag(i) == crate::text::Tag::PRPS);
    named.or_else(|| own().then(|| group_before(view, speaker.tokens.start as usize)).flatten())
}

/// "Their spokesman": of the group that was named last, in this sentence or the one before.
fn group_before(view: View<'_, '_>, i: usize) -> Option<usize> {
    let sentence = view.doc().sentence_of(i);
    let from = view.doc().sentences()[sentence.saturating_sub(1)].start as usize;
    let group = |m: &Mention| matches!(m.kind, MentionKind::Organisation | MentionKind::Description);
    view.a.mentions_in(TokenSpan::new(from, i)).filter(|(_, m)| group(m) && m.entity.is_some()).last().and_then(|(_, m)| m.entity)
}

/// "on *behalf of* the group", "in the *name of*", "*speaking for*", "*spoke for*".
fn speaks_for(view: View<'_, '_>, i: usize) -> bool {
    let doc = view.doc();
    match doc.word(i + 1) {
        "of" => matches!(doc.word(i), "behalf" | "name") && i > 0 && matches!(doc.word(i - 1), "on" | "the"),
        "for" => doc.lemma(i) == "speak" && doc.tag(i).is_verb(),
        _ => false,
    }
}

/// The day that the attribution itself names ("said on Tuesday that").
fn said_on(view: View<'_, '_>, draft: &Draft<'_>) -> Option<DateRange> {
    let cue = draft.cue?.tokens;
    let region = view.region(cue.start as usize);
    let near = |tokens: TokenSpan| {
        let (from, to) = if tokens.start >= cue.end { (cue.end, tokens.start) } else { (tokens.end, cue.start) };
        let plain = (from as usize..to as usize).all(|i| view.a.verb_at(i).is_none_or(|v| view.a.verbs[v].tokens.overlaps(cue)) && !draft.has(i));
        // A date that is part of the cue stands neither before nor behind it.
        to.checked_sub(from).filter(|distance| plain && *distance < 14)
    };
    let inside = view.a.dates_in(region).map(|(_, d)| d).filter(|d| region.contains(d.tokens) && !d.tokens.range().any(|i| draft.has(i)) && !d.duration);
    inside.filter_map(|d| Some((near(d.tokens)?, d))).min_by_key(|&(distance, _)| distance).and_then(|(_, d)| d.value)
}

/// The parts between quotation marks, marks left out.
fn quotes(view: View<'_, '_>, pieces: &[TokenSpan]) -> Vec<TokenSpan> {
    let inside = |q: TokenSpan, p: TokenSpan| TokenSpan { start: q.start.max(p.start), end: q.end.min(p.end) };
    let quotes = view.doc().quotes();
    let near = |p: TokenSpan| &quotes[quotes.partition_point(|q| q.inner.end <= p.start)..quotes.partition_point(|q| q.inner.start < p.end)];
    pieces.iter().flat_map(|&p| near(p).iter().map(move |q| inside(q.inner, p)).filter(|q| q.start < q.end)).collect()
}

/// `direct` where all words stand between marks, `mixed` where some do.
fn mode(view: View<'_, '_>, pieces: &[TokenSpan]) -> &'static str {
    let mut quoted = 0;
    let mut plain = 0;
    for i in pieces.iter().flat_map(|p| p.range()) {
        if view.doc().quote_at(i).is_some() {
            quoted += 1;
        } else if !view.doc().tag(i).is_punctuation() {
            plain += 1;
        }
    }
    match (quoted, plain) {
        (0, _) => "indirect",
        (_, 0) => "direct",
        _ => "mixed",
    }
}

fn confidence(draft: &Draft<'_>) -> f64 {
    let noun = draft.cue.is_some_and(|c| c.cue.part == CuePart::Noun);
    match (draft.speaker.is_some(), draft.inherited, noun) {
        (true, false, false) => 0.9,
        (true, true, _) => 0.75,
        (true, _, true) => 0.7,
        (false, ..) => 0.5,
    }
}
