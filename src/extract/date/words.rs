//! The closed classes of the calendar: months, weekdays, units, numbers, seasons, parts of the day.

use crate::text::{Document, Shape, Tag, WordList};
use jiff::civil::Weekday;

/// A calendar unit that news counts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// Days and nights.
    Day,
    /// Monday to Sunday.
    Week,
    /// Saturday and Sunday.
    Weekend,
    /// A calendar month.
    Month,
    /// A calendar year.
    Year,
    /// Ten years.
    Decade,
}

/// A stretch within a month, year or decade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// First third: "early", "the beginning of".
    Early,
    /// Second third: "mid".
    Mid,
    /// Last third: "late", "the end of".
    Late,
    /// First or second half.
    Half(u8),
    /// Quarter 1–4 of a year.
    Quarter(u8),
    /// Week 1–5 of a month; 0 is its last week.
    Week(u8),
    /// The first so many months.
    FirstMonths(u8),
    /// From the unit's beginning up to the reference day ("earlier this month").
    Elapsed,
}

/// Words without digits that may begin an expression: those of the classes below, and those by which the grammar counts from a day.
const OPENINGS: WordList<160> = WordList::of(
    "january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec \
     jan. feb. mar. apr. jun. jul. aug. sep. sept. oct. nov. dec. monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu \
     thur thurs fri sat sun mon. tue. tues. wed. thu. thur. thurs. fri. sat. sun. day days nights week weeks fortnights weekend month months \
     year years decades spring summer autumn fall winter a an zero one two three four five six seven eight nine ten eleven twelve thirteen \
     fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty ninety couple few several some first second third \
     fourth fifth sixth seventh eighth ninth tenth twenties thirties forties fifties sixties seventies eighties nineties beginning start end \
     middle mid mid- early late eve christmas new today tonight yesterday tomorrow overnight earlier later last past this current next coming \
     upcoming previous preceding following same that",
);

/// A cheap look before parsing: whether an expression may begin at token `i`.
pub(super) fn may_open(doc: &Document<'_>, i: usize) -> bool {
    doc.token(i).shape.has(Shape::DIGIT) || OPENINGS.has_word(doc, i) || doc.word(i).starts_with("mid-")
}

/// Number of a month by its full name.
pub(super) fn month_name(word: &str) -> Option<i8> {
    const NAMES: [&str; 12] = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];
    NAMES.iter().position(|&n| n == word).map(|n| n as i8 + 1)
}

/// Number of a month by its short form, stop or not.
pub(super) fn month_short(word: &str) -> Option<i8> {
    Some(match word.strip_suffix('.').unwrap_or(word) {
        "jan" => 1,
        "feb" => 2,
        "mar" => 3,
        "apr" => 4,
        "jun" => 6,
        "jul" => 7,
        "aug" => 8,
        "sep" | "sept" => 9,
        "oct" => 10,
        "nov" => 11,
        "dec" => 12,
        _ => return None,
    })
}

/// A weekday by its full name.
pub(super) fn weekday_name(word: &str) -> Option<Weekday> {
    Some(match word {
        "monday" => Weekday::Monday,
        "tuesday" => Weekday::Tuesday,
        "wednesday" => Weekday::Wednesday,
        "thursday" => Weekday::Thursday,
        "friday" => Weekday::Friday,
        "saturday" => Weekday::Saturday,
        "sunday" => Weekday::Sunday,
        _ => return None,
    })
}

/// A weekday by its short form; these are words and names as well ("Sun", "Wed"), so ask only beside a date.
pub(super) fn weekday_short(word: &str) -> Option<Weekday> {
    Some(match word.strip_suffix('.').unwrap_or(word) {
        "mon" => Weekday::Monday,
        "tue" | "tues" => Weekday::Tuesday,
        "wed" => Weekday::Wednesday,
        "thu" | "thur" | "thurs" => Weekday::Thursday,
        "fri" => Weekday::Friday,
        "sat" => Weekday::Saturday,
        "sun" => Weekday::Sunday,
        _ => return None,
    })
}

/// A unit, and whether the word is plural.
pub(super) fn unit(word: &str) -> Option<(Unit, bool)> {
    Some(match word {
        "day" | "night" | "evening" | "morning" => (Unit::Day, false),
        "days" | "nights" => (Unit::Day, true),
        "week" | "fortnight" => (Unit::Week, false),
        "weeks" | "fortnights" => (Unit::Week, true),
        "weekend" => (Unit::Weekend, false),
        "month" => (Unit::Month, false),
        "months" => (Unit::Month, true),
        "year" => (Unit::Year, false),
        "years" => (Unit::Year, true),
        "decade" => (Unit::Decade, false),
        "decades" => (Unit::Decade, true),
        _ => return None,
    })
}

