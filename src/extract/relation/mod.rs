//! Relations between actors: words in a row (`form`), verbs with their arguments (`verb`), offices in titles (`office`); since when (`when`).

mod argument;
mod form;
mod office;
mod verb;
mod when;

use super::Analysis;
use super::intervals::Intervals;
use crate::lexicon::actors::Actor;
use crate::lexicon::relations::{Telling, Way};
use crate::model::record;
use crate::text::TokenSpan;
use argument::{Actors, Argument};
use std::collections::{BTreeMap, BTreeSet};

/// A relation before it is rendered.
#[derive(Clone, Debug)]
struct Found {
    subject: Argument,
    relation: String,
    object: Argument,
    tokens: TokenSpan,
    confidence: f64,
}

/// Finds the relations that the text tells.
pub fn find_relations(a: &mut Analysis<'_>) {
    let mut found = Vec::new();
    let actors = Actors::of(a);
    for (way, at) in ways(a, &actors).into_iter().take_while(|_| !a.is_stopped()) {
        let Some((pattern, telling)) = a.lexicon.relations.get(way) else { continue };
        match telling {
            Telling::Form(form) => form::find(a, &actors, pattern, form, a.doc.sentences()[at], &mut found),
            Telling::Clause(clause) => verb::find(a, pattern, clause, &a.clauses[at], &mut found),
        }
    }
    office::find(a, &mut found);
    office::find_members(a, &mut found);
    found.retain(|f| f.subject.name != f.object.name);
    for f in found.iter_mut().filter(|f| f.relation == "member_of" && !f.object.named) {
        whole_of(a, &mut f.object);
    }
    // "Abdul Rauf joined the group" as its member, a group as its part.
    for f in found.iter_mut().filter(|f| f.relation == "part_of" && f.subject.is == argument::Is::Person) {
        "member_of".clone_into(&mut f.relation);
    }
    nearest_subjects(&mut found);
    // "the Islamic State Khorasan Province, also known as Daesh": the name of the whole used of its part.
    drop_branches(a, &mut found);
    found.sort_by(|x, y| (x.tokens, &x.relation, &x.subject.name, &x.object.name).cmp(&(y.tokens, &y.relation, &y.subject.name, &y.object.name)));
    let mut told: BTreeSet<(&str, &str, &str)> = BTreeSet::new();
    let first = found.iter().take_while(|_| !a.is_stopped()).filter(|f| told.insert((&f.relation, &f.subject.name, &f.object.name)));
    a.relations = first.map(|f| render(a, f)).collect();
}

/// The ways of telling that the words of the text allow, in the order of the lexicon, with the sentence or clause of each.
fn ways(a: &Analysis<'_>, actors: &Actors<'_, '_>) -> Vec<(Way, usize)> {
    let relations = &a.lexicon.relations;
    let mut list: Vec<(Way, usize)> = Vec::new();
    for (index, sentence) in a.doc.sentences().iter().enumerate().take_while(|_| !a.is_stopped()) {
        let most = actors.most_in(*sentence);
        if most > 0 {
            list.extend(sentence.range().flat_map(|i| relations.forms_with(&a.doc, i)).filter(|way| way.n_actors() <= most).map(|way| (way, index)));
        }
    }
    for (index, clause) in a.clauses.iter().enumerate() {
        list.extend(relations.clauses_with(&a.doc, a.verbs[clause.verb].head).map(|way| (way, index)));
    }
    list.sort_unstable_by_key(|&(way, at)| (way.place(), at));
    list.dedup();
    list
}

/// "belonged to a suicide squad of the JMB": who belongs to a part belongs to the whole.
fn whole_of(a: &Analysis<'_>, object: &mut Argument) {
    let whole = a.mentions_in(object.tokens).find_map(|(_, m)| {
        let part = a.entities.get(m.entity?).filter(|e| e.name.is_none())?;
        part.affiliation.filter(|&o| a.entities[o].name.is_some() && !a.entities[o].kind.starts_with("person."))
    });
    let named = || {
        a.mentions_in(object.tokens).find_map(|(_, m)| {
            m.entity.filter(|&e| object.tokens.contains(m.tokens) && a.entities[e].kind.starts_with("armed.") && a.entities[e].name.is_some())
        })
    };
    if let Some(name) = whole.or_else(named).and_then(|e| super::output::name(a, e)) {
        object.name = name;
        object.named = true;
    }
}

/// Takes those names away that the lexicon has as parts or branches of each other.
fn drop_branches(a: &Analysis<'_>, found: &mut Vec<Found>) {
    if !found.iter().any(|f| f.relation == "alias_of") {
        return;
    }
    let mut entries: BTreeMap<&str, &Actor> = BTreeMap::new();
    for actor in a.lexicon.actors.iter() {
        entries.entry(&actor.name).or_insert(actor);
    }
    let of = |x: &Actor, key: &str| {
        x.relations.iter().any(|r| matches!(r.relation.as_str(), "affiliate_of" | "part_of" | "faction_of") && r.object.as_deref() == Some(key))
    };
    let is_branch = |one: &str, other: &str| {
        let entries = entries.get(one).zip(entries.get(other));
        entries.is_some_and(|(one, other)| of(one, &other.key) || of(other, &one.key))
    };
    found.retain(|f| f.relation != "alias_of" || !is_branch(&f.subject.name, &f.object.name));
}

/// "the group led by X, a commander allied with Y": X is, and not the group around his name.
fn nearest_subjects(found: &mut Vec<Found>) {
    let mut alike: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (n, f) in found.iter().enumerate() {
        let words = f.tokens.cover(f.subject.tokens);
        alike.entry((f.relation.as_str(), f.object.name.as_str())).or_default().push((words.start, words.end, n));
    }
    let alike: BTreeMap<_, _> = alike.into_iter().map(|(key, list)| (key, Intervals::new(list))).collect();
    let is_nearer = |g: &Found, f: &Found| {
        let inside = f.subject.tokens.contains(g.subject.tokens) && f.subject.tokens != g.subject.tokens;
        // "Jamaat-ul-Ahrar, a faction of Y": the name stands for the words beside it.
        let beside = !f.subject.named && g.subject.named && g.tokens.contains(f.subject.tokens);
        inside || beside
    };
    let has_nearer = |f: &Found| {
        let others = alike.get(&(f.relation.as_str(), f.object.name.as_str()));
        others.is_some_and(|others| others.overlapping(f.subject.tokens.start, f.subject.tokens.end).into_iter().any(|g| is_nearer(&found[g], f)))
    };
    let mut kept = found.iter().map(|f| !has_nearer(f)).collect::<Vec<bool>>().into_iter();
    found.retain(|_| kept.next().unwrap_or(true));
}

fn render(a: &Analysis<'_>, f: &Found) -> record::Relation {
    let span = a.doc.span(f.tokens);
    let words = a.excerpt(span);
    // "X opposes Y" is no word of X's; "X faced accusations of helping Y" is somebody's.
    let own_verb = |cue: TokenSpan| f.tokens.contains(cue) && a.doc.tag(cue.start as usize).is_verb();
    let passed_on = a.statements_over(span).into_iter().any(|s| a.statements[s].cue.is_none_or(|c| !own_verb(c)));
    let term = when::term(a, f);
    record::Relation {
        subject: f.subject.name.clone(),
        relation: f.relation.clone(),
        object: f.object.name.clone(),
        certainty: if passed_on { "alleged" } else { "reported" }.to_owned(),
        date: term.date,
        valid_from: term.from,
        valid_to: term.to,
        start: words.start,
        end: words.end,
        text: words.text,
        confidence: f.confidence,
    }
}
