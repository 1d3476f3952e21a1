//! Counts in words and digits, with what stands before them: "at least 12", "two dozen", "scores", "10 to 12".
//!
//! Bounds follow the conventions of the extraction engine: over N is N + 1 or more, at least N is N or more, up to and nearly N is N or fewer;
//! dozens are 24 or more, scores 40, hundreds 200, thousands 2,000. Years, ages, ordinals, amounts of money, percentages and days of a month are no counts.

use super::{Document, Shape, Tag, TokenSpan, WordList};

/// A number of things, as a text gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number {
    /// Its tokens, modifiers ("at least") included, "of" excluded.
    pub tokens: TokenSpan,
    /// The least it can be.
    pub low: Option<u32>,
    /// The figure given.
    pub best: Option<u32>,
    /// The most it can be.
    pub high: Option<u32>,
    /// "dozens", "several": the figure is a floor by convention.
    pub vague: bool,
}

/// What a modifier makes of a number.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bound {
    Exact,
    About,
    AtLeast,
    Over,
    AtMost,
    Under,
}

/// The modifiers that begin with a word, by the words that go on with it, longest first where one begins another.
fn modifiers(first: &str) -> &'static [(&'static [&'static str], Bound)] {
    match first {
        "at" => &[(&["the", "very", "least"], Bound::AtLeast), (&["least"], Bound::AtLeast), (&["most"], Bound::AtMost)],
        "a" => &[(&["minimum", "of"], Bound::AtLeast), (&["total", "of"], Bound::Exact)],
        "no" => &[(&["fewer", "than"], Bound::AtLeast), (&["less", "than"], Bound::AtLeast)],
        "not" => &[(&["less", "than"], Bound::AtLeast)],
        "more" => &[(&["than"], Bound::Over)],
        "upwards" => &[(&["of"], Bound::Over)],
        "in" => &[(&["excess", "of"], Bound::Over)],
        "over" | "above" => &[(&[], Bound::Over)],
        "fewer" | "less" => &[(&["than"], Bound::Under)],
        "as" => &[(&["many", "as"], Bound::AtMost), (&["few", "as"], Bound::About)],
        "up" | "close" => &[(&["to"], Bound::AtMost)],
        "nearly" | "almost" => &[(&[], Bound::AtMost)],
        "an" => &[(&["estimated"], Bound::About), (&["additional"], Bound::Exact)],
        "estimated" | "about" | "around" | "approximately" | "roughly" | "some" => &[(&[], Bound::About)],
        "another" | "other" | "only" | "just" | "all" | "both" => &[(&[], Bound::Exact)],
        _ => &[],
    }
}

/// Words without digits with which a number or its modifier begins.
const OPENINGS: WordList<66> = WordList::of(
    "at a no not more upwards in over above fewer less as up close nearly almost an estimated about around approximately roughly some another \
     other only just all both between from dozens scores hundreds thousands tens several half zero one two three four five six seven eight nine \
     ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety",
);

