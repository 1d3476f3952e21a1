//! How well an incident is attested.

use crate::model::incident::Report;
use std::collections::BTreeSet;

/// Sources that do not depend on each other: documents, with near-duplicates and documents of one publisher counted once.
pub(super) fn sources(reports: &[Report]) -> BTreeSet<&str> {
    reports.iter().map(|r| origin(r, reports)).collect()
}

/// The publisher of the text that a report's document repeats, or of the document itself; the document where no publisher is known.
pub(super) fn origin<'r>(report: &'r Report, reports: &'r [Report]) -> &'r str {
    let source = &report.source;
    let original = source.near_duplicate_of.as_deref().unwrap_or(&source.document);
    let publisher = reports.iter().find(|r| r.source.document == original).map_or(&source.source, |r| &r.source.source);
    publisher.as_deref().unwrap_or(original)
}

/// Code of the evidence grade list, by the definitions given there.
pub(super) fn grade(reports: &[Report]) -> &'static str {
    let voice = |kind: &str| reports.iter().flat_map(|r| &r.voices).any(|v| v.kind == kind);
    let certainty = |code: &str| reports.iter().any(|r| r.incident.certainty == code);
    if !reports.is_empty() && reports.iter().all(|r| r.incident.certainty == "denied") || voice("retraction") {
        return "discounted";
    }
    let parties = || reports.iter().flat_map(|r| &r.parties);
    let claimants: BTreeSet<&str> = parties().filter(|p| p.role == "claimant").map(|p| p.actor.as_deref().unwrap_or(&p.name)).collect();
    let denied = certainty("denied") || parties().any(|p| p.role == "denier");
    if claimants.len() > 1 || denied {
        return "contested";
    }
    let owned = !claimants.is_empty() || certainty("claimed");
    let official = reports.iter().flat_map(|r| &r.voices).any(|v| {
        let speaks_for_state = v.speaker_type.as_deref().is_some_and(|t| t.starts_with("state.") || t == "person.official");
        speaks_for_state && matches!(v.kind.as_str(), "report" | "announcement" | "condemnation" | "accusation")
    });
    let n_sources = sources(reports).len();
    match (owned, official, n_sources) {
        (true, _, _) | (_, true, 2..) => "confirmed",
        (_, _, 2..) => "corroborated",
        _ => "single_source",
    }
}
