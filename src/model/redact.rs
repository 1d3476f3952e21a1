//! Taking the words of a withdrawn document out of what was made of it. What is coded stays: codes, figures, names, places, and where in the
//! text the words stood.

use super::record::{Excerpt, Record};
use serde_json::Value;
use std::collections::BTreeSet;

/// Stands for a summary that is gone.
pub const SUMMARY: &str = "Told by a document that was withdrawn.";

/// Leaves no sentence and no phrase of the text in its record.
pub fn record(record: &mut Record) {
    let clear = |excerpt: &mut Excerpt| excerpt.text.clear();
    record.document.dateline.iter_mut().for_each(clear);
    for incident in &mut record.incidents {
        SUMMARY.clone_into(&mut incident.summary);
        if let Some(place) = &mut incident.place {
            place.mention.clone_from(&place.name);
        }
        for participant in &mut incident.participants {
            participant.mentions = vec![participant.kind.clone()];
        }
        incident.weapons.iter_mut().for_each(|w| w.mentions.clear());
        incident.evidence.iter_mut().for_each(|e| e.text.clear());
    }
    for actor in &mut record.actors {
        actor.description = None;
        actor.mentions.iter_mut().for_each(clear);
    }
    for statement in &mut record.statements {
        if let Some(speaker) = &mut statement.speaker {
            speaker.text = speaker.name.clone().unwrap_or_default();
        }
        let parts = statement.cue.iter_mut().chain(&mut statement.content).chain(&mut statement.quotes).chain(&mut statement.object);
        parts.for_each(clear);
    }
    record.relations.iter_mut().for_each(|r| r.text.clear());
    record.figures.iter_mut().for_each(|f| f.text.clear());
    record.places.iter_mut().for_each(|p| p.text.clear());
    record.notes.iter_mut().for_each(|n| n.text.clear());
}

/// What is gone with a document.
#[derive(Clone, Copy, Debug)]
pub struct Gone<'a> {
    /// Its text.
    pub text: &'a str,
    /// Ids of actors that nobody else names.
    pub actors: &'a BTreeSet<String>,
    /// Whether the building or spot goes, too.
    pub sites: bool,
}

/// Takes what is gone out of an incident's list view, or out of the members of one that the log keeps. Gives whether there was any.
pub fn list_view(view: &mut Value, gone: &Gone<'_>) -> bool {
    let before = view.clone();
    let is_of_text = |value: &Value| value.as_str().is_some_and(|words| !words.is_empty() && gone.text.contains(words));
    if let Some(summary) = view.get_mut("summary").filter(|s| is_of_text(s)) {
        *summary = SUMMARY.into();
    }
    if let Some(place) = view.get_mut("place").and_then(Value::as_object_mut) {
        if place.get("mention").is_some_and(is_of_text) {
            let name = place.get("name").cloned().unwrap_or_default();
            place.insert("mention".to_owned(), name);
        }
        if gone.sites && place.get("site").is_some_and(is_of_text) {
            place.insert("site".to_owned(), Value::Null);
        }
    }
    for party in view.get_mut("parties").and_then(Value::as_array_mut).into_iter().flatten().filter_map(Value::as_object_mut) {
        let goes = match party.get("actor").and_then(Value::as_str) {
            Some(actor) => gone.actors.contains(actor),
            None => party.get("name").is_some_and(is_of_text),
        };
        if goes {
            let kind = party.get("kind").cloned().unwrap_or_default();
            party.insert("name".to_owned(), kind);
        }
    }
    *view != before
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn words_of_the_text_go_and_others_stay() {
        let text = "A xylocarp went off in the Old Bazaar, two hawkers said.";
        let actors = BTreeSet::from(["act_1".to_owned()]);
        let mut view = json!({
            "summary": "A xylocarp went off in the Old Bazaar", "killed": 2,
            "place": {"name": "Peshawar", "mention": "Bazaar", "site": "Old Bazaar"},
            "parties": [
                {"actor": null, "name": "two hawkers", "kind": "people"}, {"actor": null, "name": "three clerks", "kind": "people"},
                {"actor": "act_1", "name": "Noor", "kind": "person"}, {"actor": "act_2", "name": "Ali", "kind": "person"},
            ],
        });
        assert!(list_view(&mut view, &Gone { text, actors: &actors, sites: true }));
        assert_eq!(view["summary"], SUMMARY);
        assert_eq!(view["place"], json!({"name": "Peshawar", "mention": "Peshawar", "site": null}));
        let names: Vec<&str> = view["parties"].as_array().unwrap().iter().map(|p| p["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["people", "three clerks", "person", "Ali"]);
        assert!(!list_view(&mut view, &Gone { text, actors: &actors, sites: true }), "nothing is left to be taken out");
        assert!(!list_view(&mut json!({"summary": "Another one.", "killed": 3}), &Gone { text, actors: &actors, sites: true }));
    }
}
