//! Where what was said ends: at the end of its clause, before the writer's own words.

use super::cue::{Match, verb_cue};
use super::speaker::phrase_from;
use super::view::View;
use crate::extract::analysis::VerbForm;
use crate::lexicon::cues::{CuePart, Frame};
use crate::text::{Tag, TokenSpan};

/// What a content belongs to.
#[derive(Clone, Copy)]
pub struct Extent<'m, 'l> {
    /// Its cue.
    pub found: &'m Match<'l>,
    /// How it is read.
    pub frame: Frame,
    /// It cannot go beyond this token.
    pub end: usize,
}

/// The content that starts at `start`: to the end of its clause, quotations to their end, the writer's own insertions left out.
pub fn clause_pieces(view: View<'_, '_>, start: usize, extent: Extent<'_, '_>) -> Vec<TokenSpan> {
    let doc = view.doc();
    let end = main_verb(view, start, extent).unwrap_or(extent.end);
    let mut pieces = Vec::new();
    let mut from = start;
    let mut at = start;
    while at < end {
        if let Some(q) = view.opens(at) {
            let quoted = view.with_marks(q);
            let last = quoted.end as usize - 1;
            let over = last + 1 >= end;
            at = last + 1;
            let terminal = at >= 2 && matches!(doc.tag(at - 2), Tag::Comma | Tag::Stop) && !view.is_fragment(q);
            if over || terminal || doc.sentence_of(quoted.start as usize) != doc.sentence_of(last) {
                break;
            }
            continue;
        }
        if at > start {
            match stop_at(view, at, end, extent) {
                Stop::No => {}
                Stop::Here => break,
                Stop::Insertion(close) => {
                    pieces.push(TokenSpan::new(from, at));
                    from = close + 1;
                    at = close + 1;
                    continue;
                }
            }
        }
        at += 1;
    }
    if from < at {
        pieces.push(TokenSpan::new(from, at));
    }
    pieces.into_iter().filter_map(|p| trim(view, p)).collect()
}

enum Stop {
    No,
    /// The content ends before this token.
    Here,
    /// The writer's insertion: from this comma to the comma at that token.
    Insertion(usize),
}

/// Whether the content ends at `at`, or the writer speaks up to a later comma.
fn stop_at(view: View<'_, '_>, at: usize, end: usize, extent: Extent<'_, '_>) -> Stop {
    let doc = view.doc();
    let found = extent.found;
    let thing = matches!(extent.frame, Frame::Np | Frame::WhomName | Frame::WhomThen | Frame::Whole | Frame::Ing);
    match doc.tag(at) {
        // "spoke of six dead, the army has settled on nine": a clause with its own subject tells something else.
        Tag::Comma if thing && extent.frame != Frame::Whole && view.noun_from(at + 1).is_some() && view.starts_clause(at + 1, end) => Stop::Here,
        Tag::Comma => after_content_comma(view, at, end, found),
        // "accused the rebels; the rebels denied it", "called it a reprisal: eleven men had died".
        Tag::Colon if doc.word(at) == ";" || thing && doc.word(at) == ":" => Stop::Here,
        // "claimed the raid on its Telegram channel", "owned up to it without giving a reason"
        Tag::IN if thing && (doc.word(at) == "without" || is_channel(view, at)) => Stop::Here,
        // "claimed responsibility for the attack on behalf of the group"
        Tag::IN if thing && doc.word(at) == "on" && doc.word(at + 1) == "behalf" => Stop::Here,
        // "demanded that it “choose” after gunmen overran a post"
        Tag::IN if matches!(doc.word(at), "after" | "as" | "while" | "when") && view.closes(at - 1).is_some() && view.starts_clause(at + 1, end) => Stop::Here,
        Tag::CC if matches!(doc.word(at), "and" | "but") && same_speaker_goes_on(view, at + 1, end, found) => Stop::Here,
        // "called it a mistake and left": what the speaker does next.
        Tag::CC if thing && view.verb_from(at + 1).is_some_and(|v| view.is_finite(v)) => Stop::Here,
        _ if doc.word(at) == "according" && doc.word(at + 1) == "to" => Stop::Here,
        _ if doc.word(at) == "adding" => Stop::Here,
        // "praised “…” as he left": what was going on meanwhile is the writer's.
        Tag::IN if thing && matches!(doc.word(at), "as" | "after" | "while" | "until" | "when" | "because") && view.starts_clause(at + 1, end) => Stop::Here,
        _ => Stop::No,
    }
}

fn after_content_comma(view: View<'_, '_>, comma: usize, end: usize, found: &Match<'_>) -> Stop {
    let doc = view.doc();
    let next = comma + 1;
    let mut after = next;
    while after < end && (doc.tag(after).is_adverb()) {
        after += 1;
    }
    match doc.word(next) {
        "according" | "while" | "whereas" | "although" | "though" => return Stop::Here,
        // "denied that they had taken him, only to claim it later"
        "only" if doc.word(next + 1) == "to" => return Stop::Here,
        "which" | "who" | "whose" | "whom" => {
            let close = (next..end).find(|&i| doc.tag(i) == Tag::Comma && !inside_quote_from(view, next, i));
            return match close {
                Some(close) if close + 1 < end => Stop::Insertion(close),
                _ => Stop::Here,
            };
        }
        "and" | "but" if same_speaker_goes_on(view, next + 1, end, found) || speaks_next(view, next + 1, end) => return Stop::Here,
        _ => {}
    }
    if view.verb_from(after).is_some_and(|v| view.a.verbs[v].form == VerbForm::Gerund && verb_cue(view, v).is_some()) {
        return Stop::Here;
    }
    // ", hours after a rival had denied it": when the writer places it.
    let time = view.noun_from(next).filter(|&n| matches!(doc.lemma(view.a.nouns[n].head), "hour" | "day" | "minute" | "week" | "month"));
    if time.is_some_and(|n| matches!(doc.word(view.a.nouns[n].tokens.end as usize), "after" | "before")) {
        return Stop::Here;
    }
    // "X, who said that …, was …": the main clause goes on.
    let relative = found.verb.is_some_and(|v| (view.a.verbs[v].tokens.start as usize).checked_sub(1).is_some_and(|i| matches!(doc.tag(i), Tag::WP | Tag::WDT)));
    if relative && view.verb_from(after).is_some_and(|v| view.is_finite(v)) || speaks_next(view, next, end) {
        return Stop::Here;
    }
    Stop::No
}

