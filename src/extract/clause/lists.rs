//! Lists of noun groups: "two soldiers, a policeman and ten others".

use super::{possessor_start, preposition};
use crate::extract::Analysis;
use crate::extract::analysis::{Determiner, VerbForm};
use crate::text::Tag;

/// "two soldiers and a policeman were killed": all of them.
pub(super) fn coordinated_before(a: &Analysis<'_>, last: usize, floor: usize) -> Vec<usize> {
    let mut list = vec![last];
    let mut at = last;
    let mut linked = false;
    while let Some(previous) = at.checked_sub(1) {
        let (left, right) = (&a.nouns[previous], &a.nouns[at]);
        let (from, to) = (left.tokens.end as usize, right.tokens.start as usize);
        if (left.tokens.start as usize) < floor || to <= from {
            break;
        }
        let conjunction = (from..to).any(|i| a.doc.tag(i) == Tag::CC && a.doc.word(i) != "but");
        let between_ok = (from..to).all(|i| matches!(a.doc.tag(i), Tag::CC | Tag::Comma) || a.doc.word(i) == "also" || matches!(a.doc.word(i), "as" | "well"));
        let in_phrase = left.tokens.start > 0 && preposition(&a.doc, left.tokens.start as usize - 1);
        let object_of_verb = left.tokens.start > 0 && a.verb_at(left.tokens.start as usize - 1).is_some();
        if !between_ok || !(conjunction || linked) || object_of_verb {
            break;
        }
        // "three engineers from China and their driver": the engineers, not China.
        let head = if in_phrase { governing(a, previous, floor) } else { Some(previous) };
        let head = head.map(|n| named_before(a, n, floor));
        let Some(head) = head else { break };
        linked = true;
        list.push(head);
        at = head;
    }
    list.reverse();
    list
}

/// The noun group that a phrase says more of: the head of "the head of the country's chambers of commerce".
fn governing(a: &Analysis<'_>, noun: usize, floor: usize) -> Option<usize> {
    let mut at = noun;
    for step in 0..4 {
        let start = possessor_start(a, at, floor);
        let in_phrase = start > floor && preposition(&a.doc, start - 1) && (step == 0 || a.doc.word(start - 1) == "of");
        if !in_phrase {
            break;
        }
        at = start.checked_sub(2).and_then(|i| a.noun_at(i)).filter(|&n| a.nouns[n].tokens.start as usize >= floor)?;
    }
    (at != noun).then_some(at)
}

/// "Nawab Amirzai, the head of the chambers, and his driver": the name that the description stands beside.
fn named_before(a: &Analysis<'_>, noun: usize, floor: usize) -> usize {
    let group = &a.nouns[noun];
    let start = group.tokens.start as usize;
    let beside = start >= floor + 2 && a.doc.tag(start - 1) == Tag::Comma && group.determiner != Determiner::None && group.count.is_none();
    let name = beside.then(|| a.noun_at(start - 2)).flatten().filter(|&n| a.doc.tag(a.nouns[n].head) == Tag::NNP && a.place_at(a.nouns[n].head).is_none());
    name.filter(|_| !a.doc.tag(group.head).is_proper()).unwrap_or(noun)
}

/// The group that `noun` only leads to: "the mosque's imam" is the imam, "a Congress Party (INC) leader" the leader.
pub(super) fn whole(a: &Analysis<'_>, noun: usize, end: usize) -> usize {
    let mut at = noun;
    for _ in 0..4 {
        let Some(next) = a.nouns.get(at + 1).filter(|n| (n.tokens.start as usize) < end) else { break };
        let after = a.nouns[at].tokens.end as usize;
        let start = next.tokens.start as usize;
        if a.doc.tag(after) == Tag::POS && start == after + 1 {
            at += 1;
            continue;
        }
        let bracket = a.doc.tag(after) == Tag::OpenBracket && a.nouns[at].determiner != Determiner::None;
        let close = (after..end.min(after + 8)).find(|&i| a.doc.tag(i) == Tag::CloseBracket);
        if let (true, Some(close)) = (bracket, close)
            && let Some(head) = a.noun_at(close + 1).filter(|&n| a.nouns[n].tokens.start as usize == close + 1 && close + 1 < end)
            && a.nouns[head].determiner == Determiner::None
            && a.nouns[head].count.is_none()
            && !a.doc.tag(a.nouns[head].head).is_proper()
        {
            at = head;
            continue;
        }
        break;
    }
    at
}

/// Noun groups joined to `first` by commas and "and", up to a verb that takes the last one as its subject.
pub(super) fn coordinated_after(a: &Analysis<'_>, first: usize, end: usize) -> Vec<usize> {
    let mut list = vec![first];
    let mut at = first;
    let mut by_comma = false;
    while let Some(next) = a.nouns.get(at + 1) {
        // "a superintendent of police and ten others": the list goes on behind what says more of one.
        let of = a.nouns[at].tokens.end as usize;
        if a.doc.word(of) == "of" && next.tokens.start as usize == of + 1 && goes_on(a, next.tokens.end as usize, end) {
            at += 1;
            continue;
        }
        let (from, to) = (a.nouns[at].tokens.end as usize, next.tokens.start as usize);
        if to >= end || to <= from {
            break;
        }
        let joined = (from..to)
            .all(|i| matches!(a.doc.tag(i), Tag::CC | Tag::Comma) && a.doc.word(i) != "but" || matches!(a.doc.word(i), "also" | "as" | "well" | "plus"));
        let conjunction = (from..to).any(|i| a.doc.tag(i) == Tag::CC) || {
            // A comma alone joins only where a conjunction follows further on in the list.
            let after = next.tokens.end as usize;
            a.doc.tag(after) == Tag::CC
                || a.doc.tag(after) == Tag::Comma
                    && a.nouns.get(at + 2).is_some_and(|n| a.doc.tag(n.tokens.end as usize) == Tag::CC || a.doc.tag(n.tokens.start as usize - 1) == Tag::CC)
        };
        let after = next.tokens.end as usize;
        let is_subject = a.verb_at(after).is_some_and(|v| !matches!(a.verbs[v].form, VerbForm::Participle | VerbForm::Infinitive | VerbForm::Gerund));
        let time = a.date_at(next.head).is_some();
        if joined && is_subject && by_comma && list.len() > 1 {
            // "killing 14 people, residents and an official said": whoever says it begins behind the comma.
            list.pop();
        }
        if !joined || !conjunction || is_subject || time {
            break;
        }
        by_comma = !(from..to).any(|i| a.doc.tag(i) == Tag::CC);
        at = whole(a, at + 1, end);
        list.push(at);
    }
    list
}

/// Whether "and a …", "and ten …", "and his …" stands at a token: one more of a list rather than of what "of" leads to.
fn goes_on(a: &Analysis<'_>, conjunction: usize, end: usize) -> bool {
    let next = a.noun_at(conjunction + 1).filter(|_| a.doc.word(conjunction) == "and" && conjunction + 1 < end).map(|n| &a.nouns[n]);
    next.is_some_and(|n| n.count.is_some() || matches!(n.determiner, Determiner::Indefinite | Determiner::Possessive))
}
