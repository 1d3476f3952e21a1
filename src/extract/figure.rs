//! Statistics that a text quotes: trends ("a 50% increase in attacks", "attacks doubled") and counts over a period ("500 attacks this year").
//!
//! They are no incidents: their tokens go into `Analysis::aggregates`, which the incident pass leaves alone.

use super::Analysis;
use super::analysis::{DateMention, NounGroup, VerbForm, Voice};
use crate::lexicon::figures::Trend;
use crate::model::{DatePrecision, record};
use crate::text::{Tag, TokenSpan, number};

/// A figure before it is rendered.
#[derive(Clone, Debug)]
struct Figure {
    measure: TokenSpan,
    /// Words added to the measure ("people" + "killed").
    done: Option<usize>,
    value: Option<f64>,
    unit: Option<&'static str>,
    change: Option<Trend>,
    tokens: TokenSpan,
}

/// Finds the figures of the text and marks their tokens.
pub fn find_figures(a: &mut Analysis<'_>) {
    let mut found: Vec<Figure> = Vec::new();
    found.extend((0..a.nouns.len()).filter_map(|n| trend_noun(a, n)));
    found.extend((0..a.verbs.len()).filter_map(|v| trend_verb(a, v)));
    found.extend((0..a.nouns.len()).filter_map(|n| counted_events(a, n)));
    found.extend((0..a.clauses.len()).filter_map(|c| counted_people(a, c)));
    found.sort_by_key(|f| (f.tokens.start, u32::MAX - f.tokens.end));
    let mut kept: Vec<Figure> = Vec::new();
    for figure in found {
        if kept.iter().all(|k| !k.tokens.overlaps(figure.tokens)) {
            kept.push(figure);
        }
    }
    a.aggregates = kept.iter().map(|f| f.tokens).collect();
    a.figures = kept.iter().map(|f| render(a, f)).collect();
}

