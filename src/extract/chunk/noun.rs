//! Base noun groups: determiner, number, modifiers, head.

use super::Reader;
use super::verb::is_modifier;
use crate::extract::analysis::{Determiner, NounGroup};
use crate::model::Count;
use crate::text::{Shape, Tag, TokenSpan, number};

/// The noun group that starts at a token.
pub(super) fn group(doc: &Reader<'_, '_>, start: usize, end: usize, sentence: usize) -> Option<NounGroup> {
    let mut at = start;
    let mut determiner = Determiner::None;
    let mut count: Option<(TokenSpan, Count)> = None;
    // "adding that three officers were hurt": a conjunction, whatever the tagger saw.
    if doc.word(at) == "that" && (matches!(doc.tag(at + 1), Tag::NNS | Tag::NNPS) || number_of_many(doc, at + 1)) {
        return None;
    }
    if matches!(doc.tag(at), Tag::PRP) {
        return Some(NounGroup { tokens: TokenSpan::one(at), head: at, determiner, count, sentence });
    }
    let mut determined = false;
    if counts_with_article(doc, at) {
        determiner = Determiner::Indefinite;
    } else {
        (at, determiner, determined) = determiners(doc, at, end);
    }
    if start > 0 && doc.tag(start - 1) == Tag::POS {
        determiner = Determiner::Possessive;
        determined = true;
    }
    if let Some(number) = number::number_at(doc.text, at).filter(|n| n.tokens.end as usize <= end) {
        count = Some((number.tokens, Count { low: number.low, best: number.best, high: number.high }));
        at = number.tokens.end as usize;
        // "dozens of", "two of the", "scores of": the thing counted is the head.
        if doc.word(at) == "of" && at + 1 < end && count_continues(doc, at + 1) {
            at += 1;
            while matches!(doc.tag(at), Tag::DT | Tag::PRPS | Tag::PDT) && at < end {
                at += 1;
            }
        } else if doc.word(at) == "more" || doc.word(at) == "other" || doc.word(at) == "others" {
            at += usize::from(doc.word(at) != "others");
        }
        determined = true;
    }
    let mut head = None;
    while at < end {
        let tag = doc.tag(at);
        let modifier = tag.is_adjective()
            || matches!(tag, Tag::CD | Tag::Hyphen | Tag::Dollar | Tag::FW | Tag::SYM)
            || (matches!(tag, Tag::VBN | Tag::VBG)
                && (is_modifier(doc, at, end)
                    || determined && at + 1 < end && (doc.tag(at + 1).is_noun() || doc.tag(at + 1).is_adjective() || doc.tag(at + 1) == Tag::Hyphen))
                && head.is_none())
            || (tag.is_adverb() && at + 1 < end && head.is_none() && (doc.tag(at + 1).is_adjective() || matches!(doc.tag(at + 1), Tag::VBN | Tag::VBG)))
            || (tag == Tag::OpenQuote && determined && head.is_none())
            || (tag == Tag::CloseQuote && determined && head.is_none() && at + 1 < end && doc.tag(at + 1).is_noun());
        if tag.is_noun() {
            // Two noun groups in a row: "the group Sunday", "officials Tuesday".
            if head.is_some() && is_time_noun(doc, at) && !doc.tag(at + 1).is_noun() {
                break;
            }
            if ends_date(doc, start, at) {
                head = Some(at - 1);
                break;
            }
            if head.is_some_and(|h| h + 1 == at && h == start + 1 && (is_span_of_time(doc, start) || is_charge(doc, start))) {
                break;
            }
            head = Some(at);
        } else if tag == Tag::CD && head.is_none() && !next_is_nominal(doc, at + 1, end) {
            head = Some(at);
        } else if tag == Tag::CD && head.is_some_and(|h| doc.tag(h).is_proper()) && doc.tag(at - 1) != Tag::CD {
            // "9 March" and "Unit 731" stay together; a count after a noun starts a new group.
        } else if tag == Tag::Hyphen {
            // A dash between spaces ends the group; a hyphen joins.
            if at == start || doc.token(at - 1).shape.has(Shape::SPACE_AFTER) {
                break;
            }
        } else if !modifier || (tag.is_adjective() && head.is_some() && !joins(doc, at)) || (tag == Tag::CD && head.is_some()) {
            break;
        }
        at += 1;
    }
    // "three of them"
    if head.is_none() && count.is_some() && at < end && doc.tag(at) == Tag::PRP && doc.word(at - 1) == "of" {
        return Some(NounGroup { tokens: TokenSpan::new(start, at + 1), head: at, determiner, count, sentence });
    }
    let head = head.or_else(|| {
        let last = at.checked_sub(1)?;
        let number_alone = count.as_ref().is_some_and(|(tokens, _)| tokens.has(last));
        let substantive = determined
            && last >= start
            && (doc.tag(last).is_adjective()
                || doc.tag(last) == Tag::VBN && last == start
                || doc.tag(last) == Tag::DT
                    && last == start
                    && matches!(doc.word(last), "this" | "that" | "these" | "those" | "all" | "both" | "some" | "another"));
        (at > start && (number_alone || substantive)).then_some(last)
    })?;
    Some(NounGroup { tokens: TokenSpan::new(start, head + 1), head, determiner, count, sentence })
}

