//! A figure as the record has it: period, country, source.

use super::Figure;
use super::measure::period;
use crate::extract::{Analysis, output};
use crate::model::record;
use crate::text::TokenSpan;

/// `home` is the country that the text speaks of most.
pub(super) fn render(a: &Analysis<'_>, f: &Figure, home: Option<&str>) -> record::Figure {
    let words = a.excerpt(a.doc.span(f.tokens));
    let done = f.done.map(|v| format!(" {}", a.doc.word(v))).unwrap_or_default();
    record::Figure {
        measure: format!("{}{done}", a.doc.text(f.measure)),
        value: f.value,
        unit: f.unit.map(str::to_owned),
        change: f.change.map(|c| c.code().to_owned()),
        period: period(a, f.tokens).and_then(|d| d.value),
        place: place(a, f).or_else(|| home.map(str::to_owned)),
        source: source(a, f),
        start: words.start,
        end: words.end,
        text: words.text,
    }
}

/// The country that the figure is about: of a place named after it in its sentence, or of the sentence's subject.
fn place(a: &Analysis<'_>, f: &Figure) -> Option<String> {
    let index = a.doc.sentence_of(f.tokens.start as usize);
    let sentence = a.doc.sentences()[index];
    let inside = |from: u32, to: u32| {
        let places = &a.places[a.places_in(TokenSpan { start: from, end: to.max(from) })];
        places.iter().filter(|p| p.tokens.end <= to && !p.dateline).find_map(|p| p.country.clone())
    };
    // "Pakistan saw a 50% increase", then "… attacks in Pakistan".
    let subject = a.clauses_of(index).map(|(_, c)| c).filter(|c| a.verbs[c.verb].tokens.end <= f.tokens.start).last().and_then(|c| {
        let group = &a.nouns[*c.subject.first()?];
        let named = inside(group.tokens.start, group.tokens.end);
        named.or_else(|| {
            a.mentions_in(TokenSpan::one(group.head)).find_map(|(_, m)| m.entity.and_then(|e| a.entities[e].state.clone()).or_else(|| m.country.clone()))
        })
    });
    subject.or_else(|| inside(f.tokens.end, sentence.end)).or_else(|| inside(sentence.start, f.tokens.start))
}

/// The country most often named; the one named first where several are.
pub(super) fn topic_country<'a>(a: &'a Analysis<'_>) -> Option<&'a str> {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for country in a.places.iter().filter_map(|p| p.country.as_deref()) {
        match counts.iter_mut().find(|(c, _)| *c == country) {
            Some((_, n)) => *n += 1,
            None => counts.push((country, 1)),
        }
    }
    let most = counts.iter().map(|c| c.1).max()?;
    counts.iter().find(|c| c.1 == most).map(|c| c.0)
}

/// Who gives it: the speaker of the innermost statement that holds it.
fn source(a: &Analysis<'_>, f: &Figure) -> Option<String> {
    let at = a.doc.span(f.tokens);
    let inner = a.statements_over(at).into_iter().map(|s| &a.statements[s]).filter(|s| s.speaker.is_some());
    let statement = inner.min_by_key(|s| s.content.iter().map(|c| c.end - c.start).sum::<u32>())?;
    let named = statement.entity.and_then(|e| output::name(a, e));
    named.or_else(|| statement.speaker.map(|t| a.doc.text(t).to_owned()))
}
