//! Who speaks: the subject of a verb, before or after it, read off the groups of the clause.

use super::view::View;
use crate::extract::analysis::{Determiner, VerbForm, Voice};
use crate::text::{Tag, TokenSpan};

/// A noun phrase that speaks, is spoken to or is spoken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// All its words.
    pub tokens: TokenSpan,
    /// Its head.
    pub head: usize,
}

/// How many tokens an insertion between subject and verb may have.
const LONG_INSERTION: usize = 45;

/// The subject of a verb group that stands before it.
pub fn subject(view: View<'_, '_>, verb: usize) -> Option<Phrase> {
    let v = &view.a.verbs[verb];
    subject_before(view, v.tokens.start as usize, floor_of(view, v.tokens.start as usize))
}

/// Verbs whose object does what the infinitive behind it says ("told the man to claim it").
const OBJECT_ACTS: &[&str] = &[
    "tell",
    "ask",
    "urge",
    "order",
    "force",
    "allow",
    "want",
    "warn",
    "invite",
    "persuade",
    "advise",
    "get",
    "help",
    "enable",
    "expect",
    "permit",
    "press",
    "call",
    "appeal",
    "command",
    "instruct",
    "encourage",
    "teach",
    "cause",
    "lead",
    "prompt",
    "require",
    "request",
    "beg",
    "direct",
    "oblige",
    "compel",
];

/// Who speaks in order to: "a man telephoned the papers to claim the bombing", "the group put out a statement to say".
pub fn of_purpose(view: View<'_, '_>, verb: usize) -> Option<Phrase> {
    let v = &view.a.verbs[verb];
    if v.form != VerbForm::Infinitive {
        return None;
    }
    let object = view.a.noun_at((v.tokens.start as usize).checked_sub(1)?)?;
    let before = (view.a.nouns[object].tokens.start as usize).checked_sub(1)?;
    let main = view.a.verb_at(before)?;
    let group = &view.a.verbs[main];
    let acts = view.is_finite(main) && group.voice == Voice::Active && !OBJECT_ACTS.contains(&view.doc().lemma(group.head));
    acts.then(|| subject(view, main)).flatten()
}

/// Where the clause of token `i` can begin at the earliest: its sentence, its quotation, or the end of a quotation before it.
pub fn floor_of(view: View<'_, '_>, i: usize) -> usize {
    let region = view.region(i);
    let start = region.start as usize;
    (start..i).rev().find(|&t| view.closes(t).is_some_and(|q| !view.is_fragment(q))).map_or(start, |t| t + 1)
}

