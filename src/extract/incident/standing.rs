//! How a place name stands in its sentence: as the scene, as what the scene is found by, as where somebody comes from, goes or speaks.

use crate::extract::Analysis;
use crate::extract::analysis::{MentionKind, PlaceMention};
use crate::text::{Tag, TokenSpan};

/// How a place stands in its sentence: 0 after a preposition of place, 1 otherwise, 2 as what another place is found by
/// ("40 miles west of Lahore", "the Kabul-Kandahar highway") or as somebody's office ("governor of Logar").
pub fn standing(a: &Analysis<'_>, tokens: TokenSpan) -> u8 {
    standing_in_list(a, tokens, MOST_LISTED)
}

/// So many places are taken as one list: no sentence of news has more.
const MOST_LISTED: usize = 16;

/// The same of the last of at most so many places in a list.
fn standing_in_list(a: &Analysis<'_>, tokens: TokenSpan, most: usize) -> u8 {
    let start = tokens.start as usize;
    let Some(mut before) = start.checked_sub(1) else { return 1 };
    if before > 0 && matches!(a.doc.word(before), "the" | "village" | "town" | "city" | "central" | "downtown" | "nearby" | "neighbouring" | "remote") {
        before -= 1;
    }
    let word = a.doc.word(before);
    let back = before.checked_sub(1).map_or("", |i| a.doc.word(i));
    let direction = matches!(
        back,
        "north"
            | "south"
            | "east"
            | "west"
            | "northeast"
            | "northwest"
            | "southeast"
            | "southwest"
            | "miles"
            | "kilometres"
            | "kilometers"
            | "km"
            | "outside"
            | "ahead"
    );
    let joined = a.doc.tag(tokens.end as usize) == Tag::Hyphen && !a.doc.token(tokens.end as usize - 1).shape.has(crate::text::Shape::SPACE_AFTER);
    let office = word == "of"
        && before.checked_sub(1).is_some_and(|i| {
            a.noun_at(i).is_some_and(|n| {
                matches!(
                    a.doc.lemma(a.nouns[n].head),
                    "governor"
                        | "minister"
                        | "chief"
                        | "mayor"
                        | "head"
                        | "commander"
                        | "president"
                        | "king"
                        | "emir"
                        | "resident"
                        | "native"
                        | "deputy"
                        | "attorney"
                        | "judge"
                        | "leader"
                        | "government"
                        | "authority"
                        | "parliament"
                )
            })
        });
    match word {
        _ if joined || office => 2,
        "of" | "from" if direction => 2,
        "from" | "between" => 2,
        // "killed in Och, a village near Hangu"
        "near" if apposed_village(a, before) => 2,
        // "driven out of Pakistan"
        "of" if back == "out" && a.place_at(start).is_some_and(|p| coarseness(a.places[p].precision) == 8) => 2,
        // "Samoote village near Surankote": the village is the scene.
        "near" if before.checked_sub(1).is_some_and(|i| a.place_at(i).is_some() || a.doc.tag(i) == Tag::Comma && i > 0 && a.place_at(i - 1).is_some()) => 2,
        // "the governments of India and Assam": the second stands as the first.
        "and" | ","
            if before.checked_sub(1).and_then(|i| a.place_at(i)).is_some_and(|p| most > 0 && standing_in_list(a, a.places[p].tokens, most - 1) == 2) =>
        {
            2
        }
        "in" | "at" | "near" | "outside" | "around" | "of" | "inside" | "within" | "across" | "on" | "through" => 0,
        _ => 1,
    }
}

/// Whether "near" at `preposition` says where a village is that a comma puts beside its name: "Och, a village near Hangu".
fn apposed_village(a: &Analysis<'_>, preposition: usize) -> bool {
    let Some(group) = preposition.checked_sub(1).and_then(|i| a.noun_at(i)).map(|n| &a.nouns[n]) else { return false };
    let start = group.tokens.start as usize;
    let kind = matches!(a.doc.lemma(group.head), "village" | "town" | "hamlet" | "suburb" | "district" | "area" | "settlement" | "locality" | "city");
    kind && start >= 2 && a.doc.tag(start - 1) == Tag::Comma && a.place_at(start - 2).is_some()
}

