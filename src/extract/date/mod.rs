//! Dates in the text: an interval grammar over tokens, no regular expressions; civil arithmetic by `jiff`.
//!
//! Three steps: every expression is read without looking at its neighbours (`grammar`, `calendar`); where the day of publication is not
//! known, the earliest it can be is taken from the dates that carry a year (`anchor`); then each is resolved in order (`resolve`), the
//! last date of the text at hand for "two days later".

mod anchor;
mod calendar;
mod context;
mod expression;
mod grammar;
mod resolve;
mod words;

use super::Analysis;
use super::analysis::{DateBasis, DateMention};
use crate::lexicon::trie::Entry;
use crate::model::{DatePrecision, DateRange};
use crate::text::{Document, TokenSpan};
use expression::{Expression, Parsed};
use jiff::civil::Date;
use resolve::{Anchor, Tense, resolve};

/// An expression with what its neighbours say.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    parsed: Parsed,
    tense: Tense,
    /// "since", "until", "for": a stretch.
    duration: bool,
    /// "since": reaches up to the day of publication.
    since: bool,
}

/// The pass: fills `dates`, and notes where a year was inferred.
pub fn find_dates(a: &mut Analysis<'_>) {
    let candidates = candidates(a);
    let published = a.header.published.or(a.input.published);
    let inferred = if published.is_none() { anchor::earliest_publication(&a.doc, &candidates) } else { None };
    let mut anchor = Anchor { published, inferred, ..Anchor::default() };
    // The latest day that the text is known to have seen.
    let mut known = inferred;
    let mut used = false;
    // Where the date stands that `anchor.text` holds.
    let mut told_at: Option<TokenSpan> = None;
    // The explicit day told last.
    let mut explicit = None;
    let mut dates = Vec::with_capacity(candidates.len());
    for c in &candidates {
        if a.is_stopped() {
            break;
        }
        if published.is_none() {
            anchor.inferred = anchor::bound_at(c, explicit, known);
            explicit = anchor::explicit_day(c).or(explicit);
        }
        let (value, basis) = match in_old_story(a, c, anchor, told_at) {
            Some(value) => (Some(value), DateBasis::Text),
            None => resolve(c.parsed.expression, anchor, c.tense),
        };
        let value = value.map(|v| if c.since { up_to_publication(v, published) } else { v });
        if let (Some(v), DateBasis::YearInferred) = (value, basis) {
            used = true;
            let year = v.start.year();
            a.note("date.year_inferred", c.parsed.tokens, format!("the text gives no year; {year} follows from its other dates"));
        }
        if let Some(v) = value.filter(|v| basis == DateBasis::YearInferred && v.precision == DatePrecision::Day) {
            // What the text tells as past is a new bound for what follows ("last year").
            known = known.max(Some(v.start));
        }
        if let Some(v) = value.filter(|v| !c.duration && v.precision <= DatePrecision::Year) {
            anchor.text = Some(v);
            told_at = matches!(basis, DateBasis::Explicit | DateBasis::Text).then_some(c.parsed.tokens);
            anchor.text_day = Some(v).filter(|v| v.precision == DatePrecision::Day).or(anchor.text_day);
        }
        let duration = c.duration || matches!(c.parsed.expression, Expression::Length | Expression::Past(..) | Expression::Coming(..));
        dates.push(DateMention { tokens: whole(a, c.parsed), value, basis, duration });
    }
    a.set_dates(dates);
    if used {
        a.header.published_from = Some("inferred");
        if let Some((tokens, bound)) = anchor::witness(&candidates, inferred) {
            a.note("date.published_inferred", tokens, format!("no day of publication is given; the text is not older than {bound}"));
        }
    }
}

