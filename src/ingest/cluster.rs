//! Which incident each report is of: reports that are connected with new or changed ones are sorted anew ([`merge::cluster`]), with ids that stay
//! where they can.

use super::run::{IngestError, settle};
use super::sketch::{Compared, Known};
use crate::lexicon::Lexicon;
use crate::merge::cluster::{Constraints, Tie, components, keep, partition};
use crate::merge::scorer::Link;
use crate::model::plan::{Decision, Verdict};
use crate::store::{Constraint, IncidentKey, Member, Writer};
use std::collections::{BTreeMap, BTreeSet};

/// Most reports that are sorted together. A larger component is parted along its weaker links; then the order of arrival may matter.
const MAX_COMPONENT: usize = 200;

/// Sorts all reports anew that are connected with the touched ones (numbers of reports), moves those that changed their incident, and makes the
/// incidents anew of their reports. An incident that has most of the reports keeps its id, then the older; one that is left without reports
/// leads to the one that has most of its own, and comes back when a report that gives its id stands alone again. Gives the incidents that were
/// touched.
///
/// # Errors
/// When the base cannot be written; then the writer is to be dropped.
pub async fn recluster(writer: &mut Writer, lexicon: &Lexicon, touched: &[i64], why: &str) -> Result<Vec<IncidentKey>, IngestError> {
    let touched: BTreeSet<i64> = touched.iter().copied().collect();
    let sorted = sort(writer, &touched, &BTreeMap::new(), why, true).await?;
    settle(writer, sorted.incidents.clone(), lexicon, why).await?;
    Ok(sorted.incidents)
}

/// What sorting came to.
#[derive(Debug, Default)]
pub(super) struct Sorted {
    /// Incidents with other reports than before, and those of the touched reports.
    pub incidents: Vec<IncidentKey>,
    /// Incident of each touched report, and how it came there, by the number of the report.
    pub placed: BTreeMap<i64, (IncidentKey, Decision)>,
}

/// Moves reports to the incidents that they are of, which are to be settled. Reports that have none yet get one; `compared` tells what they were
/// compared with.
pub(super) async fn sort(
    writer: &mut Writer,
    touched: &BTreeSet<i64>,
    compared: &BTreeMap<i64, Compared>,
    why: &str,
    learned: bool,
) -> Result<Sorted, IngestError> {
    let decided = writer.constraints().await?;
    let numbers: Vec<i64> = touched.iter().copied().collect();
    let (members, edges) = writer.connected(&numbers, &decided).await?;
    let mut sorted = Sorted::default();
    for component in parts(&members, &edges, &decided, touched) {
        let members: Vec<&Member> = component.iter().filter_map(|&i| members.get(i)).collect();
        sort_component(writer, &members, &decided, Asked { touched, why, learned }, &mut sorted).await?;
    }
    tell_refused(writer, compared, &mut sorted).await?;
    Ok(sorted)
}

/// Tells with each report that is the first of its incident what was nearest to it, and why they were not joined.
async fn tell_refused(writer: &mut Writer, compared: &BTreeMap<i64, Compared>, sorted: &mut Sorted) -> Result<(), IngestError> {
    let others: Vec<i64> = compared.values().filter_map(|c| c.refused.as_ref()).map(|(other, _)| *other).collect();
    let incidents: BTreeMap<i64, String> = writer.incidents_of_reports(&others).await?.into_iter().collect();
    for (number, (_, decision)) in &mut sorted.placed {
        let Some(compared) = compared.get(number) else { continue };
        decision.n_candidates = compared.n;
        if decision.verdict != Verdict::New {
            continue;
        }
        if let Some((other, link)) = &compared.refused {
            decision.candidate = incidents.get(other).cloned();
            decision.score = link.score;
            decision.rule.clone_from(&link.rule);
            decision.features = link.features.iter().map(|&(name, value)| (name.to_owned(), value)).collect();
        }
    }
    Ok(())
}

/// What sorting is asked for.
#[derive(Clone, Copy)]
struct Asked<'a> {
    touched: &'a BTreeSet<i64>,
    why: &'a str,
    learned: bool,
}

