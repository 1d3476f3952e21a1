//! Who claims an incident, who is accused of it, who denies it: roles that rest on a statement.

use super::participants::Participant;
use crate::extract::Analysis;
use crate::extract::analysis::{Mention, MentionKind, Statement};
use crate::text::TokenSpan;

/// Adds a participant for each claim, accusation and denial that is about an incident; runs after statements are linked.
pub fn add_sides(a: &mut Analysis<'_>) {
    let mut new: Vec<(usize, Participant)> = Vec::new();
    for (index, statement) in a.statements.iter().enumerate() {
        for &incident in &statement.about {
            let side = match statement.kind {
                "claim" => speaker(a, statement, "claimant"),
                "denial" => speaker(a, statement, "denier"),
                "accusation" => accused(a, statement),
                _ => None,
            };
            if let Some(side) = side {
                new.push((incident, Participant { asserted_by: Some(index), ..side }));
            }
        }
    }
    for (incident, side) in new {
        let Some(incident) = a.incidents.get_mut(incident) else { continue };
        let known = incident
            .participants
            .iter_mut()
            .find(|p| p.role == side.role && (p.entity.is_some() && p.entity == side.entity || p.mentions.iter().any(|m| side.mentions.contains(m))));
        match known {
            Some(p) => p.asserted_by = p.asserted_by.or(side.asserted_by),
            None => incident.participants.push(side),
        }
    }
}

/// The one who speaks, or the one on whose behalf.
fn speaker(a: &Analysis<'_>, statement: &Statement, role: &'static str) -> Option<Participant> {
    let entity = statement.on_behalf_of.or(statement.entity);
    let mention = entity.and_then(|e| a.entities[e].mentions.first()).and_then(|&m| a.mentions.get(m));
    let tokens = mention.map(|m| m.tokens).or(statement.speaker)?;
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