/// "In October 2004 two engineers were seized. … On October 16 commandos moved in": in a paragraph on an earlier year a day without
/// a year goes on from the date told before it; so does "in October of that year" anywhere.
fn in_old_story(a: &Analysis<'_>, c: &Candidate, anchor: Anchor, told_at: Option<TokenSpan>) -> Option<DateRange> {
    let (published, before, at) = (anchor.published?, anchor.text?, told_at?);
    let Expression::Point(point) = c.parsed.expression else { return None };
    if point.month.is_none() || point.year.is_some() || point.year_shift.is_some() {
        return None;
    }
    let end = c.parsed.tokens.end as usize;
    let that_year = (end..end + 3).any(|i| a.doc.word(i) == "that") && (end..end + 4).any(|i| a.doc.word(i) == "year");
    let paragraphs = a.doc.paragraphs();
    let paragraph = |t: u32| paragraphs.partition_point(|p| p.start <= t);
    let old = resolve::days_between(before.start, published) > 300;
    // A bare year ("founded in 2015") does not set a story's time.
    let set = that_year || before.precision < DatePrecision::Year;
    if !old || !set || !(that_year || paragraph(at.start) == paragraph(c.parsed.tokens.start)) {
        return None;
    }
    let bound = if that_year { Date::new(anchor.text_day.unwrap_or(before).start.year(), 1, 1).ok()? } else { before.start };
    let value = resolve(c.parsed.expression, Anchor { inferred: Some(bound), ..Anchor::default() }, Tense::Past).0?;
    (value.start <= published).then_some(value)
}

/// A whole date (day, month and year) that starts at token `i`, and the token after it; for datelines and "Published …" lines.
pub(super) fn whole_day(doc: &Document<'_>, i: usize) -> Option<(Date, usize)> {
    let parsed = grammar::parse(doc, i)?;
    let Expression::Point(point) = parsed.expression else { return None };
    point.year?;
    point.day?;
    let (value, _) = resolve::point_value(point, Anchor::default(), Tense::Past);
    Some((value?.start, parsed.tokens.end as usize))
}

/// A day and month without a year that starts at token `i`, or a whole date: the token after it.
pub(super) fn any_day(doc: &Document<'_>, i: usize) -> Option<usize> {
    let parsed = grammar::parse(doc, i)?;
    match parsed.expression {
        Expression::Point(point) if point.day.is_some() || point.weekday.is_some() => Some(parsed.tokens.end as usize),
        _ => None,
    }
}

fn candidates(a: &Analysis<'_>) -> Vec<Candidate> {
    let mut found = Vec::new();
    let mut i = 0;
    while i < a.doc.len() && !a.is_stopped() {
        let Some(parsed) = grammar::parse(&a.doc, i) else {
            i += 1;
            continue;
        };
        let start = i;
        i = (parsed.tokens.end as usize).max(i + 1);
        if context::is_name(a, &parsed) {
            // Nothing of "the 5 November Dam" is a date; a weekday that is a name may have a date behind it.
            i = if parsed.tokens.len() > 1 { i } else { start + 1 };
            continue;
        }
        let (since, stretch) = context::stretch(&a.doc, parsed.tokens);
        found.push(Candidate { parsed, tense: context::tense(a, parsed.tokens), duration: stretch, since });
    }
    found
}

/// "first year of" with the noun group that it governs.
fn whole(a: &Analysis<'_>, parsed: Parsed) -> TokenSpan {
    let end = parsed.tokens.end as usize;
    let open = parsed.expression == Expression::Length && a.doc.word(end - 1) == "of";
    match a.noun_at(end).filter(|_| open) {
        Some(group) => TokenSpan::new(parsed.tokens.start as usize, a.nouns[group].tokens.end as usize),
        None => parsed.tokens,
    }
}

/// "since 2007": from its first day to the day of publication.
fn up_to_publication(value: DateRange, published: Option<Date>) -> DateRange {
    published.and_then(|day| resolve::range(value.start, day)).unwrap_or(value)
}

/// Whether a named actor covers the tokens and more ("19 April Movement").
fn inside_actor(a: &Analysis<'_>, tokens: TokenSpan) -> bool {
    let from = a.hits.partition_point(|h| h.tokens.start + 16 < tokens.start);
    a.hits[from..]
        .iter()
        .take_while(|h| h.tokens.start <= tokens.start)
        .any(|h| matches!(h.entry, Entry::Actor(_)) && h.tokens.contains(tokens) && h.tokens.len() > tokens.len())
}
