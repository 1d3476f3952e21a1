//! Which words report speech: cues of the lexicon matched on verb groups, nouns and phrases.

use super::view::View;
use crate::lexicon::cues::{Cue, CuePart};
use crate::text::{Document, Tag, TokenSpan};

/// A cue found in the text.
#[derive(Clone, Copy, Debug)]
pub struct Match<'l> {
    /// The entry.
    pub cue: &'l Cue,
    /// Its words in the text, from the first to the last.
    pub tokens: TokenSpan,
    /// The words at its `*`.
    pub gap: Option<TokenSpan>,
    /// The verb group, for verbs.
    pub verb: Option<usize>,
}

/// How many tokens `*` may stand for.
const LONGEST_GAP: usize = 10;

/// The longest cue whose verb heads the group.
pub fn verb_cue<'a>(view: View<'_, 'a>, verb: usize) -> Option<Match<'a>> {
    verb_cues(view, verb).next()
}

/// Cues whose verb heads the group, those of more words first.
pub fn verb_cues<'v, 'a>(view: View<'v, 'a>, verb: usize) -> impl Iterator<Item = Match<'a>> + use<'v, 'a> {
    let doc = view.doc();
    let v = &view.a.verbs[verb];
    let lexicon = view.a.lexicon;
    let end = view.region(v.head).end as usize;
    let negated = lexicon.cues.starting("not").filter(move |(_, c)| v.negated && c.words.get(1).is_some_and(|w| w == doc.lemma(v.head))).map(|(_, c)| (c, 2));
    let plain = lexicon.cues.starting(doc.lemma(v.head)).map(|(_, c)| (c, 1));
    negated.chain(plain).filter(|(c, _)| c.part == CuePart::Verb).filter_map(move |(cue, used)| {
        let (last, gap) = match_words(view, &cue.words[used..], v.head + 1, end)?;
        let first = if used == 2 { v.tokens.start as usize } else { v.head };
        Some(Match { cue, tokens: TokenSpan::new(first, last), gap, verb: Some(verb) })
    })
}

/// The longest noun cue or phrase that starts at token `i`.
pub fn word_cue<'a>(view: View<'_, 'a>, i: usize, part: CuePart) -> Option<Match<'a>> {
    let doc = view.doc();
    let cues = &view.a.lexicon.cues;
    cues.of_lemma(doc, i).chain(cues.of_word(doc, i)).filter(|(_, c)| c.part == part).find_map(|(_, cue)| {
        let end = view.region(i).end as usize;
        let (last, gap) = match_words(view, &cue.words[1..], i + 1, end)?;
        Some(Match { cue, tokens: TokenSpan::new(i, last), gap, verb: None })
    })
}

/// Matches the words of a cue from token `at` on; gives one past the last of them.
fn match_words(view: View<'_, '_>, words: &[String], at: usize, end: usize) -> Option<(usize, Option<TokenSpan>)> {
    let doc = view.doc();
    let Some((word, rest)) = words.split_first() else { return Some((at, None)) };
    if word == "*" {
        let next = rest.first()?;
        let limit = end.min(at + LONGEST_GAP + 1);
        let stop = (at + 1..limit).find(|&i| is_word(doc, i, next))?;
        let crossed = (at..stop).any(|i| view.a.verb_at(i).is_some_and(|v| view.is_finite(v)) || matches!(doc.tag(i), Tag::Comma | Tag::Stop | Tag::Colon));
        if crossed {
            return None;
        }
        let (last, _) = match_words(view, rest, stop, end)?;
        return Some((last, Some(TokenSpan::new(at, stop))));
    }
    let next = (at..end.min(at + 3)).find(|&i| is_word(doc, i, word) || !doc.tag(i).is_adverb())?;
    let at = if is_word(doc, next, word) { next } else { after_time(view, next).filter(|&i| i < end && is_word(doc, i, word))? };
    match_words(view, rest, at + 1, end)
}

/// One past a phrase of time between a verb and its preposition: "talked *at the time* of", "spoke *on Monday* of".
fn after_time(view: View<'_, '_>, at: usize) -> Option<usize> {
    let noun = if view.doc().tag(at) == Tag::IN { view.noun_from(at + 1)? } else { view.noun_from(at)? };
    let group = &view.a.nouns[noun];
    (view.is_time(noun) || view.doc().word(group.head) == "time").then_some(group.tokens.end as usize)
}

fn is_word(doc: &Document<'_>, i: usize, word: &str) -> bool {
    doc.word(i) == word || doc.lemma(i) == word
}
