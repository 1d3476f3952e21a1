//! When two documents tell of one incident, and what follows for the base. Pure: the store carries plans out.
//!
//! [`plan`] compares each incident of a record with stored ones and says which are the same; [`reconcile`] makes one incident of all
//! reports of it; [`duplicate`] finds texts that repeat each other, so that they count as one source.

mod claim;
pub mod cluster;
mod conflict;
mod correct;
pub mod duplicate;
mod grade;
mod reconcile;
mod score;
#[cfg(test)]
mod tests;
mod toll;

pub use crate::model::casualty::CasualtyPolicy;
pub use conflict::conflicts;
pub use correct::{correct, is_same_field, said_otherwise, value_of};
pub use reconcile::reconcile;
pub use score::compare;

use crate::model::comparison::Comparison;
use crate::model::correction::{Corrected, Correction};
use crate::model::incident::{IncidentRow, Report, Voice};
use crate::model::plan::{Decision, MergePlan, Verdict};
use crate::model::record::Record;
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// What reports and corrections together make of an incident, under the default policies; `reports` are in order of publication. None
/// without any report.
pub fn settled(reports: &[Report], corrections: &[Correction]) -> Option<Corrected> {
    reconcile(reports, CasualtyPolicy::default()).map(|state| correct(state, reports, corrections))
}

/// Decides for each incident of a record whether it is one of its `candidates` (one list for each incident). Two incidents of one record
/// are never the same stored one: the engine told them apart with the text before it.
pub fn plan(record: &Record, candidates: &[Vec<IncidentRow>]) -> MergePlan {
    let mut pairs: Vec<(usize, &IncidentRow, Comparison)> = Vec::new();
    for (n, incident) in record.incidents.iter().enumerate() {
        let near = candidates.get(n).map_or(&[][..], Vec::as_slice);
        pairs.extend(near.iter().map(|row| (n, row, compare(incident, row))));
    }
    // The best pair first; vetoed ones last. Ids break ties, so that the order of the candidates does not matter.
    pairs.sort_by(|(n, a, x), (m, b, y)| {
        x.veto.is_some().cmp(&y.veto.is_some()).then(y.score.partial_cmp(&x.score).unwrap_or(Ordering::Equal)).then(n.cmp(m)).then(a.id.cmp(&b.id))
    });
    let mut decisions: Vec<Option<Decision>> = vec![None; record.incidents.len()];
    let mut taken: BTreeSet<&str> = BTreeSet::new();
    for (n, row, comparison) in pairs.iter().filter(|(_, _, c)| c.is_same()) {
        if decisions[*n].is_none() && taken.insert(&row.id) {
            decisions[*n] = Some(decision(*n, Some((row, comparison)), &pairs));
        }
    }
    let decisions = decisions.into_iter().enumerate().map(|(n, decided)| decided.unwrap_or_else(|| decision(n, None, &pairs))).collect();
    MergePlan { decisions }
}

/// Who speaks of an incident of a record, for the evidence grade.
pub fn voices(record: &Record, incident: usize) -> Vec<Voice> {
    let about = record.statements.iter().filter(|s| s.about.contains(&(incident as u32)));
    about
        .map(|s| {
            let speaker = s.speaker.as_ref();
            let listed = speaker.and_then(|p| record.actors.get(p.index? as usize));
            let speaker_type = listed.map(|a| a.kind.clone()).or_else(|| {
                let name = speaker?.name.as_deref()?;
                record.actors.iter().find(|a| a.name.as_deref() == Some(name)).map(|a| a.kind.clone())
            });
            Voice { speaker_type, kind: s.kind.clone() }
        })
        .collect()
}

/// `same` is the candidate chosen; without one the best of those refused is kept for the reader.
fn decision(incident: usize, same: Option<(&IncidentRow, &Comparison)>, pairs: &[(usize, &IncidentRow, Comparison)]) -> Decision {
    let mut own = pairs.iter().filter(|(n, _, _)| *n == incident).map(|(_, row, comparison)| (*row, comparison)).peekable();
    let best = same.or_else(|| own.peek().copied());
    let n_candidates = own.count() as u32;
    let verdict = same.map_or(Verdict::New, |(row, _)| Verdict::Same(row.id.clone()));
    match best {
        Some((row, comparison)) => Decision {
            incident,
            rule: match (same, comparison.veto) {
                (Some(_), _) => "merge.score".to_owned(),
                (None, Some(veto)) => format!("veto.{veto}"),
                (None, None) if comparison.is_same() => "veto.taken".to_owned(),
                (None, None) => "merge.too_unlike".to_owned(),
            },
            verdict,
            candidate: Some(row.id.clone()),
            score: comparison.score,
            features: comparison.features.iter().map(|&(name, value)| (name.to_owned(), value)).collect(),
            n_candidates,
        },
        None => Decision { incident, verdict, candidate: None, score: 0.0, features: Vec::new(), rule: "merge.no_candidate".to_owned(), n_candidates },
    }
}
