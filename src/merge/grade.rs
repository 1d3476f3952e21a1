//! How well an incident is attested.

use crate::model::incident::{Party, Report};
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

/// Code of the evidence grade list, by the definitions given there; `parties` with their standing.
pub(super) fn grade(reports: &[Report], parties: &[Party]) -> &'static str {
    let certainty = |code: &str| reports.iter().any(|r| r.incident.certainty == code);
    let all = |code: &str| !reports.is_empty() && reports.iter().all(|r| r.incident.certainty == code);
    let standing = |role: &str, standing: &str| parties.iter().any(|p| p.role == role && p.standing.as_deref() == Some(standing));
    let is_standing = |p: &&Party| p.standing.as_deref() != Some("retracted");
    let n_claimants = parties.iter().filter(|p| p.role == "claimant").filter(is_standing).count();
    let taken_back = standing("claimant", "retracted");
    // Known from a claim alone that was taken back.
    if all("denied") || all("claimed") && taken_back && n_claimants == 0 {
        return "discounted";
    }
    let denied = certainty("denied") || parties.iter().filter(|p| p.role == "denier").any(|p| is_standing(&p));
    if n_claimants > 1 || taken_back || denied || standing("claimant", "disputed") {
        return "contested";
    }
    let owned = n_claimants > 0 || certainty("claimed");
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
