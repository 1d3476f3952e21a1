//! How alike a report and a stored incident are. A score in log-odds from named features, so that every merge can be explained; vetoes for
//! what cannot be one incident whatever else agrees.

use crate::lexicon::gazetteer::kilometres;
use crate::model::comparison::{Comparison, Part};
use crate::model::id::fold_name;
use crate::model::incident::{IncidentPlace, IncidentRow, Party};
use crate::model::record::{Incident, Participant, Place};
use crate::model::{Count, DatePrecision, DateRange};

/// Log-odds of two incidents of one class and country, days apart at most, before anything else is known of them.
const PRIOR: f64 = -3.2;
/// Towns further apart than this are two.
const FAR_KM: f64 = 50.0;

/// Compares what one document says with what is known of an incident.
pub fn compare(report: &Incident, known: &IncidentRow) -> Comparison {
    Comparison::of([
        Part::Feature("prior", PRIOR),
        kinds(&report.kind, &known.kind),
        happened(&report.certainty, &known.certainty),
        dates(report.date, known.date),
        places(report.place.as_ref(), known.place.as_ref()),
        figures("killed", report.killed, known.killed, 1.0),
        figures("injured", report.injured, known.injured, 0.5),
        perpetrators(&report.participants, &known.parties),
        victims(&report.participants, &known.parties),
        targets(&report.participants, &known.parties),
        weapons(report, known),
    ])
}

fn class(kind: &str) -> &str {
    kind.split('.').next().unwrap_or(kind)
}

fn kinds(a: &str, b: &str) -> Part {
    if a == b {
        Part::Feature("type", 1.0)
    } else if class(a) == class(b) {
        Part::Feature("type", 0.3)
    } else {
        Part::Veto("class")
    }
}

/// What was planned or threatened is not what happened, even on the same day.
fn happened(a: &str, b: &str) -> Part {
    let real = |certainty: &str| matches!(certainty, "reported" | "alleged" | "claimed" | "denied");
    if real(a) == real(b) { Part::Nothing } else { Part::Veto("certainty") }
}

fn dates(a: Option<DateRange>, b: Option<DateRange>) -> Part {
    let (Some(a), Some(b)) = (a, b) else { return Part::Feature("date", -0.5) };
    let exact = a.precision == DatePrecision::Day && b.precision == DatePrecision::Day;
    let gap = if a.start > b.end { days(b.end, a.start) } else { days(a.end, b.start) }.max(0);
    match (exact, gap) {
        (true, 0) => Part::Feature("date", 2.0),
        (false, 0) => Part::Feature("date", if a.contains(b) || b.contains(a) { 0.8 } else { 0.4 }),
        // The day of a report is easily taken for the day of the event.
        (_, 1) => Part::Feature("date", 0.3),
        (true, _) => Part::Veto("days"),
        (false, 2..=3) => Part::Feature("date", -1.0),
        (false, _) => Part::Veto("days"),
    }
}

fn days(from: jiff::civil::Date, to: jiff::civil::Date) -> i32 {
    to.since(from).map_or(i32::MAX, |span| span.get_days())
}

fn places(a: Option<&Place>, b: Option<&IncidentPlace>) -> Part {
    let (Some(a), Some(b)) = (a, b) else { return Part::Feature("place", -0.7) };
    if let (Some(x), Some(y)) = (&a.country, &b.country)
        && x != y
    {
        return Part::Veto("country");
    }
    let is_point = |precision: &str| matches!(precision, "exact" | "near");
    let position = |latitude: Option<f64>, longitude: Option<f64>| latitude.zip(longitude);
    let distance = position(a.latitude, a.longitude).zip(position(b.latitude, b.longitude)).map(|(x, y)| kilometres(x, y));
    if is_point(&a.precision) && is_point(&b.precision) {
        let same_name = fold_name(&a.name) == fold_name(&b.name);
        return match distance {
            Some(km) if km > FAR_KM => Part::Veto("distance"),
            _ if same_name && a.site.is_some() && b.site.is_some() => Part::Feature("place", 2.2),
            _ if same_name => Part::Feature("place", 2.0),
            Some(km) if km < 5.0 => Part::Feature("place", 1.6),
            Some(km) if km < 20.0 => Part::Feature("place", 0.8),
            Some(_) => Part::Feature("place", 0.0),
            None => Part::Feature("place", -0.5),
        };
    }
    let equal = |x: Option<&String>, y: Option<&String>| x.zip(y).map(|(x, y)| fold_name(x) == fold_name(y));
    match (equal(a.admin2.as_ref(), b.admin2.as_ref()), equal(a.admin1.as_ref(), b.admin1.as_ref())) {
        (Some(true), _) => Part::Feature("place", 1.2),
        // District names change and are given for towns just over their bounds, so another district is no veto.
        (_, Some(true)) => Part::Feature("place", 0.4),
        (_, Some(false)) => Part::Veto("province"),
        _ if a.country.is_some() && a.country == b.country => Part::Feature("place", -0.2),
        _ => Part::Feature("place", -0.7),
    }
}