fn subject_before(view: View<'_, '_>, right: usize, floor: usize) -> Option<Phrase> {
    let doc = view.doc();
    let mut at = right;
    let mut after_comma = false;
    let mut last: Option<Phrase> = None;
    while at > floor {
        let i = at - 1;
        let tag = doc.tag(i);
        if tag == Tag::CloseBracket {
            at = (floor..i).rev().find(|&t| doc.tag(t) == Tag::OpenBracket)?;
            continue;
        }
        if let Some(noun) = view.a.noun_at(i) {
            let group = &view.a.nouns[noun];
            let mut start = group.tokens.start as usize;
            if view.is_time(noun) && last.is_none() && start > floor {
                at = start;
                continue;
            }
            // "Pakistan's army": the possessor belongs to the phrase.
            let mut possessor = start;
            while possessor > floor + 1 && doc.tag(possessor - 1) == Tag::POS {
                match view.a.noun_at(possessor - 2) {
                    Some(n) => possessor = view.a.nouns[n].tokens.start as usize,
                    None => break,
                }
            }
            start = possessor.max(floor);
            let phrase = Phrase { tokens: TokenSpan::new(start, extend_right(view, group.tokens.end as usize, right)), head: group.head };
            let Some(before) = start.checked_sub(1).filter(|&b| b >= floor) else { return Some(with_name(view, phrase, right)) };
            if view.is_preposition(before) && !is_nominative(doc.word(group.head)) {
                // "a spokesman for the group": go on to what it belongs to; "In Kabul" alone at the front is nobody.
                if before == floor {
                    return last;
                }
                at = before;
                continue;
            }
            if let Some(w) = view.a.verb_at(before).filter(|_| !is_nominative(doc.word(group.head))) {
                let inner = &view.a.verbs[w];
                let from = inner.tokens.start as usize;
                let modifies = matches!(inner.form, VerbForm::Participle | VerbForm::Gerund | VerbForm::Infinitive);
                if from > floor
                    && (is_relative(view, from - 1) || modifies && (view.a.noun_at(from - 1).is_some() || doc.tag(from - 1) == Tag::Comma && after_comma))
                {
                    at = if is_relative(view, from - 1) { from - 1 } else { from };
                    continue;
                }
                return Some(phrase);
            }
            if doc.tag(before) == Tag::CC
                && matches!(doc.word(before), "and" | "or" | "nor")
                && let Some(joined) = joined_before(view, before, floor)
            {
                return Some(Phrase { tokens: TokenSpan::new(joined, phrase.tokens.end as usize), head: phrase.head });
            }
            if after_comma && doc.tag(before) == Tag::Comma && group.determiner != Determiner::Possessive && apposed(view, before, floor) {
                last = Some(phrase);
                at = before;
                continue;
            }
            return Some(with_name(view, phrase, right));
        }
        if let Some(w) = view.a.verb_at(i) {
            let inner = &view.a.verbs[w];
            let from = inner.tokens.start as usize;
            if from > floor && is_relative(view, from - 1) {
                at = from - 1;
                continue;
            }
            if let Some(opener) = opener(view, from, floor).filter(|_| view.is_finite(w)) {
                at = opener;
                continue;
            }
            if matches!(inner.form, VerbForm::Participle | VerbForm::Gerund | VerbForm::Infinitive) && from > floor {
                at = from;
                continue;
            }
            return last;
        }
        if is_relative(view, i) {
            at = i;
            // "the general, who said": the comma before the pronoun opens no insertion.
            if at > floor && doc.tag(at - 1) == Tag::Comma {
                at -= 1;
            }
            continue;
        }
        match tag {
            Tag::Comma => {
                at = insertion(view, i, floor).or(last.is_some().then_some(i))?;
                after_comma = true;
            }
            _ if tag.is_adverb() || matches!(doc.word(i), "also" | "then" | "both" | "all" | "himself" | "herself" | "itself" | "themselves") => at = i,
            Tag::CloseQuote | Tag::OpenQuote | Tag::POS | Tag::CD | Tag::JJ => at = i,
            _ if view.is_preposition(i) => at = i,
            _ => return last,
        }
    }
    last
}

/// Where a clause inside a noun phrase begins, whose own subject stands right before its verb at `from`: "the group *to which it* belongs",
/// "a man *saying that he* spoke".
fn opener(view: View<'_, '_>, from: usize, floor: usize) -> Option<usize> {
    let noun = view.a.noun_at(from.checked_sub(1)?)?;
    let r = (view.a.nouns[noun].tokens.start as usize).checked_sub(1).filter(|&r| r > floor)?;
    let before = r - 1;
    if matches!(view.doc().word(r), "which" | "whom") {
        return Some(if view.is_preposition(before) && before > floor { before } else { r });
    }
    let gerund = view.a.verb_at(before).filter(|&g| view.doc().word(r) == "that" && view.a.verbs[g].form == VerbForm::Gerund)?;
    let start = view.a.verbs[gerund].tokens.start as usize;
    (start > floor).then_some(start)
}

