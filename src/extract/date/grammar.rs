//! One date expression at a token: the calendar first, then everything that is counted from somewhere.

use super::calendar::{decade_at, parse as calendar, point_at, season_at};
use super::expression::{Expression, Parsed, Point, Which};
use super::words::{
    Part, Unit, capital, cardinal, day_part, decade, is_dash, may_open, month_name, month_short, ordinal, part, season, unit, vague, weekday_name,
};
use crate::text::Document;

/// The expression that starts at token `i`, if one does; the longest.
pub(super) fn parse(doc: &Document<'_>, i: usize) -> Option<Parsed> {
    if !may_open(doc, i) {
        return None;
    }
    let season = season_at(doc, i, Which::Plain).map(|(expression, end)| Parsed::new(i, end, expression));
    let found = [part_of(doc, i), calendar(doc, i), deictic(doc, i), counted(doc, i), from_text(doc, i), season];
    found.into_iter().flatten().reduce(|best, other| if other.tokens.end > best.tokens.end { other } else { best }).map(|p| day_part_after(doc, p))
}

/// Takes "night" of "Tuesday night" and "yesterday morning" in.
fn day_part_after(doc: &Document<'_>, p: Parsed) -> Parsed {
    let end = p.tokens.end as usize;
    let single = match p.expression {
        Expression::Point(point) => point.day.is_some() || point.weekday.is_some(),
        Expression::Shifted(unit, ..) | Expression::FromText(unit, _) => unit == Unit::Day,
        _ => false,
    };
    let end = if single && day_part(doc.word(end)) { end + 1 } else { end };
    Parsed::new(p.tokens.start as usize, end, p.expression)
}

/// "late March", "mid-2009", "early 1990s", "first week of June", "the end of last year", "early on Tuesday".
fn part_of(doc: &Document<'_>, i: usize) -> Option<Parsed> {
    let word = doc.word(i);
    let (part, next) = match word {
        "beginning" | "start" if doc.word(i + 1) == "of" => (Part::Early, i + 2),
        "end" if doc.word(i + 1) == "of" => (Part::Late, i + 2),
        "middle" if doc.word(i + 1) == "of" => (Part::Mid, i + 2),
        "mid-" => (Part::Mid, i + 1),
        "first" | "second" | "third" | "fourth" | "last" => nth_part(doc, i)?,
        "mid" | "early" | "late" => (part(word)?, if is_dash(doc, i + 1) || doc.word(i + 1) == "in" { i + 2 } else { i + 1 }),
        "eve" if doc.word(i + 1) == "of" => return Some(Parsed::new(i, i + 2, Expression::FromEvent)),
        _ => match word.strip_prefix("mid-").and_then(|rest| month_name(rest).map(Ok).or_else(|| rest.parse().ok().map(Err))) {
            // "mid-April", "mid-2009" as one token.
            Some(Ok(month)) => {
                let year = super::words::year(doc.word(i + 1));
                let point = Point { month: Some(month), year, part: Some(Part::Mid), ..Point::default() };
                return Some(Parsed::new(i, i + 1 + usize::from(year.is_some()), Expression::Point(point)));
            }
            Some(Err(year)) => return Some(Parsed::new(i, i + 1, Expression::Point(Point { year: Some(year), part: Some(Part::Mid), ..Point::default() }))),
            None => return None,
        },
    };
    let at = if matches!(doc.word(next), "the" | "on") { next + 1 } else { next };
    if let Some((start, end)) = decade_at(doc, at) {
        return Some(Parsed::new(i, end, Expression::Decade(start, Some(part))));
    }
    if let Some((point, end)) = point_at(doc, at) {
        let whole = point.day.is_some() || point.weekday.is_some();
        let point = Point { part: (!whole).then_some(part), ..point };
        return Some(Parsed::new(i, end, Expression::Point(point)));
    }
    if let Some(year) = super::words::year(doc.word(at)) {
        return Some(Parsed::new(i, at + 1, Expression::Point(Point { year: Some(year), part: Some(part), ..Point::default() })));
    }
    let inner = deictic(doc, at)?;
    let expression = match inner.expression {
        Expression::Shifted(unit, n, None) => Expression::Shifted(unit, n, (unit != Unit::Day).then_some(part)),
        Expression::Point(point) => Expression::Point(Point { part: point.month.and(Some(part)), ..point }),
        _ => return None,
    };
    Some(Parsed::new(i, inner.tokens.end as usize, expression))
}

