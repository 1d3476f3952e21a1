//! What is measured, and over which time.

use crate::extract::Analysis;
use crate::extract::analysis::{DateMention, NounGroup};
use crate::model::DatePrecision;
use crate::text::{Tag, TokenSpan};

/// A month or longer that the clause of `near` names: "this year", "in 2009", "since January", "over the past decade".
pub(super) fn period<'d>(a: &'d Analysis<'_>, near: TokenSpan) -> Option<&'d DateMention> {
    let sentence = a.doc.sentences()[a.doc.sentence_of(near.start as usize)];
    let long =
        |d: &&DateMention| d.duration || d.value.is_some_and(|v| matches!(v.precision, DatePrecision::Month | DatePrecision::Year | DatePrecision::Range));
    let of_year = |d: &&DateMention| d.tokens.range().any(|i| matches!(a.doc.word(i), "year" | "years" | "month" | "months" | "decade" | "quarter"));
    a.dates_in(sentence).map(|(_, d)| d).filter(|d| sentence.contains(d.tokens) && !d.tokens.overlaps(near)).find(|d| long(d) || of_year(d))
}

/// The measured thing of a subject: "the number of X" is X; else the noun group with what belongs to it.
pub(super) fn measured(a: &Analysis<'_>, subject: &NounGroup, limit: usize) -> Option<TokenSpan> {
    let after = subject.tokens.end as usize;
    if matches!(a.doc.lemma(subject.head), "number" | "level" | "rate" | "intensity" | "frequency") && a.doc.word(after) == "of" {
        let n = &a.nouns[a.noun_at(after + 1)?];
        return Some(bare(a, n));
    }
    if !is_countable(a, subject) {
        return None;
    }
    let mut end = after;
    while end + 1 < limit && matches!(a.doc.word(end), "of" | "on" | "against" | "by" | "from") {
        end = match a.noun_at(end + 1) {
            Some(n) if a.nouns[n].tokens.end as usize <= limit => a.nouns[n].tokens.end as usize,
            _ => break,
        };
    }
    Some(TokenSpan::new(bare(a, subject).start as usize, end))
}

/// Several things or a mass ("attacks", "violence"), no name and nobody.
pub(super) fn is_countable(a: &Analysis<'_>, group: &NounGroup) -> bool {
    let tag = a.doc.tag(group.head);
    tag == Tag::NNS || tag == Tag::NN && is_violence(a, TokenSpan::one(group.head))
}

/// Whether the words name violence, its victims or its means.
pub(super) fn is_violence(a: &Analysis<'_>, tokens: TokenSpan) -> bool {
    let events = &a.lexicon.figures.counts().events;
    tokens.range().any(|i| {
        events.has_lemma(&a.doc, i)
            || matches!(
                a.doc.lemma(i),
                "violence" | "crime" | "terrorism" | "militancy" | "extremism" | "insurgency" | "infiltration" | "extortion" | "activity" | "fighting"
            )
    })
}

/// The group without its determiner.
pub(super) fn bare(a: &Analysis<'_>, group: &NounGroup) -> TokenSpan {
    let start = group.tokens.range().find(|&i| !matches!(a.doc.tag(i), Tag::DT | Tag::PRPS | Tag::PDT)).unwrap_or(group.tokens.start as usize);
    TokenSpan::new(start, group.tokens.end as usize)
}

pub(super) fn is_date(a: &Analysis<'_>, i: usize) -> bool {
    a.date_at(i).is_some()
}

pub(super) fn sentence_end(a: &Analysis<'_>, sentence: usize) -> usize {
    a.doc.sentences().get(sentence).map_or(0, |s| s.end as usize)
}
