//! One incident from all reports of it, by named policies. Nothing of a report is lost: reports stay as they are beside it.

use super::grade::{grade, n_sources, sources};
use super::toll;
use crate::model::casualty::{CasualtyPolicy, OtherFigures};
use crate::model::id::fold_name;
use crate::model::incident::{Party, Report};
use crate::model::plan::Reconciled;
use crate::model::record::Place;
use crate::model::redact;
use crate::model::{DatePrecision, DateRange};
use std::collections::BTreeMap;

/// What all reports together say, its figures under `policy`. `reports` are of one incident, in order of publication, the oldest first, and
/// those of one day in an order that does not depend on their arrival; None without any.
pub fn reconcile(reports: &[Report], policy: CasualtyPolicy) -> Option<Reconciled> {
    let lead = lead(reports)?;
    let background = reports.iter().all(|r| r.incident.background);
    let mut parties = parties(reports);
    super::claim::settle(reports, &mut parties);
    let sources = sources(reports);
    let (dead, hurt) = (toll::figures(reports, |i| i.killed), toll::figures(reports, |i| i.injured));
    let (killed, injured) = (toll::toll(&dead, policy), toll::toll(&hurt, policy));
    toll::count_once(&mut parties, killed, injured);
    Some(Reconciled {
        kind: kind(reports),
        date: date(reports),
        place: place(reports),
        killed,
        injured,
        other_figures: OtherFigures { killed: toll::alternatives(&dead, killed), injured: toll::alternatives(&hurt, injured) },
        weapons: in_order(reports.iter().flat_map(|r| r.incident.weapons.iter().map(|w| w.kind.as_str()))),
        attributes: attributes(reports, lead),
        certainty: certainty(reports).to_owned(),
        evidence_grade: grade(reports, &parties).to_owned(),
        parties,
        background,
        fictional: reports.iter().all(|r| r.source.fictional),
        confidence: confidence(reports, &sources),
        summary: summary(reports).unwrap_or(&lead.incident.summary).to_owned(),
        n_reports: reports.len() as u32,
        n_sources: n_sources(&sources) as u32,
        status: "machine".to_owned(),
    })
}

/// The report that speaks for all: news before background, then the surest, then the latest.
fn lead(reports: &[Report]) -> Option<&Report> {
    reports.iter().enumerate().max_by(|(n, a), (m, b)| rank(a).partial_cmp(&rank(b)).unwrap_or(std::cmp::Ordering::Equal).then(n.cmp(m))).map(|(_, r)| r)
}

/// The summary of the report that speaks for all, of those that have one: the words of withdrawn documents are gone.
fn summary(reports: &[Report]) -> Option<&str> {
    let told = || reports.iter().enumerate().filter(|(_, r)| r.incident.summary != redact::SUMMARY);
    let best = told().max_by(|(n, a), (m, b)| rank(a).partial_cmp(&rank(b)).unwrap_or(std::cmp::Ordering::Equal).then(n.cmp(m)));
    best.map(|(_, r)| r.incident.summary.as_str())
}

fn rank(report: &Report) -> (bool, f64) {
    (!report.incident.background, report.incident.confidence)
}

/// The type that most reports give, news counting twice; a type that says nothing of the means gives way to one that does.
fn kind(reports: &[Report]) -> String {
    let mut votes: BTreeMap<&str, u32> = BTreeMap::new();
    for r in reports {
        *votes.entry(&r.incident.kind).or_default() += if r.incident.background { 1 } else { 2 };
    }
    let specific_of_class = |kind: &str| votes.keys().any(|k| !is_general(k) && k.split('.').next() == kind.split('.').next());
    let candidates = votes.iter().filter(|(kind, _)| !is_general(kind) || !specific_of_class(kind));
    let best = candidates.max_by(|(k, n), (l, m)| n.cmp(m).then(l.cmp(k))).map(|(kind, _)| (*kind).to_owned());
    best.unwrap_or_default()
}

/// Whether a type says nothing of the means.
pub(super) fn is_general(kind: &str) -> bool {
    matches!(kind, "explosion.bomb" | "attack.armed_assault" | "other.other")
}

