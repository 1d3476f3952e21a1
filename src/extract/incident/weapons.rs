//! With what: weapons named in the frame or its sentence, and those that its words imply.

use super::class::{classify, without_determiner};
use super::frame::Frame;
use crate::extract::Analysis;
use crate::lexicon::trie::Entry;
use crate::text::{Tag, TokenSpan};

/// Weapon kinds and words of a frame.
pub fn of_frame(a: &Analysis<'_>, frame: &Frame<'_>) -> Vec<(String, TokenSpan, bool)> {
    let mut found = Vec::new();
    for &noun in &frame.means {
        if let Some(term) = classify(a, noun).weapon {
            found.push((term.class.clone(), without_determiner(a, a.nouns[noun].tokens), false));
        }
    }
    // A weapon inside the trigger's own noun group ("car bomb attack") or named anywhere in its clause.
    let sentence = a.doc.sentences()[frame.sentence];
    for hit in a.hits_in(sentence).iter().filter(|h| sentence.contains(h.tokens)) {
        let Entry::Term(index) = hit.entry else { continue };
        let Some(term) = a.lexicon.terms.get(index).filter(|t| t.kind == crate::lexicon::terms::TermKind::Weapon) else { continue };
        let head = hit.tokens.end as usize - 1;
        // "the health club"
        let in_site = |h: &crate::lexicon::Hit| {
            let site = matches!(h.entry, Entry::Term(i) if a.lexicon.terms.get(i).is_some_and(|t| t.kind == crate::lexicon::terms::TermKind::Site));
            site && h.tokens.contains(hit.tokens) && h.tokens.len() > hit.tokens.len()
        };
        let around = TokenSpan { start: hit.tokens.start.saturating_sub(2), ..hit.tokens };
        if a.hits_in(around).iter().any(in_site) {
            continue;
        }
        let covered = found.iter().any(|(_, t, _): &(String, TokenSpan, bool)| t.overlaps(hit.tokens));
        if !covered && !only_accused(a, hit.tokens) && (a.doc.tag(head).is_noun() || a.doc.tag(head) == Tag::VBG) && a.verb_at(head).is_none() {
            // Shots and bullets come from a weapon, flames are no thing that one carries.
            let trace = matches!(a.doc.lemma(head), "shot" | "bullet" | "gunfire" | "fire" | "gunshot" | "round" | "shrapnel");
            found.push((term.class.clone(), hit.tokens, trace));
        }
    }
    for (kind, tokens, _) in &mut found {
        if let Some(finer) = finer_by_words(a, kind, *tokens, sentence) {
            finer.clone_into(kind);
        }
    }
    // "opened fire", "came under fire" are shots, not flames.
    found.retain(|(kind, tokens, _)| kind != "incendiary" || !gunfire(a, *tokens));
    if found.is_empty() && (frame.agents.iter().any(|&n| carries_gun(a, n)) || frame.trigger.from_means && a.doc.lemma(frame.tokens.start as usize) == "fire") {
        found.push(("firearm".to_owned(), frame.tokens, true));
    }
    if let Some(kind) = &frame.trigger.weapon {
        let class = kind.split('.').next().unwrap_or(kind);
        if !found.iter().any(|(k, _, _)| k == kind || k.starts_with(class)) {
            found.push((kind.clone(), frame.tokens, true));
        }
    }
    found
}

/// "armed with rifles and grenades", "carrying bombs": no word says that they were used.
pub fn only_carried(a: &Analysis<'_>, tokens: TokenSpan) -> bool {
    let start = tokens.start as usize;
    let listed =
        |i: &usize| a.doc.tag(*i).is_noun() || a.doc.tag(*i).is_adjective() || matches!(a.doc.tag(*i), Tag::CC | Tag::Comma | Tag::Hyphen | Tag::DT | Tag::CD);
    let before = (start.saturating_sub(8)..start).rev().find(|i| !listed(i) || a.doc.word(*i) == "armed");
    before.is_some_and(|i| match a.doc.word(i) {
        "with" => i > 0 && a.doc.word(i - 1) == "armed",
        "carrying" | "wielding" | "brandishing" | "toting" => true,
        _ => false,
    })
}

