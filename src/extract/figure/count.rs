//! Counts over a period: "500 attacks this year", "900 people have been killed since 2007", "14 rounds of air strikes".

use super::Figure;
use super::measure::{is_countable, is_date, is_violence, period};
use crate::extract::Analysis;
use crate::extract::analysis::{NounGroup, Voice};
use crate::lexicon::figures::Trend;
use crate::model::DatePrecision;
use crate::text::{Tag, TokenSpan};

/// "at least 500 attacks this year", "312 incidents in 2012": several acts and a period.
pub(super) fn counted_events(a: &Analysis<'_>, index: usize) -> Option<Figure> {
    let group = &a.nouns[index];
    let counts = a.lexicon.figures.counts();
    let (number, count) = group.count.as_ref()?;
    let value = f64::from(count.best.or(count.low)?);
    let event = counts.events.has_lemma(&a.doc, group.head) && a.doc.tag(group.head) == Tag::NNS;
    if !event || value < 3.0 || is_date(a, number.start as usize) {
        return None;
    }
    // "three explosions in a row" are one incident, "three attacks were recorded" are not.
    let recorded = |c: &crate::extract::clause::Clause| counts.records.iter().any(|r| r == a.doc.lemma(a.verbs[c.verb].head));
    let summed = || a.clauses_of(group.sentence).any(|(_, c)| (c.subject.contains(&index) || c.object.contains(&index)) && recorded(c));
    // Nobody counts a hundred attacks of one day.
    let dated = || period(a, group.tokens).is_some() || is_yearly(a, index) || value >= counts.many;
    if value < 5.0 && !summed() || !dated() {
        return None;
    }
    let measure = TokenSpan::new(number.end as usize, group.tokens.end as usize);
    (!measure.is_empty()).then_some(Figure { measure, done: None, value: Some(value), unit: Some("count"), change: None, tokens: group.tokens })
}

/// "killed 2,200 people last year", "900 people have been killed since 2007".
pub(super) fn counted_people(a: &Analysis<'_>, clause: usize) -> Option<Figure> {
    let c = &a.clauses[clause];
    let verb = &a.verbs[c.verb];
    let counts = a.lexicon.figures.counts();
    if !counts.harms.has_lemma(&a.doc, verb.head) || verb.negated {
        return None;
    }
    let dies = matches!(a.doc.lemma(verb.head), "die" | "disappear");
    let patients = if verb.voice == Voice::Passive || dies { &c.subject } else { &c.object };
    let group = patients.iter().map(|&n| &a.nouns[n]).find(|g| g.count.is_some())?;
    let (number, count) = group.count.as_ref()?;
    let value = f64::from(count.best.or(count.low)?);
    let tokens = group.tokens.cover(verb.tokens);
    let when = period(a, tokens).filter(|d| !d.tokens.range().any(|i| matches!(a.doc.word(i), "few" | "several" | "some")))?;
    // One bombing may kill many in a year's text: "in an ambush in 2009" is one incident.
    let by_act = c.subject.iter().any(|&n| is_single_act(a, &a.nouns[n])) || c.relative && follows_single_act(a, verb.tokens.start as usize);
    if by_act && !when.duration {
        return None;
    }
    let violence = (tokens.end as usize..c.end).any(|i| matches!(a.doc.word(i), "violence" | "insurgency" | "militancy" | "unrest"));
    let compared = change_behind(a, c.end).or_else(|| change_behind(a, tokens.end as usize));
    let one_act = (tokens.end as usize..c.end).any(|i| a.noun_at(i).is_some_and(|n| is_single_act(a, &a.nouns[n])));
    let sums = when.duration || totals_said(a, c.end, tokens);
    // A hundred pupils may be taken in one night of a month, no hundred people are killed so.
    let in_month =
        when.value.is_some_and(|v| v.precision == DatePrecision::Month) && matches!(a.doc.lemma(verb.head), "abduct" | "kidnap" | "arrest" | "detain");
    let enough = value >= counts.many && !one_act && !in_month || (sums || violence || compared.is_some()) && value >= 10.0;
    if !enough {
        return None;
    }
    let measure = TokenSpan::new(number.end as usize, group.tokens.end as usize);
    let measure = if measure.is_empty() { group.tokens } else { measure };
    Some(Figure { measure, done: Some(verb.head), value: Some(value), unit: Some("count"), change: compared, tokens })
}

/// "the attack on a school in Peshawar that killed 130": an act shortly before the relative clause.
fn follows_single_act(a: &Analysis<'_>, verb: usize) -> bool {
    let after = a.nouns.partition_point(|n| (n.tokens.start as usize) < verb);
    a.nouns[after.saturating_sub(5)..after].iter().any(|n| n.tokens.end as usize + 12 > verb && is_single_act(a, n))
}

fn is_single_act(a: &Analysis<'_>, group: &NounGroup) -> bool {
    a.doc.tag(group.head) == Tag::NN && group.count.is_none() && a.lexicon.figures.counts().events.has_lemma(&a.doc, group.head)
}

/// Whether words of the sentence say that several acts are summed up.
fn totals_said(a: &Analysis<'_>, end: usize, near: TokenSpan) -> bool {
    let sentence = a.doc.sentences()[a.doc.sentence_of(near.start as usize)];
    let words: Vec<&str> = (sentence.start as usize..end.max(near.end as usize)).map(|i| a.doc.word(i)).collect();
    a.lexicon.figures.counts().totals.iter().any(|t| {
        let parts: Vec<&str> = t.split(' ').collect();
        words.windows(parts.len()).any(|w| w == parts)
    })
}

