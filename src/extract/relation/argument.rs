//! Who or what stands in a relation: an entity, a name of the lexicon, a place.

use crate::extract::Analysis;
use crate::extract::analysis::MentionKind;
use crate::extract::output;
use crate::lexicon::trie::Entry;
use crate::text::{Tag, TokenSpan};

/// One side of a relation.
#[derive(Clone, Debug, PartialEq)]
pub struct Argument {
    /// Canonical name, or the words that describe it.
    pub name: String,
    /// Its words.
    pub tokens: TokenSpan,
    /// Has a name.
    pub named: bool,
}

/// The actors that a token can begin, longest first: mentions, then names of the lexicon that no mention covers.
pub fn actors_from(a: &Analysis<'_>, i: usize) -> Vec<Argument> {
    let start = if a.doc.tag(i) == Tag::DT { i + 1 } else { i };
    let mut list: Vec<Argument> = a
        .mentions
        .iter()
        .filter(|m| m.tokens.start as usize == start || m.phrase.start as usize == i)
        .filter_map(|m| {
            let mut argument = of_mention(a, m.entity?, m.kind, m.phrase)?;
            // The name alone where the phrase goes on with more ("TTP leader …" is also a phrase of its own).
            argument.tokens = if m.tokens.start as usize == start { m.tokens } else { m.phrase };
            Some(argument)
        })
        .collect();
    if list.is_empty() {
        list.extend(a.hits.iter().filter(|h| h.tokens.start as usize == start).find_map(|h| of_hit(a, h.entry, h.tokens)));
    }
    for argument in &mut list {
        argument.tokens.end = after_acronym(a, argument.tokens.end as usize) as u32;
    }
    list.sort_by_key(|x| u32::MAX - x.tokens.end);
    list
}

/// The actor that a noun group names or describes.
pub fn actor_of_noun(a: &Analysis<'_>, noun: usize) -> Option<Argument> {
    let group = &a.nouns[noun];
    let mut mentions: Vec<_> = a.mentions_in(group.tokens).filter(|(_, m)| m.head == group.head || m.tokens.has(group.head)).map(|(_, m)| m).collect();
    mentions.sort_by_key(|m| u32::MAX - m.tokens.len() as u32);
    let mentioned = mentions.iter().find_map(|m| of_mention(a, m.entity?, m.kind, m.phrase));
    mentioned.or_else(|| a.hits.iter().filter(|h| group.tokens.contains(h.tokens) && h.tokens.has(group.head)).find_map(|h| of_hit(a, h.entry, h.tokens)))
}

/// The place that a noun group names, or a place in its "in …", "of …" part.
pub fn place_of_noun(a: &Analysis<'_>, noun: usize) -> Option<Argument> {
    let mut group = &a.nouns[noun];
    for _ in 0..3 {
        if let Some(p) = a.places.iter().find(|p| group.tokens.overlaps(p.tokens)) {
            return Some(Argument { name: p.name.clone(), tokens: p.tokens, named: true });
        }
        let after = group.tokens.end as usize;
        if !matches!(a.doc.word(after), "in" | "of" | "near" | "at") {
            return None;
        }
        group = &a.nouns[a.noun_at(after + 1)?];
    }
    None
}

/// The place that starts at a token.
pub fn place_from(a: &Analysis<'_>, i: usize) -> Option<Argument> {
    let start = if a.doc.tag(i) == Tag::DT { i + 1 } else { i };
    a.places.iter().find(|p| p.tokens.start as usize == start).map(|p| Argument { name: p.name.clone(), tokens: p.tokens, named: true })
}

/// An unnamed actor by the words of its noun group and what belongs to it.
pub fn described(a: &Analysis<'_>, tokens: TokenSpan) -> Argument {
    Argument { name: a.doc.text(tokens).to_owned(), tokens, named: false }
}

fn of_mention(a: &Analysis<'_>, entity: usize, kind: MentionKind, phrase: TokenSpan) -> Option<Argument> {
    let name = output::name(a, entity)?;
    let named = a.entities[entity].name.is_some() || kind == MentionKind::Person;
    Some(Argument { name, tokens: phrase, named })
}

fn of_hit(a: &Analysis<'_>, entry: Entry, tokens: TokenSpan) -> Option<Argument> {
    let Entry::Actor(index) = entry else { return None };
    let covered = a.mentions.iter().any(|m| m.tokens.overlaps(tokens));
    let actor = a.lexicon.actors.get(index).filter(|_| !covered)?;
    Some(Argument { name: actor.name.clone(), tokens, named: true })
}

/// One past "(TTP)" after a name.
fn after_acronym(a: &Analysis<'_>, end: usize) -> usize {
    let bracketed = a.doc.tag(end) == Tag::OpenBracket && a.doc.tag(end + 2) == Tag::CloseBracket;
    if bracketed { end + 3 } else { end }
}