/// The number that starts at token `i`; total, cheap where there is none.
pub fn number_at(doc: &Document<'_>, i: usize) -> Option<Number> {
    if !doc.token(i).shape.has(Shape::DIGIT) && !OPENINGS.has_word(doc, i) {
        return None;
    }
    let (mut at, mut bound) = (i, Bound::Exact);
    // "at least another 12", "some other 30"
    for _ in 0..2 {
        let goes_on = |words: &[&str]| words.iter().enumerate().all(|(k, w)| doc.word(at + 1 + k) == *w);
        let Some(&(words, b)) = modifiers(doc.word(at)).iter().find(|(words, _)| goes_on(words)) else { break };
        let next = at + 1 + words.len();
        if !starts_number(doc, next) && modifiers(doc.word(next)).is_empty() {
            break;
        }
        at = next;
        bound = if bound == Bound::Exact { b } else { bound };
    }
    if doc.word(at) == "between" || doc.word(at) == "from" {
        let (low, _, end) = value(doc, at + 1)?;
        let joint = if doc.word(at) == "between" { "and" } else { "to" };
        let (high, _, end) = (doc.word(end) == joint).then(|| value(doc, end + 1)).flatten()?;
        return (low < high).then(|| build(TokenSpan::new(i, end), Some(low), Some(low.midpoint(high)), Some(high), false));
    }
    let (n, vague, mut end) = value(doc, at)?;
    if !is_count(doc, at, end, n) {
        return None;
    }
    if vague {
        return Some(build(TokenSpan::new(i, end), Some(n), Some(n), None, true));
    }
    // "10 to 12", "10-12", "10 or 12"
    if (matches!(doc.word(end), "to" | "or" | "–") && bound == Bound::Exact || doc.tag(end) == Tag::Hyphen)
        && let Some((m, false, after)) = value(doc, end + 1).filter(|v| v.0 > n && is_count(doc, end + 1, v.2, v.0))
    {
        return Some(build(TokenSpan::new(i, after), Some(n), Some(n.midpoint(m)), Some(m), false));
    }
    if doc.word(end) == "or" && doc.word(end + 1) == "more" {
        (bound, end) = (Bound::AtLeast, end + 2);
    }
    let tokens = TokenSpan::new(i, end);
    Some(match bound {
        Bound::Exact => build(tokens, Some(n), Some(n), Some(n), false),
        Bound::About => build(tokens, None, Some(n), None, false),
        Bound::AtLeast => build(tokens, Some(n), Some(n), None, false),
        Bound::Over => build(tokens, Some(n.saturating_add(1)), Some(n.saturating_add(1)), None, false),
        Bound::AtMost => build(tokens, None, Some(n), Some(n), false),
        Bound::Under => build(tokens, None, Some(n.saturating_sub(1)), Some(n.saturating_sub(1)), false),
    })
}

/// Whether the token looks like a year: four digits between 1900 and 2099 without a separator.
pub fn is_year_like(doc: &Document<'_>, i: usize) -> bool {
    let raw = doc.raw(i);
    raw.len() == 4 && raw.bytes().all(|b| b.is_ascii_digit()) && (raw.starts_with("19") || raw.starts_with("20"))
}

fn build(tokens: TokenSpan, low: Option<u32>, best: Option<u32>, high: Option<u32>, vague: bool) -> Number {
    Number { tokens, low, best, high, vague }
}

fn starts_number(doc: &Document<'_>, i: usize) -> bool {
    value(doc, i).is_some() || matches!(doc.word(i), "between")
}

/// What rules a number out as a count of things.
fn is_count(doc: &Document<'_>, start: usize, end: usize, n: u32) -> bool {
    let next = doc.word(end);
    let before = start.checked_sub(1).map_or("", |b| doc.word(b));
    let month = |w: &str| {
        matches!(
            w.trim_end_matches('.'),
            "january"
                | "jan"
                | "february"
                | "feb"
                | "march"
                | "mar"
                | "april"
                | "apr"
                | "may"
                | "june"
                | "jun"
                | "july"
                | "jul"
                | "august"
                | "aug"
                | "september"
                | "sept"
                | "sep"
                | "october"
                | "oct"
                | "november"
                | "nov"
                | "december"
                | "dec"
        )
    };
    if matches!(
        next,
        "%" | "percent"
            | "per"
            | "th"
            | "rd"
            | "a.m."
            | "p.m."
            | "am"
            | "pm"
            | "o'clock"
            | "hrs"
            | "km"
            | "kms"
            | "kilometers"
            | "kilometres"
            | "miles"
            | "meters"
            | "metres"
            | "kg"
            | "kilograms"
            | "grams"
            | "mm"
            | "years"
            | "year"
            | "months"
            | "month"
            | "days"
            | "day"
            | "weeks"
            | "hours"
            | "minutes"
    ) {
        return false;
    }
    if matches!(
        before,
        "$" | "rs"
            | "rs."
            | "inr"
            | "pkr"
            | "npr"
            | "lkr"
            | "bdt"
            | "tk"
            | "tk."
            | "usd"
            | "no"
            | "no."
            | "number"
            | "article"
            | "section"
            | "age"
            | "aged"
            | "page"
            | "us$"
            | "#"
    ) || month(before) && n <= 31
    {
        return false;
    }
    // "3 January", "17-year-old", "Highway 7"
    let hyphen = doc.tag(end) == Tag::Hyphen || next == "-";
    if month(next) && n <= 31 && doc.token(end).shape.has(Shape::CAPITAL)
        || hyphen
            && matches!(
                doc.word(end + 1),
                "year" | "day" | "month" | "hour" | "km" | "minute" | "week" | "member" | "point" | "story" | "storey" | "mile" | "nation" | "strong"
            )
    {
        return false;
    }
    // "Riaz 25 was killed": one person and his age.
    if next == "was" && n > 1 && start > 0 && doc.tag(start - 1).is_proper() {
        return false;
    }
    !(is_year_like(doc, start) && end == start + 1 && !counts_despite_year(doc, start))
}

