//! When a relation holds: "since 2007", "from 2008 to 2013", "until 2007", "became leader in November 2013".

use super::Found;
use crate::extract::Analysis;
use crate::extract::analysis::DateMention;
use crate::model::{DatePrecision, DateRange};
use jiff::civil::Date;

/// Verbs that begin a relation, which goes on after their day.
const BEGINS: &[&str] = &[
    "become",
    "take",
    "succeed",
    "join",
    "found",
    "establish",
    "form",
    "create",
    "appoint",
    "elect",
    "name",
    "pledge",
    "merge",
    "ban",
    "outlaw",
    "proscribe",
    "designate",
    "list",
    "split",
    "break",
    "swear",
    "replace",
    "declare",
    "launch",
];

/// When a relation holds, as far as the text says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Term {
    /// The date beside it.
    pub date: Option<DateRange>,
    /// Since this partial ISO date; None is open or unknown.
    pub from: Option<String>,
    /// Until this partial ISO date; None is open or unknown.
    pub to: Option<String>,
}

/// The term of a relation by the first date behind its beginning, in it or right behind.
pub(super) fn term(a: &Analysis<'_>, f: &Found) -> Term {
    let sentence = a.doc.sentences().get(a.doc.sentence_of(f.tokens.start as usize)).copied().unwrap_or_default();
    let near = |d: &&DateMention| sentence.contains(d.tokens) && d.tokens.start >= f.tokens.start && d.tokens.start <= f.tokens.end + 3;
    let Some(mention) = a.dates_in(sentence).map(|(_, d)| d).find(near) else { return Term::default() };
    let Some(date) = mention.value else { return Term::default() };
    let (first, last) = partial(date);
    let before = a.doc.word((mention.tokens.start as usize).saturating_sub(1));
    let begins = f.relation == "designated_by" || f.tokens.range().any(|i| a.doc.tag(i).is_verb() && BEGINS.contains(&a.doc.lemma(i)));
    let (from, to) = match before {
        "since" => (Some(first), None),
        "until" | "till" | "through" => (None, Some(last)),
        _ if date.precision == DatePrecision::Range => (Some(first), Some(last)),
        "from" => (Some(first), None),
        _ if begins => (Some(first), None),
        _ => (Some(first), Some(last)),
    };
    Term { date: Some(date), from, to }
}

/// Beginning and end as they were told: whole years as years, whole months as months.
fn partial(date: DateRange) -> (String, String) {
    let begins_year = |d: Date| d.month() == 1 && d.day() == 1;
    let ends_year = |d: Date| d.month() == 12 && d.day() == 31;
    let ends_month = |d: Date| d.day() == d.days_in_month();
    let (start, end) = (date.start, date.end);
    let day = matches!(date.precision, DatePrecision::Day | DatePrecision::Days | DatePrecision::Week);
    if day {
        (start.to_string(), end.to_string())
    } else if begins_year(start) && (ends_year(end) || date.precision == DatePrecision::Range && !ends_month(end)) {
        (format!("{:04}", start.year()), if ends_year(end) { format!("{:04}", end.year()) } else { end.to_string() })
    } else if start.day() == 1 {
        let month = |d: Date| format!("{:04}-{:02}", d.year(), d.month());
        (month(start), if ends_month(end) { month(end) } else { end.to_string() })
    } else {
        (start.to_string(), end.to_string())
    }
}
