//! Offices in titles: "Afghan Foreign Minister Amir Khan Muttaqi" holds an office of Afghanistan.

use super::Found;
use super::argument::Argument;
use crate::extract::Analysis;
use crate::extract::actor::topic::Topic;
use crate::extract::analysis::MentionKind;
use crate::extract::output;
use crate::lexicon::terms::TermKind;
use crate::lexicon::trie::Entry;

/// Adds the offices that the phrases of named persons give.
pub fn find(a: &Analysis<'_>, found: &mut Vec<Found>) {
    for m in a.mentions.iter().filter(|m| m.kind == MentionKind::Person) {
        let Some(entity) = m.entity else { continue };
        let office = a.hits.iter().any(|h| {
            let title = matches!(h.entry, Entry::Term(t) if a.lexicon.terms.get(t).is_some_and(|t| t.kind == TermKind::Title && t.class == "office"));
            title && m.phrase.contains(h.tokens) && !m.tokens.overlaps(h.tokens)
        });
        let Some(name) = output::name(a, entity).filter(|_| office) else { continue };
        let state = m.country.as_deref().and_then(|c| state_of(a, c));
        let body = || a.entities[entity].affiliation.and_then(|o| output::name(a, o));
        // A minister without a country is one of the country that the text is about.
        let home = || Topic::of(a).main().and_then(|c| state_of(a, c));
        let Some(object) = state.or_else(body).or_else(home) else { continue };
        let side = |name: String| Argument { name, tokens: m.phrase, named: true };
        found.push(Found { subject: side(name), relation: "office_holder_of".to_owned(), object: side(object), tokens: m.phrase, confidence: 0.8 });
    }
}

/// Adds the bodies that unnamed people are said to belong to ("a senior police official").
pub fn find_members(a: &Analysis<'_>, found: &mut Vec<Found>) {
    for m in a.mentions.iter().filter(|m| m.kind == MentionKind::People) {
        let Some(entity) = m.entity.map(|e| &a.entities[e]).filter(|e| e.name.is_none() && e.kind.starts_with("person.")) else { continue };
        let body = entity.affiliation.and_then(|o| output::name(a, o));
        if let (Some(who), Some(body)) = (entity.description.clone(), body) {
            let side = |name: String| Argument { name, tokens: m.phrase, named: false };
            found.push(Found { subject: side(who), relation: "member_of".to_owned(), object: side(body), tokens: m.phrase, confidence: 0.7 });
        }
    }
}

/// Name of the state of an ISO country code.
fn state_of(a: &Analysis<'_>, country: &str) -> Option<String> {
    let states = a.lexicon.actors.iter().filter(|x| x.country.as_deref() == Some(country));
    states.filter(|x| matches!(x.kind.as_str(), "state.government" | "external.foreign_state")).map(|x| x.name.clone()).next()
}