/// A bare year counts nothing unless a noun in the plural follows it ("2000 police officers", not "the 2014 attack").
fn counts_despite_year(doc: &Document<'_>, year: usize) -> bool {
    let determined = year > 0 && matches!(doc.tag(year - 1), Tag::DT | Tag::PRPS | Tag::POS);
    let reach = if determined { 1 } else { 3 };
    let last = (year + 1..=year + reach).take_while(|&i| doc.tag(i).is_noun() || doc.tag(i).is_adjective()).last();
    last.is_some_and(|i| doc.tag(i) == Tag::NNS)
}

/// The bare value at `i`: (number, vague, one past its last token).
fn value(doc: &Document<'_>, i: usize) -> Option<(u32, bool, usize)> {
    let word = doc.word(i);
    match word {
        "dozens" => return Some((24, true, i + 1)),
        "scores" => return Some((40, true, i + 1)),
        "hundreds" => return Some((200, true, i + 1)),
        "thousands" => return Some((2_000, true, i + 1)),
        "tens" if doc.word(i + 1) == "of" && doc.word(i + 2) == "thousands" => return Some((20_000, true, i + 3)),
        "several" => {
            return match scale(doc.word(i + 1)) {
                Some(s) => Some((3 * s, true, i + 2)),
                None => Some((3, true, i + 1)),
            };
        }
        "a" | "an" | "half" => return with_article(doc, i),
        _ => {}
    }
    let (mut total, mut end) = if word.starts_with(|c: char| c.is_ascii_digit()) { (digits(word)?, i + 1) } else { words(doc, i)? };
    while let Some(s) = scale(doc.word(end)).filter(|&s| s > 1) {
        total *= f64::from(s);
        end += 1;
    }
    // A casualty count beyond the world's population is a misreading.
    (0.0..=8e9).contains(&total).then(|| (if total > f64::from(u32::MAX) { u32::MAX } else { total as u32 }, false, end))
}

/// "a dozen", "a hundred", "a couple of", "a few", "half a dozen", "a score of".
fn with_article(doc: &Document<'_>, i: usize) -> Option<(u32, bool, usize)> {
    let at = |k: usize| doc.word(i + k);
    match (at(0), at(1), at(2)) {
        ("half", "a", "dozen") => Some((6, false, i + 3)),
        ("half", "dozen", _) => Some((6, false, i + 2)),
        ("a", "half", "dozen") => Some((6, false, i + 3)),
        ("a", "couple", _) => Some((2, true, i + 2)),
        ("a", "few", next) => match scale(next) {
            Some(s) => Some((3 * s, true, i + 3)),
            None => Some((3, true, i + 2)),
        },
        ("a", "score", "of") => Some((20, false, i + 2)),
        // "a hundred and fifty"
        ("a", "hundred", next) => {
            let rest = words(doc, i + 2 + usize::from(next == "and")).filter(|(n, _)| *n < 100.0);
            Some(rest.map_or((100, false, i + 2), |(n, end)| (100 + n as u32, false, end)))
        }
        ("a" | "an", unit, _) => scale(unit).map(|s| (s, false, i + 2)),
        _ => None,
    }
}

/// Digits with separators; a decimal point is allowed because a scale word may follow ("3.5 million").
fn digits(word: &str) -> Option<f64> {
    let plain: String = word.chars().filter(|&c| c != ',').collect();
    let sound = plain.chars().all(|c| c.is_ascii_digit() || c == '.') && plain.len() <= 15 && plain.matches('.').count() <= 1;
    plain.parse().ok().filter(|_| sound)
}