/// "first week of", "second half of", "last quarter of", "first six months of".
fn nth_part(doc: &Document<'_>, i: usize) -> Option<(Part, usize)> {
    let nth = if doc.word(i) == "last" { 0 } else { ordinal(doc.word(i))? };
    if doc.word(i + 2) == "of" {
        let part = match doc.word(i + 1) {
            "week" => Part::Week(nth),
            "half" => Part::Half(if nth == 0 { 2 } else { nth }),
            "quarter" => Part::Quarter(if nth == 0 { 4 } else { nth }),
            "days" | "months" if nth == 1 => Part::Early,
            "days" | "months" if nth == 0 => Part::Late,
            _ => return None,
        };
        return Some((part, i + 3));
    }
    let months = cardinal(doc.word(i + 1)).filter(|n| nth == 1 && (1..12).contains(n) && doc.word(i + 2) == "months" && doc.word(i + 3) == "of")?;
    Some((Part::FirstMonths(months as u8), i + 4))
}

/// Counted from the day on which it is said: "today", "last week", "this March", "next Friday", "Tuesday last week".
fn deictic(doc: &Document<'_>, i: usize) -> Option<Parsed> {
    let shifted = |end: usize, unit, n| Some(Parsed::new(i, end, Expression::Shifted(unit, n, None)));
    let next = doc.word(i + 1);
    let which = match doc.word(i) {
        // "India Today", "USA TODAY"
        "today" if capital(doc, i) && i > 0 && capital(doc, i - 1) && !doc.all_caps() => return None,
        "today" | "tonight" => return shifted(i + 1, Unit::Day, 0),
        "yesterday" => return shifted(i + 1, Unit::Day, -1),
        "tomorrow" => return shifted(i + 1, Unit::Day, 1),
        "overnight" => return Some(Parsed::new(i, i + 1, Expression::Overnight)),
        "day" if next == "before" && doc.word(i + 2) == "yesterday" => return shifted(i + 3, Unit::Day, -2),
        "day" if next == "after" && doc.word(i + 2) == "tomorrow" => return shifted(i + 3, Unit::Day, 2),
        "earlier" | "later" => return earlier_in(doc, i),
        "weekend" if doc.word(i.wrapping_sub(1)) == "the" => return shifted(i + 1, Unit::Weekend, 0),
        "year" | "month" | "week" if doc.word(i.wrapping_sub(1)) == "the" && part_before(doc, i) => return shifted(i + 1, unit(doc.word(i))?.0, 0),
        "last" | "past" => Which::Last,
        "this" | "current" => Which::This,
        "next" | "coming" | "upcoming" => Which::Next,
        _ => {
            let weekday = weekday_name(doc.word(i)).filter(|_| capital(doc, i))?;
            let (week_shift, end) = match (next, doc.word(i + 2)) {
                ("last", "week") => (Some(-1), i + 3),
                ("this", "week") => (Some(0), i + 3),
                ("next", "week") => (Some(1), i + 3),
                ("last", _) => (None, i + 2),
                _ => (None, i + 1),
            };
            let which = if next == "last" && week_shift.is_none() { Which::Last } else { Which::Plain };
            return Some(Parsed::new(i, end, Expression::Point(Point { weekday: Some(weekday), week_shift, which, ..Point::default() })));
        }
    };
    // "this past Friday", "this coming week".
    let (which, at) = match next {
        "past" => (Which::Last, i + 2),
        "coming" => (Which::Next, i + 2),
        _ => (which, i + 1),
    };
    named_after(doc, i, at, which)
}

