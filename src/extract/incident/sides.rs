//! Who claims an incident, who is accused of it, who denies it: roles that rest on a statement.

use super::acts::Acts;
use super::blame;
use super::participants::{self, Participant};
use crate::extract::Analysis;
use crate::extract::analysis::{Mention, MentionKind, Statement};
use crate::text::TokenSpan;
use std::collections::BTreeMap;

/// Adds a participant for each claim, accusation and denial that is about an incident; runs after statements are linked.
pub fn add_sides(a: &mut Analysis<'_>) {
    let mut new: Vec<(usize, Participant)> = Vec::new();
    for (index, statement) in a.statements.iter().enumerate() {
        for &incident in &statement.about {
            let side = match statement.kind {
                "claim" => speaker(a, statement, "claimant"),
                // Who doubts somebody else's claim denies no deed.
                "denial" if !crate::extract::statement::speaks_of_claim(a, statement) => speaker(a, statement, "denier"),
                "accusation" => accused(a, statement),
                _ => None,
            };
            if let Some(side) = side {
                new.push((incident, Participant { asserted_by: Some(index), ..side }));
            }
        }
    }
    let blamed = blamed(a);
    let mut known: BTreeMap<usize, Known> = BTreeMap::new();
    for (n, side) in new.into_iter().chain(blamed) {
        // What an armed group claims is no operation of the state.
        let armed = side.actor.and_then(|i| a.lexicon.actors.get(i)).is_some_and(|x| x.kind.starts_with("armed."));
        let Some(incident) = a.incidents.get_mut(n) else { continue };
        if armed && matches!(side.role, "claimant" | "suspected") && incident.kind == "operation.raid" {
            "attack.armed_assault".clone_into(&mut incident.kind);
        }
        match known.entry(n).or_insert_with(|| Known::of(&incident.participants)).find(&side) {
            Some(p) => {
                let asserted_by = &mut incident.participants[p].asserted_by;
                *asserted_by = asserted_by.or(side.asserted_by);
            }
            None => incident.participants.push(side),
        }
    }
}

/// The participants of an incident by who they are in their role: the first of each, by index.
#[derive(Debug, Default)]
struct Known {
    n: usize,
    by_entity: BTreeMap<(&'static str, usize), usize>,
    by_mention: BTreeMap<(&'static str, TokenSpan), usize>,
}

impl Known {
    fn of(participants: &[Participant]) -> Self {
        let mut this = Self::default();
        participants.iter().for_each(|p| this.add(p));
        this
    }

    fn add(&mut self, p: &Participant) {
        if let Some(entity) = p.entity {
            self.by_entity.entry((p.role, entity)).or_insert(self.n);
        }
        for &mention in &p.mentions {
            self.by_mention.entry((p.role, mention)).or_insert(self.n);
        }
        self.n += 1;
    }

    /// The participant that is the same; where there is none, this one is known from now on.
    fn find(&mut self, side: &Participant) -> Option<usize> {
        let by_entity = side.entity.and_then(|e| self.by_entity.get(&(side.role, e)));
        let by_mention = side.mentions.iter().filter_map(|&m| self.by_mention.get(&(side.role, m)));
        let found = by_entity.into_iter().chain(by_mention).min().copied();
        if found.is_none() {
            self.add(side);
        }
        found
    }
}

/// Whom the text blames without a speaker, or whose claim it reports in passing.
fn blamed(a: &Analysis<'_>) -> Vec<(usize, Participant)> {
    let mut found = Vec::new();
    let blames = blame::find(a);
    if blames.is_empty() {
        return found;
    }
    let acts = Acts::of(a);
    for blame in blames {
        for incident in acts.blamed(a, &blame) {
            for &noun in &blame.whom {
                found.extend(participants::of_noun(a, noun, blame.role, "participant.blame").into_iter().map(|p| (incident, p)));
            }
        }
    }
    found
}

/// The one who speaks, or the one on whose behalf.
fn speaker(a: &Analysis<'_>, statement: &Statement, role: &'static str) -> Option<Participant> {
    // What a group's man claims the group claims.
    let group = |e: usize| a.entities[e].affiliation.filter(|&o| a.entities[e].kind.starts_with("person.") && a.entities[o].kind.starts_with("armed."));
    let entity = statement.on_behalf_of.or(statement.entity.map(|e| group(e).unwrap_or(e)));
    let mention = entity.and_then(|e| a.entities[e].mentions.first()).and_then(|&m| a.mentions.get(m));
    let tokens = mention.map(|m| m.tokens).or(statement.speaker)?;
    if passes_on(a, tokens) {
        return None;
    }
    Some(Participant {
        entity,
        actor: entity.and_then(|e| a.entities[e].actor),
        kind: mention.map_or("organisation", kind_of),
        role,
        mentions: vec![tokens],
        rule: "participant.statement",
        ..Participant::default()
    })
}

/// Newspapers and reporters hear claims, they make none.
fn passes_on(a: &Analysis<'_>, tokens: TokenSpan) -> bool {
    let head = (tokens.end as usize).saturating_sub(1);
    matches!(
        a.doc.lemma(head),
        "newspaper" | "reporter" | "journalist" | "media" | "press" | "correspondent" | "radio" | "television" | "broadcaster" | "daily"
    )
}

/// The one whom an accusation names: the outermost mention at the head of its object, so that
/// "an affiliate of the TTP" is the affiliate and not the TTP.
fn accused(a: &Analysis<'_>, statement: &Statement) -> Option<Participant> {
    let object = statement.object?;
    let candidates = || a.mentions_in(object).map(|(_, m)| m).filter(|m| m.phrase.overlaps(object) && m.kind != MentionKind::Pronoun);
    let first = candidates().min_by_key(|m| (m.phrase.start.max(object.start), std::cmp::Reverse(m.phrase.len())))?;
    if !acts(a, first) {
        return None;
    }
    Some(Participant {
        entity: first.entity,
        actor: first.entity.and_then(|e| a.entities[e].actor),
        kind: kind_of(first),
        role: "suspected",
        count: first.count,
        mentions: vec![if first.kind == MentionKind::Organisation { first.tokens } else { phrase(first) }],
        rule: "participant.accusation",
        ..Participant::default()
    })
}

fn phrase(m: &Mention) -> TokenSpan {
    if m.phrase.is_empty() { m.tokens } else { m.phrase }
}

/// Whether the mention is somebody who can do such a thing.
fn acts(a: &Analysis<'_>, m: &Mention) -> bool {
    !m.tokens.is_empty() && !a.doc.tag(m.head).is_punctuation()
}

fn kind_of(m: &Mention) -> &'static str {
    match m.kind {
        MentionKind::Person => "person",
        MentionKind::People => "people",
        _ => "organisation",
    }
}
