//! Who or what stands in a relation: an entity, a name of the lexicon, a place.

use crate::extract::Analysis;
use crate::extract::analysis::MentionKind;
use crate::extract::output;
use crate::lexicon::trie::Entry;
use crate::text::{Tag, TokenSpan};
use std::cell::OnceCell;

/// One side of a relation.
#[derive(Clone, Debug, PartialEq)]
pub struct Argument {
    /// Canonical name, or the words that describe it.
    pub name: String,
    /// Its words.
    pub tokens: TokenSpan,
    /// Has a name.
    pub named: bool,
    /// What it is.
    pub is: Is,
}

/// What stands in a relation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Is {
    /// A person or people.
    Person,
    /// A group, body or state.
    Body,
    /// A place.
    Place,
}

/// The actors that each token can begin, found when they are asked for.
pub struct Actors<'s, 'a> {
    a: &'s Analysis<'a>,
    /// Tokens with which a mention or a name of the lexicon begins.
    begins: Vec<bool>,
    /// Tokens that one of those may begin with: an article or "its" may stand before.
    may_begin: Vec<bool>,
    /// The same tokens in order.
    beginnings: Vec<u32>,
    found: Vec<OnceCell<Vec<Argument>>>,
    /// Name of the state of the country that the text is about.
    home: OnceCell<Option<String>>,
}

impl<'s, 'a> Actors<'s, 'a> {
    /// Of all tokens of the text.
    pub fn of(a: &'s Analysis<'a>) -> Self {
        let mut begins = vec![false; a.doc.len()];
        let mentioned = a.mentions.iter().filter(|m| m.entity.is_some()).flat_map(|m| [m.tokens.start, m.phrase.start]);
        let named = a.hits.iter().filter(|h| matches!(h.entry, Entry::Actor(_))).map(|h| h.tokens.start);
        for start in mentioned.chain(named) {
            if let Some(begins) = begins.get_mut(start as usize) {
                *begins = true;
            }
        }
        let may_begin: Vec<bool> = (0..begins.len()).map(|i| begins[i] || begins.get(i + 1) == Some(&true) || is_owner(a.doc.word(i))).collect();
        let beginnings = (0..).zip(&may_begin).filter(|(_, may)| **may).map(|(i, _)| i).collect();
        Self { a, begins, may_begin, beginnings, found: vec![OnceCell::new(); a.doc.len()], home: OnceCell::new() }
    }

    /// Those that token `i` can begin, longest first.
    pub fn from(&self, i: usize) -> &[Argument] {
        if self.may_begin(i) { self.found[i].get_or_init(|| actors_from(self.a, i)) } else { &[] }
    }

    /// The state of the country that the text is about, as what these words mean.
    pub fn home(&self, tokens: TokenSpan) -> Option<Argument> {
        let name = self.home.get_or_init(|| super::office::home(self.a)).clone()?;
        Some(Argument { name, tokens, named: true, is: Is::Body })
    }

    /// So many actors the tokens can hold at most: each begins at one that a mention begins with, or at "its".
    pub fn most_in(&self, tokens: TokenSpan) -> usize {
        tokens.range().filter(|&i| self.begins[i] || is_owner(self.a.doc.word(i))).count()
    }

    /// The tokens among these that may begin with one, in order.
    pub fn beginnings_in(&self, tokens: TokenSpan) -> impl Iterator<Item = usize> {
        let from = self.beginnings.partition_point(|&i| i < tokens.start);
        self.beginnings[from..].iter().take_while(move |&&i| i < tokens.end).map(|&i| i as usize)
    }

    /// A cheap look before they are asked for.
    pub fn may_begin(&self, i: usize) -> bool {
        self.may_begin.get(i) == Some(&true)
    }
}

/// The actors that a token can begin, longest first: mentions, then names of the lexicon that no mention covers.
fn actors_from(a: &Analysis<'_>, i: usize) -> Vec<Argument> {
    // "its leader", "whose leader": whom that means; "their Zonal Committee" has a name of its own.
    let pronoun = owner_meant(a, i);
    let start = if a.doc.tag(i) == Tag::DT || pronoun.is_some() { i + 1 } else { i };
    let mut list: Vec<Argument> = a
        .mentions_in(TokenSpan::new(i, start + 1))
        .map(|(_, m)| m)
        .filter(|m| m.tokens.start as usize == start || m.phrase.start as usize == i)
        .filter_map(|m| {
            let mut argument = of_mention(a, m.entity?, m.kind, m.phrase)?;
            // The name alone where the phrase goes on with more ("TTP leader …" is also a phrase of its own).
            argument.tokens = if m.tokens.start as usize == start { m.tokens } else { m.phrase };
            Some(argument)
        })
        .collect();
    if list.is_empty() {
        list.extend(a.hits_in(TokenSpan::one(start)).iter().find_map(|h| of_hit(a, h.entry, h.tokens)));
    }
    list.extend(pronoun);
    for argument in &mut list {
        argument.tokens.end = after_acronym(a, argument.tokens.end as usize) as u32;
    }
    list.sort_by_key(|x| u32::MAX - x.tokens.end);
    list
}

fn is_owner(word: &str) -> bool {
    matches!(word, "its" | "their" | "whose")
}