/// ", down from 61 in 2009"
fn change_behind(a: &Analysis<'_>, from: usize) -> Option<Trend> {
    let at = (from..from + 12).find(|&i| a.doc.word(i) == "," || a.doc.word(i) == ".").filter(|&i| a.doc.word(i) == ",")?;
    match (a.doc.word(at + 1), a.doc.word(at + 2)) {
        ("down", "from") => Some(Trend::Decrease),
        ("up", "from") => Some(Trend::Increase),
        _ => None,
    }
}

/// "The year saw 1,100 fatalities"
fn is_yearly(a: &Analysis<'_>, index: usize) -> bool {
    let of_period = |n: usize| matches!(a.doc.lemma(a.nouns[n].head), "year" | "month" | "quarter" | "decade" | "period");
    a.clauses_of(a.nouns[index].sentence).any(|(_, c)| c.object.contains(&index) && c.subject.iter().any(|&n| of_period(n)))
}

/// "14 rounds of air strikes", "a series of 12 bombings": several acts without a day.
pub(super) fn rounds(a: &Analysis<'_>, index: usize) -> Option<Figure> {
    let group = &a.nouns[index];
    let end = group.tokens.end as usize;
    if !matches!(a.doc.lemma(group.head), "round" | "wave" | "string" | "spate") || a.doc.word(end) != "of" {
        return None;
    }
    let events = &a.nouns[a.noun_at(end + 1)?];
    let (_, count) = group.count.as_ref()?;
    let value = f64::from(count.best.or(count.low)?);
    let tokens = TokenSpan::new(group.tokens.start as usize, events.tokens.end as usize);
    (value >= 3.0 && is_countable(a, events) && is_violence(a, events.tokens)).then_some(Figure {
        measure: events.tokens,
        done: None,
        value: Some(value),
        unit: Some("count"),
        change: None,
        tokens,
    })
}

/// "a total of up to 160 militants killed"
pub(super) fn total(a: &Analysis<'_>, index: usize) -> Option<Figure> {
    let group = &a.nouns[index];
    let end = group.tokens.end as usize;
    if a.doc.lemma(group.head) != "total" || a.doc.word(end) != "of" {
        return None;
    }
    let people = &a.nouns[(end + 1..end + 4).find_map(|i| a.noun_at(i).filter(|&n| a.nouns[n].count.is_some()))?];
    let (number, count) = people.count.as_ref()?;
    let value = f64::from(count.best.or(count.high).or(count.low)?);
    let harmed = a.lexicon.figures.counts().harms.has_lemma(&a.doc, people.tokens.end as usize);
    let tokens = TokenSpan::new(group.tokens.start as usize, people.tokens.end as usize + usize::from(harmed));
    let measure = TokenSpan::new(number.end as usize, people.tokens.end as usize);
    (harmed && !measure.is_empty()).then_some(Figure {
        measure,
        done: Some(people.tokens.end as usize),
        value: Some(value),
        unit: Some("count"),
        change: None,
        tokens,
    })
}

/// "the third such strike in nine days": the rank is the count.
pub(super) fn ranked(a: &Analysis<'_>, index: usize) -> Option<Figure> {
    let group = &a.nouns[index];
    if !a.lexicon.figures.counts().events.has_lemma(&a.doc, group.head) {
        return None;
    }
    let rank = group.tokens.range().find_map(|i| Some((i, ordinal(a.doc.word(i))?)))?;
    if a.doc.word(rank.0 + 1) != "such" {
        return None;
    }
    let sentence = a.doc.sentences()[group.sentence];
    // "in nine days", "this month": how long it took
    let when = a.dates_in(TokenSpan { start: group.tokens.end, end: sentence.end }).map(|(_, d)| d.tokens.end).next();
    let within =
        (group.tokens.end as usize..sentence.end as usize).find(|&i| matches!(a.doc.word(i), "days" | "weeks" | "months" | "years")).map(|i| i as u32 + 1);
    let end = when.or(within)?;
    Some(Figure {
        measure: TokenSpan::new(rank.0 + 1, group.tokens.end as usize),
        done: None,
        value: Some(rank.1),
        unit: Some("count"),
        change: None,
        tokens: TokenSpan::new(rank.0, end as usize),
    })
}

fn ordinal(word: &str) -> Option<f64> {
    const RANKS: [&str; 9] = ["second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];
    RANKS.iter().position(|r| *r == word).map(|n| n as f64 + 2.0)
}

/// "the insurgency has claimed more than 400 lives since 1998"
pub(super) fn lives(a: &Analysis<'_>, clause: usize) -> Option<Figure> {
    let c = &a.clauses[clause];
    let verb = &a.verbs[c.verb];
    if !matches!(a.doc.lemma(verb.head), "claim" | "cost" | "take") || verb.negated {
        return None;
    }
    let subject = &a.nouns[*c.subject.first()?];
    let group = c.object.iter().map(|&n| &a.nouns[n]).find(|g| matches!(a.doc.lemma(g.head), "life") && g.count.is_some())?;
    let (_, count) = group.count.as_ref()?;
    let value = f64::from(count.best.or(count.low)?);
    let many_acts =
        is_violence(a, subject.tokens) && !is_single_act(a, subject) || matches!(a.doc.lemma(subject.head), "war" | "conflict" | "insurgency" | "unrest");
    let tokens = group.tokens.cover(verb.tokens);
    (many_acts && value >= 10.0).then_some(Figure { measure: group.tokens, done: None, value: Some(value), unit: Some("count"), change: None, tokens })
}
