//! What was said: the words after a cue, before it, and where they end.

use super::cue::{Match, verb_cue};
use super::extent::{Extent, clause_pieces, trim};
use super::speaker::{Phrase, phrase_from, phrase_up_to};
use super::view::View;
use crate::extract::analysis::{VerbForm, Voice};
use crate::lexicon::cues::{CuePart, Frame};
use crate::text::{Tag, TokenSpan};

/// What follows a cue.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Content in order; empty where the cue is complete in itself.
    pub pieces: Vec<TokenSpan>,
    /// The frame that it was read by.
    pub frame: Option<Frame>,
    /// Somebody between cue and content: addressee or accused.
    pub whom: Option<Phrase>,
}

/// How many tokens may lie between a cue and its content.
const LONGEST_GAP: usize = 40;

/// The content after a cue.
pub fn forward(view: View<'_, '_>, found: &Match<'_>) -> Option<Found> {
    let doc = view.doc();
    let cue = found.cue;
    let frames = cue.frames;
    let from = found.tokens.end.max(found.verb.map_or(0, |v| view.a.verbs[v].tokens.end)) as usize;
    let region = view.region(found.tokens.start as usize);
    let end = region.end as usize;
    let clause = |start: usize, frame: Frame, whom: Option<Phrase>| {
        let pieces = clause_pieces(view, start, Extent { found, frame, end });
        (!pieces.is_empty()).then_some(Found { pieces, frame: Some(frame), whom })
    };
    if let (true, Some(gap)) = (frames.has(Frame::Whole), found.gap) {
        return clause(gap.start as usize, Frame::Whole, phrase_from(view, gap.start as usize, gap.end as usize));
    }
    let mut whom: Option<Phrase> = None;
    // "had been told by the rebels to leave": who was told is the subject.
    let told = found.verb.is_some_and(|v| view.a.verbs[v].voice == Voice::Passive);
    let mut at = from;
    // A phrase of another thing lies behind the cue, to which "that" may belong.
    let mut strayed = false;
    while at < end.min(from + LONGEST_GAP) {
        let word = doc.word(at);
        let tag = doc.tag(at);
        if let Some(q) = view.opens(at) {
            let named = frames.any(&[Frame::Quote, Frame::That, Frame::Bare, Frame::WhomThat, Frame::WhomName]) || cue.part == CuePart::Noun;
            let start = whom.filter(|_| frames.has(Frame::WhomName)).map_or(at, |w| w.tokens.start as usize);
            if named || frames.any(&[Frame::Np]) {
                return clause(start, if view.is_fragment(q) { Frame::Np } else { Frame::Quote }, whom);
            }
            return None;
        }
        // "they see it differently: a gang did it"; "coupled the claim with a demand: …" is the demand.
        let colon =
            cue.part == CuePart::Noun && !strayed || frames.any(&[Frame::Quote, Frame::SayIng]) || !frames.any(&[Frame::That, Frame::Wh, Frame::WhomThen]);
        if word == ":" && !(cue.part == CuePart::Noun && strayed) && colon {
            return after_colon(view, at, end, found).map(|pieces| Found { pieces, frame: Some(Frame::Quote), whom });
        }
        if tag == Tag::Comma {
            at = after_comma(view, at, end)?;
            continue;
        }
        // "its claim on a channel that it has used before"
        if word == "that" && cue.part == CuePart::Noun && strayed {
            break;
        }
        if word == "that" && frames.any(&[Frame::That, Frame::WhomThat]) && (tag != Tag::DT || view.starts_clause(at, end)) {
            return clause(at + 1, Frame::That, whom);
        }
        if is_question_word(view, at, found) && (frames.has(Frame::Wh) || whom.is_some() && frames.has(Frame::WhomWh)) {
            return clause(at, Frame::Wh, whom);
        }
        // "condemned what he called “a crime”"
        if word == "what" && frames.has(Frame::Np) && whom.is_none() {
            return clause(at, Frame::Np, None);
        }
        // "to begin with", "to start with" only says when.
        if word == "to" && matches!(doc.word(at + 1), "begin" | "start") && doc.word(at + 2) == "with" {
            at += 3;
            continue;
        }
        if let Some(v) = view.verb_from(at).or_else(|| view.verb_from(at + 1).filter(|_| word == "not" || word == "never")) {
            let form = view.a.verbs[v].form;
            return match form {
                VerbForm::Infinitive if frames.any(&[Frame::To, Frame::WhomTo]) && (whom.is_some() || told || frames.has(Frame::To)) => {
                    clause(at, Frame::To, whom)
                }
                VerbForm::Gerund if frames.has(Frame::SayIng) => after_saying(view, v, end, found),
                VerbForm::Gerund if frames.has(Frame::Ing) => clause(at, Frame::Ing, whom),
                _ => finish(frames.has(Frame::Nothing), whom),
            };
        }
        // "to “stay out of our land”", "to disarm" where the tagger saw a noun
        if word == "to"
            && frames.any(&[Frame::To, Frame::WhomTo])
            && (view.opens(at + 1).is_some() || doc.tag(at + 1) == Tag::VB || whom.is_some() && doc.tag(at + 1) == Tag::NN || acts_on(view, at + 1))
        {
            return clause(at, Frame::To, whom);
        }
        if tag == Tag::OpenBracket {
            at = view.close_bracket(at, end);
            continue;
        }
        if tag == Tag::EX && frames.has(Frame::Bare) {
            return clause(at, Frame::Bare, whom);
        }
        if cue.part != CuePart::Noun && word == "if" && frames.has(Frame::Bare) {
            return clause(at, Frame::Bare, whom);
        }
        if view.is_preposition(at) {
            let is = |list: &[String]| list.iter().any(|p| p == word);
            if is(&cue.prepositions) && at + 1 < end && (!doc.tag(at + 1).is_punctuation() || view.opens(at + 1).is_some()) {
                return clause(at + 1, Frame::Np, whom);
            }
            if let (true, Some(w)) = (is(&cue.whom_prepositions), whom) {
                return clause(w.tokens.start as usize, Frame::WhomThen, whom);
            }
            // "what they described as a base": the word "what" stands for it.
            if is(&cue.whom_prepositions) && whom.is_none() && after_what(view, found) {
                return clause(at + 1, Frame::Np, whom);
            }
            let Some(next) = skip_phrase(view, at, end) else { return finish(frames.has(Frame::Nothing), whom) };
            let of_time = view.noun_from(at + 1).is_some_and(|n| view.is_time(n));
            strayed |= !of_time && !matches!(word, "from" | "by" | "to" | "of");
            if word == "to" && whom.is_none() {
                whom = phrase_from(view, at + 1, next);
            }
            at = next;
            continue;
        }
        if let Some(noun) = view.noun_from(at) {
            // "to say the same thing: …", "told more than one story: …"
            let after = view.a.nouns[noun].tokens.end as usize;
            if doc.word(after) == ":" && frames.has(Frame::Quote) && !frames.has(Frame::Np) && whom.is_none() {
                at = after;
                continue;
            }
            let time = view.is_time(noun) && !view.starts_clause(at, end);
            if time {
                at = view.a.nouns[noun].tokens.end as usize;
                continue;
            }
            if whom.is_none() && frames.any(&[Frame::WhomName]) && is_named_something(view, noun, end) {
                let group = &view.a.nouns[noun];
                return clause(at, Frame::WhomName, Some(Phrase { tokens: group.tokens, head: group.head }));
            }
            let is_clause = view.starts_clause(at, end);
            if is_clause && (frames.has(Frame::Bare) || whom.is_some() && frames.has(Frame::WhomBare)) {
                return clause(at, Frame::Bare, whom);
            }
            if whom.is_none() && wants_whom(found) {
                let phrase = phrase_up_to(view, at, end, |w| cue.whom_prepositions.iter().any(|p| p == w) || w == "to" && frames.has(Frame::WhomTo))?;
                if person_follows(view, found, phrase, end) {
                    whom = Some(phrase);
                    at = phrase.tokens.end as usize;
                    continue;
                }
            }
            if frames.has(Frame::Np) && whom.is_none() {
                return clause(at, Frame::Np, phrase_from(view, at, end));
            }
            return finish(frames.has(Frame::Nothing), whom);
        }
        if tag.is_adverb() || matches!(tag, Tag::RP | Tag::CloseQuote) {
            // "said only that", "said Tuesday", "said there"
            if frames.has(Frame::Bare) && view.starts_clause(at, end) && !matches!(word, "only" | "also" | "later" | "earlier" | "recently" | "then") {
                return clause(at, Frame::Bare, whom);
            }
            at += 1;
            continue;
        }
        if frames.has(Frame::Bare) && matches!(tag, Tag::DT | Tag::JJ | Tag::CD | Tag::PDT | Tag::PRPS) && view.starts_clause(at, end) {
            return clause(at, Frame::Bare, whom);
        }
        break;
    }
    finish(frames.has(Frame::Nothing), whom)
}

