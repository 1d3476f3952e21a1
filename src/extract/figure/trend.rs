//! Trends: "a 50% increase in attacks", "attacks doubled", "bombings dropped from five to two".

use super::Figure;
use super::amount::{after_adverbs, amount_at, amount_in};
use super::measure::{bare, is_countable, is_date, is_violence, measured, sentence_end};
use crate::extract::Analysis;
use crate::extract::analysis::{VerbForm, Voice};
use crate::lexicon::figures::Trend;
use crate::text::{Tag, TokenSpan};

/// "a 50% increase in militant attacks", "an increase of 25 percent in killings".
pub(super) fn trend_noun(a: &Analysis<'_>, index: usize) -> Option<Figure> {
    let group = &a.nouns[index];
    let change = a.lexicon.figures.noun(&a.doc, group.head)?;
    let end = sentence_end(a, group.sentence);
    let inside = amount_in(a, group.tokens);
    let mut at = group.tokens.end as usize;
    let mut amount = inside;
    if amount.is_none()
        && matches!(a.doc.word(at), "of" | "by")
        && let Some((value, unit, after)) = amount_at(a, at + 1)
    {
        amount = Some((value, unit));
        at = after;
    }
    // "78 attacks, a 30 percent rise on February": what rose stands before.
    if matches!(a.doc.word(at), "on" | "over" | "from" | "compared") && amount.is_some() {
        return rise_of(a, index, amount, change);
    }
    if !matches!(a.doc.word(at), "in" | "of") || at >= end {
        return None;
    }
    let measured = &a.nouns[a.noun_at(at + 1).or_else(|| a.noun_at(at + 2).filter(|_| a.doc.tag(at + 1) == Tag::VBN))?];
    if a.doc.word(at) == "of" && (amount.is_none() || a.doc.tag(measured.head).is_proper()) || !is_countable(a, measured) {
        return None;
    }
    let from = match inside {
        // "a 50% increase": the figure begins at its number.
        Some(_) => group.tokens.range().find(|&i| a.doc.tag(i) != Tag::DT).unwrap_or(group.tokens.start as usize),
        None => group.tokens.start as usize,
    };
    let mut measure = bare(a, measured);
    // "targeted killings", where the tagger saw a participle
    if a.doc.tag(at + 1) == Tag::VBN && measure.start as usize == at + 2 {
        measure.start -= 1;
    }
    Some(Figure {
        measure,
        done: None,
        value: amount.map(|x| x.0),
        unit: amount.map(|x| x.1),
        change: Some(change),
        tokens: TokenSpan::new(from, measure.end as usize),
    })
}

/// "attacks rose by 30 percent", "the number of kidnappings doubled".
pub(super) fn trend_verb(a: &Analysis<'_>, index: usize) -> Option<Figure> {
    let verb = &a.verbs[index];
    // "attacks doubled": the tagger may take the past for a participle.
    let bare = verb.form == VerbForm::Participle && verb.tokens.len() == 1;
    if !(bare || matches!(verb.form, VerbForm::Past | VerbForm::Present)) || verb.negated {
        return None;
    }
    let lemma = a.doc.lemma(verb.head);
    let subject = &a.nouns[*a.clauses.get(index)?.subject.first()?];
    if subject.tokens.start > verb.tokens.start || a.doc.lemma(subject.head) == "toll" {
        return None;
    }
    let measure = measured(a, subject, verb.tokens.start as usize)?;
    let after = after_adverbs(a, verb.tokens.end as usize);
    let figure = |value: Option<f64>, unit, change, end: usize| Figure {
        measure,
        done: None,
        value,
        unit,
        change: Some(change),
        tokens: TokenSpan::new(measure.start as usize, end),
    };
    if let Some(times) = a.lexicon.figures.multiple(lemma).filter(|_| verb.voice == Voice::Active || bare) {
        let object = a.noun_at(after).is_some_and(|n| a.nouns[n].tokens.start as usize == after && !is_date(a, a.nouns[n].head));
        return (!object).then(|| figure(Some(times), Some("times"), if times < 1.0 { Trend::Decrease } else { Trend::Increase }, verb.tokens.end as usize));
    }
    let particle = verb.particle.map(|p| format!("{lemma} {}", a.doc.word(p)));
    let (change, needs_number) = particle.and_then(|p| a.lexicon.figures.verb(&p)).or_else(|| a.lexicon.figures.verb(lemma))?;
    let preposition = matches!(a.doc.word(after), "by" | "to" | "from");
    let mut amount = amount_at(a, after + usize::from(preposition)).filter(|&(_, unit, _)| unit == "percent" || preposition);
    // "dropped from five to two": where it came to
    if let Some((_, _, end)) = amount.filter(|_| a.doc.word(after) == "from")
        && a.doc.word(end) == "to"
    {
        amount = amount_at(a, end + 1).or(amount);
    }
    match amount {
        Some((value, unit, end)) => Some(figure(Some(value), Some(unit), change, end)),
        None if needs_number || !is_violence(a, measure) => None,
        None => Some(figure(None, None, change, verb.tokens.end as usize)),
    }
}

/// "78 attacks in March, a 30 percent rise on February": the events counted before the comma have risen.
fn rise_of(a: &Analysis<'_>, index: usize, amount: Option<(f64, &'static str)>, change: Trend) -> Option<Figure> {
    let group = &a.nouns[index];
    let start = group.tokens.start as usize;
    if start == 0 || a.doc.word(start - 1) != "," {
        return None;
    }
    let dated = (group.tokens.end as usize..group.tokens.end as usize + 4).any(|i| is_date(a, i));
    let earlier = a.nouns[..index].iter().rev().take_while(|g| g.sentence == group.sentence);
    let counted = earlier.into_iter().find(|g| g.count.is_some() && is_countable(a, g) && is_violence(a, g.tokens)).filter(|_| dated)?;
    let number = counted.count.as_ref()?.0;
    Some(Figure {
        measure: TokenSpan::new(number.end as usize, counted.tokens.end as usize),
        done: None,
        value: amount.map(|x| x.0),
        unit: amount.map(|x| x.1),
        change: Some(change),
        tokens: TokenSpan::new(start, group.tokens.end as usize),
    })
}
