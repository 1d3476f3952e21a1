//! From a merge patch to changes of an incident: every value is checked against the closed lists.

use super::participants::participants;
use super::place::{place_changes, site_change};
use crate::api::problem::{Code, Fault, Problem};
use crate::api::query::QueryValue;
use crate::api::{App, filter::PartialDay};
use crate::lexicon::codes::Codes;
use crate::model::correction::Change;
use crate::model::incident::IncidentRow;
use crate::model::{Count, DatePrecision, DateRange};
use serde_json::{Map, Value, json};

/// Members that a patch may have beside `reason`.
const MEMBERS: [&str; 14] = [
    "type",
    "date",
    "place",
    "site",
    "killed",
    "injured",
    "participants",
    "weapons",
    "attributes",
    "certainty",
    "evidence_grade",
    "summary",
    "background",
    "reason",
];
/// Longest summary, in characters.
const MAX_SUMMARY: usize = 2000;
/// Most codes of one member.
const MAX_CODES: usize = 50;

/// What a patch changes of an incident.
///
/// # Errors
/// 422 with every member that is wrong and what is allowed.
pub async fn changes(app: &App, row: &IncidentRow, patch: &Map<String, Value>) -> Result<Vec<Change>, Problem> {
    let mut found = Faults::default();
    let mut changes = Vec::new();
    if patch.is_empty() {
        found.add(Fault::pointer("", "has no member but the reason, so nothing would change"));
    }
    for (member, value) in patch {
        match member.as_str() {
            "place" => changes.extend(place_changes(app, row, value, &mut found).await?),
            "site" => changes.extend(site_change(row, patch.get("place"), value, &mut found)),
            "participants" => changes.extend(participants(app, row, value, &mut found).await?),
            _ => changes.extend(simple(&app.codes, row, member, value, &mut found)),
        }
    }
    found.finish(changes)
}

/// Members whose value needs no looking up in the base.
fn simple(codes: &Codes, row: &IncidentRow, member: &str, value: &Value, found: &mut Faults) -> Option<Change> {
    let pointer = format!("/{member}");
    let at = pointer.as_str();
    Some(match member {
        "type" => Change::Type(code(codes, "incident_types", at, value, found)?),
        "date" => Change::Date(if value.is_null() { None } else { Some(date(row.date, at, value, found)?) }),
        "killed" => Change::Killed(if value.is_null() { None } else { Some(count(row.killed, at, value, found)?) }),
        "injured" => Change::Injured(if value.is_null() { None } else { Some(count(row.injured, at, value, found)?) }),
        "weapons" => Change::Weapons(code_list(codes, "weapon_kinds", at, value, found)?),
        "attributes" => Change::Attributes(code_list(codes, "incident_attributes", at, value, found)?),
        "certainty" => Change::Certainty(code(codes, "certainty", at, value, found)?),
        "evidence_grade" => Change::EvidenceGrade(code(codes, "evidence_grades", at, value, found)?),
        "summary" => Change::Summary(text(at, value, MAX_SUMMARY, found)?),
        "background" => match value.as_bool() {
            Some(background) => Change::Background(background),
            None => return found.none(Fault::pointer(at, "is neither true nor false")),
        },
        _ => return found.none(Fault::pointer(at, "is not a member that can be set").with_allowed(member, MEMBERS)),
    })
}

/// What is wrong with a request, member by member.
#[derive(Debug, Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// One more.
    pub fn add(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    /// One more, and so no value.
    pub fn none<T>(&mut self, fault: Fault) -> Option<T> {
        self.add(fault);
        None
    }

    /// The value, unless something was wrong.
    ///
    /// # Errors
    /// 422 with everything that is wrong.
    pub fn finish<T>(self, value: T) -> Result<T, Problem> {
        if self.0.is_empty() { Ok(value) } else { Err(Problem::of(Code::InvalidBody, self.0)) }
    }
}

/// A code of a list.
pub fn code(codes: &Codes, list: &str, at: &str, value: &Value, found: &mut Faults) -> Option<String> {
    let all = || codes.list(list).into_iter().flat_map(|l| l.codes.iter().map(|c| c.code.as_str()));
    let given = match value {
        Value::String(given) => given.as_str(),
        Value::Null => return found.none(Fault::pointer(at, "cannot be taken away").with_allowed("", all())),
        _ => return found.none(Fault::pointer(at, format!("is not a code of /v1/codes/{list}")).with_allowed("", all())),
    };
    if all().any(|c| c == given) {
        return Some(given.to_owned());
    }
    let shown: String = given.chars().take(80).collect();
    found.none(Fault::pointer(at, format!("\"{shown}\" is not a code of /v1/codes/{list}")).with_allowed(given, all()))
}