/// First month of a season (northern), which lasts three. "fall" is a verb and is asked for by the caller.
pub(super) fn season(word: &str) -> Option<i8> {
    Some(match word {
        "spring" => 3,
        "summer" => 6,
        "autumn" | "fall" => 9,
        "winter" => 12,
        _ => return None,
    })
}

/// Whether the word names a part of the day.
pub(super) fn day_part(word: &str) -> bool {
    matches!(word, "morning" | "afternoon" | "evening" | "night" | "noon" | "midnight" | "dawn" | "midday" | "midmorning" | "predawn")
}

/// "early", "mid", "late".
pub(super) fn part(word: &str) -> Option<Part> {
    Some(match word {
        "early" => Part::Early,
        "mid" | "middle" => Part::Mid,
        "late" => Part::Late,
        _ => return None,
    })
}

/// A cardinal of at most three digits, in digits or as one word; "a" and "an" are one.
pub(super) fn cardinal(word: &str) -> Option<u16> {
    const WORDS: [&str; 21] = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
        "twenty",
    ];
    if (1..=3).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_digit()) {
        return word.parse().ok();
    }
    match word {
        "a" | "an" => Some(1),
        "thirty" => Some(30),
        "forty" => Some(40),
        "fifty" => Some(50),
        "sixty" => Some(60),
        "ninety" => Some(90),
        _ => WORDS.iter().position(|&w| w == word).map(|n| n as u16),
    }
}

/// A vague number of units ("several", "a few") as a low and high bound.
pub(super) fn vague(word: &str) -> Option<(u16, u16)> {
    Some(match word {
        "couple" => (2, 2),
        "few" | "several" | "some" => (2, 9),
        _ => return None,
    })
}

/// An ordinal in words, "first" to "tenth", or in digits ("3rd").
pub(super) fn ordinal(word: &str) -> Option<u8> {
    const WORDS: [&str; 10] = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];
    if let Some(n) = WORDS.iter().position(|&w| w == word) {
        return Some(n as u8 + 1);
    }
    let digits = ["st", "nd", "rd", "th"].iter().find_map(|s| word.strip_suffix(s))?;
    digits.parse().ok().filter(|_| digits.bytes().all(|b| b.is_ascii_digit()))
}

/// Day of a month: "3", "03", "3rd", "30th".
pub(super) fn day_of_month(word: &str) -> Option<i8> {
    let digits = ["st", "nd", "rd", "th"].iter().find_map(|s| word.strip_suffix(s)).unwrap_or(word);
    if digits.is_empty() || digits.len() > 2 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok().filter(|d| (1..=31).contains(d))
}

/// A year in four digits between 1800 and 2099.
pub(super) fn year(word: &str) -> Option<i16> {
    let digits = word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| word.parse().ok()).flatten().filter(|y| (1800..2100).contains(y))
}

/// A year in two digits, as cables write it ("16 Nov 89").
pub(super) fn short_year(word: &str) -> Option<i16> {
    let digits = word.strip_prefix('\'').unwrap_or(word);
    let two = digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit());
    let n: i16 = two.then(|| digits.parse().ok()).flatten()?;
    Some(if n < 40 { 2000 + n } else { 1900 + n })
}

/// First year of a decade: "1990s", "'90s", "nineties".
pub(super) fn decade(word: &str) -> Option<i16> {
    const WORDS: [&str; 8] = ["twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties"];
    if let Some(n) = WORDS.iter().position(|&w| w == word) {
        return Some(1920 + 10 * n as i16);
    }
    let digits = word.strip_suffix("'s").or_else(|| word.strip_suffix('s'))?;
    match digits.len() {
        4 => year(digits).filter(|y| y % 10 == 0),
        2 | 3 => short_year(digits).filter(|y| y % 10 == 0),
        _ => None,
    }
}

/// Whether token `i` joins two ends of a range: a hyphen or dash.
pub(super) fn is_dash(doc: &Document<'_>, i: usize) -> bool {
    matches!(doc.word(i), "-" | "–" | "—" | "--" | "/") || doc.tag(i) == Tag::Hyphen
}

/// Whether token `i` is written with a capital.
pub(super) fn capital(doc: &Document<'_>, i: usize) -> bool {
    doc.token(i).shape.has(Shape::CAPITAL)
}

/// Whether nothing stands between token `i` and the next.
pub(super) fn glued(doc: &Document<'_>, i: usize) -> bool {
    doc.token(i).span.end == doc.token(i + 1).span.start
}