/// A description and the name that explains it before token `right` are one phrase whose head is the name ("a provincial minister, Bashir
/// Bilour", "the group to which it belongs, the TTP").
fn with_name(view: View<'_, '_>, phrase: Phrase, right: usize) -> Phrase {
    let doc = view.doc();
    let named = |head: usize| {
        let mut mentions = view.a.mentions_in(TokenSpan::one(head)).map(|(_, m)| m);
        mentions.any(|m| m.tokens.has(head) && m.entity.is_some_and(|e| view.a.entities[e].name.is_some()))
    };
    let end = phrase.tokens.end as usize;
    if named(phrase.head) || end >= right || doc.tag(phrase.head) == Tag::PRP {
        return phrase;
    }
    let explained = (end..right).filter(|&i| doc.tag(i) == Tag::Comma).find_map(|comma| {
        let group = &view.a.nouns[view.noun_from(comma + 1)?];
        let after = group.tokens.end as usize;
        let after = if doc.tag(after) == Tag::OpenBracket { view.close_bracket(after, right) } else { after };
        let closed = after == right || doc.tag(after) == Tag::Comma && after < right;
        (closed && named(group.head)).then_some((after, group.head))
    });
    // "the caller, who called himself Bilal"
    let explained = explained.or_else(|| {
        let own = (end..right).find(|&i| matches!(doc.word(i), "himself" | "herself"))?;
        let group = &view.a.nouns[view.noun_from(own + 1 + usize::from(doc.word(own + 1) == "as"))?];
        (named(group.head) && (group.tokens.end as usize) < right).then_some((end, group.head))
    });
    match explained {
        Some((after, head)) => Phrase { tokens: TokenSpan::new(phrase.tokens.start as usize, after), head },
        None => phrase,
    }
}

/// Subject forms of pronouns are never objects.
fn is_nominative(word: &str) -> bool {
    matches!(word, "he" | "she" | "they" | "we" | "i")
}

fn is_relative(view: View<'_, '_>, i: usize) -> bool {
    matches!(view.doc().tag(i), Tag::WDT | Tag::WP) && matches!(view.doc().word(i), "who" | "which" | "that" | "whom")
}

/// The start of noun groups joined by "and" to the one after `conjunction`; `None` where "and" joins clauses.
fn joined_before(view: View<'_, '_>, conjunction: usize, floor: usize) -> Option<usize> {
    let noun = view.a.noun_at(conjunction.checked_sub(1)?)?;
    let start = view.a.nouns[noun].tokens.start as usize;
    if view.is_time(noun) || start < floor {
        return None;
    }
    let Some(before) = start.checked_sub(1).filter(|&b| b >= floor) else { return Some(start) };
    let object = view.is_preposition(before) || view.a.verb_at(before).is_some();
    (!object).then_some(start)
}

/// Whether what ends before the comma is a noun phrase that the words after the comma explain.
fn apposed(view: View<'_, '_>, comma: usize, floor: usize) -> bool {
    let Some(noun) = comma.checked_sub(1).filter(|&i| i >= floor).and_then(|i| view.a.noun_at(i)) else { return false };
    let mut start = view.a.nouns[noun].tokens.start as usize;
    if view.is_time(noun) {
        return false;
    }
    // "In Kabul, the minister": a phrase at the front explains nothing.
    while start > floor && (view.is_preposition(start - 1) || view.doc().word(start - 1) == "and") {
        match (start > floor + 1).then(|| view.a.noun_at(start - 2)).flatten() {
            Some(n) => start = view.a.nouns[n].tokens.start as usize,
            None => return false,
        }
    }
    start == floor || view.a.verb_at(start - 1).is_none()
}

/// The comma that opens the insertion which the comma at `close` ends: "X, who is 30, said", "X, of the army, said", "X, however, said".
fn insertion(view: View<'_, '_>, close: usize, floor: usize) -> Option<usize> {
    let doc = view.doc();
    let open = (floor.max(close.saturating_sub(LONG_INSERTION))..close).rev().find(|&i| doc.tag(i) == Tag::Comma && i > floor)?;
    let first = open + 1;
    let relative = matches!(doc.tag(first), Tag::WDT | Tag::WP | Tag::WPS | Tag::WRB);
    let subjectless = (first..close).all(|i| view.a.verb_at(i).is_none_or(|v| !view.is_finite(v)));
    (relative || subjectless).then_some(open)
}