/// "said an official in Miramshah", "a second official, reached in Peshawar": where a speaker is.
pub fn whereabouts_of_speaker(a: &Analysis<'_>, tokens: TokenSpan) -> bool {
    let Some(preposition) = (tokens.start as usize).checked_sub(1).filter(|&i| matches!(a.doc.word(i), "in" | "at" | "from")) else { return false };
    let Some(before) = preposition.checked_sub(1) else { return false };
    let reached = matches!(a.doc.word(before), "reached" | "contacted" | "interviewed" | "speaking");
    let cue = |n: usize| a.nouns[n].tokens.start.checked_sub(1).and_then(|i| a.verb_at(i as usize)).is_some_and(|v| says(a, v));
    reached || a.noun_at(before).is_some_and(cue)
}

/// Whether a verb group reports what somebody says.
pub fn says(a: &Analysis<'_>, verb: usize) -> bool {
    matches!(a.doc.lemma(a.verbs[verb].head), "say" | "tell" | "announce" | "report" | "claim" | "confirm" | "state" | "add" | "declare")
}

/// "sent a delegation to Kabul", "bound for Karachi", "traders from Mastung"
pub fn is_direction(a: &Analysis<'_>, tokens: TokenSpan) -> bool {
    let start = tokens.start as usize;
    start > 0
        && (a.doc.word(start - 1) == "for"
            || a.doc.word(start - 1) == "to" && start > 1 && !matches!(a.doc.word(start - 2), "close" | "next" | "near" | "adjacent"))
}

/// "traders from Mastung and Kalat", "three engineers from China": where people come from.
pub fn home_of_people(a: &Analysis<'_>, tokens: TokenSpan) -> bool {
    let start = tokens.start as usize;
    // A second home after "and" or a comma goes with the first.
    let joined = start >= 2 && (a.doc.word(start - 1) == "and" || a.doc.tag(start - 1) == Tag::Comma);
    let from = if joined { a.place_at(start - 2).map_or(start, |p| a.places[p].tokens.start as usize) } else { start };
    from >= 2 && a.doc.word(from - 1) == "from" && a.noun_at(from - 2).is_some_and(|n| super::class::classify(a, n).people.is_some())
}

/// A place inside a group's name or a demonym-like modifier ("the Peshawar police chief") says little of the scene.
pub fn inside_actor(a: &Analysis<'_>, tokens: TokenSpan) -> bool {
    a.mentions_in(tokens).any(|(_, m)| match m.kind {
        MentionKind::Organisation => m.tokens.contains(tokens) && m.tokens.len() > tokens.len(),
        // Kazuya Ito is not in Itō.
        MentionKind::Person => m.tokens.contains(tokens),
        _ => false,
    })
}

/// Lower is finer.
pub fn coarseness(precision: &str) -> u8 {
    match precision {
        "exact" => 0,
        "near" => 1,
        "admin2" => 2,
        "admin1" => 4,
        "area" => 5,
        "country" => 8,
        _ => 9,
    }
}

/// The same for a mention: a name that the gazetteer lacks is a village or a quarter, however vaguely it can be put on the map.
pub fn fineness(place: &PlaceMention) -> u8 {
    if place.gazetteer.is_none() { 0 } else { coarseness(place.precision) }
}

/// "by the road to Datta Khel"
pub fn on_road_to(a: &Analysis<'_>, tokens: TokenSpan) -> bool {
    let start = tokens.start as usize;
    start > 1 && a.doc.word(start - 1) == "to" && matches!(a.doc.word(start - 2), "road" | "highway" | "track")
}
