//! Who claims an incident, over all its reports: claims that compete, were doubted or taken back.

use crate::model::id::fold_name;
use crate::model::incident::{Party, Report};
use std::collections::BTreeSet;

/// Gives the claimants and deniers among the parties their standing. `reports` are in order of publication: the last word of a group counts.
pub(super) fn settle(reports: &[Report], parties: &mut [Party]) {
    let retracted: Vec<bool> = parties.iter().map(|p| is_retracted(reports, p)).collect();
    let n_claimants = parties.iter().zip(&retracted).filter(|(p, back)| p.role == "claimant" && !**back).map(|(p, _)| key(p)).collect::<BTreeSet<_>>().len();
    for (party, back) in parties.iter_mut().zip(retracted) {
        let doubted = || told(reports, party).any(|(_, p)| p.standing.as_deref() == Some("disputed"));
        let standing = match party.role.as_str() {
            "claimant" | "denier" if back => Some("retracted"),
            "claimant" if n_claimants > 1 => Some("competing"),
            "claimant" if doubted() => Some("disputed"),
            "claimant" => Some("uncontested"),
            _ => None,
        };
        party.standing = standing.map(str::to_owned);
    }
}

/// Whether the group's last word on the incident is the opposite, or every report tells that it took it back.
fn is_retracted(reports: &[Report], party: &Party) -> bool {
    let opposite = match party.role.as_str() {
        "claimant" => "denier",
        "denier" => "claimant",
        _ => return false,
    };
    let last = |role: &str| {
        let own = Party { role: role.to_owned(), ..party.clone() };
        told(reports, &own).filter(|(_, p)| p.standing.as_deref() != Some("retracted")).map(|(n, _)| n).max()
    };
    match (last(&party.role), last(opposite)) {
        (None, _) => true,
        (Some(own), Some(other)) => other > own,
        (Some(_), None) => false,
    }
}

/// What each report says of a party in its role, with the place of the report.
fn told<'r>(reports: &'r [Report], party: &'r Party) -> impl Iterator<Item = (usize, &'r Party)> {
    let (key, role) = (key(party), party.role.as_str());
    reports.iter().enumerate().flat_map(|(n, r)| r.parties.iter().map(move |p| (n, p))).filter(move |(_, p)| p.role == role && self::key(p) == key)
}

/// The stored actor, or the folded name.
fn key(party: &Party) -> String {
    party.actor.clone().unwrap_or_else(|| fold_name(&party.name))
}
