//! From what an expression says to days, by counting from the day of publication, another date of the text, or the year inferred.

use super::expression::{Expression, Point, Which};
use super::words::{Part, Unit};
use crate::extract::analysis::DateBasis;
use crate::model::{DatePrecision, DateRange};
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

/// Whether the clause tells what has happened or what is to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tense {
    /// Told in the past, or nothing said: the latest such day.
    Past,
    /// In the present: a date without year may be either side.
    Open,
    /// "will", "is due to": the next such day.
    Future,
}

/// What dates are counted from.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Anchor {
    /// Day of publication.
    pub published: Option<Date>,
    /// The least that the day of publication can be, where it is not known.
    pub inferred: Option<Date>,
    /// The last day told before this date.
    pub text_day: Option<DateRange>,
    /// The last day, month or year told before it.
    pub text: Option<DateRange>,
}

/// A value, and how it came about.
pub(super) type Resolved = (Option<DateRange>, DateBasis);

/// The days that an expression means.
pub(super) fn resolve(expression: Expression, anchor: Anchor, tense: Tense) -> Resolved {
    let basis = if anchor.published.is_some() { DateBasis::Publication } else { DateBasis::YearInferred };
    match expression {
        Expression::Point(point) => point_value(point, anchor, tense),
        Expression::Between(a, b) => between(a, b, anchor, tense),
        Expression::Decade(start, part) => (decade(start, part), DateBasis::Explicit),
        Expression::Season(first, Some(year), _) => (season(year, first), DateBasis::Explicit),
        Expression::Season(first, None, which) => (anchor.today().and_then(|day| season_near(first, which, day)), basis),
        // Without a day of publication its year may still be known: enough for "last year", not for "yesterday".
        Expression::Shifted(Unit::Year, n, part) => (anchor.today().and_then(|day| year_part(day.year() + n, part, day)), basis),
        Expression::Shifted(unit, n, part) => (anchor.published.and_then(|day| shifted(unit, n, part, day)), DateBasis::Publication),
        Expression::Overnight => (anchor.published.and_then(|day| range(add_days(day, -1)?, day)), DateBasis::Publication),
        Expression::Ago(unit, low, high) => (anchor.published.and_then(|day| ago(unit, low, high, day)), DateBasis::Publication),
        Expression::Past(unit, n) => (anchor.published.and_then(|day| range(back(day, unit, n)?, day)), DateBasis::Publication),
        Expression::Coming(unit, n) => (anchor.published.and_then(|day| range(day, forth(day, unit, n)?)), DateBasis::Publication),
        Expression::FromText(unit, n) => (from_text(unit, n, anchor), DateBasis::Text),
        Expression::FromEvent => (None, DateBasis::Text),
        Expression::Length => (None, DateBasis::Explicit),
    }
}

impl Anchor {
    fn today(self) -> Option<Date> {
        self.published.or(self.inferred)
    }
}

/// Value of a calendar date.
pub(super) fn point_value(point: Point, anchor: Anchor, tense: Tense) -> Resolved {
    if let Some(year) = point.year {
        return (dated(point, year), DateBasis::Explicit);
    }
    let Some(today) = anchor.today() else { return (None, DateBasis::Publication) };
    let basis = if anchor.published.is_some() { DateBasis::Publication } else { DateBasis::YearInferred };
    let value = match (point.month, point.weekday) {
        (Some(_), _) => {
            let year = match (point.year_shift, anchor.published) {
                (Some(shift), _) => Some(today.year() + shift),
                (None, Some(day)) => year_near(point, day, tense),
                (None, None) => year_after(point, today),
            };
            year.and_then(|y| dated(point, y))
        }
        // A weekday needs the very day of publication.
        (None, Some(weekday)) => anchor.published.and_then(|day| weekday_near(weekday, point, day, tense)).map(DateRange::day),
        (None, None) => None,
    };
    (value, basis)
}