/// "to free the men": an adjective by its tag, a verb by the article behind it.
fn acts_on(view: View<'_, '_>, i: usize) -> bool {
    let next = view.doc().tag(i + 1);
    view.doc().tag(i) == Tag::JJ && matches!(next, Tag::DT | Tag::PRPS | Tag::PRP) || view.doc().tag(i) == Tag::NN && next == Tag::PRP
}

/// Whether "what" stands before the subject of the cue's verb.
fn after_what(view: View<'_, '_>, found: &Match<'_>) -> bool {
    let Some(subject) = found.verb.and_then(|v| super::speaker::subject(view, v)) else { return false };
    subject.tokens.start > 0 && view.doc().word(subject.tokens.start as usize - 1) == "what"
}

/// No content: fine for cues that are complete without.
fn finish(complete: bool, whom: Option<Phrase>) -> Option<Found> {
    complete.then_some(Found { pieces: Vec::new(), frame: Some(Frame::Nothing), whom })
}

/// Whether the noun group is called something: a name, an adjective or a quotation follows it ("called the attack cowardly").
fn is_named_something(view: View<'_, '_>, noun: usize, end: usize) -> bool {
    let doc = view.doc();
    let mut at = view.a.nouns[noun].tokens.end as usize;
    // "called the men spies": two plurals in a row
    if view.a.nouns[noun].tokens.len() > 2 && doc.tag(at - 1) == Tag::NNS && doc.tag(at - 2) == Tag::NNS {
        return true;
    }
    if doc.tag(at) == Tag::POS || view.is_preposition(at) {
        // "called the killing of the judge a crime"
        let whole = phrase_from(view, view.a.nouns[noun].tokens.start as usize, end);
        at = whole.map_or(at, |w| w.tokens.end as usize);
    }
    at < end
        && (view.opens(at).is_some()
            || view.noun_from(at).is_some_and(|n| !view.is_time(n))
            || doc.tag(at).is_adjective()
            || matches!(doc.tag(at), Tag::VBN | Tag::VBD | Tag::DT)
            || doc.word(at).ends_with("ly"))
}

