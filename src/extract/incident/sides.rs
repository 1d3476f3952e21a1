//! Who claims an incident, who is accused of it, who denies it: roles that rest on a statement.

use super::Incident;
use super::blame::{self, Blame};
use super::kind::{Family, family};
use super::participants::{self, Participant};
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
    for (incident, side) in new.into_iter().chain(blamed(a)) {
        // What an armed group claims is no operation of the state.
        let armed = side.actor.and_then(|i| a.lexicon.actors.get(i)).is_some_and(|x| x.kind.starts_with("armed."));
        let Some(incident) = a.incidents.get_mut(incident) else { continue };
        if armed && matches!(side.role, "claimant" | "suspected") && incident.kind == "operation.raid" {
            "attack.armed_assault".clone_into(&mut incident.kind);
        }
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

/// Whom the text blames without a speaker, or whose claim it reports in passing.
fn blamed(a: &Analysis<'_>) -> Vec<(usize, Participant)> {
    let mut found = Vec::new();
    for blame in blame::find(a) {
        for incident in acts_of(a, &blame) {
            for &noun in &blame.whom {
                found.extend(participants::of_noun(a, noun, blame.role, "participant.blame").into_iter().map(|p| (incident, p)));
            }
        }
    }
    found
}

/// The incidents that somebody is blamed for: the one that the act's noun tells, all of late for "the attacks", else the one told last.
fn acts_of(a: &Analysis<'_>, blame: &Blame) -> Vec<usize> {
    let violent = |i: &Incident| matches!(family(&i.kind), Family::Violence | Family::Abduction | Family::Property);
    let sentence = a.doc.sentence_of(blame.at as usize);
    let all = || a.incidents.iter().enumerate().filter(|(_, i)| violent(i));
    if let Some(act) = blame.act {
        let tokens = a.nouns[act].tokens;
        let plural = a.doc.tag(a.nouns[act].head) == crate::text::Tag::NNS;
        let told: Vec<usize> = all().filter(|(_, i)| i.triggers.iter().any(|t| tokens.overlaps(t.0))).map(|(n, _)| n).collect();
        let late = |i: &Incident| !i.background && i.sentences.iter().any(|&s| s <= sentence && s + 6 > sentence);
        if plural && told.is_empty() {
            return all().filter(|(_, i)| late(i)).map(|(n, _)| n).collect();
        }
        if !told.is_empty() {
            return told;
        }
    }
    let told_before = |i: &Incident| i.triggers.iter().map(|t| t.0.start).filter(|&t| t < blame.at).max();
    let last = all().filter_map(|(n, i)| told_before(i).map(|t| (!i.background, t, n))).max().map(|(_, _, n)| n);
    // "The LTTE is suspected in …": the accusation may come first.
    last.or_else(|| all().map(|(n, _)| n).next()).into_iter().collect()
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