/// Whether another attribution begins at `from`: a subject and a cue verb that needs a clause ("Though he said A, John said B").
fn speaks_next(view: View<'_, '_>, from: usize, end: usize) -> bool {
    let Some(who) = phrase_from(view, from, end) else { return false };
    let mut at = who.tokens.end as usize;
    while at < end && view.doc().tag(at).is_adverb() {
        at += 1;
    }
    let Some(v) = view.verb_from(at).filter(|&v| view.is_finite(v)) else { return false };
    verb_cue(view, v).is_some_and(|m| m.cue.frames.has(Frame::Bare))
}

fn inside_quote_from(view: View<'_, '_>, from: usize, i: usize) -> bool {
    view.doc().quote_at(i).is_some_and(|q| view.quote(q).inner.start as usize > from)
}

/// After "and": whether a cue verb in the same form follows, with no subject of its own or with "he".
fn same_speaker_goes_on(view: View<'_, '_>, from: usize, end: usize, found: &Match<'_>) -> bool {
    let doc = view.doc();
    let mut at = from;
    while at < end
        && (doc.tag(at).is_adverb() || matches!(doc.word(at), "he" | "she" | "they" | "it" | "has" | "have" | "also"))
        && view.verb_from(at).is_none()
    {
        at += 1;
    }
    let (Some(main), Some(v)) = (found.verb, view.verb_from(at)) else { return false };
    let (main, next) = (&view.a.verbs[main], &view.a.verbs[v]);
    let past = |v: &crate::extract::analysis::VerbGroup| if v.perfect { VerbForm::Past } else { v.form };
    past(next) == past(main) && !matches!(next.form, VerbForm::Infinitive | VerbForm::Modal) && verb_cue(view, v).is_some()
}

/// "on its Telegram channel", "in a video": the way by which it was said.
fn is_channel(view: View<'_, '_>, preposition: usize) -> bool {
    let doc = view.doc();
    let Some(n) = view.noun_from(preposition + 1).filter(|_| matches!(doc.word(preposition), "on" | "in" | "via" | "through" | "by")) else { return false };
    let group = &view.a.nouns[n];
    super::channel::names_one(view, group.tokens)
}

/// Without commas, conjunctions and stops at its ends; quotation marks stay.
pub fn trim(view: View<'_, '_>, piece: TokenSpan) -> Option<TokenSpan> {
    let doc = view.doc();
    let (mut from, mut to) = (piece.start as usize, piece.end as usize);
    while from < to && matches!(doc.tag(from), Tag::Comma | Tag::Stop | Tag::Colon) {
        from += 1;
    }
    // A closing mark without its opening one belongs to somebody else's words.
    while to > from
        && (matches!(doc.tag(to - 1), Tag::Comma | Tag::Stop | Tag::Colon) || view.closes(to - 1).is_some_and(|q| (view.quote(q).inner.start as usize) <= from))
    {
        to -= 1;
    }
    (from < to).then(|| TokenSpan::new(from, to))
}

/// For a noun of speech before its sentence's verb, and for "a man saying that …": where that verb starts ("the claim that it had fallen |
/// was false").
fn main_verb(view: View<'_, '_>, start: usize, extent: Extent<'_, '_>) -> Option<usize> {
    let noun = extent.found.tokens.start as usize;
    let floor = view.region(noun).start as usize;
    let modifies = extent.found.verb.is_some_and(|v| {
        let verb = &view.a.verbs[v];
        verb.form == VerbForm::Gerund && (verb.tokens.start as usize).checked_sub(1).is_some_and(|b| view.a.noun_at(b).is_some())
    });
    let told_before = || (floor..noun).any(|i| view.verb_from(i).is_some_and(|v| view.is_finite(v)));
    if !modifies && (extent.found.cue.part != CuePart::Noun || told_before()) {
        return None;
    }
    let mut own = matches!(extent.frame, Frame::That | Frame::Bare | Frame::Wh);
    let mut at = start;
    while at < extent.end {
        if let Some(v) = view.verb_from(at) {
            let relative = at > 0 && matches!(view.doc().tag(at - 1), Tag::WDT | Tag::WP);
            if view.is_finite(v) && !relative {
                if !own {
                    return Some(at);
                }
                own = false;
            }
            at = view.a.verbs[v].tokens.end as usize;
            continue;
        }
        // A new clause inside has a verb of its own.
        own |= at > start && (view.is_subordinator(at) || view.doc().tag(at) == Tag::CC && view.starts_clause(at + 1, extent.end));
        at += 1;
    }
    None
}