/// Codes of a list, each once; `null` is none.
fn code_list(codes: &Codes, list: &str, at: &str, value: &Value, found: &mut Faults) -> Option<Vec<String>> {
    let values = match value {
        Value::Null => return Some(Vec::new()),
        Value::Array(values) if values.len() <= MAX_CODES => values,
        _ => return found.none(Fault::pointer(at, format!("is not an array of at most {MAX_CODES} codes; it takes the place of all that are there"))),
    };
    let mut all: Vec<String> = Vec::new();
    let mut is_whole = true;
    for (n, value) in values.iter().enumerate() {
        match code(codes, list, &format!("{at}/{n}"), value, found) {
            Some(code) if !all.contains(&code) => all.push(code),
            Some(_) => {}
            None => is_whole = false,
        }
    }
    is_whole.then_some(all)
}

/// Words, not blank.
pub fn text(at: &str, value: &Value, max: usize, found: &mut Faults) -> Option<String> {
    let given = value.as_str().map(str::trim).unwrap_or_default();
    if given.is_empty() {
        return found.none(Fault::pointer(at, "is not a text with something in it"));
    }
    if given.chars().count() > max || given.chars().any(char::is_control) {
        return found.none(Fault::pointer(at, format!("is longer than {max} characters or holds control characters")));
    }
    Some(given.to_owned())
}

/// A number, or members merged into the count that is there.
pub fn count(now: Option<Count>, at: &str, value: &Value, found: &mut Faults) -> Option<Count> {
    const BAD: &str = "is not a whole number from 0 to 4294967295";
    let number = |value: &Value| value.as_u64().and_then(|n| u32::try_from(n).ok());
    let members = match value {
        Value::Object(members) => members,
        _ => {
            return match number(value) {
                Some(n) => Some(Count::exact(n)),
                None => found.none(Fault::pointer(at, format!("{BAD}, nor an object of `low`, `best` and `high`"))),
            };
        }
    };
    let mut count = now.unwrap_or_default();
    let mut is_right = true;
    for (name, value) in members {
        let bound = match name.as_str() {
            "low" => &mut count.low,
            "best" => &mut count.best,
            "high" => &mut count.high,
            _ => {
                is_right = false;
                found.add(Fault::pointer(format!("{at}/{name}"), "is not a member of a count").with_allowed(name, ["low", "best", "high"]));
                continue;
            }
        };
        *bound = number(value);
        if bound.is_none() && !value.is_null() {
            is_right = false;
            found.add(Fault::pointer(format!("{at}/{name}"), format!("{BAD}, nor null")));
        }
    }
    let ordered: Vec<u32> = [count.low, count.best, count.high].into_iter().flatten().collect();
    if is_right && !ordered.is_sorted() {
        let whole = json!(count);
        return found.none(Fault::pointer(at, format!("would be {whole}: give `low`, `best` and `high` so that none is above the next")));
    }
    if is_right && ordered.is_empty() {
        return found.none(Fault::pointer(at, "would have no bound left; set it to null where no figure is known"));
    }
    is_right.then_some(count)
}

/// A day, month or year, or members merged into the date that is there.
fn date(now: Option<DateRange>, at: &str, value: &Value, found: &mut Faults) -> Option<DateRange> {
    let members = match value {
        Value::Object(members) => members,
        Value::String(text) => {
            return match PartialDay::parse(text) {
                Ok(day) => Some(range(day, precision_of(text))),
                Err(bad) => found.none(Fault::pointer(at, bad.detail)),
            };
        }
        _ => return found.none(Fault::pointer(at, "is neither a day, month or year nor an object of `start`, `end` and `precision`")),
    };
    let mut whole = now.map_or_else(Map::new, |now| json!({"start": now.start, "end": now.end}).as_object().cloned().unwrap_or_default());
    for (name, value) in members {
        if !["start", "end", "precision"].contains(&name.as_str()) {
            return found.none(Fault::pointer(format!("{at}/{name}"), "is not a member of a date").with_allowed(name, ["start", "end", "precision"]));
        }
        whole.insert(name.clone(), value.clone());
    }
    let day = |name: &str| whole.get(name).and_then(|v| v.as_str()?.parse::<jiff::civil::Date>().ok());
    let Some((start, end)) = day("start").zip(day("end")) else {
        return found.none(Fault::pointer(at, "needs `start` and `end`, days such as 2023-01-30"));
    };
    if start > end {
        return found.none(Fault::pointer(at, format!("would begin on {start} and end on {end}, before it")));
    }
    let guessed = if start == end { DatePrecision::Day } else { DatePrecision::Range };
    let precision = match whole.get("precision") {
        None => guessed,
        Some(given) => match serde_json::from_value(given.clone()) {
            Ok(precision) => precision,
            Err(_) => {
                let words = ["day", "days", "week", "month", "year", "range", "unknown"];
                let given = given.as_str().unwrap_or_default();
                return found.none(Fault::pointer(format!("{at}/precision"), "is not a precision").with_allowed(given, words));
            }
        },
    };
    if precision == DatePrecision::Day && start != end {
        return found.none(Fault::pointer(format!("{at}/precision"), "is `day`, and `start` and `end` differ"));
    }
    Some(DateRange { start, end, precision })
}

