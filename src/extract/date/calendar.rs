//! Absolute dates in every form that news prints, and ranges of them.

use super::expression::{Expression, Parsed, Point, Which};
use super::words::{
    capital, cardinal, day_of_month, day_part, decade, glued, is_dash, month_name, month_short, season, short_year, weekday_name, weekday_short, year,
};
use crate::text::{Document, Tag};

/// A point or range of the calendar that starts at token `i`.
pub(super) fn parse(doc: &Document<'_>, i: usize) -> Option<Parsed> {
    if let Some((first, end)) = days_then_month(doc, i) {
        return Some(finish(doc, i, first, end));
    }
    if let Some((start, end)) = decade_at(doc, i) {
        return Some(Parsed::new(i, end, Expression::Decade(start, None)));
    }
    let (first, end) = point(doc, i)?;
    let (expression, end) = range_after(doc, i, first, end);
    Some(Parsed::new(i, end, expression))
}

fn finish(doc: &Document<'_>, i: usize, days: (Point, Point), end: usize) -> Parsed {
    let (a, b) = days;
    if a != b {
        return Parsed::new(i, end, Expression::Between(a, b));
    }
    let (expression, end) = range_after(doc, i, a, end);
    Parsed::new(i, end, expression)
}

/// One calendar date at token `i`, and the token after it.
fn point(doc: &Document<'_>, i: usize) -> Option<(Point, usize)> {
    with_weekday(doc, i)
        .or_else(|| month_first(doc, i))
        .or_else(|| iso(doc, i))
        .or_else(|| numeric(doc, i))
        .or_else(|| feast(doc, i))
        .or_else(|| bare_year(doc, i).map(|y| (Point { year: Some(y), ..Point::default() }, i + 1)))
}

/// "Friday, 3 May 2009", "Sat., May 3".
fn with_weekday(doc: &Document<'_>, i: usize) -> Option<(Point, usize)> {
    let full = weekday_name(doc.word(i)).filter(|_| capital(doc, i));
    let weekday = full.or_else(|| weekday_short(doc.word(i)).filter(|_| capital(doc, i)))?;
    let mut next = i + 1;
    if day_part(doc.word(next)) {
        next += 1;
    }
    let stop = (doc.word(next) == ".").then(|| next + 1);
    next = stop.unwrap_or(next);
    if matches!(doc.word(next), "," | "(" | "the" | "on") {
        next += 1;
    }
    if doc.word(next) == "the" {
        next += 1;
    }
    let dated = days_then_month(doc, next).filter(|((a, b), _)| a == b).map(|((a, _), end)| (a, end)).or_else(|| month_first(doc, next));
    match dated {
        Some((point, end)) if point.day.is_some() => Some((Point { weekday: Some(weekday), ..point }, end)),
        _ => full.map(|_| (Point { weekday: Some(weekday), ..Point::default() }, i + 1)),
    }
}

/// "May 3, 2009", "Jan. 30", "May 2022", "February, 2016", "March".
fn month_first(doc: &Document<'_>, i: usize) -> Option<(Point, usize)> {
    let (month, next, short) = month_at(doc, i)?;
    let point = Point { month: Some(month), ..Point::default() };
    if let Some(day) = day_of_month(doc.word(next)).filter(|_| is_day_here(doc, i, next)) {
        let next = if matches!(doc.word(next + 1), "st" | "nd" | "rd" | "th") { next + 2 } else { next + 1 };
        return Some(year_after(doc, next, Point { day: Some(day), ..point }, short));
    }
    if short && year(doc.word(next)).is_none() {
        return None;
    }
    let (dated, end) = year_after(doc, next, point, false);
    if end > next || month_alone(doc, i) { Some((dated, end)) } else { None }
}

/// "3 May 2009", "16 Nov 89", "the 3rd of May", "29 and 30 January", "3-6 May": the first and last day, and the token after.
fn days_then_month(doc: &Document<'_>, i: usize) -> Option<((Point, Point), usize)> {
    let first = day_of_month(doc.word(i))?;
    let mut last = first;
    let mut next = i + 1;
    if matches!(doc.word(next), "st" | "nd" | "rd" | "th") {
        next += 1;
    }
    for _ in 0..4 {
        let joins = is_dash(doc, next) || matches!(doc.word(next), "and" | "or" | "to" | "," | "through");
        let Some(day) = day_of_month(doc.word(next + 1)).filter(|&d| joins && d > last) else { break };
        last = day;
        next += 2;
    }
    if doc.word(next) == "of" || is_dash(doc, next) {
        next += 1;
    }
    let (month, next, short) = month_at(doc, next)?;
    // "the 3 March protesters" is a date, "3 May" before a small verb ("3 may die") is none.
    if doc.word(next.wrapping_sub(1)) == "may" && !capital(doc, next - 1) {
        return None;
    }
    let next = if is_dash(doc, next) && year(doc.word(next + 1)).is_some() { next + 1 } else { next };
    let (dated, end) = year_after(doc, next, Point { month: Some(month), day: Some(first), ..Point::default() }, short);
    Some(((dated, Point { day: Some(last), ..dated }), end))
}

