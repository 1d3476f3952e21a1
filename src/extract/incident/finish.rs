//! What merging leaves open of an incident: where and when the story around it takes place, which type its parts make, what its words imply.

use super::kind::{Family, family};
use super::{Incident, casualty, participants, story};
use crate::extract::Analysis;
use crate::lexicon::triggers::Effect;

/// Completes the incidents of a text, given in the order in which they are told.
pub fn finish(a: &Analysis<'_>, incidents: &mut [Incident]) {
    let mut story = Story::default();
    for incident in incidents.iter_mut().take_while(|_| !a.is_stopped()) {
        participants::tidy(a, incident);
        settle(a, incident, &story);
        decide(a, incident);
        count(a, incident);
        story.go_on(incident);
    }
    for next in 1..incidents.len() {
        let (before, rest) = incidents.split_at_mut(next);
        if let (Some(last), Some(incident)) = (before.last_mut(), rest.first()) {
            also_in(a, last, incident);
            killed_captives(a, last, incident);
        }
    }
}

/// "On Sunday in Boda, also in Jharkhand": so was what was told before, where the text had not said so yet.
fn also_in(a: &Analysis<'_>, last: &mut Incident, incident: &Incident) {
    let sentence = a.doc.sentences()[incident.sentences[0]];
    let also = a.places_in(sentence).find(|&p| {
        let start = a.places[p].tokens.start as usize;
        start >= 2 && a.doc.word(start - 1) == "in" && a.doc.word(start - 2) == "also"
    });
    if let (Some(place), false) = (also, last.place_is_own) {
        last.place = Some(place);
    }
}

/// "Four engineers were kidnapped. … the four had been shot": who was taken has died.
fn killed_captives(a: &Analysis<'_>, taken: &mut Incident, incident: &Incident) {
    let captives = taken.participants.iter().filter(|p| p.role == "captive").find_map(|p| p.count);
    let near = taken.sentences.iter().any(|s| incident.sentences.iter().any(|t| t.abs_diff(*s) <= 2));
    let same = |f: &&casualty::Figure| {
        let group = a.noun_at(f.tokens.start as usize).map(|n| &a.nouns[n]);
        group.is_some_and(|g| g.determiner == crate::extract::analysis::Determiner::Definite && g.count.is_some()) && captives.is_none_or(|c| c == f.count)
    };
    if taken.kind.starts_with("abduction.") && taken.killed.is_empty() && near {
        taken.killed.extend(incident.killed.iter().find(same).copied());
    }
}

/// Where and when the incident told last took place.
#[derive(Debug, Default)]
struct Story {
    place: Option<usize>,
    date: Option<usize>,
    sentence: usize,
}

impl Story {
    /// News that follows on one another is of one scene for so many sentences.
    const REACH: usize = 5;

    fn go_on(&mut self, incident: &Incident) {
        if !incident.background && incident.certainty == "reported" {
            self.place = incident.place;
            self.date = incident.date;
            self.sentence = incident.sentences.last().copied().unwrap_or(0);
        }
    }

    fn holds(&self, incident: &Incident) -> bool {
        let start = incident.sentences[0];
        !incident.background && !incident.distinct && start >= self.sentence && start - self.sentence <= Self::REACH
    }
}

/// Place and day from the sentences around, from the story that goes on, from the dateline.
fn settle(a: &Analysis<'_>, incident: &mut Incident, story: &Story) {
    let sentence = incident.sentences[0];
    if incident.place.is_none() {
        incident.place = story::place_told(a, sentence, incident.background)
            .or_else(|| story.place.filter(|_| story.holds(incident)))
            .or_else(|| story::place_of_story(a, sentence, incident.background));
    }
    if incident.date.is_none() {
        incident.date = story::date_around(a, sentence, incident.background)
            .or_else(|| story.date.filter(|_| story.holds(incident)))
            .or_else(|| (!incident.background && !incident.distinct).then(|| story::date_before(a, sentence)).flatten());
    }
}

/// The type that all parts together make.
fn decide(a: &Analysis<'_>, incident: &mut Incident) {
    if incident.attributes.iter().any(|x| x == "suicide") && family(&incident.kind) == Family::Violence && incident.kind.starts_with("explosion") {
        "explosion.suicide_bombing".clone_into(&mut incident.kind);
    }
    // What militants do by themselves is an attack, even where it is called a raid.
    let role = |role: &str, kinds: &[&str]| {
        let of_kind = |p: &participants::Participant| p.role == role && participants::actor_type(a, p).is_some_and(|t| kinds.iter().any(|k| t.starts_with(k)));
        incident.participants.iter().any(of_kind)
    };
    if incident.kind == "operation.raid" && (role("perpetrator", &["armed."]) || role("suspected", &["armed."])) && !role("perpetrator", &["state."]) {
        "attack.armed_assault".clone_into(&mut incident.kind);
    }
}

/// Weapons and figures of all sentences together.
fn count(a: &Analysis<'_>, incident: &mut Incident) {
    // "bomb" gives way to any finer explosive, and what a word only implies to what is named.
    let kinds: Vec<String> = incident.weapons.iter().map(|w| w.0.clone()).collect();
    let finer = |k: &String| k.starts_with("explosive.") && !matches!(k.as_str(), "explosive.bomb" | "explosive.rocket_mortar_artillery" | "explosive.grenade");
    if let Some(kind) = kinds.iter().find(|k| finer(k)) {
        for weapon in incident.weapons.iter_mut().filter(|w| w.0 == "explosive.bomb") {
            weapon.0.clone_from(kind);
        }
    }
    // Named ones first; an implied one only where no other of its kind is there.
    incident.weapons.sort_by_key(|w| w.2);
    let mut seen: Vec<String> = Vec::new();
    incident.weapons.retain(|(kind, _, implied)| {
        let again = *implied && seen.contains(kind);
        seen.push(kind.clone());
        !again
    });
    incident.killed = casualty::of_incident(&incident.killed).into_iter().collect();
    incident.injured = casualty::of_incident(&incident.injured).into_iter().collect();
    debug_assert!(incident.killed.iter().all(|f| f.effect == Effect::Killed));
    if incident.killed.is_empty() {
        incident.killed.extend(casualty::of_murder(a, incident));
        incident.killed.extend(casualty::unharmed(a, &incident.injured));
    }
    incident.attributes.sort();
    incident.attributes.dedup();
}