fn precision_of(text: &str) -> DatePrecision {
    match text.len() {
        4 => DatePrecision::Year,
        7 => DatePrecision::Month,
        _ => DatePrecision::Day,
    }
}

fn range(day: PartialDay, precision: DatePrecision) -> DateRange {
    DateRange { start: day.first, end: day.last, precision }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_count(now: Option<Count>, value: Value, expect: Result<Count, &str>) {
        let mut found = Faults::default();
        let got = count(now, "/killed", &value, &mut found);
        match expect {
            Ok(count) => assert_eq!((got, found.0.len()), (Some(count), 0), "{value}"),
            Err(pointer) => assert_eq!((got, found.0.first().and_then(|f| f.pointer.as_deref())), (None, Some(pointer)), "{value}"),
        }
    }

    #[test]
    fn counts_are_set_or_merged() {
        let now = Some(Count { low: Some(9), best: Some(12), high: Some(15) });
        check_count(now, json!(14), Ok(Count::exact(14)));
        check_count(now, json!({"best": 13}), Ok(Count { low: Some(9), best: Some(13), high: Some(15) }));
        check_count(now, json!({"high": null}), Ok(Count { low: Some(9), best: Some(12), high: None }));
        check_count(now, json!({"best": 16}), Err("/killed"));
        check_count(None, json!({}), Err("/killed"));
        check_count(None, json!(-1), Err("/killed"));
        check_count(None, json!(1.5), Err("/killed"));
        check_count(None, json!("12"), Err("/killed"));
        check_count(None, json!({"lowest": 1}), Err("/killed/lowest"));
        check_count(None, json!({"low": "x"}), Err("/killed/low"));
    }

    #[track_caller]
    fn check_date(value: Value, expect: Result<(&str, &str, DatePrecision), &str>) {
        let now = Some(DateRange::day(jiff::civil::date(2023, 1, 30)));
        let mut found = Faults::default();
        let got = date(now, "/date", &value, &mut found).map(|d| (d.start.to_string(), d.end.to_string(), d.precision));
        match expect {
            Ok((start, end, precision)) => assert_eq!(got, Some((start.to_owned(), end.to_owned(), precision)), "{value}"),
            Err(pointer) => assert_eq!((got, found.0.first().and_then(|f| f.pointer.as_deref())), (None, Some(pointer)), "{value}"),
        }
    }

    #[test]
    fn dates_are_set_or_merged() {
        check_date(json!("2023-01-29"), Ok(("2023-01-29", "2023-01-29", DatePrecision::Day)));
        check_date(json!("2023-02"), Ok(("2023-02-01", "2023-02-28", DatePrecision::Month)));
        check_date(json!("2023"), Ok(("2023-01-01", "2023-12-31", DatePrecision::Year)));
        check_date(json!({"end": "2023-01-31"}), Ok(("2023-01-30", "2023-01-31", DatePrecision::Range)));
        check_date(json!({"start": "2023-01-29", "precision": "days"}), Ok(("2023-01-29", "2023-01-30", DatePrecision::Days)));
        check_date(json!({"start": "2023-02-01"}), Err("/date"));
        check_date(json!({"start": null}), Err("/date"));
        check_date(json!({"end": "2023-01-31", "precision": "day"}), Err("/date/precision"));
        check_date(json!({"precision": "exactly"}), Err("/date/precision"));
        check_date(json!({"day": "2023-01-31"}), Err("/date/day"));
        check_date(json!("30 January"), Err("/date"));
        check_date(json!(2023), Err("/date"));
    }
}