/// "murder charges", "in charge of": no explosive charge unless something goes off or says so.
fn only_accused(a: &Analysis<'_>, tokens: TokenSpan) -> bool {
    let head = tokens.end as usize - 1;
    let explosive = |i: usize| {
        matches!(
            a.doc.lemma(i),
            "explosive"
                | "dynamite"
                | "shaped"
                | "detonate"
                | "explode"
                | "plant"
                | "weigh"
                | "tnt"
                | "plastic"
                | "powerful"
                | "bomb"
                | "hurl"
                | "throw"
                | "place"
                | "device"
                | "kg"
                | "kilogram"
                | "pound"
        )
    };
    a.doc.lemma(head) == "charge" && tokens.len() == 1 && !(head.saturating_sub(4)..head + 5).any(explosive)
}

/// A bomb in a car, and one by the road or set off from afar: what the words around say of "bomb" and "explosives".
fn finer_by_words(a: &Analysis<'_>, kind: &str, tokens: TokenSpan, sentence: TokenSpan) -> Option<&'static str> {
    if !matches!(kind, "explosive.bomb") {
        return None;
    }
    let start = (tokens.start as usize).saturating_sub(7).max(sentence.start as usize);
    let end = (tokens.end as usize + 8).min(sentence.end as usize);
    let near = |words: &[&str]| (start..end).any(|i| words.contains(&a.doc.lemma(i)));
    let vehicle = near(&[
        "car",
        "truck",
        "vehicle",
        "van",
        "motorcycle",
        "motorbike",
        "rickshaw",
        "lorry",
        "tanker",
        "ambulance",
        "minibus",
        "jeep",
        "pickup",
        "scooter",
        "bicycle",
    ]);
    let packed = near(&["laden", "full", "pack", "load", "fill", "conceal", "hide", "rig", "strap", "fit", "stuff", "cram"]);
    if vehicle && packed {
        return Some("explosive.vehicle_bomb");
    }
    let roadside = near(&["roadside"])
        || (start..end).any(|i| matches!(a.doc.word(i), "beside" | "by" | "along" | "under") && (i + 1..i + 3).any(|j| a.doc.word(j) == "road"));
    let remote = (start..end).any(|i| a.doc.word(i) == "remote" && matches!(a.doc.word(i + 1), "control" | "-" | "controlled" | "detonated"));
    let made = near(&["improvised", "homemade", "crude"]) || (start..end).any(|i| a.doc.word(i) == "home" && a.doc.word(i + 2) == "made");
    (roadside || remote || made).then_some("explosive.ied")
}

/// "opened fire", "under fire", "exchange of fire"
fn gunfire(a: &Analysis<'_>, tokens: TokenSpan) -> bool {
    // "returned the fire"
    let start = tokens.start as usize;
    let verb = start.saturating_sub(1 + usize::from(start > 1 && a.doc.word(start - 1) == "the"));
    a.doc.word(start) == "fire"
        && start > 0
        && (matches!(
            a.doc.lemma(verb),
            "open" | "return" | "under" | "draw" | "exchange" | "cease" | "trade" | "retaliatory" | "hostile" | "direct" | "sniper" | "friendly" | "small-arms"
        ) || a.doc.word(start - 1) == "of" && matches!(a.doc.word(start.saturating_sub(2)), "exchange" | "exchanges" | "burst" | "hail" | "volley"))
}

/// Gunmen and armed men have guns, as long as nothing else is named.
fn carries_gun(a: &Analysis<'_>, noun: usize) -> bool {
    a.nouns[noun].tokens.range().any(|i| matches!(a.doc.lemma(i), "gunman" | "gunmen" | "sniper" | "shooter" | "armed" | "sharpshooter"))
}