/// What "last", "this" or "next" stands before.
fn named_after(doc: &Document<'_>, i: usize, at: usize, which: Which) -> Option<Parsed> {
    // "over the past one year"
    let at = at + usize::from(matches!(doc.word(at), "one" | "1") && unit(doc.word(at + 1)).is_some());
    let word = doc.word(at);
    let sign = match which {
        Which::Last => -1,
        Which::Next => 1,
        Which::This | Which::Plain => 0,
    };
    if let Some((unit, plural)) = unit(word) {
        if plural {
            return None;
        }
        let night = matches!(word, "night" | "evening" | "morning");
        let expression = match (unit, which) {
            (Unit::Day, Which::Last | Which::This) if night => Expression::Shifted(Unit::Day, sign, None),
            // "the past week", "the past year" reach up to now; "last week" is the calendar's.
            (Unit::Week | Unit::Month | Unit::Year | Unit::Decade, Which::Last) if doc.word(i) == "past" || (doc.word(i) == "last" && unit == Unit::Decade) => {
                Expression::Past(unit, 1)
            }
            // "the next day" is counted in the text.
            (Unit::Day, _) => return None,
            _ => Expression::Shifted(unit, sign, None),
        };
        return Some(Parsed::new(i, at + 1, expression));
    }
    if day_part(word) {
        return Some(Parsed::new(i, at + 1, Expression::Shifted(Unit::Day, sign, None)));
    }
    if let Some(weekday) = weekday_name(word).filter(|_| capital(doc, at)) {
        return Some(Parsed::new(i, at + 1, Expression::Point(Point { weekday: Some(weekday), which, ..Point::default() })));
    }
    if let Some(month) = month_name(word).or_else(|| month_short(word)).filter(|_| capital(doc, at)) {
        if let Some((point, end)) = point_at(doc, at).filter(|(p, _)| p.year.is_some() || p.day.is_some()) {
            return Some(Parsed::new(i, end, Expression::Point(Point { which, ..point })));
        }
        return Some(Parsed::new(i, at + 1, Expression::Point(Point { month: Some(month), which, ..Point::default() })));
    }
    season(word)?;
    let (expression, end) = season_at(doc, at, which)?;
    Some(Parsed::new(i, end, expression))
}

/// "earlier this month", "earlier in the day", "later that day", "earlier today".
fn earlier_in(doc: &Document<'_>, i: usize) -> Option<Parsed> {
    if doc.word(i + 1) == "today" {
        return Some(Parsed::new(i, i + 2, Expression::Shifted(Unit::Day, 0, None)));
    }
    let at = if doc.word(i + 1) == "in" { i + 2 } else { i + 1 };
    let (unit, _) = unit(doc.word(at + 1))?;
    let early = doc.word(i) == "earlier";
    let expression = match (doc.word(at), unit) {
        ("this" | "the", Unit::Week | Unit::Month | Unit::Year) => Expression::Shifted(unit, 0, early.then_some(Part::Elapsed)),
        ("the" | "that", Unit::Day) => Expression::FromText(Unit::Day, 0),
        ("that", _) => Expression::FromText(unit, 0),
        ("this", Unit::Day) => Expression::Shifted(Unit::Day, 0, None),
        _ => return None,
    };
    Some(Parsed::new(i, at + 2, expression))
}

/// "the year" alone is no date; "the end of the year" is.
fn part_before(doc: &Document<'_>, i: usize) -> bool {
    i >= 3
        && doc.word(i - 2) == "of"
        && (matches!(doc.word(i - 3), "end" | "beginning" | "start" | "middle") || matches!(doc.word(i - 3), "week" | "half" | "quarter" | "months"))
}

/// "three weeks ago", "two days later", "20-year", "the past six months", "for two years".
fn counted(doc: &Document<'_>, i: usize) -> Option<Parsed> {
    let direction = match doc.word(i) {
        "past" | "last" | "previous" | "preceding" => Some(Which::Last),
        "next" | "coming" | "following" => Some(Which::Next),
        _ => None,
    };
    let at = i + usize::from(direction.is_some());
    let (low, high, next) = number(doc, at)?;
    let next = if is_dash(doc, next) { next + 1 } else { next };
    let (unit, plural) = unit(doc.word(next))?;
    let end = next + 1;
    if let Some(which) = direction {
        let expression = if which == Which::Last { Expression::Past(unit, high) } else { Expression::Coming(unit, high) };
        return plural.then(|| Parsed::new(i, end, expression));
    }
    let sign = |n: i16| Some(Expression::FromText(unit, n));
    let here = high as i16;
    let expression = match doc.word(end) {
        // "only a week ago": to the day.
        "ago" if unit == Unit::Week && low == high && matches!(doc.word(i.wrapping_sub(1)), "only" | "just" | "exactly") => {
            return Some(Parsed::new(i, end + 1, Expression::Ago(Unit::Day, low * 7, high * 7)));
        }
        "ago" => return Some(Parsed::new(i, end + 1, Expression::Ago(unit, low, high))),
        "earlier" | "previously" | "prior" if doc.word(end + 1) != "to" => sign(-here),
        "later" | "afterwards" => sign(here),
        "before" if ends_clause(doc, end + 1) => sign(-here),
        "after" if ends_clause(doc, end + 1) => sign(here),
        // "two days after the blast": from the day on which it was told.
        "before" if told_event(doc, end + 1) => sign(-here),
        "after" if told_event(doc, end + 1) => sign(here),
        "before" | "after" | "prior" | "following" => return Some(Parsed::new(i, end + 1, Expression::FromEvent)),
        "old" => return None,
        _ => None,
    };
    if let Some(expression) = expression.filter(|_| low == high) {
        return Some(Parsed::new(i, end + 1, expression));
    }
    // "12-year-old", "two years old", "aged 30 years".
    let aged = doc.word(end) == "old" || (is_dash(doc, end) && doc.word(end + 1).starts_with("old")) || doc.word(i.wrapping_sub(1)) == "aged";
    let led = matches!(doc.word(i.wrapping_sub(1)), "for" | "within" | "in" | "over" | "during" | "of" | "nearly" | "almost" | "least" | "than" | "about");
    let one = matches!(doc.word(at), "a" | "an" | "one");
    (!aged && (!one || led || is_dash(doc, next - 1))).then(|| Parsed::new(i, end, Expression::Length))
}

