//! Statements in the making: one for each cue, with speaker and content as token ranges.

use super::content::{self, Found};
use super::cue::{Match, verb_cues, word_cue};
use super::displaced;
use super::extent::{Extent, clause_pieces};
use super::nominal;
use super::speaker::{self, Phrase};
use super::view::View;
use crate::extract::analysis::{VerbForm, Voice};
use crate::lexicon::cues::{CuePart, Frame};
use crate::text::{Tag, TokenSpan};

/// A statement before its speaker is resolved.
#[derive(Clone, Debug)]
pub struct Draft<'l> {
    /// The words that report it; `None` where only a colon does.
    pub cue: Option<Match<'l>>,
    /// Who speaks.
    pub speaker: Option<Phrase>,
    /// Who a pronoun that speaks stands for: who spoke before.
    pub same: Option<Phrase>,
    /// For whom, where the words around say so ("speaking for the group").
    pub behalf: Option<Phrase>,
    /// Addressee or accused.
    pub whom: Option<Phrase>,
    /// Content in order, quotation marks included.
    pub pieces: Vec<TokenSpan>,
    /// The cue is negated ("did not say").
    pub negated: bool,
    /// The speaker was taken over from an earlier statement or the clause before.
    pub inherited: bool,
}

impl Draft<'_> {
    /// First token of the cue, or of the content where there is none.
    pub fn at(&self) -> usize {
        self.cue.as_ref().map(|c| c.tokens).or(self.pieces.first().copied()).map_or(0, |t| t.start as usize)
    }

    /// Whether a token lies in its content.
    pub fn has(&self, token: usize) -> bool {
        self.pieces.iter().any(|p| p.has(token))
    }
}

/// One sentence has at most so many cues that are read. Of the texts of the development sets none has more than 15, and those are lists.
const MOST_IN_SENTENCE: usize = 40;

/// All drafts, in the order of their cues, and the sentences with more cues than are read.
pub fn drafts<'a>(view: View<'_, 'a>) -> (Vec<Draft<'a>>, Vec<usize>) {
    let mut list: Vec<Draft<'a>> = Vec::new();
    let mut room = Room::default();
    let mut used: Vec<TokenSpan> = Vec::new();
    for verb in (0..view.a.verbs.len()).take_while(|_| !view.a.is_stopped()) {
        let v = &view.a.verbs[verb];
        if used.iter().rev().take(4).any(|u| u.has(v.head)) || !room.is_left(v.sentence) {
            continue;
        }
        // "issued a warning": a longer cue that finds no content leaves the verb to a shorter one.
        let read = |found: &Match<'a>| if v.voice == Voice::Passive { passive(view, found, verb) } else { active(view, found, verb, &list) };
        if let Some((found, draft)) = verb_cues(view, verb).find_map(|found| Some((found, read(&found)?))) {
            used.push(found.tokens);
            list.push(draft);
            room.n_read += 1;
        }
    }
    let mut room = Room { full: room.full, ..Room::default() };
    let mut is_used = vec![false; view.doc().len()];
    for i in used.iter().flat_map(|u| u.range()) {
        if let Some(used) = is_used.get_mut(i) {
            *used = true;
        }
    }
    let mut phrases: Vec<TokenSpan> = Vec::new();
    for i in (0..view.doc().len()).take_while(|_| !view.a.is_stopped()) {
        let tag = view.doc().tag(i);
        let taken = || is_used[i] || phrases.last().is_some_and(|p| p.has(i));
        if tag.is_noun() {
            if let Some(found) = word_cue(view, i, CuePart::Noun).filter(|_| !taken() && room.is_left(view.doc().sentence_of(i))) {
                list.extend(nominal::noun(view, &found));
                room.n_read += 1;
            }
        } else if (!tag.is_verb() || view.doc().word(i) == "according")
            && let Some(found) = word_cue(view, i, CuePart::Phrase).filter(|_| room.is_left(view.doc().sentence_of(i)))
            && let Some(draft) = nominal::phrase(view, &found)
        {
            // "in her words" is no word of hers besides.
            phrases.push(found.tokens);
            list.push(draft);
            room.n_read += 1;
        }
    }
    list.sort_by_key(Draft::at);
    room.full.sort_unstable();
    room.full.dedup();
    (list, room.full)
}