/// The year behind a month or day: ", 2023", "2023", "89" behind a short month, "of this year", "last year".
fn year_after(doc: &Document<'_>, i: usize, point: Point, short: bool) -> (Point, usize) {
    let at = if matches!(doc.word(i), "," | "of") { i + 1 } else { i };
    if let Some(y) = year(doc.word(at)) {
        return (Point { year: Some(y), ..point }, at + 1);
    }
    let marked = doc.word(at).starts_with('\'') || (doc.word(at) == "'" && glued(doc, at));
    let digits = if doc.word(at) == "'" && marked { at + 1 } else { at };
    if let Some(y) = short_year(doc.word(digits)).filter(|_| marked || (short && at == i && !doc.tag(at + 1).is_noun() && point.day.is_some())) {
        return (Point { year: Some(y), ..point }, digits + 1);
    }
    let shift = match doc.word(at) {
        "this" => 0,
        "last" => -1,
        "next" => 1,
        _ => return (point, i),
    };
    match doc.word(at + 1) {
        "year" => (Point { year_shift: Some(shift), ..point }, at + 2),
        _ => (point, i),
    }
}

/// "2008-09-20", as one token or five.
fn iso(doc: &Document<'_>, i: usize) -> Option<(Point, usize)> {
    let parts = number_parts(doc, i, '-')?;
    let ([y, m, d], end) = parts;
    let point = Point { year: Some(year(y)?), month: month_number(m), day: day_of_month(d), ..Point::default() };
    point.month.and(point.day).map(|_| (point, end))
}

/// "20/09/2008", "9/20/2008", "20.09.2008". Day first unless that is impossible: the order of South Asia and of most of the world.
fn numeric(doc: &Document<'_>, i: usize) -> Option<(Point, usize)> {
    let ([a, b, y], end) = number_parts(doc, i, '/').or_else(|| number_parts(doc, i, '.')).or_else(|| number_parts(doc, i, '-'))?;
    let (year, month, day) = match year(a) {
        Some(first) => (first, month_number(b)?, day_of_month(y)?),
        None => {
            let last = year(y).or_else(|| short_year(y))?;
            match (day_of_month(a)?, day_of_month(b)?) {
                (day, month) if month <= 12 => (last, month, day),
                (month, day) if month <= 12 => (last, month, day),
                _ => return None,
            }
        }
    };
    Some((Point { year: Some(year), month: Some(month), day: Some(day), ..Point::default() }, end))
}

fn month_number(word: &str) -> Option<i8> {
    day_of_month(word).filter(|m| *m <= 12)
}

/// Three numbers joined by `mark`, as one token or five glued ones, and the token after them.
fn number_parts<'d>(doc: &'d Document<'_>, i: usize, mark: char) -> Option<([&'d str; 3], usize)> {
    let numeric = |w: &str| !w.is_empty() && w.bytes().all(|b| b.is_ascii_digit());
    let mut inside = doc.word(i).split(mark);
    if let (Some(a), Some(b), Some(c), None) = (inside.next(), inside.next(), inside.next(), inside.next()) {
        return [a, b, c].iter().all(|w| numeric(w)).then_some(([a, b, c], i + 1));
    }
    let joined = (0..4).all(|k| glued(doc, i + k)) && [1, 3].iter().all(|k| doc.word(i + k).starts_with(mark) && doc.word(i + k).len() == 1);
    let parts = [doc.word(i), doc.word(i + 2), doc.word(i + 4)];
    (joined && parts.iter().all(|w| numeric(w))).then_some((parts, i + 5))
}

/// Feasts with a fixed day.
fn feast(doc: &Document<'_>, i: usize) -> Option<(Point, usize)> {
    let on = |month, day| Some(Point { month: Some(month), day: Some(day), ..Point::default() });
    let word = doc.word(i + 1);
    let (point, end) = match (doc.word(i), word) {
        ("christmas", "eve") => (on(12, 24), i + 2),
        ("christmas", "day") => (on(12, 25), i + 2),
        ("new", "year") if doc.word(i + 2) == "'s" && doc.word(i + 3) == "eve" => (on(12, 31), i + 4),
        ("new", "year") if doc.word(i + 2) == "'s" && doc.word(i + 3) == "day" => (on(1, 1), i + 4),
        _ => return None,
    };
    point.map(|p| year_after(doc, end, p, false))
}