/// A number of units: its bounds and the token after. "weeks ago" has no number and two bounds.
fn number(doc: &Document<'_>, i: usize) -> Option<(u16, u16, usize)> {
    if let Some((low, high)) = vague(doc.word(i)) {
        return Some((low, high, i + 1 + usize::from(doc.word(i + 1) == "of")));
    }
    if doc.word(i) == "a" && vague(doc.word(i + 1)).is_some() {
        return number(doc, i + 1);
    }
    if let Some(n) = cardinal(doc.word(i)) {
        // "two or three days", "twenty one days"
        let second = (matches!(doc.word(i + 1), "or" | "to") || is_dash(doc, i + 1)).then(|| cardinal(doc.word(i + 2))).flatten().filter(|m| *m > n);
        return Some(match second {
            Some(m) => (n, m, i + 3),
            None => (n, n, i + 1),
        });
    }
    let (_, plural) = unit(doc.word(i))?;
    (plural && matches!(doc.word(i + 1), "ago" | "later" | "earlier")).then_some((2, 9, i))
}

/// Whether a clause ends at token `i`: "the day before." but not "the day before the funeral".
fn ends_clause(doc: &Document<'_>, i: usize) -> bool {
    i >= doc.len()
        || doc.tag(i).is_punctuation()
        || doc.tag(i).is_verb()
        || matches!(doc.word(i), "," | "." | ";" | "(" | ")" | "and" | "when" | "in" | "at" | "by" | "but" | "that" | "to" | "from")
}

/// "the blast", "his abduction", "that attack": what the text has told of.
fn told_event(doc: &Document<'_>, i: usize) -> bool {
    let known = matches!(doc.word(i), "the" | "that" | "this" | "his" | "her" | "their" | "its");
    let event = |j: usize| {
        matches!(
            doc.lemma(j),
            "attack"
                | "blast"
                | "bombing"
                | "explosion"
                | "killing"
                | "murder"
                | "assassination"
                | "kidnapping"
                | "abduction"
                | "shooting"
                | "assault"
                | "raid"
                | "ambush"
                | "incident"
                | "strike"
                | "clash"
                | "massacre"
                | "death"
        )
    };
    known && (i + 1..i + 4).take_while(|&j| doc.tag(j).is_noun() || doc.tag(j).is_adjective()).any(event)
}

/// Counted from the last date of the text: "the next day", "the day before", "that night", "the same day", "the first year of Taliban rule".
fn from_text(doc: &Document<'_>, i: usize) -> Option<Parsed> {
    let next = doc.word(i + 1);
    match doc.word(i) {
        "next" | "following" | "previous" | "preceding" | "same" | "that" => {
            let (unit, plural) = unit(next)?;
            let n = match doc.word(i) {
                "next" | "following" => 1,
                "previous" | "preceding" => -1,
                _ => 0,
            };
            // "next week" is counted from today, "the next week" may be either; "that" is a conjunction before plural units.
            let ours = !plural && (unit == Unit::Day || doc.word(i) != "next");
            ours.then(|| Parsed::new(i, i + 2, Expression::FromText(unit, n)))
        }
        "day" if matches!(next, "before" | "earlier" | "after" | "later") && doc.word(i.wrapping_sub(1)) == "the" => {
            let n = if matches!(next, "before" | "earlier") { -1 } else { 1 };
            Some(Parsed::new(i, i + 2, if ends_clause(doc, i + 2) { Expression::FromText(Unit::Day, n) } else { Expression::FromEvent }))
        }
        word => {
            ordinal(word).filter(|_| {
                unit(next).is_some_and(|(u, plural)| !plural && u != Unit::Weekend) && doc.word(i + 2) == "of" && decade(doc.word(i + 3)).is_none()
            })?;
            Some(Parsed::new(i, i + 3, Expression::Length))
        }
    }
}
