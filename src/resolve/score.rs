//! How likely an actor of a text is a candidate of the base. A score in log-odds from named features, so that every decision can be
//! explained; vetoes for what cannot be one actor whatever else agrees.

use super::Wanted;
use super::names::{self, Likeness};
use crate::model::comparison::{Comparison, Part};
use crate::model::name::is_person;
use crate::model::resolution::{Candidate, Context};
use jiff::civil::Date;

/// Compares an actor of a text with a candidate; None where no name of the candidate could be meant.
pub fn compare(wanted: &Wanted, candidate: &Candidate) -> Option<Comparison> {
    let person = is_person(&wanted.kind);
    let likeness = names::best(wanted, candidate)?;
    let (text, base) = (&wanted.context, &candidate.context);
    let parts = [
        Some(Part::Feature("name", name_weight(likeness, person))),
        set_aside(likeness, candidate),
        kinds(&wanted.kind, &candidate.kind),
        countries(text, candidate),
        owners(text, base),
        titles(text, base),
        people(text, base),
        groups(text, base),
        strangers(text, base),
        validity(text.first, candidate),
        years(text.first, base),
    ];
    Some(Comparison::of(parts.into_iter().flatten()))
}

/// What the names alone say. Thousands are called Khan, few Abdul Wali Khan; organisations take care to have names of their own.
fn name_weight(likeness: Likeness, person: bool) -> f64 {
    match (likeness, person) {
        (Likeness::Same(1), true) => -1.2,
        (Likeness::Same(2), true) => 1.6,
        (Likeness::Same(_), true) => 2.6,
        (Likeness::Sound(1), true) => -2.0,
        (Likeness::Sound(2), true) => 0.6,
        (Likeness::Sound(_), true) => 1.6,
        (Likeness::Part(1), _) => -1.4,
        (Likeness::Part(2), _) => 0.2,
        (Likeness::Part(_), _) => 0.8,
        (Likeness::Same(1), false) => 1.2,
        (Likeness::Same(_), false) => 2.6,
        (Likeness::Sound(1), false) => -0.6,
        (Likeness::Sound(_), false) => 1.2,
        (Likeness::Acronym, _) => -0.6,
    }
}

/// The engine knows every name of the lexicon: where it did not take one for the lexicon's actor, its words or what stands around spoke
/// against it.
fn set_aside(likeness: Likeness, candidate: &Candidate) -> Option<Part> {
    (candidate.known && matches!(likeness, Likeness::Same(_))).then_some(Part::Veto("set_aside"))
}

fn kinds(a: &str, b: &str) -> Option<Part> {
    let same_class = || a.split('.').next() == b.split('.').next();
    let vague = |kind: &str| matches!(kind, "person.other" | "organisation.ngo" | "armed.unidentified");
    if a.is_empty() || b.is_empty() {
        return None;
    }
    if a == b {
        // Nobody in particular: says little.
        let vague = matches!(a, "person.other" | "organisation.ngo");
        return Some(Part::Feature("type", if vague { 0.1 } else { 0.4 }));
    }
    if vague(a) || vague(b) {
        return None;
    }
    if same_class() && !a.starts_with("person.") {
        return Some(Part::Feature("type", 0.2));
    }
    let armed_against_state = |x: &str, y: &str| x.starts_with("armed.") && y.starts_with("state.");
    if armed_against_state(a, b) || armed_against_state(b, a) {
        return Some(Part::Veto("type"));
    }
    Some(Part::Feature("type", -0.9))
}

fn countries(text: &Context, candidate: &Candidate) -> Option<Part> {
    let base = || candidate.country.iter().chain(&candidate.context.countries);
    if text.countries.is_empty() || base().next().is_none() {
        return None;
    }
    let shared = base().any(|c| text.countries.contains(c));
    Some(Part::Feature("country", if shared { 0.5 } else { -0.7 }))
}

/// What the actor belongs to: the same party, group or ministry.
fn owners(text: &Context, base: &Context) -> Option<Part> {
    if text.owners.is_empty() || base.owners.is_empty() {
        return None;
    }
    let shared = text.owners.iter().any(|o| base.owners.contains(o));
    // People change sides; one document of a person in a party is no proof against another.
    Some(Part::Feature("affiliation", if shared { 1.0 } else { -0.5 }))
}

/// A word in common among titles, "provincial minister" and "minister for law".
fn titles(text: &Context, base: &Context) -> Option<Part> {
    let words = |titles: &[String]| -> Vec<String> {
        let words = titles.iter().flat_map(|t| t.split(|c: char| !c.is_alphanumeric()));
        words.filter(|w| w.chars().count() > 3).map(str::to_lowercase).collect()
    };
    let (a, b) = (words(&text.titles), words(&base.titles));
    if a.is_empty() || b.is_empty() {
        return None;
    }
    Some(Part::Feature("title", if a.iter().any(|w| b.contains(w)) { 0.6 } else { -0.3 }))
}

/// Who is named beside the actor. A person in common says more than a group, which half of a country's news may name; states, which stand
/// beside everybody, are not compared at all.
fn people(text: &Context, base: &Context) -> Option<Part> {
    let weight = shared(&text.people, &base.people) as f64 * 0.6;
    (weight > 0.0).then_some(Part::Feature("people", weight.min(1.5)))
}

fn groups(text: &Context, base: &Context) -> Option<Part> {
    let weight = shared(&text.groups, &base.groups) as f64 * 0.3;
    (weight > 0.0).then_some(Part::Feature("groups", weight.min(0.6)))
}

/// Many are named beside both, and nobody beside the two. The base has the most frequent only, so this says little.
fn strangers(text: &Context, base: &Context) -> Option<Part> {
    let many = |c: &Context| c.people.len() + c.groups.len() > 2;
    let none = shared(&text.people, &base.people) + shared(&text.groups, &base.groups) == 0;
    (none && many(text) && many(base)).then_some(Part::Feature("strangers", -0.4))
}

fn shared(text: &[String], base: &[String]) -> usize {
    text.iter().filter(|id| base.binary_search(id).is_ok()).count()
}

/// Whether it was there at the time: an organisation that was founded later cannot be meant, one that ended may still be spoken of.
fn validity(published: Option<Date>, candidate: &Candidate) -> Option<Part> {
    let published = i32::from(published?.year());
    let year = |day: &Option<String>| day.as_deref().and_then(|d| d.get(..4)).and_then(|y| y.parse::<i32>().ok());
    if year(&candidate.valid_from).is_some_and(|from| published < from) {
        return Some(Part::Veto("not_yet"));
    }
    if year(&candidate.valid_to).is_some_and(|to| published > to + 10) {
        return Some(Part::Feature("validity", -1.0));
    }
    None
}

/// How far the text is from the documents that mention the candidate.
fn years(published: Option<Date>, base: &Context) -> Option<Part> {
    let (published, first, last) = (published?, base.first?, base.last?);
    let gap = i32::from(first.year()) - i32::from(published.year());
    let years = gap.max(i32::from(published.year()) - i32::from(last.year())).max(0);
    match years {
        0..=2 => Some(Part::Feature("years", 0.3)),
        3..=15 => None,
        _ => Some(Part::Feature("years", -1.0)),
    }
}
