//! Writing decisions into a record, for those who read it without a base behind it.

use super::Resolution;
use crate::model::record::{Note, Record};
use crate::model::resolution::{Identity, Weighed};
use std::collections::BTreeMap;

/// Gives the actors of a record the ids of the base; those that stay open get the ids that they could be. Participants and speakers of the
/// same name follow. A note explains each.
pub fn name_in(record: &mut Record, decisions: &[Resolution]) {
    let mut ids: BTreeMap<String, String> = BTreeMap::new();
    for decision in decisions {
        let Some(actor) = record.actors.get_mut(decision.actor) else { continue };
        let code = match &decision.identity {
            Identity::Same(id) => {
                actor.actor = Some(id.clone());
                ids.insert(decision.name.clone(), id.clone());
                "actor.of_base"
            }
            Identity::Open => {
                actor.candidates = decision.candidates.iter().filter(|c| c.is_likely()).map(|c| c.id.clone()).collect();
                "actor.open"
            }
            Identity::New => continue,
        };
        let (start, end) = actor.mentions.first().map_or((0, 0), |m| (m.start, m.end));
        record.notes.push(Note { code: code.to_owned(), text: explain(decision), start, end });
    }
    let named = |name: &Option<String>| name.as_ref().and_then(|n| ids.get(n)).cloned();
    for participant in record.incidents.iter_mut().flat_map(|i| &mut i.participants).filter(|p| p.actor.is_none()) {
        participant.actor = named(&participant.name);
    }
    for speaker in record.statements.iter_mut().filter_map(|s| s.speaker.as_mut()).filter(|s| s.actor.is_none()) {
        speaker.actor = named(&speaker.name);
    }
}

/// "“Khan” is Imran Khan (act_…): name +1.6, country +0.5".
fn explain(decision: &Resolution) -> String {
    let weights = |c: &Weighed| c.features.iter().map(|(name, value)| format!("{name} {value:+.1}")).collect::<Vec<_>>().join(", ");
    let told = |c: &Weighed| format!("{} ({}): {}", c.name, c.id, weights(c));
    match decision.identity {
        Identity::Open => {
            let likely = decision.candidates.iter().filter(|c| c.is_likely()).map(told).collect::<Vec<_>>();
            format!("“{}” may be one of the base's actors: {}", decision.name, likely.join("; "))
        }
        _ => format!("“{}” is the base's {}", decision.name, decision.candidates.first().map(told).unwrap_or_default()),
    }
}