fn wants_whom(found: &Match<'_>) -> bool {
    found.cue.frames.any(&[Frame::WhomThat, Frame::WhomBare, Frame::WhomWh, Frame::WhomTo, Frame::WhomThen])
        || found.cue.words[0] == "tell"
        || !found.cue.whom_prepositions.is_empty()
}

/// Whether the noun phrase after a cue is somebody rather than the content itself: something that the cue's frames ask for must follow.
fn person_follows(view: View<'_, '_>, found: &Match<'_>, phrase: Phrase, end: usize) -> bool {
    let doc = view.doc();
    let frames = found.cue.frames;
    let mut at = phrase.tokens.end as usize;
    let limit = end.min(at + 14);
    let only_whom = !frames.has(Frame::Np);
    while at < limit {
        let word = doc.word(at);
        if view.opens(at).is_some() || word == ":" {
            return true;
        }
        // "warned those who guard the judges"
        if at == phrase.tokens.end as usize && matches!(word, "who" | "which" | "whose") {
            return only_whom;
        }
        if word == "that" || is_wh(view, at) {
            return frames.any(&[Frame::WhomThat, Frame::WhomWh]);
        }
        if found.cue.whom_prepositions.iter().any(|p| p == word) {
            return true;
        }
        let infinitive = view.verb_from(at).is_some_and(|v| view.a.verbs[v].form == VerbForm::Infinitive);
        if infinitive
            || word == "not"
            || word == "to" && (matches!(doc.tag(at + 1), Tag::NN | Tag::VB) || acts_on(view, at + 1) || view.opens(at + 1).is_some())
        {
            return frames.has(Frame::WhomTo);
        }
        if frames.has(Frame::WhomBare) && view.starts_clause(at, end) {
            return true;
        }
        if view.a.verb_at(at).is_some() || doc.tag(at) == Tag::Comma && !only_whom {
            break;
        }
        at += 1;
    }
    only_whom
}