/// Whether a number above one starts here.
fn number_of_many(doc: &Reader<'_, '_>, at: usize) -> bool {
    doc.tag(at) == Tag::CD && number::number_at(doc.text, at).is_some_and(|n| n.best.or(n.low).is_some_and(|n| n > 1))
}

/// The determiners from token `at` on: where they end, what they make of the group, whether there was an article or possessive.
fn determiners(doc: &Reader<'_, '_>, mut at: usize, end: usize) -> (usize, Determiner, bool) {
    let (mut determiner, mut determined) = (Determiner::None, false);
    while at < end {
        match doc.tag(at) {
            Tag::PDT => determiner = Determiner::Quantifier,
            // "no fewer than 115" is a number.
            Tag::DT if doc.word(at) == "no" && matches!(doc.word(at + 1), "fewer" | "less" | "more") && doc.word(at + 2) == "than" => break,
            Tag::DT | Tag::PRPS => {
                determiner = determiner_of(doc, at);
                determined = true;
            }
            _ => break,
        }
        at += 1;
    }
    (at, determiner, determined)
}

/// "a dozen", "half a dozen", "a hundred", "a couple of": the article is part of the number; "a couple" alone is two people.
fn counts_with_article(doc: &Reader<'_, '_>, at: usize) -> bool {
    if !matches!(doc.word(at), "a" | "half") {
        return false;
    }
    match (doc.word(at), doc.word(at + 1), doc.word(at + 2)) {
        ("a", "couple", next) => matches!(next, "of" | "more" | "hundred" | "dozen" | "thousand"),
        ("a" | "half", "dozen" | "hundred" | "thousand" | "half" | "a", _) | ("a", "few", _) | ("a", "score", "of") => {
            number::number_at(doc.text, at).is_some()
        }
        _ => false,
    }
}

/// "a charge | Islamabad denies": what was said, and who takes it up in a clause without "that".
fn is_charge(doc: &Reader<'_, '_>, start: usize) -> bool {
    matches!(doc.word(start), "a" | "an")
        && matches!(doc.word(start + 1), "charge" | "claim" | "allegation" | "accusation" | "assertion" | "suggestion" | "demand" | "view")
        && doc.tag(start + 2).is_proper()
        && (start + 3..start + 6).any(|i| matches!(doc.tag(i), Tag::VBZ | Tag::VBD | Tag::VBP))
}