/// How many cues of the sentence at hand are read; sentences are asked for in order.
#[derive(Debug, Default)]
struct Room {
    sentence: usize,
    n_read: usize,
    /// Sentences with more.
    full: Vec<usize>,
}

impl Room {
    /// Whether one more of this sentence may be read.
    fn is_left(&mut self, sentence: usize) -> bool {
        if sentence != self.sentence {
            (self.sentence, self.n_read) = (sentence, 0);
        }
        if self.n_read >= MOST_IN_SENTENCE && self.full.last() != Some(&sentence) {
            self.full.push(sentence);
        }
        self.n_read < MOST_IN_SENTENCE
    }
}

/// "X said that …", "“…,” X said", "said X", ", adding that …".
fn active<'a>(view: View<'_, 'a>, found: &Match<'a>, verb: usize, earlier: &[Draft<'a>]) -> Option<Draft<'a>> {
    let v = &view.a.verbs[verb];
    let start = v.tokens.start as usize;
    let frames = found.cue.frames;
    let speaks = frames.any(&[Frame::Quote, Frame::That, Frame::Bare]);
    let draft = |speaker: Option<Phrase>, inherited: bool, whom: Option<Phrase>, pieces: Vec<TokenSpan>| Draft {
        cue: Some(*found),
        speaker,
        same: None,
        behalf: None,
        whom,
        pieces,
        negated: v.negated && found.cue.words[0] != "not",
        inherited,
    };
    if found.cue.words == ["go", "unanswered"] {
        return nominal::unanswered(view, found);
    }
    let subject = speaker::of_purpose(view, verb).or_else(|| speaker::subject(view, verb));
    // "“…,” said X" and "…, said X"
    if speaks
        && found.cue.words[0] != "tell"
        && view.is_finite(verb)
        && (stands_after_content(view, start) || reports_paper(view, found))
        && (subject.is_none() || view.quote_before(start).is_some() || reports_paper(view, found))
        && let Some(who) = speaker::inverted(view, found.tokens.end as usize)
    {
        let clause_follows = view.quote_before(start).is_none() && view.starts_clause(found.tokens.end as usize, view.region(start).end as usize);
        if let Some(pieces) = content::backward(view, start).filter(|_| !clause_follows) {
            let rest = rest_after(view, who.tokens.end as usize, &pieces, found);
            return Some(draft(Some(who), false, None, [pieces, rest].concat()));
        }
    }
    let left = left_edge(view, subject.map_or(start, |s| s.tokens.start as usize));
    let (who, inherited) = match subject {
        Some(s) => (Some(s), false),
        None => (inherit(view, verb, earlier), true),
    };
    let ahead = content::forward(view, found);
    if let (None, Some(s)) = (&ahead, subject)
        && let Some((accused, pieces)) = whom_before(view, found, s).or_else(|| displaced::fronted(view, found, s))
    {
        return Some(draft(who, inherited, Some(accused), pieces));
    }
    if ahead.as_ref().is_none_or(|f| f.pieces.is_empty())
        && let Some(pieces) = subject.and_then(|s| displaced::before(view, found, s))
    {
        return Some(draft(who, inherited, None, pieces));
    }
    // "There was “no proof”, the official said, that …": the attribution stands in the middle of what was said.
    if let (Some(f), Some(_)) = (&ahead, subject)
        && matches!(f.frame, Some(Frame::That))
        && view.doc().tag(found.tokens.end as usize) == Tag::Comma
        && let Some(mut pieces) = content::backward(view, left)
        && pieces.iter().any(|p| p.range().any(|i| view.a.verb_at(i).is_some_and(|v| view.is_finite(v))))
    {
        pieces.extend(f.pieces.iter().copied());
        return Some(draft(who, inherited, None, pieces));
    }
    // "“…,” X said": the words before it, unless it has content of its own after it.
    if let Some(q) = view.quote_before(left).filter(|&q| speaks && subject.is_some() && !view.is_fragment(q) && !(view.is_finished(q) && ahead.is_some())) {
        let opens_sentence = view.with_marks(q).start == view.sentence(view.with_marks(q).start as usize).start;
        let own = ahead.as_ref().is_some_and(|f| matches!(f.frame, Some(Frame::That | Frame::Bare | Frame::Wh | Frame::To)));
        if opens_sentence || !own {
            let pieces = content::backward(view, left)?;
            let more = match &ahead {
                Some(f) if matches!(f.frame, Some(Frame::Quote)) => f.pieces.clone(),
                _ => rest_after(view, found.tokens.end as usize, &pieces, found),
            };
            return Some(draft(who, inherited, ahead.and_then(|f| f.whom), [pieces, more].concat()));
        }
    }
    if let Some(Found { pieces, whom, .. }) = ahead {
        if frames.has(Frame::SpeakerObject) {
            let gap = found.gap.and_then(|g| speaker::phrase_from(view, g.start as usize, g.end as usize));
            return Some(draft(gap, false, None, pieces));
        }
        return Some(draft(who, inherited, whom, pieces));
    }
    if speaks && subject.is_some() && view.is_finite(verb) {
        // "When his men came, he related, those inside opened fire": the side clause stands first, and the attribution between commas.
        let inserted = view.doc().tag(found.tokens.end as usize) == Tag::Comma;
        let pieces = content::backward(view, left).or_else(|| if inserted { content::side_clause(view, left) } else { None })?;
        let rest = rest_after(view, found.tokens.end as usize, &pieces, found);
        // "In Kabul, officials said.": a phrase alone is nothing said.
        let says = rest.iter().chain(&pieces).any(|p| p.range().any(|i| view.closes(i).is_some() || view.a.verb_at(i).is_some_and(|v| view.is_finite(v))));
        if !says {
            return None;
        }
        return Some(draft(who, inherited, None, [pieces, rest].concat()));
    }
    None
}

/// "it was the Taliban whom the minister blamed for it": the accused stands before "whom".
fn whom_before(view: View<'_, '_>, found: &Match<'_>, subject: Phrase) -> Option<(Phrase, Vec<TokenSpan>)> {
    let relative = (subject.tokens.start as usize).checked_sub(1).filter(|&r| view.doc().word(r) == "whom")?;
    let noun = view.a.noun_at(relative.checked_sub(1)?)?;
    let group = &view.a.nouns[noun];
    let accused = Phrase { tokens: group.tokens, head: group.head };
    let end = view.region(relative).end as usize;
    let at = found.tokens.end as usize;
    let charged = found.cue.whom_prepositions.iter().any(|p| p == view.doc().word(at));
    let mut pieces = vec![accused.tokens];
    if charged {
        pieces.extend(clause_pieces(view, at, Extent { found, frame: Frame::WhomThen, end }));
    }
    (charged || found.cue.frames.has(Frame::Np)).then_some((accused, pieces))
}

/// "… on September 26, reports The News": a paper behind the verb at the end of the sentence is who reports.
fn reports_paper(view: View<'_, '_>, found: &Match<'_>) -> bool {
    let after = found.tokens.end as usize;
    let paper = view.a.mentions_in(TokenSpan::one(after)).chain(view.a.mentions_in(TokenSpan::one(after + 1))).find(|(_, m)| {
        let begins = m.tokens.start as usize == after || m.phrase.start as usize == after;
        begins && m.entity.is_some_and(|e| view.a.entities[e].kind == "organisation.media")
    });
    found.cue.words[0] == "report" && paper.is_some()
}

/// Whether a comma or a closing quotation mark stands right before `start`.
fn stands_after_content(view: View<'_, '_>, start: usize) -> bool {
    view.quote_before(start).is_some() || start > 0 && view.doc().tag(start - 1) == Tag::Comma
}

/// The left edge of the attribution: adverbs and "as" before the subject belong to it ("“…,” then he said", ", as he put it").
fn left_edge(view: View<'_, '_>, start: usize) -> usize {
    let mut at = start;
    while at > 0 && (view.doc().tag(at - 1).is_adverb() || view.doc().word(at - 1) == "as") {
        at -= 1;
    }
    at
}

/// What comes after an attribution in the middle of its sentence ("“…,” he said, “…”"; "The group, he said, had fled").
pub(super) fn rest_after(view: View<'_, '_>, from: usize, before: &[TokenSpan], found: &Match<'_>) -> Vec<TokenSpan> {
    let doc = view.doc();
    let Some(&last) = before.last() else { return Vec::new() };
    let end = view.region(found.tokens.start as usize).end as usize;
    let quoted = view.closes(last.end as usize - 1).is_some_and(|q| !view.is_fragment(q));
    let mark = |from: usize| (from..end.min(from + 30)).find(|&i| matches!(doc.tag(i), Tag::Comma | Tag::Colon) || view.opens(i).is_some());
    let Some(mut comma) = mark(from) else { return Vec::new() };
    // "“…,” said the general, who had come from Quetta, “…”"
    if matches!(doc.tag(comma + 1), Tag::WP | Tag::WDT | Tag::WPS)
        && let Some(close) = mark(comma + 1)
    {
        comma = close;
    }
    let next = comma + usize::from(view.opens(comma).is_none());
    if quoted {
        return if view.opens(next).is_some() {
            clause_pieces(view, next, Extent { found, frame: Frame::Quote, end: end.max(view.sentence(next).end as usize) })
        } else {
            Vec::new()
        };
    }
    // Without marks the rest belongs to the content where it goes on with the same clause.
    let ends_with_verb = view.a.verb_at(last.end as usize - 1).is_some();
    let unfinished = ends_with_verb || last.range().all(|i| view.a.verb_at(i).is_none_or(|v| !view.is_finite(v)));
    // "If it stays silent, he warned, the tribe will leave": the side clause stood first.
    let side = view.doc().tag(last.start as usize) == Tag::WRB
        || matches!(
            doc.word(last.start as usize),
            "if" | "should" | "when" | "unless" | "because" | "since" | "although" | "though" | "once" | "while" | "after" | "before" | "until"
        );
    // "The men belong to a cell, he said, and had rented the house"
    let joined = matches!(doc.word(next), "and" | "but") && (view.verb_from(next + 1).is_some_and(|v| view.is_finite(v)) || view.starts_clause(next + 1, end));
    let own_cue = joined && view.verb_from(next + 1).is_some_and(|v| super::cue::verb_cue(view, v).is_some());
    // "a gang did it, he said, because the front is against it"
    let reason = matches!(doc.word(next), "because" | "if" | "unless" | "although" | "though") && view.starts_clause(next + 1, end);
    let goes_on = reason || view.verb_from(next).is_some_and(|v| view.is_finite(v)) || unfinished || side || joined && !own_cue;
    if goes_on && (from..comma).all(|i| view.a.verb_at(i).is_none()) {
        clause_pieces(view, next, Extent { found, frame: Frame::Bare, end })
    } else {
        Vec::new()
    }
}

/// The speaker of a verb without a subject of its own: who spoke last in the sentence, or the subject of the clause it goes on from.
fn inherit(view: View<'_, '_>, verb: usize, earlier: &[Draft<'_>]) -> Option<Phrase> {
    let v = &view.a.verbs[verb];
    let sentence = view.doc().sentence_of(v.head);
    let spoke = earlier.iter().rev().find(|d| view.doc().sentence_of(d.at()) == sentence && d.speaker.is_some() && !d.has(v.head));
    if let Some(draft) = spoke {
        return draft.speaker;
    }
    let clause = view.a.clauses.get(verb)?;
    // "The man arrested for it, Iftekhar Mamun, had a bomb, and confessed": who has it confesses.
    let main = clause.governor.filter(|&g| view.is_finite(view.a.clauses[g].verb)).map(|g| view.a.clauses[g].verb);
    if let Some(who) = main.filter(|&w| view.a.verbs[w].voice == Voice::Active).and_then(|w| speaker::subject(view, w)) {
        return Some(who);
    }
    let noun = *clause.subject.first()?;
    let group = &view.a.nouns[noun];
    // "had a bomb strapped to his leg, and confessed": the object of the verb before is not who goes on.
    let before = (group.tokens.start as usize).checked_sub(1).and_then(|b| view.a.verb_at(b)).filter(|&w| view.is_finite(w));
    if let Some(main) = before.and_then(|w| speaker::subject(view, w)) {
        return Some(main);
    }
    speaker::phrase_from(view, group.tokens.start as usize, v.tokens.start as usize)
}

/// "X was accused of … by Y", "the attack was claimed by Y", "it was announced that", "X is believed to be …".
fn passive<'a>(view: View<'_, 'a>, found: &Match<'a>, verb: usize) -> Option<Draft<'a>> {
    let v = &view.a.verbs[verb];
    let frames = found.cue.frames;
    let finite = view.is_finite(verb);
    let agent = speaker::by_agent(view, verb);
    let subject = speaker::subject(view, verb);
    let draft = |speaker: Option<Phrase>, whom: Option<Phrase>, pieces: Vec<TokenSpan>| {
        Some(Draft { cue: Some(*found), speaker, same: None, behalf: None, whom, pieces, negated: v.negated && found.cue.words[0] != "not", inherited: false })
    };
    // "has been charged with …": a court's doing, and opinions of nobody ("is regarded as").
    if agent.is_none() && (found.cue.words == ["charge"] || found.cue.kind == "other") {
        return None;
    }
    if frames.has(Frame::SpeakerSubject) {
        let ahead = content::forward(view, found)?;
        return draft(subject, None, ahead.pieces);
    }
    if found.cue.words[0] == "not" {
        let pieces = content::forward(view, found).map(|f| f.pieces).unwrap_or_default();
        return draft(subject, None, pieces);
    }
    let end = view.region(v.head).end as usize;
    let after = v.tokens.end as usize;
    let raising = view.verb_from(after).is_some_and(|w| view.a.verbs[w].form == VerbForm::Infinitive);
    // "There was no link, the spokesman is reported to have said": he said it.
    let said = view.verb_from(after).filter(|&w| raising && view.a.verbs[w].perfect).and_then(|w| verb_cues(view, w).next());
    if let (Some(said), Some(who)) = (said.filter(|s| s.cue.frames.any(&[Frame::Quote, Frame::That])), subject) {
        let ahead = content::forward(view, &said).map(|f| f.pieces).filter(|p| !p.is_empty());
        let pieces = ahead.or_else(|| content::backward(view, left_edge(view, who.tokens.start as usize)))?;
        let cue = Some(Match { tokens: TokenSpan::new(v.tokens.start as usize, said.tokens.end as usize), ..said });
        return Some(Draft { cue, speaker: subject, same: None, behalf: None, whom: None, pieces, negated: v.negated, inherited: false });
    }
    if raising && finite && frames.any(&[Frame::That, Frame::Bare]) && !frames.any(&[Frame::WhomTo]) {
        let mut pieces: Vec<TokenSpan> = subject.map(|s| s.tokens).into_iter().collect();
        pieces.extend(clause_pieces(view, after, Extent { found, frame: Frame::To, end }));
        return draft(agent, None, pieces);
    }
    let ahead = content::forward(view, found).filter(|f| matches!(f.frame, Some(Frame::That | Frame::To | Frame::Wh | Frame::Quote | Frame::Bare)));
    if let Some(f) = ahead {
        // "it was announced that"; "he was told that": the subject is who was told.
        let told = frames.any(&[Frame::WhomThat, Frame::WhomTo]);
        return draft(agent, subject.filter(|_| told), f.pieces);
    }
    let preposition = (after..end.min(after + 16)).find(|&i| found.cue.whom_prepositions.iter().any(|p| p == view.doc().word(i)) && view.is_preposition(i));
    let named = frames.any(&[Frame::WhomThen, Frame::Np, Frame::WhomName, Frame::Whole]);
    if named && subject.is_some() && (finite || agent.is_some()) {
        let mut pieces: Vec<TokenSpan> = subject.map(|s| s.tokens).into_iter().collect();
        if let Some(p) = preposition {
            let by = agent.map(|g| g.tokens.start as usize - 1).filter(|&by| by > p);
            pieces.extend(clause_pieces(view, p, Extent { found, frame: Frame::WhomThen, end: by.unwrap_or(end) }));
        } else if agent.is_none() && !frames.any(&[Frame::WhomName]) {
            // "the attack was condemned": by nobody named.
            return None;
        }
        return draft(agent, subject, pieces);
    }
    None
}
