//! Who the actors of a text are among those that the base has: what the lexicon does not know, but an earlier document named. Pure: the
//! store finds candidates by [`keys`](crate::model::name::keys) and carries decisions out.
//!
//! [`wanted`] lists the actors of a record that are to be found; [`shortlist`] keeps the candidates whose names fit one of them;
//! [`resolve`] decides for each; [`name_in`] writes the decisions into a record.

mod names;
mod record;
mod score;
#[cfg(test)]
mod tests;

pub use names::{Likeness, likeness};
pub use record::name_in;
pub use score::compare;

use crate::model::comparison::Comparison;
use crate::model::name::{Name, keys};
use crate::model::record::Record;
use crate::model::resolution::{Candidate, Context, Identity, Resolution, Weighed};
use crate::model::{id, name};
use std::collections::BTreeMap;

/// A better candidate must be this much likelier than the next (log-odds; three to one), or nothing is decided.
const LEAD: f64 = 1.1;
/// Candidates that a decision lists.
const N_LISTED: usize = 10;

/// A named actor of a record that the lexicon does not know.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// Index in the record's list of actors.
    pub actor: usize,
    /// Its longest name in the text.
    pub name: Name,
    /// Code of the actor type list.
    pub kind: String,
    /// What the text tells around it.
    pub context: Context,
}

/// What the wanted are looked up by.
pub fn keys_of(wanted: &[Wanted]) -> Vec<String> {
    let mut all: Vec<String> = wanted.iter().flat_map(|w| keys(&w.name.text, &w.kind)).collect();
    all.sort();
    all.dedup();
    all
}

/// The actors of a record that are to be found in the base. States are known by their countries and left out.
pub fn wanted(record: &Record) -> Vec<Wanted> {
    let published = record.document.published.as_deref().and_then(|day| day.parse().ok());
    let mut countries: Vec<String> = record.incidents.iter().filter_map(|i| i.place.as_ref()?.country.clone()).collect();
    countries.sort();
    countries.dedup();
    let ids: Vec<Option<String>> = record.actors.iter().map(|a| a.actor.clone().or_else(|| Some(id::actor(a.name.as_deref()?, &a.kind)))).collect();
    let mut wanted = Vec::new();
    for (n, actor) in record.actors.iter().enumerate() {
        let Some(name) = actor.name.as_ref().filter(|name| actor.actor.is_none() && !id::fold_name(name).is_empty()) else { continue };
        if actor.kind == "state.government" || actor.kind == "external.foreign_state" {
            continue;
        }
        let beside = |person: bool| {
            let others = record.actors.iter().zip(&ids).enumerate().filter(|(m, (other, _))| *m != n && !is_state(&other.kind));
            let mut beside: Vec<String> =
                others.filter(|(_, (other, _))| name::is_person(&other.kind) == person).filter_map(|(_, (_, id))| id.clone()).collect();
            beside.sort();
            beside.dedup();
            beside
        };
        let owner = actor.affiliation.as_deref().and_then(|owner| record.actors.iter().position(|a| a.name.as_deref() == Some(owner)));
        let context = Context {
            titles: actor.titles.clone(),
            people: beside(true),
            groups: beside(false),
            owners: owner.and_then(|o| ids[o].clone()).into_iter().collect(),
            countries: countries.clone(),
            first: published,
            last: published,
        };
        wanted.push(Wanted { actor: n, name: name.as_str().into(), kind: actor.kind.clone(), context });
    }
    wanted
}

/// States, their forces and offices.
fn is_state(kind: &str) -> bool {
    kind.starts_with("state.") || kind.starts_with("external.")
}

/// The candidates, each with its number, whose names fit one of the wanted: only of those need the base tell more. `sharing` gives who shares
/// one of some keys; others cannot fit.
pub fn shortlist<'c>(wanted: &[Wanted], sharing: impl Fn(&[String]) -> Vec<(i64, &'c Candidate)>) -> Vec<(i64, &'c Candidate)> {
    let mut found: BTreeMap<i64, &Candidate> = BTreeMap::new();
    for wanted in wanted {
        let fit = sharing(&keys(&wanted.name.text, &wanted.kind)).into_iter().filter(|(_, c)| names::best(wanted, c).is_some());
        found.extend(fit);
    }
    found.into_iter().collect()
}

/// Decides for each of the wanted who it is. Two actors of one text are never the same one of the base: the text told them apart.
pub fn resolve(wanted: &[Wanted], candidates: &[Candidate]) -> Vec<Resolution> {
    let mut decisions: Vec<Resolution> = wanted.iter().map(|w| decide(w, candidates)).collect();
    // Of two that want the same one the likelier has it.
    let score = |r: &Resolution| r.candidates.first().map_or(0.0, |c| c.score);
    let mut order: Vec<usize> = (0..decisions.len()).collect();
    order.sort_by(|&a, &b| score(&decisions[b]).total_cmp(&score(&decisions[a])).then(a.cmp(&b)));
    let mut taken: Vec<String> = Vec::new();
    for n in order {
        let Identity::Same(id) = &decisions[n].identity else { continue };
        if taken.contains(id) {
            (decisions[n].identity, decisions[n].rule) = (Identity::New, "veto.taken".to_owned());
        } else {
            taken.push(id.clone());
        }
    }
    decisions
}

fn decide(wanted: &Wanted, candidates: &[Candidate]) -> Resolution {
    let mut weighed: Vec<Weighed> = candidates.iter().filter_map(|c| Some(weigh(c, &compare(wanted, c)?))).collect();
    // Vetoed ones last; ids break ties, so that the order of the candidates does not matter.
    weighed.sort_by(|a, b| b.is_likely().cmp(&a.is_likely()).then(b.score.total_cmp(&a.score)).then_with(|| a.id.cmp(&b.id)));
    let rivals = |best: &Weighed| weighed[1..].iter().any(|w| w.is_likely() && best.score - w.score < LEAD && !is_lesser(wanted, w, candidates));
    let (identity, rule) = match weighed.first() {
        None => (Identity::New, "resolve.no_candidate".to_owned()),
        Some(best) if !best.is_likely() => (Identity::New, best.veto.as_ref().map_or("resolve.too_unlike".to_owned(), |veto| format!("veto.{veto}"))),
        Some(best) if rivals(best) => (Identity::Open, "resolve.close".to_owned()),
        Some(best) => (Identity::Same(best.id.clone()), "resolve.score".to_owned()),
    };
    weighed.truncate(N_LISTED);
    Resolution { actor: wanted.actor, name: wanted.name.text.clone(), identity, rule, candidates: weighed }
}

/// Whether a full name of a person was compared with somebody of whom the base knows no more than a last name: such a one is in nobody's way.
fn is_lesser(wanted: &Wanted, other: &Weighed, candidates: &[Candidate]) -> bool {
    let full = |names: &[Name]| names.iter().any(|n| n.words.len() > 1);
    name::is_person(&wanted.kind) && full(std::slice::from_ref(&wanted.name)) && candidates.iter().find(|c| c.id == other.id).is_some_and(|c| !full(&c.names))
}

fn weigh(candidate: &Candidate, found: &Comparison) -> Weighed {
    Weighed {
        id: candidate.id.clone(),
        name: candidate.name.clone(),
        score: found.score,
        features: found.features.iter().map(|&(name, value)| (name.to_owned(), value)).collect(),
        veto: found.veto.map(str::to_owned),
    }
}