/// A range that goes on from `first`: "May 30-June 2", "May 3 and 6" after "between", "2007 to 2009", "2008-09".
fn range_after(doc: &Document<'_>, i: usize, first: Point, end: usize) -> (Expression, usize) {
    let none = (Expression::Point(first), end);
    let before = doc.word(i.wrapping_sub(1));
    let dash = is_dash(doc, end);
    let joins = dash || matches!(doc.word(end), "to" | "through" | "till" | "until") || doc.word(end) == "and" && before == "between";
    let and_day = matches!(doc.word(end), "and" | "or") && first.year.is_none();
    if !joins && !and_day {
        return none;
    }
    let next = end + 1;
    let plain_year = first.year.filter(|_| first.month.is_none());
    if let (Some(y), Some(n)) = (plain_year, short_year(doc.word(next)).filter(|_| dash && glued(doc, end))) {
        let last = y / 100 * 100 + n % 100;
        let last = Point { year: Some(last), ..Point::default() };
        return if last.year > first.year { (Expression::Between(first, last), next + 1) } else { none };
    }
    // "May 3-6", "October 5 and 6": a second day of the same month; "on May 3 and 6 people" has none.
    if let (Some(day), Some(last)) = (first.day.filter(|_| doc.word(end.wrapping_sub(1)) != "year"), day_of_month(doc.word(next)))
        && first.year.is_none()
        && last > day
        && month_at(doc, next + 1).is_none()
        && !matches!(doc.tag(next + 1), Tag::NN | Tag::NNS | Tag::JJ | Tag::CD)
        && month_or_day_before(doc, end)
    {
        let (dated, end) = year_after(doc, next + 1, Point { day: Some(last), ..first }, false);
        let first = Point { year: dated.year, year_shift: dated.year_shift, ..first };
        return (Expression::Between(first, dated), end);
    }
    if !joins {
        return none;
    }
    let second = days_then_month(doc, next).map(|((a, _), end)| (a, end)).or_else(|| point(doc, next)).or_else(|| {
        let y = year(doc.word(next)).filter(|_| plain_year.is_some())?;
        Some((Point { year: Some(y), ..Point::default() }, next + 1))
    });
    let Some((last, end)) = second else { return none };
    // Both ends must be of one kind: "from May 3 to 2009" is no range.
    let kind = |p: Point| (p.day.is_some(), p.month.is_some(), p.weekday.is_some() && p.day.is_none());
    if kind(first) != kind(last) {
        return none;
    }
    let crosses = last.month < first.month;
    let first = match (first.year, last.year) {
        (None, Some(y)) => Point { year: Some(if crosses { y - 1 } else { y }), ..first },
        _ => Point { year_shift: first.year_shift.or(last.year_shift), ..first },
    };
    (Expression::Between(first, last), end)
}

/// The last token of a month-first date is its day.
fn month_or_day_before(doc: &Document<'_>, end: usize) -> bool {
    let last = doc.word(end.wrapping_sub(1));
    day_of_month(last).is_some() || matches!(last, "st" | "nd" | "rd" | "th")
}

/// A month at token `i`: its number, the token after, and whether it is a short form.
fn month_at(doc: &Document<'_>, i: usize) -> Option<(i8, usize, bool)> {
    let word = doc.word(i);
    if let Some(month) = month_name(word) {
        // Written small these three are a modal, a noun and an adjective.
        let small = !capital(doc, i) && matches!(word, "may" | "march" | "august");
        return (!small).then_some((month, i + 1, false));
    }
    let month = month_short(word).filter(|_| capital(doc, i))?;
    let stop = !word.ends_with('.') && doc.word(i + 1) == "." && glued(doc, i);
    Some((month, i + 1 + usize::from(stop), true))
}

/// Whether the number at `at` behind the month at `i` is a day: "In May 20 people died" has none.
fn is_day_here(doc: &Document<'_>, i: usize, at: usize) -> bool {
    let counts = doc.word(i.wrapping_sub(1)) == "in"
        && matches!(doc.tag(at + 1), Tag::NNS | Tag::NN | Tag::JJ)
        && !doc.word(at).ends_with(|c: char| c.is_ascii_alphabetic());
    let clock = doc.word(at + 1) == ":" && glued(doc, at);
    let percent = matches!(doc.word(at + 1), "%" | "percent" | "per");
    !counts && !clock && !percent
}

/// Whether a month without day and year is one: "in May", "last March", but not "May I", "April Smith".
fn month_alone(doc: &Document<'_>, i: usize) -> bool {
    let before = doc.word(i.wrapping_sub(1));
    let leads = i > 0
        && matches!(
            before,
            "in" | "since"
                | "during"
                | "until"
                | "till"
                | "by"
                | "from"
                | "to"
                | "between"
                | "of"
                | "early"
                | "late"
                | "mid"
                | "last"
                | "this"
                | "next"
                | "through"
                | "before"
                | "after"
                | "past"
                | "earlier"
                | "later"
                | "and"
                | "-"
        );
    let named = doc.tag(i + 1).is_proper() && capital(doc, i + 1) && month_name(doc.word(i + 1)).is_none() && glued_name(doc, i);
    match doc.word(i) {
        "may" | "march" => leads && capital(doc, i) && !named && !matches!(before, "and" | "to"),
        _ => capital(doc, i) && (leads && before != "and" || !named),
    }
}

