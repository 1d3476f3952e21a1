//! Two records of one text side by side.

use crate::model::record::{Incident, Statement};
use crate::model::renewal::{DocumentChange, IncidentChange, Renewable, Tally};
use crate::model::{Record, id};
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Which old report each new one is, each with its id; each old one is taken once.
///
/// The same id, which is that of the words and the type, is the same. What is left goes to the nearest: of the same class, sharing most characters of evidence.
pub(super) fn matched(old: &[(&str, &Incident)], new: &[(&str, &Incident)]) -> Vec<Option<usize>> {
    let mut of: Vec<Option<usize>> = vec![None; new.len()];
    let mut taken = vec![false; old.len()];
    for (n, (uid, _)) in new.iter().enumerate() {
        if let Some(o) = (0..old.len()).find(|&o| !taken[o] && old[o].0 == *uid) {
            (of[n], taken[o]) = (Some(o), true);
        }
    }
    let mut near: Vec<(u64, usize, usize)> = Vec::new();
    for (n, (_, incident)) in new.iter().enumerate().filter(|(n, _)| of[*n].is_none()) {
        for (o, (_, before)) in old.iter().enumerate().filter(|(o, _)| !taken[*o]) {
            let shared = overlap(before, incident);
            if class(before) == class(incident) && shared > 0 {
                near.push((shared, n, o));
            }
        }
    }
    // The nearest pair first; of equal ones that which stands first.
    near.sort_by_key(|&(shared, n, o)| (std::cmp::Reverse(shared), n, o));
    for (_, n, o) in near {
        if of[n].is_none() && !taken[o] {
            (of[n], taken[o]) = (Some(o), true);
        }
    }
    of
}

/// What is different; `None` where the two say the same.
pub(super) fn difference(document: &Renewable, new: &Record) -> Option<DocumentChange> {
    let old = &document.record;
    let (old_ids, new_ids) = (id::reports(&document.sha256, &old.incidents), id::reports(&document.sha256, &new.incidents));
    let of = matched(&with_ids(&old_ids, &old.incidents), &with_ids(&new_ids, &new.incidents));
    let mut incidents = Vec::new();
    for (incident, of) in new.incidents.iter().zip(&of) {
        match of.and_then(|o| old.incidents.get(o)) {
            Some(before) if before == incident => {}
            Some(before) => incidents.push(changed(before, incident)),
            None => incidents.push(only("added", incident)),
        }
    }
    incidents.extend((0..old.incidents.len()).filter(|o| !of.contains(&Some(*o))).filter_map(|o| old.incidents.get(o)).map(|i| only("removed", i)));
    let others = BTreeMap::from([
        ("actors", tally(&old.actors, &new.actors)),
        ("relations", tally(&old.relations, &new.relations)),
        ("figures", tally(&old.figures, &new.figures)),
        ("places", tally(&old.places, &new.places)),
        ("notes", tally(&old.notes, &new.notes)),
        ("document", if old.document == new.document { Tally::default() } else { Tally { changed: 1, ..Tally::default() } }),
    ]);
    let others: BTreeMap<&str, Tally> = others.into_iter().filter(|(_, tally)| !tally.is_nothing()).collect();
    let statements = statements(&old.statements, &new.statements);
    if incidents.is_empty() && statements.is_nothing() && others.is_empty() {
        return None;
    }
    Some(DocumentChange { document: document.uid.clone(), engine: old.engine.clone(), lexicon: old.lexicon.clone(), incidents, statements, others })
}

/// Incidents of a record with the ids of their reports.
pub(super) fn with_ids<'r>(ids: &'r [String], incidents: &'r [Incident]) -> Vec<(&'r str, &'r Incident)> {
    ids.iter().map(String::as_str).zip(incidents).collect()
}

fn only(change: &'static str, incident: &Incident) -> IncidentChange {
    IncidentChange { change, kind: incident.kind.clone(), fields: Vec::new(), before: Value::Null, after: Value::Null }
}

fn changed(before: &Incident, after: &Incident) -> IncidentChange {
    let (old, new) = (object(before), object(after));
    let differs = |name: &&String| old.get(*name) != new.get(*name);
    let fields: Vec<String> = old.keys().chain(new.keys().filter(|name| !old.contains_key(*name))).filter(differs).cloned().collect();
    // What stands where is told by its name; the words would fill pages.
    let pick = |of: &Map<String, Value>| {
        Value::Object(of.iter().filter(|(name, _)| *name != "evidence" && fields.contains(name)).map(|(n, v)| (n.clone(), v.clone())).collect())
    };
    let (before, after) = (pick(&old), pick(&new));
    IncidentChange { change: "changed", kind: new.get("type").and_then(Value::as_str).unwrap_or_default().to_owned(), fields, before, after }
}

fn object(value: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(value) {
        Ok(Value::Object(members)) => members,
        _ => Map::new(),
    }
}

