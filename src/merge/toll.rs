//! One toll from those of several reports.

use super::grade::is_official;
use crate::model::Count;
use crate::model::casualty::{Alternatives, CasualtyPolicy};
use crate::model::incident::{Party, Report};
use crate::model::record::Incident;

/// Floors by convention: several, dozens, scores, hundreds, thousands (`src/text/number.rs`).
const VAGUE: [u32; 5] = [3, 24, 40, 200, 2000];

/// What one report says of the dead or of the injured.
#[derive(Clone, Copy)]
pub(super) struct Figure<'r> {
    pub(super) report: &'r Report,
    pub(super) count: Count,
}

/// The figures that a toll is taken from, in the order of the reports. Three say nothing of their own: that of a text which repeats
/// another, that of a part of the victims, and "dozens" where a number is known that it fits.
pub(super) fn figures(reports: &[Report], of: fn(&Incident) -> Option<Count>) -> Vec<Figure<'_>> {
    let said = |report: &Report| of(&report.incident).and_then(Count::figure);
    let repeats = |r: &Report| r.source.near_duplicate_of.as_ref().is_some_and(|o| reports.iter().any(|r| r.source.document == *o && said(r).is_some()));
    let is_part = |r: &Report| counts_some_only(r) && reports.iter().any(|other| counts_everybody(other) && said(other) > said(r));
    let own = reports.iter().filter(|r| !repeats(r) && !is_part(r));
    let known: Vec<Figure<'_>> = own.filter_map(|report| Some(Figure { report, count: of(&report.incident).filter(|c| c.figure().is_some())? })).collect();
    let says_more = |f: &Figure<'_>| !known.iter().any(|other| !is_vague(other.count) && is_vague(f.count) && other.count.figure() >= f.count.low);
    known.iter().copied().filter(says_more).collect()
}

fn is_vague(count: Count) -> bool {
    count.high.is_none() && count.low == count.best && count.low.is_some_and(|low| VAGUE.contains(&low))
}

/// "Scores of police officers died": every victim that the report names is of a special kind.
fn counts_some_only(report: &Report) -> bool {
    let mut victims = report.incident.participants.iter().filter(|p| p.role == "victim").peekable();
    victims.peek().is_some() && victims.all(|p| is_special(p.target_type.as_deref()))
}

fn counts_everybody(report: &Report) -> bool {
    report.incident.participants.iter().any(|p| p.role == "victim" && !is_special(p.target_type.as_deref()))
}

fn is_special(target_type: Option<&str>) -> bool {
    target_type.is_some_and(|t| !matches!(t, "private_citizen" | "other" | "unknown"))
}

/// The toll under a policy; none where no report gives one.
pub(super) fn toll(figures: &[Figure<'_>], policy: CasualtyPolicy) -> Option<Count> {
    let mut sorted: Vec<u32> = figures.iter().filter_map(|f| f.count.figure()).collect();
    sorted.sort_unstable();
    // Background retells: it does not correct what news said.
    let rank = |f: &Figure<'_>| (!f.report.incident.background, f.report.source.published.clone(), f.report.voices.iter().any(is_official));
    let latest = figures.iter().enumerate().max_by_key(|(n, f)| (rank(f), *n)).map(|(_, f)| f.count)?;
    let best = match policy {
        CasualtyPolicy::OfficialLatest => latest.figure(),
        CasualtyPolicy::Lowest => sorted.first().copied(),
        CasualtyPolicy::Highest => sorted.last().copied(),
        CasualtyPolicy::Median => sorted.get((sorted.len() - 1) / 2).copied(),
    };
    // "At least 12" leaves the ceiling open whatever others say, as long as it is the last word.
    let high = latest.high.and(figures.iter().filter_map(|f| f.count.high.or(f.count.figure())).max());
    let low = latest.low.and(figures.iter().filter_map(|f| f.count.low.or(f.count.figure())).min());
    Some(Count { low, best, high })
}

/// The figures of the policies that are not the given one.
pub(super) fn alternatives(figures: &[Figure<'_>], best: Option<Count>) -> Alternatives {
    Alternatives::to(best.and_then(|c| c.best), |policy| toll(figures, policy).and_then(|c| c.best))
}

/// Names with each victim who is counted among others those others: the toll is theirs alone, so the two are no sum.
pub(super) fn count_once(parties: &mut [Party], killed: Option<Count>, injured: Option<Count>) {
    let figure = |p: &Party| p.count.and_then(Count::figure);
    let (dead, hurt) = (killed.and_then(Count::figure), injured.and_then(Count::figure));
    let is_toll = |n: Option<u32>| n.is_some() && (n == dead || n == hurt);
    let whole = parties.iter().find(|p| p.role == "victim" && !is_special(p.target_type.as_deref()) && is_toll(figure(p)));
    let Some((name, n)) = whole.map(|p| (p.name.clone(), figure(p))) else { return };
    let parts = parties.iter_mut().filter(|p| p.role == "victim" && is_special(p.target_type.as_deref()) && figure(p).is_some() && figure(p) <= n);
    parts.for_each(|p| p.within = Some(name.clone()));
}