/// "That year | terrorists", "last night | police": a length of time that says when, before who does it.
fn is_span_of_time(doc: &Reader<'_, '_>, start: usize) -> bool {
    matches!(doc.word(start), "this" | "that" | "last" | "next")
        && matches!(doc.word(start + 1), "year" | "month" | "week" | "day" | "night" | "morning" | "afternoon" | "evening" | "summer" | "winter" | "spring")
        && matches!(doc.tag(start + 2), Tag::NNS | Tag::NNP | Tag::NNPS)
}

/// "On March 24 | militants", "On Friday night | gunmen", "In June 2004 | rockets": whether a date that is no part of the noun at `at`
/// stands before it.
fn ends_date(doc: &Reader<'_, '_>, start: usize, at: usize) -> bool {
    let common = matches!(doc.tag(at), Tag::NN | Tag::NNS) && !part_of_day(doc.word(at));
    if start == 0 || at == start || !common {
        return false;
    }
    let before = doc.word(start - 1);
    let rest = |fits: &dyn Fn(usize) -> bool| (start + 1..at).all(fits);
    if is_month(doc.word(start)) {
        let preposition = matches!(before, "on" | "in" | "since" | "by" | "until" | "early" | "late");
        return preposition && at > start + 1 && rest(&|i| doc.tag(i) == Tag::CD);
    }
    // "in Friday prayers" is one group, "on Friday prayers were held" two.
    before == "on" && is_time_noun(doc, start) && doc.tag(at) == Tag::NNS && rest(&|i| part_of_day(doc.word(i)))
}

fn part_of_day(word: &str) -> bool {
    matches!(word, "morning" | "afternoon" | "evening" | "night" | "noon" | "midnight" | "dawn")
}

fn is_month(word: &str) -> bool {
    let word = word.strip_suffix('.').unwrap_or(word);
    matches!(word, "january" | "february" | "march" | "april" | "may" | "june" | "july" | "august" | "september" | "october" | "november" | "december")
        || matches!(word, "jan" | "feb" | "mar" | "apr" | "jun" | "jul" | "aug" | "sep" | "sept" | "oct" | "nov" | "dec")
}

/// A word after a hyphen belongs to the compound before it ("TTP-linked", "al-Qaeda-affiliated").
fn joins(doc: &Reader<'_, '_>, i: usize) -> bool {
    i > 0 && doc.tag(i - 1) == Tag::Hyphen || doc.tag(i + 1).is_noun() && doc.token(i).shape.has(Shape::CAPITAL)
}

fn next_is_nominal(doc: &Reader<'_, '_>, i: usize, end: usize) -> bool {
    i < end && (doc.tag(i).is_noun() || doc.tag(i).is_adjective() || matches!(doc.tag(i), Tag::CD | Tag::Hyphen | Tag::VBN | Tag::VBG))
}

/// After "of": whether what follows is counted ("dozens of people") rather than a whole ("two of March" is no count).
fn count_continues(doc: &Reader<'_, '_>, i: usize) -> bool {
    matches!(doc.tag(i), Tag::DT | Tag::PRPS | Tag::NNS | Tag::NNPS | Tag::JJ | Tag::NN | Tag::NNP | Tag::VBN | Tag::CD | Tag::PRP)
}

/// A weekday, or a word like "yesterday".
pub(super) fn is_time_noun(doc: &Reader<'_, '_>, i: usize) -> bool {
    matches!(doc.word(i), "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday" | "today" | "yesterday" | "tonight" | "tomorrow")
}

fn determiner_of(doc: &Reader<'_, '_>, i: usize) -> Determiner {
    match doc.word(i) {
        "the" | "this" | "that" | "these" | "those" => Determiner::Definite,
        "a" | "an" | "another" | "some" | "any" => Determiner::Indefinite,
        "no" => Determiner::Negative,
        _ if doc.tag(i) == Tag::PRPS => Determiner::Possessive,
        _ => Determiner::Quantifier,
    }
}