fn scale(word: &str) -> Option<u32> {
    Some(match word {
        "dozen" => 12,
        "hundred" => 100,
        "thousand" => 1_000,
        "lakh" | "lakhs" => 100_000,
        "million" => 1_000_000,
        "crore" => 10_000_000,
        "billion" => 1_000_000_000,
        _ => return None,
    })
}

/// "twenty-one", "a hundred and five" without its article, "two".
fn words(doc: &Document<'_>, i: usize) -> Option<(f64, usize)> {
    let (total, end) = below_hundred(doc, i)?;
    if end > i + 1 || doc.word(end) != "hundred" {
        return Some((f64::from(total), end));
    }
    let (total, end) = (total * 100, end + 1);
    let and = usize::from(doc.word(end) == "and");
    // "two hundred and three hundred" are two numbers.
    let rest = below_hundred(doc, end + and).filter(|&(_, after)| after > end + and + 1 || doc.word(after) != "hundred");
    Some(rest.map_or((f64::from(total), end), |(rest, after)| (f64::from(total + rest), after)))
}

/// "seven", "forty-two"
fn below_hundred(doc: &Document<'_>, i: usize) -> Option<(u32, usize)> {
    let first = unit(doc.word(i))?;
    let joined = usize::from(doc.word(i + 1) == "-");
    let ones = unit(doc.word(i + 1 + joined)).filter(|n| (1..10).contains(n) && first >= 20);
    Some(ones.map_or((first, i + 1), |ones| (first + ones, i + 2 + joined)))
}

fn unit(word: &str) -> Option<u32> {
    const SMALL: [&str; 20] = [
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
    ];
    const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    SMALL.iter().position(|w| *w == word).map(|n| n as u32).or_else(|| TENS.iter().position(|w| *w == word).map(|n| (n as u32 + 2) * 10))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::TextModel;

    #[track_caller]
    fn check(text: &str, low: Option<u32>, best: Option<u32>, high: Option<u32>) {
        let doc = Document::read(text, &TextModel::default());
        let n = number_at(&doc, 0).map(|n| (n.low, n.best, n.high));
        assert_eq!(n, Some((low, best, high)), "{text}");
    }

    #[track_caller]
    fn check_none(text: &str) {
        let doc = Document::read(text, &TextModel::default());
        assert_eq!(number_at(&doc, 0), None, "{text}");
    }

    #[test]
    fn plain_numbers() {
        check("12 soldiers", Some(12), Some(12), Some(12));
        check("1,200 people", Some(1_200), Some(1_200), Some(1_200));
        check("twenty-one men", Some(21), Some(21), Some(21));
        check("two hundred and five men", Some(205), Some(205), Some(205));
        check("3.5 million people", Some(3_500_000), Some(3_500_000), Some(3_500_000));
        check("two dozen villagers", Some(24), Some(24), Some(24));
        check("half a dozen men", Some(6), Some(6), Some(6));
    }

    #[test]
    fn bounds() {
        check("at least 12 people", Some(12), Some(12), None);
        check("over 100 people", Some(101), Some(101), None);
        check("more than two dozen people", Some(25), Some(25), None);
        check("nearly 30 people", None, Some(30), Some(30));
        check("as many as 40 people", None, Some(40), Some(40));
        check("about 50 people", None, Some(50), None);
        check("between 10 and 12 men", Some(10), Some(11), Some(12));
        check("10 to 12 men", Some(10), Some(11), Some(12));
        check("another 30 people", Some(30), Some(30), Some(30));
        check("at least another seven people", Some(7), Some(7), None);
    }

    #[test]
    fn vague_words_are_floors() {
        check("dozens of people", Some(24), Some(24), None);
        check("scores of officers", Some(40), Some(40), None);
        check("several soldiers", Some(3), Some(3), None);
    }

    #[test]
    fn what_is_no_count() {
        check_none("50 percent of them");
        check_none("17-year-old boy");
        check_none("3 January");
        check_none("2021 .");
        check_none("6 p.m. on Sunday");
        check_none("some villagers");
        check_none("over the hills");
    }
}
