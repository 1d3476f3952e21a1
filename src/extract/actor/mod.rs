//! Who acts and speaks: names, persons, groups; who is who.
//!
//! Each step adds drafts of mentions: names of the lexicon, organisations and persons by form, states that act, groups without a name and
//! descriptions, people by what they are. Then the drafts are joined to entities.

mod coreference;
mod countries;
mod crowd;
mod descriptions;
mod draft;
mod entity;
mod names;
mod organisations;
mod people;
mod person_signs;
mod persons;
mod salience;
mod states;
mod titles;
pub mod topic;
mod words;

use super::Analysis;
use super::analysis::MentionKind;
use crate::text::TokenSpan;
use draft::{Draft, Drafts, Who};
use std::collections::BTreeSet;
use topic::Topic;

/// A name of the lexicon that stands for nobody, or for somebody else, where it was found.
#[derive(Clone, Copy, Debug)]
pub struct NameLoss {
    /// The name.
    pub tokens: TokenSpan,
    /// Index into `lexicon.actors`.
    pub actor: u32,
    /// Why.
    pub why: &'static str,
}

/// The pass: fills `mentions` and `entities`, and marks places that stand for governments.
pub fn find_actors(a: &mut Analysis<'_>) {
    let topic = Topic::of(a);
    let mut drafts = Drafts::new(a.doc.len());
    names::find(a, &topic, &mut drafts);
    organisations::find(a, &mut drafts);
    persons::find(a, &mut drafts);
    let metonyms = states::find(a, &mut drafts);
    descriptions::find(a, &mut drafts);
    people::find(a, &mut drafts);
    police(a, &mut drafts);
    in_order(&mut drafts);
    let (figures, of) = coreference::join(a, &topic, &drafts);
    let (mentions, entities) = entity::finish(a, &topic, &drafts.list, &figures, &of);
    a.set_actors(mentions, entities);
    a.name_losses = drafts.losses;
    for place in metonyms {
        a.places[place].metonym = true;
    }
}

/// Of a text that is not parsed: the lexicon's names alone.
pub fn find_names(a: &mut Analysis<'_>) {
    let topic = Topic::of(a);
    let mut drafts = Drafts::new(a.doc.len());
    names::find(a, &topic, &mut drafts);
    in_order(&mut drafts);
    let (figures, of) = coreference::join(a, &topic, &drafts);
    let (mentions, entities) = entity::finish(a, &topic, &drafts.list, &figures, &of);
    a.set_actors(mentions, entities);
}

/// "police" in "a senior police official" names the body that he belongs to.
fn police(a: &Analysis<'_>, drafts: &mut Drafts) {
    let officials: Vec<TokenSpan> = drafts.list.iter().filter(|d| d.kind == MentionKind::People && d.tokens.len() > 1).map(|d| d.tokens).collect();
    for tokens in officials {
        let head = tokens.end as usize - 1;
        if let Some(i) = tokens.range().find(|&i| i < head && a.doc.word(i) == "police" && !drafts.is_taken(i)) {
            drafts.group(Draft::new(TokenSpan::one(i), MentionKind::Organisation, Who::Unnamed));
        }
    }
}

/// Sorts the drafts by start, the longer phrase first, and drops people whom a description covers with the same head.
fn in_order(drafts: &mut Drafts) {
    let mut order: Vec<usize> = (0..drafts.list.len()).collect();
    order.sort_by_key(|&n| {
        let d = &drafts.list[n];
        (d.tokens.start, std::cmp::Reverse(d.tokens.end), d.kind as u8)
    });
    let described: BTreeSet<usize> = drafts.list.iter().filter(|d| d.kind == MentionKind::Description).map(|d| d.head).collect();
    order.retain(|&n| drafts.list[n].kind != MentionKind::People || !described.contains(&drafts.list[n].head));
    let mut place = vec![None; drafts.list.len()];
    for (new, &old) in order.iter().enumerate() {
        place[old] = Some(new);
    }
    let mut list: Vec<Draft> = order.iter().map(|&n| drafts.list[n].clone()).collect();
    for draft in &mut list {
        if let Who::ShortFor(long) = draft.who {
            draft.who = place[long].map_or(Who::Name, Who::ShortFor);
        }
    }
    drafts.list = list;
}