/// The most precise date; among equally precise ones that of most reports, then the earliest report's: a follow-up takes its own day for that of the event.
fn date(reports: &[Report]) -> Option<DateRange> {
    let dates: Vec<DateRange> = reports.iter().filter_map(|r| r.incident.date).collect();
    let finest = dates.iter().map(|d| width(*d)).min()?;
    let votes = |d: DateRange| dates.iter().filter(|&&other| other == d).count();
    dates.iter().copied().enumerate().filter(|(_, d)| width(*d) == finest).max_by_key(|&(n, d)| (votes(d), std::cmp::Reverse(n))).map(|(_, d)| d)
}

fn width(date: DateRange) -> u8 {
    match date.precision {
        DatePrecision::Day => 0,
        DatePrecision::Days => 1,
        DatePrecision::Week => 2,
        DatePrecision::Range => 3,
        DatePrecision::Month => 4,
        DatePrecision::Year => 5,
        DatePrecision::Unknown => 6,
    }
}

/// The most precise place, with a site if any report of that place names one; among equally precise ones the latest report's.
fn place(reports: &[Report]) -> Option<Place> {
    let fineness = |p: &Place| match p.precision.as_str() {
        "exact" => 6,
        "near" => 5,
        "admin2" => 4,
        "area" => 3,
        "admin1" => 2,
        "country" => 1,
        _ => 0,
    };
    let places = || reports.iter().filter_map(|r| r.incident.place.as_ref());
    let mut best = places().enumerate().max_by_key(|(n, p)| (fineness(p), p.latitude.is_some(), *n)).map(|(_, p)| p.clone())?;
    if best.site.is_none() {
        best.site = places().rev().filter(|p| p.name == best.name).find_map(|p| p.site.clone());
    }
    Some(best)
}

/// Each party once for each role, named ones by actor, unnamed ones by their words; of their counts the latest.
fn parties(reports: &[Report]) -> Vec<Party> {
    let mut all: Vec<Party> = Vec::new();
    for party in reports.iter().flat_map(|r| &r.parties) {
        let same = |p: &&mut Party| {
            p.role == party.role
                && match (&p.actor, &party.actor) {
                    (Some(a), Some(b)) => a == b,
                    (None, None) => fold_name(&p.name) == fold_name(&party.name),
                    _ => false,
                }
        };
        match all.iter_mut().find(same) {
            Some(known) => {
                known.count = party.count.or(known.count);
                known.target_type = known.target_type.take().or_else(|| party.target_type.clone());
            }
            None => all.push(party.clone()),
        }
    }
    all
}

/// The attributes that any report gives; of success or failure only what the leading report says, as they exclude each other.
fn attributes(reports: &[Report], lead: &Report) -> Vec<String> {
    let outcome = |code: &str| code.starts_with("success.");
    let of_lead = lead.incident.attributes.iter().find(|a| outcome(a));
    let of_others = || reports.iter().rev().flat_map(|r| &r.incident.attributes).find(|a| outcome(a));
    let others = reports.iter().flat_map(|r| &r.incident.attributes).filter(|a| !outcome(a));
    in_order(others.chain(of_lead.or_else(of_others)).map(String::as_str))
}

/// What the boldest report says: one that asserts outweighs ten that only pass on.
fn certainty(reports: &[Report]) -> &str {
    const ORDER: [&str; 7] = ["reported", "claimed", "alleged", "denied", "threatened", "planned", "hypothetical"];
    let rank = |code: &str| ORDER.iter().position(|c| *c == code).unwrap_or(ORDER.len());
    reports.iter().map(|r| r.incident.certainty.as_str()).min_by_key(|code| rank(code)).unwrap_or("reported")
}

/// That not all independent sources err: each adds the best of its reports. Never 1: sources can err together.
fn confidence(reports: &[Report], sources: &[Option<usize>]) -> f64 {
    const MOST: f64 = 0.99;
    let mut by_source: BTreeMap<usize, f64> = BTreeMap::new();
    for (report, source) in reports.iter().zip(sources).filter_map(|(r, s)| Some((r, (*s)?))) {
        let best = by_source.entry(source).or_default();
        *best = best.max(report.incident.confidence.clamp(0.0, 1.0));
    }
    let doubt: f64 = by_source.values().map(|c| 1.0 - c).product();
    ((1.0 - doubt) * 100.0).round().min(MOST * 100.0) / 100.0
}

fn in_order<'a>(codes: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    for code in codes {
        if !seen.iter().any(|s| s == code) {
            seen.push(code.to_owned());
        }
    }
    seen
}
