//! By which way something was said: a telephone call, a statement sent out, a video, a channel on the internet.

use super::draft::Draft;
use super::view::View;
use crate::text::{Tag, TokenSpan};

/// How many tokens from its cue a channel may stand.
const REACH: usize = 24;

/// Code of the channel by which a draft was said, where its sentence tells it; of several the most telling.
pub fn of_draft(view: View<'_, '_>, draft: &Draft<'_>) -> Option<String> {
    let doc = view.doc();
    let cue = draft.cue?.tokens;
    let region = view.region(cue.start as usize);
    let from = (region.start as usize).max((cue.start as usize).saturating_sub(REACH));
    let to = (region.end as usize).min(cue.end as usize + REACH);
    let said_by = draft.speaker.map(|s| s.head);
    let whom = draft.whom.map(|w| w.tokens);
    let stands = |i: usize| {
        let verb = doc.tag(i).is_verb() && cue.has(i);
        verb || said_by == Some(i) || !draft.has(i) && (doc.tag(i).is_noun() || doc.tag(i).is_adjective()) && is_way(view, i, whom)
    };
    let rank = (from..to).filter_map(|i| rank_at(view, i).filter(|_| stands(i))).min()?;
    view.a.lexicon.cues.channels().get(rank).map(|c| c.code.clone())
}

/// Whether the noun group of token `i` is the way by which something is said: behind a preposition, sent out by a verb, or told to.
fn is_way(view: View<'_, '_>, i: usize, whom: Option<TokenSpan>) -> bool {
    let doc = view.doc();
    let Some(n) = view.a.noun_at(i) else { return false };
    let start = view.a.nouns[n].tokens.start as usize;
    let Some(before) = start.checked_sub(1) else { return false };
    let sent = || {
        let verb = view.a.verb_at(before)?;
        Some(matches!(
            doc.lemma(view.a.verbs[verb].head),
            "issue" | "release" | "send" | "post" | "publish" | "put" | "make" | "hold" | "tell" | "telephone" | "upload" | "circulate" | "share" | "address"
        ))
    };
    let phrase = matches!(doc.word(before), "in" | "on" | "via" | "through" | "by" | "at" | "over" | "to" | "using" | "with");
    phrase || whom.is_some_and(|w| w.has(i)) || sent().unwrap_or(false)
}

/// The rank of the channel whose words stand from token `i` on.
fn rank_at(view: View<'_, '_>, i: usize) -> Option<usize> {
    let doc = view.doc();
    if !doc.tag(i).is_noun() && !doc.tag(i).is_verb() && !doc.tag(i).is_adjective() {
        return None;
    }
    let is = |i: usize, word: &str| doc.lemma(i) == word || doc.word(i) == word;
    view.a.lexicon.cues.channel_words(doc, i).iter().find(|c| c.words.iter().enumerate().all(|(k, w)| is(i + k, w))).map(|c| c.rank)
}

/// Whether the words of a noun group name a channel ("its Telegram channel", "a video message").
pub fn names_one(view: View<'_, '_>, tokens: TokenSpan) -> bool {
    tokens.range().any(|i| rank_at(view, i).is_some() && view.doc().tag(i) != Tag::VBD)
}