/// Whom "its", "their" or "whose" at token `i` means: the group named right before "whose", else the subject group of this sentence or of
/// the one before, else the group named last in them.
fn owner_meant(a: &Analysis<'_>, i: usize) -> Option<Argument> {
    if !is_owner(a.doc.word(i)) {
        return None;
    }
    let whose = a.doc.word(i) == "whose";
    let sentence = a.doc.sentence_of(i);
    let from = a.doc.sentences().get(if whose { sentence } else { sentence.saturating_sub(1) })?.start as usize;
    let body = |m: &&crate::extract::analysis::Mention| {
        let kind = m.entity.map_or("", |e| a.entities[e].kind.as_str());
        let group = matches!(m.kind, MentionKind::Organisation | MentionKind::Description) && !kind.starts_with("person.");
        group && m.entity.is_some() && (whose || !kind.starts_with("external.")) && a.doc.quote_at(m.head) == a.doc.quote_at(i)
    };
    let near: Vec<_> = a.mentions_in(TokenSpan::new(from, i)).map(|(_, m)| m).filter(|m| m.tokens.end as usize <= i).filter(body).collect();
    let is_subject = |m: &&&crate::extract::analysis::Mention| {
        a.noun_at(m.head).is_some_and(|n| a.clauses_beside(n).any(|c| c.subject.contains(&n)) && a.nouns[n].head == m.head)
    };
    let here = |m: &&&crate::extract::analysis::Mention| a.doc.sentence_of(m.head) == sentence;
    let chosen = if whose {
        near.last().copied()
    } else {
        near.iter().filter(here).find(is_subject).or_else(|| near.iter().rev().find(is_subject)).or(near.last()).copied()
    }?;
    let mut argument = of_mention(a, chosen.entity?, chosen.kind, chosen.phrase)?;
    argument.tokens = TokenSpan::one(i);
    Some(argument)
}

/// The actor that a noun group names or describes; a possessor stands for something of its own ("the government's team").
pub fn actor_of_noun(a: &Analysis<'_>, noun: usize) -> Option<Argument> {
    let group = &a.nouns[noun];
    if a.doc.tag(group.tokens.end as usize) == Tag::POS {
        return None;
    }
    let mut mentions: Vec<_> = a.mentions_in(group.tokens).filter(|(_, m)| m.head == group.head || m.tokens.has(group.head)).map(|(_, m)| m).collect();
    mentions.sort_by_key(|m| u32::MAX - m.tokens.len() as u32);
    let mentioned = mentions.iter().find_map(|m| of_mention(a, m.entity?, m.kind, m.phrase));
    mentioned.or_else(|| {
        a.hits_in(group.tokens).iter().filter(|h| group.tokens.contains(h.tokens) && h.tokens.has(group.head)).find_map(|h| of_hit(a, h.entry, h.tokens))
    })
}

/// The place that a noun group names, or a place in its "in …", "of …" part.
pub fn place_of_noun(a: &Analysis<'_>, noun: usize) -> Option<Argument> {
    let mut group = &a.nouns[noun];
    for _ in 0..3 {
        if let Some(p) = a.place_at(group.tokens.start as usize).or_else(|| a.places_in(group.tokens).next()) {
            return Some(of_place(a, p));
        }
        let after = group.tokens.end as usize;
        if !matches!(a.doc.word(after), "in" | "of" | "near" | "at") {
            return None;
        }
        group = &a.nouns[a.noun_at(after + 1)?];
    }
    None
}

/// Index of the place that starts at a token.
pub fn place_from(a: &Analysis<'_>, i: usize) -> Option<usize> {
    let start = if a.doc.tag(i) == Tag::DT { i + 1 } else { i };
    a.places_in(TokenSpan::one(start)).next()
}

/// A place as the side of a relation.
pub fn of_place(a: &Analysis<'_>, place: usize) -> Argument {
    let place = &a.places[place];
    Argument { name: place.name.clone(), tokens: place.tokens, named: true, is: Is::Place }
}

/// An unnamed actor by the words of its noun group and what belongs to it.
pub fn described(a: &Analysis<'_>, tokens: TokenSpan) -> Argument {
    Argument { name: a.doc.text(tokens).to_owned(), tokens, named: false, is: Is::Body }
}

fn of_mention(a: &Analysis<'_>, entity: usize, kind: MentionKind, phrase: TokenSpan) -> Option<Argument> {
    let name = output::name(a, entity)?;
    let kind_of = a.entities[entity].kind.as_str();
    let person = kind == MentionKind::Person || kind_of.starts_with("person.") || kind_of.starts_with("people.");
    // "the head of the group" is a description even where we know who he is; "the police" need no other name.
    let described = person && kind == MentionKind::Description;
    let named = a.entities[entity].name.is_some() && !described || kind == MentionKind::Person || !person && kind_of.starts_with("state.");
    Some(Argument { name, tokens: phrase, named, is: if person { Is::Person } else { Is::Body } })
}

fn of_hit(a: &Analysis<'_>, entry: Entry, tokens: TokenSpan) -> Option<Argument> {
    let Entry::Actor(index) = entry else { return None };
    let covered = a.mentions_in(tokens).any(|(_, m)| m.tokens.overlaps(tokens));
    let actor = a.lexicon.actors.get(index).filter(|_| !covered)?;
    let is = if actor.kind.starts_with("person.") { Is::Person } else { Is::Body };
    Some(Argument { name: actor.name.clone(), tokens, named: true, is })
}

/// One past "(TTP)" after a name.
fn after_acronym(a: &Analysis<'_>, end: usize) -> usize {
    let bracketed = a.doc.tag(end) == Tag::OpenBracket && a.doc.tag(end + 2) == Tag::CloseBracket;
    if bracketed { end + 3 } else { end }
}
