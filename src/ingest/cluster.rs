//! Which incident each report is of: reports that are connected with new or changed ones are sorted anew ([`merge::cluster`]), with ids that stay
//! where they can.

use super::run::{IngestError, settle};
use crate::lexicon::Lexicon;
use crate::merge::cluster::{Constraints, Tie, keep, partition};
use crate::model::plan::{Decision, Verdict};
use crate::store::{Constraint, IncidentKey, Member, StoreError, Writer};
use std::collections::{BTreeMap, BTreeSet};

/// Sorts all reports anew that are connected with the touched ones (numbers of reports), moves those that changed their incident, and makes the
/// incidents anew of their reports. An incident that has most of the reports keeps its id, then the older; one that is left without reports
/// leads to the one that has most of its own, and comes back when a report that gives its id stands alone again. Gives the incidents that the
/// connected reports are in now.
///
/// # Errors
/// When the base cannot be written; then the writer is to be dropped.
pub async fn recluster(writer: &mut Writer, lexicon: &Lexicon, touched: &[i64], why: &str) -> Result<Vec<IncidentKey>, IngestError> {
    let incidents = sort(writer, touched, why).await?;
    settle(writer, incidents.clone(), lexicon, why).await?;
    Ok(incidents)
}

/// Moves reports to the incidents that they are of, which are to be settled.
async fn sort(writer: &mut Writer, touched: &[i64], why: &str) -> Result<Vec<IncidentKey>, StoreError> {
    let decided = writer.constraints().await?;
    let members = writer.connected(touched, &decided).await?;
    let tie = |a: usize, b: usize| Tie::Score(if members[a].incident == members[b].incident { 1.0 } else { -1.0 });
    let clusters = partition(members.len(), tie, &places(&members, &decided));
    let now: Vec<Option<i64>> = members.iter().map(|m| Some(m.incident.number())).collect();
    let kept = keep(&clusters, &now);
    let known: BTreeMap<i64, &IncidentKey> = members.iter().map(|m| (m.incident.number(), &m.incident)).collect();
    let mut incidents = Vec::with_capacity(clusters.len());
    let mut moved: BTreeSet<i64> = BTreeSet::new();
    for (cluster, kept) in clusters.iter().zip(&kept) {
        let reports: Vec<&Member> = cluster.iter().filter_map(|&i| members.get(i)).collect();
        let key = match kept.and_then(|number| known.get(&number)) {
            Some(key) => (*key).clone(),
            None => writer.new_incident(&in_order(&reports)).await?,
        };
        let others: Vec<&Member> = reports.into_iter().filter(|m| m.incident != key).collect();
        if !others.is_empty() {
            writer.move_reports(&others, &key).await?;
            for member in &others {
                writer.add_decision(&key, member.number, &decision(member, cluster.len(), &key, &decided)).await?;
            }
            moved.extend(others.iter().map(|m| m.document));
            if kept.is_none() {
                for from in others.iter().map(|m| &m.incident).collect::<BTreeSet<_>>() {
                    writer.log_split(from, &key, why).await?;
                }
            }
        }
        incidents.push(key);
    }
    for gone in known.values().filter(|old| !incidents.contains(old)) {
        if let Some(heir) = heir(gone, &members, &clusters, &incidents) {
            writer.retire(gone, heir, why).await?;
        }
    }
    writer.relink(&moved).await?;
    Ok(incidents)
}

/// Places of the reports that curators decided on; of contrary decisions on one pair the last counts.
fn places(members: &[Member], decided: &[Constraint]) -> Constraints {
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

/// Why a report was moved to an incident of `n_reports`.
fn decision(member: &Member, n_reports: usize, to: &IncidentKey, decided: &[Constraint]) -> Decision {
    let last = decided.iter().rfind(|c| c.one == member.uid || c.other == member.uid);
    let rule = match last {
        Some(c) if c.same => "curator.same",
        Some(_) => "curator.apart",
        None => "cluster",
    };
    let verdict = if n_reports > 1 { Verdict::Same(to.uid.clone()) } else { Verdict::New };
    Decision { incident: 0, verdict, candidate: Some(to.uid.clone()), score: 0.0, features: Vec::new(), rule: rule.to_owned(), n_candidates: 0 }
}

/// Ids of reports in the order of publication: an incident has its id from the first.
fn in_order<'m>(reports: &[&'m Member]) -> Vec<&'m str> {
    let mut sorted = reports.to_vec();
    // Undated ones last.
    sorted.sort_by_key(|m| (m.published.is_empty(), &m.published, &m.uid));
    sorted.into_iter().map(|m| m.uid.as_str()).collect()
}

/// The incident that has most of the reports that this one had; of several the first.
fn heir<'i>(gone: &IncidentKey, members: &[Member], clusters: &[Vec<usize>], incidents: &'i [IncidentKey]) -> Option<&'i IncidentKey> {
    let n_of = |cluster: &Vec<usize>| cluster.iter().filter(|&&i| members.get(i).is_some_and(|m| m.incident == *gone)).count();
    clusters.iter().zip(incidents).map(|(cluster, key)| (n_of(cluster), key)).rev().max_by_key(|(n, _)| *n).map(|(_, key)| key)
}
