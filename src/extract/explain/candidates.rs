//! Frames and incidents, and the candidates that lost: triggers without a frame, other places of a name, other actors, other incidents.

use super::{Line, Topic, line, nouns, words};
use crate::extract::Analysis;
use crate::extract::incident::frame::Frame;
use crate::extract::incident::realis;
use crate::lexicon::gazetteer::PlaceId;
use crate::text::TokenSpan;

/// A frame with its arguments, and what is to be made of it.
pub(super) fn frame(a: &Analysis<'_>, f: &Frame<'_>) -> Line {
    let mut text = format!("trigger.{} \"{}\" at \"{}\" ({}, weight {})", f.trigger.id, f.name, words(a, f.tokens), f.trigger.kind, f.trigger.weight);
    for (name, list) in [("by", &f.agents), ("patients", &f.patients), ("targets", &f.targets), ("means", &f.means), ("in", &f.events)] {
        if !list.is_empty() {
            text.push_str(&format!("; {name} {}", nouns(a, list)));
        }
    }
    let r = realis::judge(a, f);
    let background = if r.background { ", background" } else { "" };
    let generic = if r.generic { ", no single act" } else { "" };
    let attribute = r.attribute.map_or(String::new(), |x| format!(", {x}"));
    text.push_str(&format!(" → {}{background}{attribute}{generic} ({})", r.certainty, r.rule));
    line(Topic::Frame, text)
}

/// Everything of these tokens that came to nothing.
pub(super) fn lost(a: &Analysis<'_>, tokens: TokenSpan) -> Vec<Line> {
    let inside = |t: TokenSpan| tokens.contains(t);
    let triggers = a.losses.iter().filter(|l| inside(l.tokens)).map(|l| format!("trigger.{} at \"{}\": {}", l.trigger.id, words(a, l.tokens), l.why));
    let names = a.name_losses.iter().filter(|l| inside(l.tokens)).map(|l| {
        let key = a.lexicon.actors.get(l.actor).map_or("", |x| x.key.as_str());
        format!("actor {key} at \"{}\": {}", words(a, l.tokens), l.why)
    });
    let places = a.place_losses.iter().filter(|l| inside(l.tokens)).map(|l| match l.taken {
        Some(taken) => format!("place {} at \"{}\": {} fits better by {:.1}", place(a, l.lost), words(a, l.tokens), place(a, taken), l.by),
        None => format!("place {} at \"{}\": no place here", place(a, l.lost), words(a, l.tokens)),
    });
    triggers.chain(names).chain(places).map(|text| line(Topic::Lost, text)).collect()
}

fn place(a: &Analysis<'_>, id: PlaceId) -> String {
    let Some(place) = a.lexicon.gazetteer.place(id) else { return "?".to_owned() };
    let province = place.admin1().map_or(String::new(), |p| format!(", {p}"));
    let country = place.country.map_or(String::new(), |c| format!(", {}", c.as_str()));
    format!("{}{province}{country} [{}]", place.name(), place.key())
}

/// Which earlier incident the sentence's were compared with.
pub(super) fn merges(a: &Analysis<'_>, tokens: TokenSpan) -> Vec<Line> {
    let of_sentence = a.merges.iter().filter(|m| tokens.contains(m.tokens));
    of_sentence
        .map(|m| {
            let outcome = if m.is_one { "one incident with" } else { "another incident than" };
            let before = a.doc.sentence_of(m.with.start as usize);
            line(Topic::Merge, format!("\"{}\" is {outcome} \"{}\" of sentence {before} (evidence {})", words(a, m.tokens), words(a, m.with), m.score))
        })
        .collect()
}

/// Actors that could be somebody else.
pub(super) fn doubtful_actors(a: &Analysis<'_>) -> Vec<Line> {
    let keys = |list: &[u32]| list.iter().filter_map(|&i| a.lexicon.actors.get(i)).map(|x| x.key.as_str()).collect::<Vec<_>>().join(", ");
    let doubtful = a.entities.iter().filter(|e| e.candidates.len() > 1);
    doubtful
        .map(|e| {
            let first = e.mentions.first().map_or(String::new(), |&m| words(a, a.mentions[m].tokens));
            line(Topic::Actor, format!("\"{first}\" could be {}; taken is the first", keys(&e.candidates)))
        })
        .collect()
}

/// One incident of the record.
pub(super) fn incident(a: &Analysis<'_>, number: usize) -> Line {
    let i = &a.incidents[number];
    let told: Vec<String> = i.sentences.iter().map(ToString::to_string).collect();
    let triggers: Vec<String> = i.triggers.iter().map(|(t, rule)| format!("{rule} \"{}\"", words(a, *t))).collect();
    let background = if i.background { ", background" } else { "" };
    let scene = i.place.map_or(String::new(), |p| format!(" in {}", a.places[p].name));
    let day = i.date.and_then(|d| a.dates[d].value).map_or(String::new(), |v| format!(" on {}", v.start));
    line(
        Topic::Incident,
        format!("{number}: {}{scene}{day} ({}{background}), told in sentences {} by {}", i.kind, i.certainty, told.join(", "), triggers.join(", ")),
    )
}