fn dated(point: Point, year: i16) -> Option<DateRange> {
    match (point.month, point.day) {
        (Some(month), Some(day)) => Date::new(year, month, day).ok().map(DateRange::day),
        (Some(month), None) => DateRange::month(year, month).and_then(|m| month_part(m, point.part)),
        _ => year_part(year, point.part, Date::new(year, 12, 31).ok()?),
    }
}

/// Year of a date without one, seen from the day of publication: the latest that lies not after it, unless it is still to come.
fn year_near(point: Point, today: Date, tense: Tense) -> Option<i16> {
    let starts = |year: i16| dated(Point { part: None, ..point }, year).map(|r| r.start);
    let this = today.year();
    let past =
        [this, this - 1, this - 2, this - 3, this - 4, this - 5, this - 6, this - 7, this - 8].into_iter().find(|&y| starts(y).is_some_and(|d| d <= today));
    let future = (this..this + 9).find(|&y| starts(y).is_some_and(|d| d > today));
    let named = |year: Option<i16>| year.and_then(starts).zip(point.weekday).is_some_and(|(d, w)| d.weekday() == w);
    let days_off = future.and_then(starts).map_or(i32::MAX, |d| days_between(today, d));
    let ahead = match (tense, point.which) {
        (_, Which::Next) | (Tense::Future, _) => true,
        (_, Which::Last | Which::This) => false,
        // Nobody leaves the year of a date ten months past unsaid: one that is near ahead is meant, whatever the tense seems to be.
        (Tense::Open, _) => days_off <= 120 && !named(past),
        (Tense::Past, _) => days_off <= 60 && !named(past),
    };
    match point.which {
        Which::This => Some(this),
        // "last March" in May is this year's, in March the year before's.
        Which::Last if past == Some(this) && point.month == Some(today.month()) => Some(this - 1),
        _ => {
            if ahead {
                future
            } else {
                past
            }
        }
    }
}

/// Year of a date without one, where only the earliest possible day of publication is known: the first that lies not before it.
fn year_after(point: Point, bound: Date) -> Option<i16> {
    (bound.year()..bound.year() + 9).find(|&year| {
        let fits = point.weekday.is_none_or(|w| dated(point, year).is_some_and(|r| r.start.weekday() == w));
        fits && dated(Point { part: None, ..point }, year).is_some_and(|r| r.end >= bound)
    })
}

fn weekday_near(weekday: Weekday, point: Point, today: Date, tense: Tense) -> Option<Date> {
    if let Some(weeks) = point.week_shift {
        let monday = monday_of(today)?;
        return add_days(monday, i32::from(weeks) * 7 + i32::from(weekday.to_monday_zero_offset()));
    }
    let back = i32::from(today.weekday().since(weekday));
    let ahead = i32::from(weekday.since(today.weekday()));
    match (point.which, tense) {
        // On a Friday "last Friday" and "next Friday" are a week off.
        (Which::Last, _) => add_days(today, if back == 0 { -7 } else { -back }),
        (Which::Next, _) => add_days(today, if ahead == 0 { 7 } else { ahead }),
        (_, Tense::Future) => add_days(today, ahead),
        _ => add_days(today, -back),
    }
}

fn between(a: Point, b: Point, anchor: Anchor, tense: Tense) -> Resolved {
    let (last, basis) = point_value(b, anchor, tense);
    let Some(last) = last else { return (None, basis) };
    let first = if a.has_year() || a.week_shift.is_some() {
        point_value(a, anchor, tense).0
    } else if a.weekday.is_some() && a.month.is_none() {
        // The weekday before the last one.
        a.weekday.and_then(|w| add_days(last.start, -i32::from(last.start.weekday().since(w)))).map(DateRange::day)
    } else {
        let year = last.start.year();
        dated(a, year).filter(|f| f.start <= last.end).or_else(|| dated(a, year - 1))
    };
    (first.and_then(|f| range(f.start.min(last.start), last.end)), basis)
}