/// A comma between cue and content: before a quotation, or the start of an insertion. Gives where to go on.
fn after_comma(view: View<'_, '_>, comma: usize, end: usize) -> Option<usize> {
    let doc = view.doc();
    let next = comma + 1;
    if view.opens(next).is_some() || doc.word(next) == "that" {
        return Some(next);
    }
    let close = (next..end.min(next + 16)).find(|&i| doc.tag(i) == Tag::Comma)?;
    let plain = (next..close).all(|i| view.a.verb_at(i).is_none_or(|v| !view.is_finite(v)));
    let goes_on = view.opens(close + 1).is_some() || doc.word(close + 1) == "that";
    (plain && goes_on).then_some(close + 1)
}

/// What stands after a colon: quotations, or the rest of the sentence.
fn after_colon(view: View<'_, '_>, colon: usize, end: usize, found: &Match<'_>) -> Option<Vec<TokenSpan>> {
    let next = colon + 1;
    if view.opens(next).is_some() {
        let end = end.max(view.sentence(next).end as usize);
        let pieces = clause_pieces(view, next, Extent { found, frame: Frame::Quote, end });
        return (!pieces.is_empty()).then_some(pieces);
    }
    (next + 1 < end).then(|| clause_pieces(view, next, Extent { found, frame: Frame::Quote, end }))
}

/// "issued a statement saying (that) …"
fn after_saying(view: View<'_, '_>, verb: usize, end: usize, found: &Match<'_>) -> Option<Found> {
    let mut start = view.a.verbs[verb].tokens.end as usize;
    start += usize::from(view.doc().word(start) == "that");
    let pieces = clause_pieces(view, start, Extent { found, frame: Frame::That, end });
    (!pieces.is_empty()).then_some(Found { pieces, frame: Some(Frame::That), whom: None })
}

/// One past a prepositional phrase between cue and content: "in a statement", "on Tuesday", "during a visit to Kabul".
fn skip_phrase(view: View<'_, '_>, preposition: usize, end: usize) -> Option<usize> {
    let doc = view.doc();
    let mut at = preposition + 1;
    // "after being asked", "because of"
    while at < end && (view.is_preposition(at) || doc.tag(at).is_adverb()) {
        at += 1;
    }
    if doc.tag(at) == Tag::CD {
        return Some(at + 1);
    }
    let noun = view.noun_from(at)?;
    at = view.a.nouns[noun].tokens.end as usize;
    while doc.tag(at) == Tag::POS && at + 1 < end {
        at = view.noun_from(at + 1).map_or(at + 1, |n| view.a.nouns[n].tokens.end as usize);
    }
    // "in a report published on Tuesday", "in a video seen by reporters"
    let made_public = matches!(doc.word(at), "published" | "posted" | "released" | "issued" | "seen" | "obtained" | "aired" | "broadcast" | "carried" | "sent");
    Some(at + usize::from(doc.tag(at) == Tag::VBN && made_public))
}