/// Whether the capitalised word behind a month belongs to it as a name ("June Smith"): nothing but a space between.
fn glued_name(doc: &Document<'_>, i: usize) -> bool {
    weekday_name(doc.word(i + 1)).is_none() && !doc.token(i + 1).shape.has(crate::text::Shape::ALL_CAPS)
}

/// A decade: "1990s", "1990's", "the '90s", "the late nineties"; "in his mid-20s" and "in her forties" are ages.
pub(super) fn decade_at(doc: &Document<'_>, i: usize) -> Option<(i16, usize)> {
    if let Some(start) = decade(doc.word(i)) {
        let long = doc.word(i).starts_with(|c: char| c.is_ascii_digit()) && doc.word(i).len() >= 5;
        let mut before = i;
        while before > 0 && (is_dash(doc, before - 1) || matches!(doc.word(before - 1), "early" | "mid" | "late" | "'" | "mid-")) {
            before -= 1;
        }
        return (long || before > 0 && doc.word(before - 1) == "the").then_some((start, i + 1));
    }
    let start = year(doc.word(i)).filter(|y| y % 10 == 0)?;
    (glued(doc, i) && matches!(doc.word(i + 1), "s" | "'s") && doc.word(i.wrapping_sub(1)) == "the").then_some((start, i + 2))
}

/// A year alone, where the words around it make it one.
fn bare_year(doc: &Document<'_>, i: usize) -> Option<i16> {
    let y = year(doc.word(i)).filter(|_| doc.raw(i).bytes().all(|b| b.is_ascii_digit()))?;
    let next = doc.word(i + 1);
    let before = if i == 0 { "" } else { doc.word(i - 1) };
    let counts_next = matches!(
        next,
        "people"
            | "men"
            | "women"
            | "troops"
            | "soldiers"
            | "hours"
            | "percent"
            | "%"
            | "km"
            | "gmt"
            | "miles"
            | "meters"
            | "metres"
            | "others"
            | "rupees"
            | "dollars"
    );
    let unit_next = counts_next || (glued(doc, i) && matches!(next, ":" | "." | ",") && cardinal(doc.word(i + 2)).is_some() && glued(doc, i + 1));
    if unit_next
        || matches!(before, "$" | "no" | "no." | "number" | "#" | "rs" | "rs." | "over" | "least" | "about" | "than" | "at" | "some" | "nearly" | "around")
    {
        return None;
    }
    let listed = before == "and" && i >= 2 && year(doc.word(i - 2)).is_some();
    let plausible = (1900..2050).contains(&y);
    let round = y % 500 == 0;
    let counted = doc.tag(i + 1) == Tag::NNS && round;
    let leads = matches!(
        before,
        "in" | "since"
            | "during"
            | "of"
            | "from"
            | "until"
            | "till"
            | "by"
            | "before"
            | "after"
            | "to"
            | "between"
            | "early"
            | "late"
            | "mid"
            | "year"
            | "through"
            | "throughout"
            | "for"
            | "("
            | "circa"
            | "back"
            | "end"
    ) || (is_dash(doc, i.wrapping_sub(1)) && matches!(doc.word(i.wrapping_sub(2)), "mid" | "pre" | "post" | "early" | "late"));
    let determined = matches!(before, "the" | "his" | "her" | "their" | "its" | "a" | "'s" | "that" | "this" | "deadly")
        && doc.tag(i + 1).is_noun()
        && !(doc.tag(i + 1) == Tag::NNS && round);
    (plausible && !counted && (leads || listed || determined)).then_some(y)
}

/// "summer of 2009", "last winter"; `which` and `start` come from the caller.
pub(super) fn season_at(doc: &Document<'_>, i: usize, which: Which) -> Option<(Expression, usize)> {
    let first = season(doc.word(i))?;
    let at = if doc.word(i + 1) == "of" { i + 2 } else { i + 1 };
    match year(doc.word(at)) {
        Some(y) => Some((Expression::Season(first, Some(y), which), at + 1)),
        None => (which != Which::Plain).then_some((Expression::Season(first, None, which), i + 1)),
    }
}

/// A calendar point for the relative grammar ("late March", "last Friday").
pub(super) fn point_at(doc: &Document<'_>, i: usize) -> Option<(Point, usize)> {
    days_then_month(doc, i).filter(|((a, b), _)| a == b).map(|((a, _), end)| (a, end)).or_else(|| point(doc, i))
}
