//! Relations told by a verb: "X supports Y", "Y is led by X", "X provided support to Y", "X operates in P".

use super::Found;
use super::argument::{self, Argument, Is};
use crate::extract::Analysis;
use crate::extract::analysis::{VerbForm, Voice};
use crate::extract::clause::Clause;
use crate::lexicon::relations::{ClausePattern, RelationPattern};
use crate::text::TokenSpan;

/// Verbs over an infinitive that say that it was not done.
const NOT_DONE: &[&str] = &[
    "refuse", "fail", "decline", "deny", "plan", "threaten", "want", "seek", "urge", "ask", "intend", "hope", "vow", "order", "request", "call", "warn",
    "demand", "offer", "promise", "stop", "prevent",
];

/// Adds what a clause tells by one of the pattern's ways.
pub fn find(a: &Analysis<'_>, pattern: &RelationPattern, way: &ClausePattern, c: &Clause, found: &mut Vec<Found>) {
    if !way.verbs.has_lemma(&a.doc, a.verbs[c.verb].head) || !is_told(a, c) {
        return;
    }
    for (subject, object) in arguments(a, c, way) {
        if pattern.named && !(subject.named && object.named) || pattern.person && (subject.is != Is::Person || object.is != Is::Body) {
            continue;
        }
        let tokens = subject.tokens.cover(object.tokens).cover(a.verbs[c.verb].tokens);
        let (subject, object) = if pattern.inverse { (object, subject) } else { (subject, object) };
        found.push(Found { subject, relation: pattern.relation.clone(), object, tokens, confidence: 0.75 });
    }
}

/// Neither negated nor only possible, planned or asked for.
fn is_told(a: &Analysis<'_>, c: &Clause) -> bool {
    let verb = &a.verbs[c.verb];
    let planned = verb.form == VerbForm::Infinitive && c.governor.is_some_and(|g| NOT_DONE.contains(&a.doc.lemma(a.verbs[g].head)));
    !verb.negated && verb.modal.is_none() && !planned
}

fn arguments(a: &Analysis<'_>, c: &Clause, pattern: &ClausePattern) -> Vec<(Argument, Argument)> {
    let verb = &a.verbs[c.verb];
    let direct = pattern.prepositions.is_empty() || pattern.preposition_optional;
    if verb.voice == Voice::Passive {
        // "Y is led by X"
        if !direct || pattern.place || !pattern.words.is_empty() {
            let stative = verb.head + 1 == verb.tokens.end as usize && !direct;
            return if stative { pairs(a, &c.subject, &targets(a, c, pattern), pattern.place) } else { Vec::new() };
        }
        let agents: Vec<usize> = c.by_agent(a).collect();
        return pairs(a, &agents, &c.subject, false);
    }
    let Some(after) = words_follow(a, c, pattern) else { return Vec::new() };
    let mut list = Vec::new();
    let subjects = subjects(a, c);
    if direct && pattern.words.is_empty() {
        list.extend(pairs(a, &subjects, &c.object, pattern.place));
    }
    let objects: Vec<usize> = targets(a, c, pattern).into_iter().filter(|&n| a.nouns[n].tokens.start as usize >= after).collect();
    list.extend(pairs(a, &subjects, &objects, pattern.place));
    list
}

/// Noun groups after the pattern's prepositions.
fn targets(a: &Analysis<'_>, c: &Clause, pattern: &ClausePattern) -> Vec<usize> {
    c.phrases.iter().filter(|p| pattern.prepositions.has_word(&a.doc, p.preposition)).flat_map(|p| p.nouns.iter().copied()).collect()
}

/// One past the last of the pattern's words after the verb; `None` where one is missing.
fn words_follow(a: &Analysis<'_>, c: &Clause, pattern: &ClausePattern) -> Option<usize> {
    let mut at = a.verbs[c.verb].head + 1;
    for any in &pattern.words {
        at = (at..c.end).find(|&i| any.has_form(&a.doc, i))? + 1;
    }
    Some(at)
}

/// Who does it; after "accused Kabul of supporting" the accused.
fn subjects(a: &Analysis<'_>, c: &Clause) -> Vec<usize> {
    let verb = &a.verbs[c.verb];
    let start = verb.tokens.start as usize;
    if verb.form == VerbForm::Gerund && start > 0 && matches!(a.doc.word(start - 1), "of" | "for" | "from" | "with") {
        let governor = c.governor.and_then(|g| a.clauses.get(g));
        let accused = governor.map(|g| g.object.as_slice()).unwrap_or_default();
        if accused.iter().any(|&n| argument::actor_of_noun(a, n).is_some()) {
            return accused.to_vec();
        }
        // "Pakistan faced accusations of helping": who stands right before the verb
        let faced = c.governor.and_then(|g| a.verbs[g].tokens.start.checked_sub(1)).and_then(|i| a.noun_at(i as usize));
        if let Some(n) = faced.filter(|&n| argument::actor_of_noun(a, n).is_some()) {
            return vec![n];
        }
    }
    c.subject.clone()
}

/// No list of a sentence names more sides than this.
const MOST_LISTED: usize = 24;

fn pairs(a: &Analysis<'_>, subjects: &[usize], objects: &[usize], place: bool) -> Vec<(Argument, Argument)> {
    let mut list = Vec::new();
    for &s in subjects.iter().take(MOST_LISTED) {
        let Some(subject) = argument::actor_of_noun(a, s) else { continue };
        for &o in objects.iter().take(MOST_LISTED) {
            let object = if place { argument::place_of_noun(a, o) } else { argument::actor_of_noun(a, o) };
            list.extend(object.filter(|o| !TokenSpan::overlaps(o.tokens, subject.tokens)).map(|o| (subject.clone(), o)));
        }
    }
    list
}