/// The components to be sorted, by the places of their members.
fn parts(members: &[Member], edges: &[(i64, i64, f64)], decided: &[Constraint], touched: &BTreeSet<i64>) -> Vec<Vec<usize>> {
    let at: BTreeMap<i64, usize> = members.iter().zip(0..).map(|(m, n)| (m.number, n)).collect();
    let edges: Vec<(usize, usize, f64)> = edges.iter().filter_map(|&(a, b, score)| Some((*at.get(&a)?, *at.get(&b)?, score))).collect();
    let curated: Vec<(usize, usize)> = places(&members.iter().collect::<Vec<_>>(), decided).same;
    let mut by_incident: BTreeMap<&IncidentKey, usize> = BTreeMap::new();
    let mut ties = curated.clone();
    for (n, member) in members.iter().enumerate() {
        if let Some(incident) = &member.incident {
            ties.push((*by_incident.entry(incident).or_insert(n), n));
        }
    }
    ties.extend(edges.iter().map(|e| (e.0, e.1)));
    let mut found = Vec::new();
    for component in components(members.len(), &ties) {
        if component.len() <= MAX_COMPONENT {
            found.push(component);
            continue;
        }
        // What was too large before has been parted already: only parts with something new in them are sorted.
        let n_new = component.iter().filter(|&&i| members[i].incident.is_none()).count();
        let was_parted = component.len() - n_new > MAX_COMPONENT;
        let inside: BTreeSet<usize> = component.iter().copied().collect();
        let parts = loosened(members.len(), &inside, &edges, &curated);
        found.extend(parts.into_iter().filter(|part| !was_parted || part.iter().any(|&i| touched.contains(&members[i].number))));
    }
    // New incidents come in the order in which their first reports came, however many of them come at once.
    found.sort_by_key(|part| part.iter().map(|&i| members[i].number).min());
    found
}

/// Parts of a component that is too large: links go, the weakest first, until each part is small enough.
fn loosened(n: usize, component: &BTreeSet<usize>, edges: &[(usize, usize, f64)], curated: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let mut small = Vec::new();
    let mut large = vec![component.clone()];
    for least in [1.0, 2.0, 3.0, 5.0, 8.0, f64::INFINITY] {
        for part in std::mem::take(&mut large) {
            let ties = edges.iter().filter(|(a, b, score)| *score > least && part.contains(a) && part.contains(b)).map(|&(a, b, _)| (a, b));
            let ties: Vec<(usize, usize)> = ties.chain(curated.iter().copied().filter(|(a, b)| part.contains(a) && part.contains(b))).collect();
            for piece in components(n, &ties).into_iter().filter(|piece| piece.iter().any(|i| part.contains(i))) {
                if piece.len() <= MAX_COMPONENT || least.is_infinite() { small.push(piece) } else { large.push(piece.into_iter().collect()) }
            }
        }
    }
    small.sort_unstable();
    small
}

async fn sort_component(writer: &mut Writer, members: &[&Member], decided: &[Constraint], asked: Asked<'_>, sorted: &mut Sorted) -> Result<(), IngestError> {
    let known = if members.len() > 1 { Known::of_members(writer, members).await? } else { Known::default() };
    let link = |a: usize, b: usize| known.link(members[a].number, members[b].number, asked.learned);
    let tie = |a: usize, b: usize| match link(a, b) {
        _ if members[a].document == members[b].document => Tie::Never,
        Some(link) => link.tie(),
        None => Tie::Score(-1.0),
    };
    let constraints = places(members, decided);
    let mut clusters = partition(members.len(), tie, &constraints);
    clusters.sort_by_key(|cluster| cluster.iter().map(|&i| members[i].number).min());
    let now: Vec<Option<i64>> = members.iter().map(|m| m.incident.as_ref().map(IncidentKey::number)).collect();
    let kept = keep(&clusters, &now);
    let old: BTreeMap<i64, &IncidentKey> = members.iter().filter_map(|m| m.incident.as_ref()).map(|key| (key.number(), key)).collect();
    let mut incidents: Vec<IncidentKey> = Vec::with_capacity(clusters.len());
    let mut relinked: BTreeSet<i64> = BTreeSet::new();
    let mut changed: BTreeSet<IncidentKey> = BTreeSet::new();
    for (cluster, kept) in clusters.iter().zip(&kept) {
        let reports: Vec<&Member> = in_order(cluster.iter().filter_map(|&i| members.get(i).copied()).collect());
        let uids: Vec<&str> = reports.iter().map(|m| m.uid.as_str()).collect();
        let key = match kept.and_then(|number| old.get(&number)) {
            Some(key) => (*key).clone(),
            None => writer.new_incident(&uids).await?,
        };
        let moved: Vec<&Member> = reports.iter().copied().filter(|m| m.incident.as_ref() != Some(&key)).collect();
        if !moved.is_empty() {
            writer.move_reports(&moved, &key).await?;
            let left: BTreeSet<&IncidentKey> = moved.iter().filter_map(|m| m.incident.as_ref()).collect();
            relinked.extend(moved.iter().filter(|m| m.incident.is_some()).map(|m| m.document));
            if kept.is_none() {
                for from in &left {
                    writer.log_split(from, &key, asked.why).await?;
                }
            }
            changed.extend(left.into_iter().cloned());
            changed.insert(key.clone());
        }
        let first = if kept.is_none() { reports.first().map(|m| m.number) } else { None };
        for member in &reports {
            let is_moved = moved.iter().any(|m| m.number == member.number);
            let is_touched = asked.touched.contains(&member.number);
            if is_moved || is_touched {
                changed.insert(key.clone());
                let place = members.iter().position(|m| m.number == member.number).unwrap_or_default();
                let best = cluster.iter().filter(|&&other| other != place).filter_map(|&other| link(place.min(other), place.max(other)));
                let best = best.max_by(|a, b| a.score.total_cmp(&b.score));
                let by_hand = constraints.same.iter().chain(&constraints.apart).any(|&(a, b)| a == place || b == place);
                let decision = decision(first == Some(member.number), best, by_hand, &key);
                if member.incident.is_some() {
                    if is_moved {
                        writer.add_decisions_on_reports(&[(&key, member.number, &decision)]).await?;
                    }
                } else {
                    sorted.placed.insert(member.number, (key.clone(), decision));
                }
            }
        }
        incidents.push(key);
    }
    for gone in old.values().filter(|key| !incidents.contains(key)) {
        if let Some(heir) = heir(gone, members, &clusters, &incidents) {
            writer.retire(gone, heir, asked.why).await?;
        }
        changed.remove(*gone);
    }
    writer.relink(&relinked).await?;
    sorted.incidents.extend(changed);
    Ok(())
}