/// An interval with the precision of its length.
pub(super) fn range(start: Date, end: Date) -> Option<DateRange> {
    let precision = match days_between(start, end) {
        0 => DatePrecision::Day,
        1..=6 => DatePrecision::Week,
        _ => DatePrecision::Range,
    };
    (start <= end).then_some(DateRange { start, end, precision })
}

fn month_part(month: DateRange, part: Option<Part>) -> Option<DateRange> {
    let length = month.end.day();
    let (from, to, precision) = match part {
        None => return Some(month),
        Some(Part::Early) => (1, 10, DatePrecision::Month),
        Some(Part::Mid) => (11, 20, DatePrecision::Month),
        Some(Part::Late) => (21, length, DatePrecision::Month),
        Some(Part::Half(1)) => (1, 15, DatePrecision::Month),
        Some(Part::Half(_)) => (16, length, DatePrecision::Month),
        Some(Part::Week(0)) => (length - 6, length, DatePrecision::Week),
        Some(Part::Week(n @ 1..=4)) => (n as i8 * 7 - 6, n as i8 * 7, DatePrecision::Week),
        Some(_) => return Some(month),
    };
    let day = |d| Date::new(month.start.year(), month.start.month(), d).ok();
    Some(DateRange { start: day(from)?, end: day(to)?, precision })
}

fn year_part(year: i16, part: Option<Part>, today: Date) -> Option<DateRange> {
    let (from, to) = match part {
        None => (1, 12),
        Some(Part::Early) => (1, 4),
        Some(Part::Mid) => (5, 8),
        Some(Part::Late) => (9, 12),
        Some(Part::Half(1)) => (1, 6),
        Some(Part::Half(_)) => (7, 12),
        Some(Part::Quarter(n @ 1..=4)) => (n as i8 * 3 - 2, n as i8 * 3),
        Some(Part::FirstMonths(n)) => (1, (n as i8).clamp(1, 12)),
        Some(Part::Elapsed) => return Some(DateRange { start: Date::new(year, 1, 1).ok()?, end: today, precision: DatePrecision::Year }),
        Some(_) => (1, 12),
    };
    Some(DateRange { start: Date::new(year, from, 1).ok()?, end: Date::new(year, to, 1).ok()?.last_of_month(), precision: DatePrecision::Year })
}

fn decade(start: i16, part: Option<Part>) -> Option<DateRange> {
    let (from, to) = match part {
        Some(Part::Early) => (0, 3),
        Some(Part::Mid) => (4, 6),
        Some(Part::Late) => (7, 9),
        _ => (0, 9),
    };
    let (start, end) = (DateRange::year(start + from)?.start, DateRange::year(start + to)?.end);
    Some(DateRange { start, end, precision: DatePrecision::Range })
}

fn season(year: i16, first: i8) -> Option<DateRange> {
    let start = Date::new(year, first, 1).ok()?;
    let end = start.checked_add(2.months()).ok()?.last_of_month();
    Some(DateRange { start, end, precision: DatePrecision::Year })
}

fn season_near(first: i8, which: Which, today: Date) -> Option<DateRange> {
    let years = [today.year() + 1, today.year(), today.year() - 1, today.year() - 2];
    let seasons = years.into_iter().filter_map(|y| season(y, first));
    match which {
        Which::Next => seasons.rev().find(|s| s.start > today),
        Which::Last => seasons.into_iter().find(|s| s.end < today),
        Which::This | Which::Plain => seasons.into_iter().find(|s| s.start <= today),
    }
}