/// Statements are the same where they stand in the same words.
fn statements(old: &[Statement], new: &[Statement]) -> Tally {
    let key = |s: &Statement| {
        let spans = || s.content.iter().chain(&s.cue);
        (spans().map(|e| e.start).min(), spans().map(|e| e.end).max())
    };
    let mut before: BTreeMap<_, Vec<&Statement>> = BTreeMap::new();
    old.iter().for_each(|s| before.entry(key(s)).or_default().push(s));
    let mut tally = Tally::default();
    for statement in new {
        match before.get_mut(&key(statement)).filter(|same| !same.is_empty()).map(|same| same.remove(0)) {
            Some(was) if was == statement => {}
            Some(_) => tally.changed += 1,
            None => tally.added += 1,
        }
    }
    tally.removed = before.values().map(|left| left.len() as u64).sum();
    tally
}

/// Things without a place of their own are there or not.
fn tally<T: PartialEq>(old: &[T], new: &[T]) -> Tally {
    if old == new {
        return Tally::default();
    }
    let mut left: Vec<&T> = old.iter().collect();
    let mut added = 0;
    for one in new {
        match left.iter().position(|other| *other == one) {
            Some(at) => drop(left.swap_remove(at)),
            None => added += 1,
        }
    }
    Tally { added, removed: left.len() as u64, changed: 0 }
}

fn class(incident: &Incident) -> &str {
    incident.kind.split('.').next().unwrap_or_default()
}

/// Characters that are evidence of both.
pub(super) fn overlap(a: &Incident, b: &Incident) -> u64 {
    let spans = |i: &Incident| {
        let mut spans: Vec<(u32, u32)> = i.evidence.iter().map(|e| (e.start, e.end)).collect();
        spans.sort_unstable();
        let mut joined: Vec<(u32, u32)> = Vec::new();
        for (start, end) in spans {
            match joined.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => joined.push((start, end)),
            }
        }
        joined
    };
    let (a, b) = (spans(a), spans(b));
    a.iter().flat_map(|x| b.iter().map(move |y| u64::from(x.1.min(y.1).saturating_sub(x.0.max(y.0))))).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::record::Evidence;

    fn incident(kind: &str, spans: &[(u32, u32)]) -> Incident {
        let evidence = |(n, &(start, end)): (usize, &(u32, u32))| Evidence {
            field: if n == 0 { "type" } else { "killed" }.to_owned(),
            start,
            end,
            text: String::new(),
            rule: String::new(),
        };
        Incident {
            kind: kind.to_owned(),
            background: false,
            certainty: "reported".to_owned(),
            date: None,
            place: None,
            participants: Vec::new(),
            weapons: Vec::new(),
            killed: None,
            injured: None,
            attributes: Vec::new(),
            summary: String::new(),
            confidence: 0.5,
            relevance: None,
            evidence: spans.iter().enumerate().map(evidence).collect(),
        }
    }

    /// Which old one each new one is.
    fn matched_in(old: &[Incident], new: &[Incident]) -> Vec<Option<usize>> {
        let (old_ids, new_ids) = (id::reports("x", old), id::reports("x", new));
        matched(&with_ids(&old_ids, old), &with_ids(&new_ids, new))
    }

    #[test]
    fn the_same_words_come_first_then_the_nearest() {
        let old = [incident("attack.raid", &[(0, 5), (10, 20)]), incident("attack.ambush", &[(30, 40)]), incident("explosion.bomb", &[(50, 60)])];
        let new = [
            incident("attack.ambush", &[(30, 38), (40, 42)]),
            incident("attack.raid", &[(0, 5)]),
            incident("attack.clash", &[(50, 60)]),
            incident("explosion.bomb", &[(55, 70)]),
        ];
        assert_eq!(matched_in(&old, &new), [Some(1), Some(0), None, Some(2)]);
    }

    #[test]
    fn no_incident_is_taken_twice() {
        let old = [incident("attack.raid", &[(0, 10)])];
        let new = [incident("attack.ambush", &[(0, 4)]), incident("attack.clash", &[(0, 9)])];
        assert_eq!(matched_in(&old, &new), [None, Some(0)], "the nearest has it");
    }

    #[test]
    fn members_that_differ_are_named() {
        let before = incident("attack.raid", &[(0, 10)]);
        let after = Incident { background: true, summary: "x".to_owned(), ..before.clone() };
        let change = changed(&before, &after);
        assert_eq!((change.change, change.fields.as_slice()), ("changed", ["background".to_owned(), "summary".to_owned()].as_slice()));
        assert_eq!((change.before["background"].as_bool(), change.after["background"].as_bool()), (Some(false), Some(true)));
    }

    #[test]
    fn things_are_counted_once_each() {
        assert_eq!(tally(&[1, 1, 2], &[1, 3]), Tally { added: 1, removed: 2, changed: 0 });
    }
}
