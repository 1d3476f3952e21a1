//! The earliest day on which a text can have been published, from the dates that carry a year.

use super::Candidate;
use super::expression::{Expression, Which};
use super::resolve::{Anchor, Tense, add_days, resolve};
use super::words::Unit;
use crate::model::{DatePrecision, DateRange};
use crate::text::{Document, TokenSpan};
use jiff::civil::Date;

/// A candidate's value where the text gives the year itself, and nothing is to come.
fn explicit(c: &Candidate) -> Option<DateRange> {
    let dated = match c.parsed.expression {
        Expression::Point(p) => p.has_year(),
        Expression::Between(_, b) => b.has_year(),
        _ => false,
    };
    (dated && c.tense != Tense::Future).then(|| resolve(c.parsed.expression, Anchor::default(), Tense::Past).0).flatten()
}

/// The latest first day of all explicit dates: the text cannot be older. "Last year" beside an explicit year moves it to the next year.
pub(super) fn earliest_publication(doc: &Document<'_>, candidates: &[Candidate]) -> Option<Date> {
    let latest = candidates.iter().filter_map(|c| explicit(c).map(|v| v.start)).max()?;
    let sentence = |c: &Candidate| doc.sentence_of(c.parsed.tokens.start as usize);
    let named = candidates.chunk_by(|one, next| sentence(one) == sentence(next)).filter(|inside| inside.iter().any(is_last_year)).filter_map(|inside| {
        let year = inside.iter().filter_map(|c| explicit(c).map(|v| v.start.year())).max()?;
        Date::new(year + 1, 1, 1).ok()
    });
    named.chain([latest]).max()
}

fn is_last_year(c: &Candidate) -> bool {
    match c.parsed.expression {
        Expression::Shifted(Unit::Year, -1, _) => true,
        Expression::Point(p) => p.year_shift == Some(-1) || (p.which == Which::Last && p.month.is_some()),
        _ => false,
    }
}

/// The bound for a candidate; `told` is the explicit day told last before it.
///
/// A date without a year goes with the explicit day told before it ("On May 3, 2010, … On May 7, …"), a little earlier included ("for the
/// April 28 attack"); with none before it, it is later than every explicit date: who prints "May 2022" and "January 30th" leaves out the
/// year that readers are in.
pub(super) fn bound_at(candidate: &Candidate, told: Option<DateRange>, latest: Option<Date>) -> Option<Date> {
    match told {
        Some(day) if needs_year(candidate) => add_days(day.start, -90),
        _ => latest,
    }
}

/// The day that a candidate tells by itself.
pub(super) fn explicit_day(candidate: &Candidate) -> Option<DateRange> {
    explicit(candidate).filter(|v| v.precision == DatePrecision::Day)
}

fn needs_year(c: &Candidate) -> bool {
    match c.parsed.expression {
        Expression::Point(p) => p.month.is_some() && p.year_shift.is_none(),
        Expression::Between(_, b) => b.month.is_some() && b.year_shift.is_none(),
        _ => false,
    }
}

/// The expression that sets the bound.
pub(super) fn witness(candidates: &[Candidate], bound: Option<Date>) -> Option<(TokenSpan, Date)> {
    let bound = bound?;
    let of = candidates.iter().filter_map(|c| explicit(c).map(|v| (c.parsed.tokens, v.start)));
    of.max_by_key(|&(tokens, start)| (start, u32::MAX - tokens.start)).map(|(tokens, _)| (tokens, bound))
}