fn shifted(unit: Unit, n: i16, part: Option<Part>, today: Date) -> Option<DateRange> {
    match unit {
        Unit::Day => add_days(today, i32::from(n)).map(DateRange::day),
        Unit::Week => {
            let start = add_days(monday_of(today)?, i32::from(n) * 7)?;
            let end = if part == Some(Part::Elapsed) { today } else { add_days(start, 6)? };
            Some(DateRange { start, end, precision: DatePrecision::Week })
        }
        Unit::Weekend => {
            // The latest weekend that has begun; "last weekend" on a weekend is the one before.
            let back = i32::from(today.weekday().since(Weekday::Saturday));
            let begun = add_days(today, -back)?;
            let start = match n {
                1 => add_days(begun, 7)?,
                -1 if back <= 1 => add_days(begun, -7)?,
                _ => begun,
            };
            range(start, add_days(start, 1)?)
        }
        Unit::Month => {
            let first = today.first_of_month().checked_add(i32::from(n).months()).ok()?;
            let month = DateRange::month(first.year(), first.month())?;
            if part == Some(Part::Elapsed) { Some(DateRange { end: today, ..month }) } else { month_part(month, part) }
        }
        Unit::Year => year_part(today.year() + n, part, today),
        Unit::Decade => decade((today.year() + n * 10).div_euclid(10) * 10, part),
    }
}

fn ago(unit: Unit, low: u16, high: u16, today: Date) -> Option<DateRange> {
    if low != high {
        return range(back(today, unit, high)?, back(today, unit, low)?);
    }
    let day = back(today, unit, low)?;
    around(unit, day)
}

/// A day named by counting whole units: as precise as the unit.
fn around(unit: Unit, day: Date) -> Option<DateRange> {
    match unit {
        Unit::Day => Some(DateRange::day(day)),
        Unit::Week | Unit::Weekend => Some(DateRange { start: add_days(day, -3)?, end: add_days(day, 3)?, precision: DatePrecision::Week }),
        Unit::Month => DateRange::month(day.year(), day.month()),
        Unit::Year => DateRange::year(day.year()),
        Unit::Decade => decade(day.year().div_euclid(10) * 10, None),
    }
}

/// Days and weeks can only be counted from a day, months from a month.
fn from_text(unit: Unit, n: i16, anchor: Anchor) -> Option<DateRange> {
    let n32 = i32::from(n);
    match unit {
        Unit::Day => add_days(anchor.text_day?.start, n32).map(DateRange::day),
        Unit::Week | Unit::Weekend if n == 0 => shifted(Unit::Week, 0, None, anchor.text_day?.start),
        Unit::Week | Unit::Weekend => around(unit, add_days(anchor.text_day?.start, n32 * 7)?),
        Unit::Month => around(unit, anchor.text.filter(|t| t.precision <= DatePrecision::Month)?.start.checked_add(n32.months()).ok()?),
        Unit::Year => around(unit, anchor.text?.start.checked_add(n32.years()).ok()?),
        Unit::Decade => None,
    }
}

fn back(day: Date, unit: Unit, n: u16) -> Option<Date> {
    forth_signed(day, unit, -i32::from(n))
}

fn forth(day: Date, unit: Unit, n: u16) -> Option<Date> {
    forth_signed(day, unit, i32::from(n))
}

fn forth_signed(day: Date, unit: Unit, n: i32) -> Option<Date> {
    match unit {
        Unit::Day => add_days(day, n),
        Unit::Week | Unit::Weekend => add_days(day, n * 7),
        Unit::Month => day.checked_add(n.months()).ok(),
        Unit::Year => day.checked_add(n.years()).ok(),
        Unit::Decade => day.checked_add((n * 10).years()).ok(),
    }
}

/// `day` moved by `n` days.
pub(super) fn add_days(day: Date, n: i32) -> Option<Date> {
    day.checked_add(n.days()).ok()
}

/// Days from `a` to `b`.
pub(super) fn days_between(a: Date, b: Date) -> i32 {
    // A span of two civil dates has only days by default.
    a.until(b).map_or(i32::MAX, |span| span.get_days())
}

fn monday_of(day: Date) -> Option<Date> {
    add_days(day, -i32::from(day.weekday().to_monday_zero_offset()))
}
