//! What the words around a date say of it: names that look like dates, stretches, the tense of the clause.

use super::expression::{Expression, Parsed};
use super::inside_actor;
use super::resolve::Tense;
use super::words::{capital, weekday_name};
use crate::extract::Analysis;
use crate::extract::analysis::{VerbForm, VerbGroup};
use crate::text::{Document, Tag, TokenSpan};

/// Whether the tokens are part of a name or a habit: "Friday Times", "Super Tuesday", "every Friday".
pub(super) fn is_name(a: &Analysis<'_>, parsed: &Parsed) -> bool {
    let doc = &a.doc;
    let (start, end) = (parsed.tokens.start as usize, parsed.tokens.end as usize);
    let before = if start == 0 { "" } else { doc.word(start - 1) };
    if inside_actor(a, parsed.tokens) {
        return true;
    }
    let Expression::Point(point) = parsed.expression else { return false };
    if point.day.is_some() && point.year.is_none() && is_named_after_a_day(doc, end) {
        return true;
    }
    if point.weekday.is_some() && parsed.tokens.len() == 1 && weekday_name(doc.word(start)).is_some() {
        let feast = matches!(
            before,
            "super" | "black" | "good" | "bloody" | "ash" | "palm" | "easter" | "cyber" | "giving" | "maundy" | "every" | "each" | "alternate"
        );
        let paper = capital(doc, end)
            && matches!(
                doc.word(end),
                "times"
                    | "telegraph"
                    | "express"
                    | "mail"
                    | "mirror"
                    | "herald"
                    | "post"
                    | "observer"
                    | "guardian"
                    | "leader"
                    | "island"
                    | "review"
                    | "standard"
                    | "tribune"
                    | "world"
                    | "age"
                    | "prayer"
                    | "prayers"
                    | "magazine"
                    | "night"
            )
            && (doc.word(end) != "night" || doc.word(end + 1) == "live");
        return feast || paper;
    }
    false
}

/// "19 April Movement", "5 November Dam".
fn is_named_after_a_day(doc: &Document<'_>, next: usize) -> bool {
    let heads = [
        "movement",
        "dam",
        "brigade",
        "front",
        "revolution",
        "avenue",
        "street",
        "square",
        "park",
        "stadium",
        "battalion",
        "column",
        "organization",
        "organisation",
        "group",
        "bridge",
    ];
    let at = if matches!(doc.word(next), "]" | ")") { next + 1 } else { next };
    capital(doc, at) && heads.contains(&doc.word(at))
}

/// Whether a preposition before the date makes it a stretch: (reaches up to now, is a stretch).
pub(super) fn stretch(doc: &Document<'_>, tokens: TokenSpan) -> (bool, bool) {
    let mut i = tokens.start as usize;
    while i > 0 && matches!(doc.word(i - 1), "the" | "at" | "least" | "about" | "almost" | "nearly" | "over" | "more" | "than" | "late" | "early") {
        i -= 1;
    }
    let before = if i == 0 { "" } else { doc.word(i - 1) };
    // "since Tuesday's explosion": the day of the explosion.
    let possessive = doc.tag(tokens.end as usize) == Tag::POS;
    match before {
        _ if possessive => (false, false),
        // "the deadliest since February, when a bomber …": the day of what "when" tells.
        "since" if doc.tag(tokens.end as usize) == Tag::Comma && doc.word(tokens.end as usize + 1) == "when" => (false, false),
        "since" => (true, true),
        "until" | "till" => (false, true),
        _ => (false, false),
    }
}

/// Tense of the clause that a date belongs to: of the last verb group before it in its sentence, else of the first one after it.
pub(super) fn tense(a: &Analysis<'_>, tokens: TokenSpan) -> Tense {
    let sentence = a.doc.sentence_of(tokens.start as usize);
    if will_before(&a.doc, tokens.start as usize, sentence) {
        return Tense::Future;
    }
    let after = a.verbs.partition_point(|v| v.tokens.start < tokens.start);
    // Where a clause ends behind the nearest verb, none before it is nearer.
    let nearest = a.verbs[..after].last().filter(|v| v.sentence == sentence);
    let before = nearest.filter(|v| !cut(&a.doc, v.tokens.end as usize, tokens.start as usize));
    let chosen = before.or_else(|| a.verbs[after..].iter().take_while(|v| v.sentence == sentence).find(|v| v.form != VerbForm::Participle));
    match chosen {
        Some(verb) => of_verb(a, verb),
        None => Tense::Past,
    }
}

/// Whether a clause ends between two tokens.
fn cut(doc: &Document<'_>, from: usize, to: usize) -> bool {
    (from..to).any(|i| matches!(doc.word(i), ";" | "but" | "while" | "when" | "who" | "which") || matches!(doc.tag(i), Tag::OpenQuote | Tag::CloseQuote))
}

fn of_verb(a: &Analysis<'_>, verb: &VerbGroup) -> Tense {
    let doc = &a.doc;
    let head = doc.lemma(verb.head);
    match verb.form {
        VerbForm::Modal => {
            let modal = verb.modal.map_or("", |m| doc.word(m));
            match modal {
                "will" | "shall" | "'ll" | "won't" => Tense::Future,
                // "would meet on Friday" is to come, "would have met" is not.
                "would" | "may" | "might" | "could" | "should" | "must" | "can" if !verb.perfect => Tense::Future,
                _ => Tense::Past,
            }
        }
        VerbForm::Infinitive => planned(a, verb),
        VerbForm::Present if verb.perfect => Tense::Past,
        // "says", "reports": what is said is not what is dated.
        VerbForm::Present if matches!(head, "say" | "report" | "tell" | "add" | "claim" | "write" | "quote") => Tense::Past,
        VerbForm::Present if matches!(head, "schedule" | "plan" | "expect" | "due" | "slate" | "set") => Tense::Future,
        VerbForm::Present => Tense::Open,
        VerbForm::Past if matches!(head, "schedule" | "plan" | "slate") => Tense::Future,
        _ => Tense::Past,
    }
}

/// "plans to visit on Friday", "is due to meet on Tuesday", "vowed to strike on 14 August"; but "went to see him on Friday".
fn planned(a: &Analysis<'_>, verb: &VerbGroup) -> Tense {
    let to = verb.tokens.start as usize;
    let before = if to == 0 { "" } else { a.doc.lemma(to - 1) };
    let plans = matches!(
        before,
        "plan"
            | "schedule"
            | "due"
            | "expect"
            | "set"
            | "slate"
            | "intend"
            | "vow"
            | "threaten"
            | "agree"
            | "promise"
            | "pledge"
            | "decide"
            | "ready"
            | "want"
            | "hope"
            | "prepare"
    );
    if plans { Tense::Future } else { Tense::Past }
}

/// Whether "will" or "shall" stands before token `i` in its clause; these two need no tagger.
fn will_before(doc: &Document<'_>, i: usize, sentence: usize) -> bool {
    let start = doc.sentences().get(sentence).map_or(0, |s| s.start as usize);
    let modal = (start..i).rev().find(|&j| matches!(doc.word(j), "will" | "shall") && !matches!(doc.word(j.wrapping_sub(1)), "the" | "his" | "their" | "a"));
    modal.is_some_and(|j| !cut(doc, j, i))
}