/// Places of the reports that curators decided on; of contrary decisions on one pair the last counts.
fn places(members: &[&Member], decided: &[Constraint]) -> Constraints {
    if decided.is_empty() {
        return Constraints::default();
    }
    let at: BTreeMap<&str, usize> = members.iter().zip(0..).map(|(m, n)| (m.uid.as_str(), n)).collect();
    let mut last: BTreeMap<(usize, usize), bool> = BTreeMap::new();
    for c in decided {
        if let (Some(&a), Some(&b)) = (at.get(c.one.as_str()), at.get(c.other.as_str())) {
            last.insert((a.min(b), a.max(b)), c.same);
        }
    }
    let of = |same: bool| last.iter().filter(|(_, s)| **s == same).map(|(pair, _)| *pair).collect();
    Constraints { same: of(true), apart: of(false) }
}

/// Why a report is of an incident: by itself the first to tell it, or by its best link with another report of it.
fn decision(is_first: bool, best: Option<Link>, by_hand: bool, key: &IncidentKey) -> Decision {
    let verdict = if is_first { Verdict::New } else { Verdict::Same(key.uid.clone()) };
    let link = best.unwrap_or_default();
    let rule = match (is_first, by_hand) {
        (_, true) => "curator".to_owned(),
        (true, false) => "merge.no_candidate".to_owned(),
        // Joined by what it has in common with all of them together.
        (false, false) if link.score <= 0.0 => "merge.mean".to_owned(),
        (false, false) => link.rule,
    };
    let features = link.features.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let (score, features) = if is_first { (0.0, Vec::new()) } else { (link.score, features) };
    Decision { incident: 0, verdict, candidate: (!is_first).then(|| key.uid.clone()), score, features, rule, n_candidates: 0 }
}

/// Reports in the order in which they came, as if one after the other: an incident has its id from the first.
fn in_order(mut reports: Vec<&Member>) -> Vec<&Member> {
    reports.sort_by_key(|m| m.number);
    reports
}

/// The incident that has most of the reports that this one had; of several the first.
fn heir<'i>(gone: &IncidentKey, members: &[&Member], clusters: &[Vec<usize>], incidents: &'i [IncidentKey]) -> Option<&'i IncidentKey> {
    let n_of = |cluster: &Vec<usize>| cluster.iter().filter(|&&i| members.get(i).is_some_and(|m| m.incident.as_ref() == Some(gone))).count();
    clusters.iter().zip(incidents).map(|(cluster, key)| (n_of(cluster), key)).rev().max_by_key(|(n, _)| *n).map(|(_, key)| key)
}
