//! What the reports of one incident contradict each other in. Nothing is decided here: it is shown beside what the policies chose.

use super::toll::figures;
use crate::model::incident::{Conflict, ConflictingValue, Party, Report, ReportRef};
use crate::model::record::Incident;
use crate::model::{Count, DateRange};
use serde_json::{Value, json};

/// The fields of which two reports cannot both be right, each with all that is said of it. A report that says less does not contradict
/// one that says more: "at least 9" and 12, "January" and a day of it, a bomb and a car bomb.
pub fn conflicts(reports: &[Report]) -> Vec<Conflict> {
    let toll = |of: fn(&Incident) -> Option<Count>| figures(reports, of).into_iter().map(|f| (f.report, f.count)).collect::<Vec<_>>();
    let kinds = said(reports, |i| Some(i.kind.as_str()));
    let dates = said(reports, |i| i.date);
    let places = said(reports, |i| i.place.as_ref().map(|p| (p.name.as_str(), p.admin1.as_deref(), p.country.as_deref(), p.precision.as_str())));
    let found = [
        conflict("type", &kinds, |a, b| are_two_kinds(a, b), |kind| json!(kind)),
        conflict("date", &dates, |a, b| a.end < b.start || b.end < a.start, |date: &DateRange| json!(date)),
        conflict("place", &places, are_two_places, |(name, admin1, country, _)| json!({ "name": name, "admin1": admin1, "country": country })),
        conflict("killed", &toll(|i| i.killed), are_two_tolls, |count| json!(count)),
        conflict("injured", &toll(|i| i.injured), are_two_tolls, |count| json!(count)),
        conflict("certainty", &said(reports, |i| Some(i.certainty.as_str())), |a, b| (*a == "denied") != (*b == "denied"), |code| json!(code)),
        conflict("perpetrator", &perpetrators(reports), |a, b| a.iter().all(|name| !b.contains(name)), |names| json!(names)),
    ];
    found.into_iter().flatten().collect()
}

/// What each report says of a field, where it says something.
fn said<'r, T>(reports: &'r [Report], of: impl Fn(&'r Incident) -> Option<T>) -> Vec<(&'r Report, T)> {
    reports.iter().filter_map(|r| Some((r, of(&r.incident)?))).collect()
}

/// Who each report says did it, where it names somebody.
fn perpetrators(reports: &[Report]) -> Vec<(&Report, Vec<&str>)> {
    reports.iter().filter(|r| r.parties.iter().any(is_accused)).map(|r| (r, accused_of(&r.parties))).collect()
}

fn accused_of(parties: &[Party]) -> Vec<&str> {
    parties.iter().filter(|p| is_accused(p)).map(|p| p.name.as_str()).collect()
}

fn is_accused(party: &Party) -> bool {
    party.actor.is_some() && matches!(party.role.as_str(), "perpetrator" | "suspected" | "claimant" | "captor")
}

/// All values of a field, each once with its reports, if any two of them cannot be true at once.
fn conflict<T: PartialEq>(field: &'static str, said: &[(&Report, T)], differ: impl Fn(&T, &T) -> bool, show: impl Fn(&T) -> Value) -> Option<Conflict> {
    let contradicts = said.iter().enumerate().any(|(n, (_, a))| said[..n].iter().any(|(_, b)| differ(a, b)));
    if !contradicts {
        return None;
    }
    let mut values: Vec<(&T, Vec<ReportRef>)> = Vec::new();
    for (report, value) in said {
        let at = ReportRef { document: report.source.document.clone(), index: report.index };
        match values.iter_mut().find(|(known, _)| *known == value) {
            Some((_, reports)) => reports.push(at),
            None => values.push((value, vec![at])),
        }
    }
    let values = values.into_iter().map(|(value, reports)| ConflictingValue { value: show(value), reports }).collect();
    Some(Conflict { field: field.to_owned(), values })
}

/// Whether no number is both. Figures that leave no bound open contradict each other where they differ.
fn are_two_tolls(a: &Count, b: &Count) -> bool {
    let below = |a: &Count, b: &Count| a.high.is_some_and(|high| b.low.or(b.figure()).is_some_and(|low| high < low));
    below(a, b) || below(b, a)
}

fn are_two_kinds(a: &str, b: &str) -> bool {
    let class = |kind: &str| kind.split('.').next().unwrap_or_default().to_owned();
    let refines = |a: &str, b: &str| super::reconcile::is_general(a) && (class(a) == class(b) || a == "other.other");
    a != b && !refines(a, b) && !refines(b, a)
}

/// Name, province, country and precision: two towns, or what lies in two provinces or countries.
fn are_two_places(a: &(&str, Option<&str>, Option<&str>, &str), b: &(&str, Option<&str>, Option<&str>, &str)) -> bool {
    let differ = |a: Option<&str>, b: Option<&str>| a.zip(b).is_some_and(|(a, b)| a != b);
    let is_town = |precision: &str| matches!(precision, "exact" | "near");
    differ(a.2, b.2) || differ(a.1, b.1) || a.0 != b.0 && is_town(a.3) && is_town(b.3)
}
