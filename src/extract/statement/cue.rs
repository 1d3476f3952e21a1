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
    let not = v.negated.then(|| lexicon.cues.starting("not"));
    let negated = not.into_iter().flatten().filter(move |(_, c)| c.words.get(1).is_some_and(|w| w == doc.lemma(v.head))).map(|(_, c)| (c, 2));
    let plain = lexicon.cues.of_lemma(doc, v.head).map(|(_, c)| (c, 1));
    negated.chain(plain).filter(|(c, _)| c.part == CuePart::Verb).filter_map(move |(cue, used)| {
        let (last, gap) = match_words(view, cue, used, v.head + 1, end)?;
        let first = if used == 2 { v.tokens.start as usize } else { v.head };
        Some(Match { cue, tokens: TokenSpan::new(first, last), gap, verb: Some(verb) })
    })
}

/// The longest noun cue or phrase that starts at token `i`.
pub fn word_cue<'a>(view: View<'_, 'a>, i: usize, part: CuePart) -> Option<Match<'a>> {
    let doc = view.doc();
    let cues = &view.a.lexicon.cues;
    let mut fitting = cues.of_form(doc, i).map(|(_, cue)| cue).filter(|c| c.part == part).peekable();
    fitting.peek()?;
    let end = view.region(i).end as usize;
    fitting.find_map(|cue| {
        let (last, gap) = match_words(view, cue, 1, i + 1, end)?;
        Some(Match { cue, tokens: TokenSpan::new(i, last), gap, verb: None })
    })
}

/// Matches the words of a cue from number `n` on, and from token `at` on; gives one past the last of them.
fn match_words(view: View<'_, '_>, cue: &Cue, n: usize, at: usize, end: usize) -> Option<(usize, Option<TokenSpan>)> {
    let doc = view.doc();
    let Some(word) = cue.words.get(n) else { return Some((at, None)) };
    if word == "*" {
        let limit = end.min(at + LONGEST_GAP + 1);
        let stop = (at + 1..limit).find(|&i| is_word(doc, i, cue, n + 1))?;
        let crossed = (at..stop).any(|i| view.a.verb_at(i).is_some_and(|v| view.is_finite(v)) || matches!(doc.tag(i), Tag::Comma | Tag::Stop | Tag::Colon));
        if crossed {
            return None;
        }
        let (last, _) = match_words(view, cue, n + 1, stop, end)?;
        return Some((last, Some(TokenSpan::new(at, stop))));
    }
    let next = (at..end.min(at + 3)).find(|&i| is_word(doc, i, cue, n) || !doc.tag(i).is_adverb())?;
    let at = if is_word(doc, next, cue, n) { next } else { after_time(view, next).filter(|&i| i < end && is_word(doc, i, cue, n))? };
    match_words(view, cue, n + 1, at + 1, end)
}

/// One past a phrase of time between a verb and its preposition: "talked *at the time* of", "spoke *on Monday* of".
fn after_time(view: View<'_, '_>, at: usize) -> Option<usize> {
    let noun = if view.doc().tag(at) == Tag::IN { view.noun_from(at + 1)? } else { view.noun_from(at)? };
    let group = &view.a.nouns[noun];
    (view.is_time(noun) || view.doc().word(group.head) == "time").then_some(group.tokens.end as usize)
}

/// Whether token `i` or its lemma is word number `n` of the cue; letters are looked at where hashes agree.
fn is_word(doc: &Document<'_>, i: usize, cue: &Cue, n: usize) -> bool {
    let (Some(word), Some(&hash)) = (cue.words.get(n), cue.hashes.get(n)) else { return false };
    let token = doc.token(i);
    token.hash == hash && doc.word(i) == word || token.lemma_hash == hash && doc.lemma(i) == word
}