/// Prepositional phrases that belong to a noun group: "a spokesman *for the group in Kabul*"; never beyond `limit`.
pub fn extend_right(view: View<'_, '_>, end: usize, limit: usize) -> usize {
    let mut at = end;
    while at + 1 < limit && matches!(view.doc().word(at), "of" | "for" | "from" | "at" | "in" | "to" | "with" | "by") {
        match view.noun_from(at + 1).filter(|&n| view.a.nouns[n].tokens.end as usize <= limit && !view.is_time(n)) {
            Some(n) => at = view.a.nouns[n].tokens.end as usize,
            None => break,
        }
        // "the head of Pakistan's army"
        while view.doc().tag(at) == Tag::POS {
            match view.noun_from(at + 1).filter(|&n| view.a.nouns[n].tokens.end as usize <= limit) {
                Some(n) => at = view.a.nouns[n].tokens.end as usize,
                None => return at,
            }
        }
    }
    at
}

/// The noun phrase that starts at `from`, up to the first of some prepositions ("accused the head of the army *of* …" has two; the second counts).
pub fn phrase_up_to(view: View<'_, '_>, from: usize, limit: usize, is_stop: impl Fn(&str) -> bool) -> Option<Phrase> {
    let stop = |i: &usize| is_stop(view.doc().word(*i));
    let whole = phrase_from(view, from, limit)?;
    // Of two "of" the last one inside the phrase begins the charge.
    match whole.tokens.range().skip(1).filter(stop).last() {
        Some(cut) => phrase_from(view, from, cut),
        None => Some(whole),
    }
}

/// The noun phrase that starts at `from`, with what belongs to it ("the head of Pakistan's army").
pub fn phrase_from(view: View<'_, '_>, from: usize, limit: usize) -> Option<Phrase> {
    let doc = view.doc();
    let noun = view.noun_from(from)?;
    let mut group = &view.a.nouns[noun];
    let mut end = group.tokens.end as usize;
    while doc.tag(end) == Tag::POS && end + 1 < limit {
        let Some(next) = view.noun_from(end + 1) else { break };
        group = &view.a.nouns[next];
        end = group.tokens.end as usize;
    }
    if end > limit {
        return None;
    }
    let head = group.head;
    let mut end = extend_right(view, end, limit);
    while doc.tag(end) == Tag::CC && doc.word(end) == "and" && end + 1 < limit {
        let Some(next) = view.noun_from(end + 1).filter(|_| !view.starts_clause(end + 1, limit)) else { break };
        end = view.a.nouns[next].tokens.end as usize;
    }
    Some(Phrase { tokens: TokenSpan::new(from, end), head })
}

/// The noun phrase that "by" names after a passive.
pub fn by_agent(view: View<'_, '_>, verb: usize) -> Option<Phrase> {
    let v = &view.a.verbs[verb];
    if v.voice != Voice::Passive {
        return None;
    }
    let end = view.region(v.head).end as usize;
    let mut at = v.tokens.end as usize;
    while at < end {
        if view.doc().word(at) == "by" {
            return phrase_from(view, at + 1, end).filter(|p| view.a.noun_at(p.head).is_none_or(|n| !view.is_time(n)));
        }
        if view.a.verb_at(at).is_some_and(|w| view.is_finite(w)) || matches!(view.doc().tag(at), Tag::Comma | Tag::Colon | Tag::Stop) {
            return None;
        }
        at += 1;
    }
    None
}

/// The subject after its verb ("“…,” said the minister").
pub fn inverted(view: View<'_, '_>, after: usize) -> Option<Phrase> {
    let limit = view.region(after.saturating_sub(1)).end as usize;
    let mut at = after;
    while at < limit && view.doc().tag(at).is_adverb() {
        at += 1;
    }
    let noun = view.noun_from(at)?;
    let is_object = matches!(view.doc().word(at), "it" | "him" | "her" | "them" | "us" | "me" | "this" | "that");
    if view.is_time(noun) && view.a.nouns[noun].tokens.len() == 1 || is_object {
        return None;
    }
    phrase_from(view, at, limit)
}
