//! When two documents tell of one incident, and what follows for the base. Pure: the store carries plans out.
//!
//! [`sketch`] boils a document down to what is compared, [`pair`] compares two reports by rules, [`scorer`] says whether they belong together,
//! [`cluster`] which of many are one incident; [`reconcile`] makes one incident of all reports of it; [`duplicate`] finds texts that repeat each other, so that they count as one source.

mod claim;
pub mod cluster;
mod codec;
mod conflict;
mod correct;
pub mod duplicate;
mod grade;
pub mod pair;
mod reconcile;
pub mod scorer;
pub mod sketch;
#[cfg(test)]
mod tests;
mod toll;
pub mod train;
pub mod words;

pub use crate::model::casualty::CasualtyPolicy;
pub use conflict::conflicts;
pub use correct::{correct, is_same_field, said_otherwise, value_of};
pub use reconcile::reconcile;

use crate::model::correction::{Corrected, Correction};
use crate::model::incident::{Report, Voice};
use crate::model::record::Record;

/// What reports and corrections together make of an incident, under the default policies; `reports` are in order of publication. None
/// without any report.
pub fn settled(reports: &[Report], corrections: &[Correction]) -> Option<Corrected> {
    reconcile(reports, CasualtyPolicy::default()).map(|state| correct(state, reports, corrections))
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