/// "a 50% increase in militant attacks", "an increase of 25 percent in killings".
fn trend_noun(a: &Analysis<'_>, index: usize) -> Option<Figure> {
    let group = &a.nouns[index];
    let change = a.lexicon.figures.noun(a.doc.lemma(group.head))?;
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
    if !matches!(a.doc.word(at), "in" | "of") || at >= end {
        return None;
    }
    let measured = &a.nouns[a.noun_at(at + 1)?];
    if a.doc.word(at) == "of" && (amount.is_none() || a.doc.tag(measured.head).is_proper()) || !is_countable(a, measured) {
        return None;
    }
    let from = match inside {
        // "a 50% increase": the figure begins at its number.
        Some(_) => group.tokens.range().find(|&i| a.doc.tag(i) != Tag::DT).unwrap_or(group.tokens.start as usize),
        None => group.tokens.start as usize,
    };
    let measure = bare(a, measured);
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
fn trend_verb(a: &Analysis<'_>, index: usize) -> Option<Figure> {
    let verb = &a.verbs[index];
    if !matches!(verb.form, VerbForm::Past | VerbForm::Present) || verb.negated {
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
    if let Some(times) = a.lexicon.figures.multiple(lemma).filter(|_| verb.voice == Voice::Active) {
        let object = a.noun_at(after).is_some_and(|n| a.nouns[n].tokens.start as usize == after && !is_date(a, a.nouns[n].head));
        return (!object).then(|| figure(Some(times), Some("times"), if times < 1.0 { Trend::Decrease } else { Trend::Increase }, verb.tokens.end as usize));
    }
    let (change, needs_number) = a.lexicon.figures.verb(lemma)?;
    let preposition = matches!(a.doc.word(after), "by" | "to" | "from");
    let amount = amount_at(a, after + usize::from(preposition)).filter(|&(_, unit, _)| unit == "percent" || preposition);
    match amount {
        Some((value, unit, end)) => Some(figure(Some(value), Some(unit), change, end)),
        None if needs_number || !is_violence(a, measure) => None,
        None => Some(figure(None, None, change, verb.tokens.end as usize)),
    }
}

/// "at least 500 attacks this year", "312 incidents in 2012": several acts and a period.
fn counted_events(a: &Analysis<'_>, index: usize) -> Option<Figure> {
    let group = &a.nouns[index];
    let counts = a.lexicon.figures.counts();
    let (number, count) = group.count.as_ref()?;
    let value = f64::from(count.best.or(count.low)?);
    let event = counts.events.iter().any(|e| e == a.doc.lemma(group.head)) && a.doc.tag(group.head) == Tag::NNS;
    if !event || value < 3.0 || is_date(a, number.start as usize) || period(a, group.tokens).is_none() {
        return None;
    }
    let measure = TokenSpan::new(number.end as usize, group.tokens.end as usize);
    (!measure.is_empty()).then_some(Figure { measure, done: None, value: Some(value), unit: Some("count"), change: None, tokens: group.tokens })
}

/// "killed 2,200 people last year", "900 people have been killed since 2007".
fn counted_people(a: &Analysis<'_>, clause: usize) -> Option<Figure> {
    let c = &a.clauses[clause];
    let verb = &a.verbs[c.verb];
    let counts = a.lexicon.figures.counts();
    if !counts.harms.iter().any(|h| h == a.doc.lemma(verb.head)) || verb.negated {
        return None;
    }
    let dies = matches!(a.doc.lemma(verb.head), "die" | "disappear");
    let patients = if verb.voice == Voice::Passive || dies { &c.subject } else { &c.object };
    let group = patients.iter().map(|&n| &a.nouns[n]).find(|g| g.count.is_some())?;
    let (number, count) = group.count.as_ref()?;
    let value = f64::from(count.best.or(count.low)?);
    let tokens = group.tokens.cover(verb.tokens);
    let when = period(a, tokens)?;
    // One bombing may kill many in a year's text: "in an ambush in 2009" is one incident.
    let one_act = (tokens.end as usize..c.end).any(|i| a.noun_at(i).is_some_and(|n| is_single_act(a, &a.nouns[n])));
    let sums = when.duration || totals_said(a, c.end, tokens);
    let enough = value >= counts.many && !one_act || sums && value >= 10.0;
    if !enough {
        return None;
    }
    let measure = TokenSpan::new(number.end as usize, group.tokens.end as usize);
    let measure = if measure.is_empty() { group.tokens } else { measure };
    Some(Figure { measure, done: Some(verb.head), value: Some(value), unit: Some("count"), change: None, tokens })
}

fn is_single_act(a: &Analysis<'_>, group: &NounGroup) -> bool {
    a.doc.tag(group.head) == Tag::NN && group.count.is_none() && a.lexicon.figures.counts().events.iter().any(|e| e == a.doc.lemma(group.head))
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

/// A month or longer that the clause of `near` names: "this year", "in 2009", "since January", "over the past decade".
fn period<'d>(a: &'d Analysis<'_>, near: TokenSpan) -> Option<&'d DateMention> {
    let sentence = a.doc.sentences()[a.doc.sentence_of(near.start as usize)];
    let long =
        |d: &&DateMention| d.duration || d.value.is_some_and(|v| matches!(v.precision, DatePrecision::Month | DatePrecision::Year | DatePrecision::Range));
    let of_year = |d: &&DateMention| d.tokens.range().any(|i| matches!(a.doc.word(i), "year" | "years" | "month" | "months" | "decade" | "quarter"));
    a.dates.iter().filter(|d| sentence.contains(d.tokens) && !d.tokens.overlaps(near)).find(|d| long(d) || of_year(d))
}

/// The measured thing of a subject: "the number of X" is X; else the noun group with what belongs to it.
fn measured(a: &Analysis<'_>, subject: &NounGroup, limit: usize) -> Option<TokenSpan> {
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
fn is_countable(a: &Analysis<'_>, group: &NounGroup) -> bool {
    let tag = a.doc.tag(group.head);
    tag == Tag::NNS || tag == Tag::NN && is_violence(a, TokenSpan::one(group.head))
}

/// Whether the words name violence, its victims or its means.
fn is_violence(a: &Analysis<'_>, tokens: TokenSpan) -> bool {
    let events = &a.lexicon.figures.counts().events;
    tokens.range().any(|i| {
        let lemma = a.doc.lemma(i);
        events.iter().any(|e| e == lemma)
            || matches!(
                lemma,
                "violence" | "crime" | "terrorism" | "militancy" | "extremism" | "insurgency" | "infiltration" | "extortion" | "activity" | "fighting"
            )
    })
}

/// The group without its determiner.
fn bare(a: &Analysis<'_>, group: &NounGroup) -> TokenSpan {
    let start = group.tokens.range().find(|&i| !matches!(a.doc.tag(i), Tag::DT | Tag::PRPS | Tag::PDT)).unwrap_or(group.tokens.start as usize);
    TokenSpan::new(start, group.tokens.end as usize)
}

/// An amount among some tokens: "50%", "threefold".
fn amount_in(a: &Analysis<'_>, tokens: TokenSpan) -> Option<(f64, &'static str)> {
    tokens.range().find_map(|i| amount_at(a, i).filter(|&(_, unit, _)| unit != "count").map(|(value, unit, _)| (value, unit)))
}

/// The amount at a token: its value, its unit, and one past its last token.
fn amount_at(a: &Analysis<'_>, i: usize) -> Option<(f64, &'static str, usize)> {
    let word = a.doc.word(i);
    if let Some(stem) = word.strip_suffix("fold") {
        let stem = stem.trim_end_matches('-');
        let times = match stem {
            "two" => 2.0,
            "three" => 3.0,
            "four" => 4.0,
            "five" => 5.0,
            "six" => 6.0,
            "ten" => 10.0,
            digits => digits.parse().ok()?,
        };
        return Some((times, "times", i + 1));
    }
    let (value, after) = match word.trim_end_matches('%').replace(',', "").parse::<f64>() {
        Ok(value) => (value, i + 1),
        Err(_) => {
            let n = number::number_at(&a.doc, i)?;
            (f64::from(n.best.or(n.low)?), n.tokens.end as usize)
        }
    };
    let next = a.doc.word(after);
    let hyphen = usize::from(matches!(next, "-"));
    let unit = a.doc.word(after + hyphen);
    if word.ends_with('%') {
        return Some((value, "percent", after));
    }
    match unit {
        "%" | "percent" | "percentage" | "pc" => Some((value, "percent", after + hyphen + 1)),
        "per" if a.doc.word(after + hyphen + 1) == "cent" => Some((value, "percent", after + hyphen + 2)),
        "fold" | "times" => Some((value, "times", after + hyphen + 1)),
        _ => Some((value, "count", after)),
    }
}

fn after_adverbs(a: &Analysis<'_>, from: usize) -> usize {
    (from..from + 3).find(|&i| !a.doc.tag(i).is_adverb()).unwrap_or(from)
}

fn is_date(a: &Analysis<'_>, i: usize) -> bool {
    a.dates.iter().any(|d| d.tokens.has(i))
}

fn sentence_end(a: &Analysis<'_>, sentence: usize) -> usize {
    a.doc.sentences().get(sentence).map_or(0, |s| s.end as usize)
}

fn render(a: &Analysis<'_>, f: &Figure) -> record::Figure {
    let words = a.excerpt(a.doc.span(f.tokens));
    let done = f.done.map(|v| format!(" {}", a.doc.word(v))).unwrap_or_default();
    record::Figure {
        measure: format!("{}{done}", a.doc.text(f.measure)),
        value: f.value,
        unit: f.unit.map(str::to_owned),
        change: f.change.map(|c| c.code().to_owned()),
        period: period(a, f.tokens).and_then(|d| d.value),
        place: place(a, f),
        source: source(a, f),
        start: words.start,
        end: words.end,
        text: words.text,
    }
}

/// The country that the figure is about: of a place named after it in its sentence, of the sentence's subject, else of most places of the text.
fn place(a: &Analysis<'_>, f: &Figure) -> Option<String> {
    let sentence = a.doc.sentences()[a.doc.sentence_of(f.tokens.start as usize)];
    let inside =
        |from: u32, to: u32| a.places.iter().filter(move |p| p.tokens.start >= from && p.tokens.end <= to && !p.dateline).find_map(|p| p.country.clone());
    // "Pakistan saw a 50% increase", then "… attacks in Pakistan".
    let subject = a.clauses.iter().rfind(|c| a.verbs[c.verb].tokens.end <= f.tokens.start && sentence.contains(a.verbs[c.verb].tokens)).and_then(|c| {
        let group = &a.nouns[*c.subject.first()?];
        let named = inside(group.tokens.start, group.tokens.end);
        named.or_else(|| {
            a.mentions_in(TokenSpan::one(group.head)).find_map(|(_, m)| m.entity.and_then(|e| a.entities[e].state.clone()).or_else(|| m.country.clone()))
        })
    });
    subject.or_else(|| inside(f.tokens.end, sentence.end)).or_else(|| inside(sentence.start, f.tokens.start)).or_else(|| topic_country(a))
}

/// The country most often named; the one named first where several are.
fn topic_country(a: &Analysis<'_>) -> Option<String> {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for country in a.places.iter().filter_map(|p| p.country.as_deref()) {
        match counts.iter_mut().find(|(c, _)| *c == country) {
            Some((_, n)) => *n += 1,
            None => counts.push((country, 1)),
        }
    }
    let most = counts.iter().map(|c| c.1).max()?;
    counts.iter().find(|c| c.1 == most).map(|c| c.0.to_owned())
}

/// Who gives it: the speaker of the innermost statement that holds it.
fn source(a: &Analysis<'_>, f: &Figure) -> Option<String> {
    let at = a.doc.span(f.tokens);
    let inner = a.statements.iter().filter(|s| s.speaker.is_some() && s.content.iter().any(|c| c.overlaps(at)));
    let statement = inner.min_by_key(|s| s.content.iter().map(|c| c.end - c.start).sum::<u32>())?;
    let named = statement.entity.and_then(|e| super::output::name(a, e));
    named.or_else(|| statement.speaker.map(|t| a.doc.text(t).to_owned()))
}