/// Equal tolls speak for one incident, tolls apart against it; later reports count more, so a factor of two costs little.
fn figures(name: &'static str, a: Option<Count>, b: Option<Count>, weight: f64) -> Part {
    let (Some(x), Some(y)) = (a.and_then(Count::figure), b.and_then(Count::figure)) else { return Part::Nothing };
    if x == y {
        // That three died says less than that seventeen did.
        return Part::Feature(name, weight * (0.6 + 0.25 * f64::from(x).ln_1p()).min(1.4));
    }
    let factor = ((f64::from(x) + 1.0) / (f64::from(y) + 1.0)).ln().abs();
    Part::Feature(name, weight * (0.5 - factor).max(-2.5))
}

fn perpetrators(a: &[Participant], b: &[Party]) -> Part {
    let is = |role: &str| matches!(role, "perpetrator" | "suspected" | "claimant" | "captor");
    let names_a: Vec<String> = a.iter().filter(|p| is(&p.role)).filter_map(|p| p.name.as_deref().map(fold_name)).collect();
    let names_b: Vec<String> = b.iter().filter(|p| is(&p.role) && p.actor.is_some()).map(|p| fold_name(&p.name)).collect();
    if names_a.is_empty() || names_b.is_empty() {
        return Part::Nothing;
    }
    Part::Feature("perpetrator", if names_a.iter().any(|n| names_b.contains(n)) { 0.8 } else { -0.6 })
}

/// Named persons who were hit or meant: one in common speaks strongly for one incident; both named and none in common forbids it.
fn victims(a: &[Participant], b: &[Party]) -> Part {
    let is = |role: &str| matches!(role, "victim" | "target" | "captive");
    let names_a: Vec<String> = a.iter().filter(|p| is(&p.role) && p.kind == "person").filter_map(|p| p.name.as_deref().map(fold_name)).collect();
    let names_b: Vec<String> = b.iter().filter(|p| is(&p.role) && p.kind == "person").map(|p| fold_name(&p.name)).collect();
    if names_a.is_empty() || names_b.is_empty() {
        return Part::Nothing;
    }
    // "Khan" and "Wali Khan" may be one man: one word in common is enough not to forbid.
    let share = |x: &str, y: &str| x.split(' ').any(|word| word.len() > 2 && y.split(' ').any(|other| other == word));
    let pairs = || names_a.iter().flat_map(|x| names_b.iter().map(move |y| (x, y)));
    if pairs().any(|(x, y)| x == y) {
        Part::Feature("victim", 2.0)
    } else if pairs().any(|(x, y)| share(x, y)) {
        Part::Feature("victim", 0.8)
    } else {
        Part::Veto("victims")
    }
}

fn targets(a: &[Participant], b: &[Party]) -> Part {
    let kinds_a: Vec<&str> = a.iter().filter_map(|p| p.target_type.as_deref()).collect();
    let kinds_b: Vec<&str> = b.iter().filter_map(|p| p.target_type.as_deref()).collect();
    if kinds_a.is_empty() || kinds_b.is_empty() {
        return Part::Nothing;
    }
    if kinds_a.iter().any(|k| kinds_b.contains(k)) {
        Part::Feature("target", 0.6)
    } else if kinds_a.iter().any(|x| kinds_b.iter().any(|y| class(x) == class(y))) {
        Part::Feature("target", 0.2)
    } else {
        Part::Feature("target", -0.5)
    }
}

fn weapons(a: &Incident, b: &IncidentRow) -> Part {
    if a.weapons.is_empty() || b.weapons.is_empty() {
        return Part::Nothing;
    }
    if a.weapons.iter().any(|w| b.weapons.contains(&w.kind)) {
        Part::Feature("weapon", 0.4)
    } else if a.weapons.iter().any(|w| b.weapons.iter().any(|k| class(k) == class(&w.kind))) {
        Part::Feature("weapon", 0.1)
    } else {
        Part::Feature("weapon", -0.4)
    }
}
