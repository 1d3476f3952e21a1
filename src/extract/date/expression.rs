//! What a date expression says, before anything is counted.

use super::words::{Part, Unit};
use crate::text::TokenSpan;
use jiff::civil::Weekday;

/// "last", "this", "next" before a month, weekday or season.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Which {
    /// Nothing said.
    #[default]
    Plain,
    /// "last", "past".
    Last,
    /// "this".
    This,
    /// "next", "coming".
    Next,
}

/// A calendar date, any part of which may be missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Point {
    /// The year, as given.
    pub year: Option<i16>,
    /// "last year" after the date: −1; "this year": 0.
    pub year_shift: Option<i16>,
    /// 1–12.
    pub month: Option<i8>,
    /// 1–31.
    pub day: Option<i8>,
    /// The weekday named beside it, or alone.
    pub weekday: Option<Weekday>,
    /// "late", "first week of", …
    pub part: Option<Part>,
    /// "last March", "next Friday".
    pub which: Which,
    /// "Tuesday last week": −1.
    pub week_shift: Option<i16>,
}

impl Point {
    /// Whether year, or year and month, or the whole is given: nothing needs counting.
    pub fn has_year(self) -> bool {
        self.year.is_some()
    }
}

/// What a date expression says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expression {
    /// "30 January 2023", "January 30th", "May 2022", "2021", "Tuesday".
    Point(Point),
    /// "between May 3 and 6", "2007 to 2009".
    Between(Point, Point),
    /// "the early 1990s": its first year.
    Decade(i16, Option<Part>),
    /// "summer of 2009", "last winter": the first month.
    Season(i8, Option<i16>, Which),
    /// Units from the day of publication: "yesterday" is −1 day, "this year" 0 years.
    Shifted(Unit, i16, Option<Part>),
    /// "overnight": yesterday or today.
    Overnight,
    /// "three weeks ago"; "several days ago" has two bounds.
    Ago(Unit, u16, u16),
    /// From the last date of the text: "two days later" is 2 days, "the same day" 0.
    FromText(Unit, i16),
    /// "the past three weeks".
    Past(Unit, u16),
    /// "the next three weeks".
    Coming(Unit, u16),
    /// Counted from an event that the text names ("a day after the funeral", "on the eve of the polls").
    FromEvent,
    /// A stretch of time: "20-year", "for two months".
    Length,
}

/// An expression and its words.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parsed {
    /// Prepositions left out.
    pub tokens: TokenSpan,
    /// What they say.
    pub expression: Expression,
}

impl Parsed {
    /// From the first token and the one past the last.
    pub fn new(start: usize, end: usize, expression: Expression) -> Self {
        Self { tokens: TokenSpan::new(start, end), expression }
    }
}
