//! What a codebook includes of a record: incidents that it leaves out go, with a note that says which and why.
//!
//! [`apply`] is total and deterministic, as the engine is. Where the codebook asks for it, [`Scorer`] decides about what the written criteria
//! let through; who does not ask for such a codebook never loads its weights.

mod features;
pub mod pack;
mod scorer;
pub mod train;

pub use features::Features;
pub use scorer::{Head, Scorer, Scores};

use crate::lexicon::codebooks::{Codebook, is_below};
use crate::model::Record;
use crate::model::record::{Actor, Incident, Note, Participant};
use std::collections::BTreeMap;

/// Code of the note that tells what was left out.
pub const LEFT_OUT: &str = "codebook.left_out";

/// Roles of those who did it, or are said to have.
const DOERS: [&str; 3] = ["perpetrator", "suspected", "claimant"];

/// Why an incident is left out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reason {
    /// Its type is not included.
    Type,
    /// It did not happen, or not for sure enough.
    Certainty,
    /// It is told as context only.
    Background,
    /// An attribute speaks against it.
    Attribute,
    /// Too few deaths are told.
    Deaths,
    /// All who did it are of kinds that do not count.
    Perpetrators,
    /// The learned relevance is this, too low.
    Relevance(f64),
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Type => f.write_str("type"),
            Self::Certainty => f.write_str("certainty"),
            Self::Background => f.write_str("background"),
            Self::Attribute => f.write_str("attribute"),
            Self::Deaths => f.write_str("deaths"),
            Self::Perpetrators => f.write_str("perpetrators"),
            Self::Relevance(score) => write!(f, "relevance {score:.2}"),
        }
    }
}

/// Leaves out of the record of `text` what the codebook does not include. Without `scorer` the written criteria decide alone.
pub fn apply(record: &mut Record, text: &str, codebook: &Codebook, scorer: Option<&Scorer>) {
    if codebook.takes_all() || record.incidents.is_empty() {
        return;
    }
    let mut verdicts = criteria(record, codebook);
    let scorer = scorer.filter(|_| codebook.learned && verdicts.iter().any(Option::is_none));
    if let Some(scorer) = scorer {
        let scores = scorer.scores(&Features::of(text, record));
        for (incident, verdict) in record.incidents.iter_mut().zip(&mut verdicts).filter(|(_, verdict)| verdict.is_none()) {
            let head = Head::of_type(&incident.kind);
            let relevance = scores.probability(head);
            if scores.passes(head) {
                incident.relevance = Some(relevance);
            } else {
                *verdict = Some(Reason::Relevance(relevance));
            }
        }
    }
    leave_out(record, codebook, &verdicts);
}

/// For each incident why the written criteria leave it out; `None` where they do not.
pub fn criteria(record: &Record, codebook: &Codebook) -> Vec<Option<Reason>> {
    let kinds = if codebook.excluded_perpetrators.is_empty() { BTreeMap::new() } else { actor_types(&record.actors) };
    record.incidents.iter().map(|incident| reason(incident, codebook, &kinds)).collect()
}

fn reason(incident: &Incident, codebook: &Codebook, kinds: &BTreeMap<&str, &str>) -> Option<Reason> {
    if !codebook.types.is_empty() && !is_below(&incident.kind, &codebook.types) {
        return Some(Reason::Type);
    }
    if !codebook.certainties.is_empty() && !codebook.certainties.contains(&incident.certainty) {
        return Some(Reason::Certainty);
    }
    if incident.background && !codebook.background {
        return Some(Reason::Background);
    }
    if incident.attributes.iter().any(|attribute| codebook.excluded_attributes.contains(attribute)) {
        return Some(Reason::Attribute);
    }
    let killed = incident.killed.and_then(|count| [count.low, count.best, count.high].into_iter().flatten().max()).unwrap_or(0);
    if killed < codebook.min_killed {
        return Some(Reason::Deaths);
    }
    let mut doers = incident.participants.iter().filter(|p| DOERS.contains(&p.role.as_str())).peekable();
    let excluded = |p: &Participant| is_below(kind_of(p, kinds), &codebook.excluded_perpetrators);
    (doers.peek().is_some() && doers.all(excluded)).then_some(Reason::Perpetrators)
}

/// Actor type by name and by the words of each mention.
fn actor_types(actors: &[Actor]) -> BTreeMap<&str, &str> {
    let mut types = BTreeMap::new();
    for actor in actors {
        let names = actor.mentions.iter().map(|m| m.text.as_str()).chain(actor.name.as_deref());
        types.extend(names.map(|name| (name, actor.kind.as_str())));
    }
    types
}

/// The actor type of a participant, or its class; empty where it is not known.
fn kind_of<'r>(participant: &'r Participant, kinds: &BTreeMap<&str, &'r str>) -> &'r str {
    let names = participant.name.iter().chain(&participant.mentions);
    let known = names.filter_map(|name| kinds.get(name.as_str()).copied()).next();
    known.unwrap_or(if participant.kind == "state" { "state" } else { "" })
}

/// Takes the incidents with a verdict out; statements that were about them are about the others alone.
fn leave_out(record: &mut Record, codebook: &Codebook, verdicts: &[Option<Reason>]) {
    let out: Vec<String> = record.incidents.iter().zip(verdicts).filter_map(|(i, v)| v.as_ref().map(|reason| format!("{} ({reason})", i.kind))).collect();
    if out.is_empty() {
        return;
    }
    let text = format!("the codebook \"{}\" leaves out {} of {} incidents: {}", codebook.id, out.len(), record.incidents.len(), out.join(", "));
    let first = record.incidents.iter().zip(verdicts).find(|(_, v)| v.is_some()).and_then(|(i, _)| i.evidence.first());
    let (start, end) = first.map_or((0, 0), |e| (e.start, e.end));
    record.notes.push(Note { code: LEFT_OUT.to_owned(), text, start, end });
    let mut n_kept = 0;
    let places: Vec<Option<u32>> = verdicts
        .iter()
        .map(|verdict| {
            let place = verdict.is_none().then_some(n_kept);
            n_kept += u32::from(verdict.is_none());
            place
        })
        .collect();
    for statement in &mut record.statements {
        statement.about = statement.about.iter().filter_map(|&i| places.get(i as usize).copied().flatten()).collect();
    }
    let mut verdicts = verdicts.iter();
    record.incidents.retain(|_| verdicts.next().is_none_or(Option::is_none));
}