fn is_wh(view: View<'_, '_>, i: usize) -> bool {
    matches!(view.doc().word(i), "whether" | "how" | "why" | "what" | "who" | "where" | "which" | "when" | "if")
}

/// Whether an indirect question starts at `i`; "when" and "if" only after verbs of asking, else they start a side clause.
fn is_question_word(view: View<'_, '_>, i: usize, found: &Match<'_>) -> bool {
    match view.doc().word(i) {
        "whether" | "how" | "why" | "what" | "who" | "where" | "which" => true,
        "when" | "if" => {
            matches!(found.cue.words[0].as_str(), "ask" | "wonder" | "question" | "inquire" | "enquire" | "know" | "specify" | "decline" | "explain" | "see")
        }
        _ => false,
    }
}

/// The content before an attribution that starts at `left`: a quotation, or the clause before its comma.
pub fn backward(view: View<'_, '_>, left: usize) -> Option<Vec<TokenSpan>> {
    let doc = view.doc();
    if let Some(q) = view.quote_before(left) {
        return Some(quoted_before(view, q));
    }
    let comma = left.checked_sub(1).filter(|&i| doc.tag(i) == Tag::Comma)?;
    let floor = after_colon_before(view, view.region(left).start as usize, comma);
    let has_verb = (floor..comma).any(|i| view.a.verb_at(i).is_some_and(|v| view.is_finite(v)));
    let clause_first =
        !matches!(doc.word(floor), "if" | "when" | "while" | "although" | "though" | "as" | "after" | "before" | "since" | "because" | "despite");
    if comma <= floor || has_verb && !clause_first {
        return None;
    }
    trim(view, TokenSpan::new(floor, comma)).map(|p| vec![p])
}

/// The side clause before an attribution between commas ("When the guards came, he said, …").
pub fn side_clause(view: View<'_, '_>, left: usize) -> Option<Vec<TokenSpan>> {
    let comma = left.checked_sub(1).filter(|&i| view.doc().tag(i) == Tag::Comma)?;
    let floor = view.region(left).start as usize;
    (comma > floor).then(|| trim(view, TokenSpan::new(floor, comma)).map(|p| vec![p])).flatten()
}

/// Where the clause that ends at `end` begins: behind the last colon or semicolon outside quotations with a clause on both sides.
fn after_colon_before(view: View<'_, '_>, floor: usize, end: usize) -> usize {
    let finite = |from: usize, to: usize| (from..to).any(|i| view.a.verb_at(i).is_some_and(|v| view.is_finite(v)));
    let outside = |i: usize| view.doc().quote_at(i) == view.doc().quote_at(end);
    let colon = (floor..end).rev().find(|&i| view.doc().tag(i) == Tag::Colon && matches!(view.doc().word(i), ":" | ";") && outside(i));
    colon.filter(|&c| finite(floor, c)).map_or(floor, |c| c + 1)
}

/// The quotation, those before it that it goes on from, and the words of its own sentence before it.
fn quoted_before(view: View<'_, '_>, quote: usize) -> Vec<TokenSpan> {
    let doc = view.doc();
    let mut first = quote;
    while first > 0 && view.quote(first - 1).continued {
        first -= 1;
    }
    let mut pieces: Vec<TokenSpan> = (first..=quote).map(|q| view.with_marks(q)).collect();
    let open = pieces[0].start as usize;
    let sentence = view.sentence(open).start as usize;
    if sentence < open {
        // "It was “a mistake,” he said": the sentence before the mark belongs to it, up to an earlier quotation.
        let from = (sentence..open).rev().find(|&i| view.closes(i).is_some_and(|q| !view.is_fragment(q))).map_or(sentence, |i| i + 1);
        let own_cue = (from..open).filter_map(|i| view.verb_from(i)).any(|v| view.is_finite(v) && verb_cue(view, v).is_some());
        if !own_cue
            && doc.tag(from) != Tag::CC
            && let Some(p) = trim(view, TokenSpan::new(from, open))
        {
            pieces[0].start = p.start;
        }
    }
    pieces
}
