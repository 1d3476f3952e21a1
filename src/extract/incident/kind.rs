//! From words, means and sides to one code of the incident type list.

use super::class::classify;
use super::frame::Frame;
use crate::extract::Analysis;
use crate::lexicon::triggers::Effect;

/// Coarse families; incidents of different families are never one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// Attacks, explosions, strikes, clashes, operations.
    Violence,
    /// Kidnappings and hijackings.
    Abduction,
    /// Arson, sabotage, robbery.
    Property,
    /// Arrests, seizures, foiled attacks, surrenders.
    Counter,
    /// Protests, riots, strikes.
    Unrest,
    /// Everything else.
    Politics,
}

/// The family of a type code.
pub fn family(kind: &str) -> Family {
    match kind.split('.').next().unwrap_or("") {
        "attack" | "explosion" | "remote" | "clash" | "operation" | "violence" => Family::Violence,
        "abduction" | "hijacking" => Family::Abduction,
        "property" => Family::Property,
        "counter" => Family::Counter,
        "unrest" => Family::Unrest,
        _ => Family::Politics,
    }
}

/// The type that a weapon kind makes of a general attack or explosion.
pub fn of_weapon(weapon: &str) -> Option<&'static str> {
    Some(match weapon {
        "explosive.suicide_vest" => "explosion.suicide_bombing",
        "explosive.vehicle_bomb" => "explosion.vehicle_bomb",
        "explosive.ied" => "explosion.ied",
        "explosive.landmine" => "explosion.landmine",
        "explosive.grenade" => "explosion.grenade",
        "explosive.rocket_mortar_artillery" => "remote.shelling_rocket_missile",
        "explosive.bomb" => "explosion.bomb",
        "aircraft" => "remote.air_strike",
        "drone" => "remote.drone_strike",
        "chemical" => "remote.chemical",
        "melee" => "attack.melee",
        "incendiary" => "property.arson",
        "firearm" => "attack.armed_assault",
        _ => return None,
    })
}

/// How specific a type is within the explosions: a named device beats "bomb".
fn rank(kind: &str) -> u8 {
    match kind {
        "explosion.suicide_bombing" => 9,
        "remote.drone_strike" | "remote.air_strike" | "remote.chemical" => 8,
        "explosion.vehicle_bomb" => 7,
        "explosion.ied" | "explosion.landmine" | "explosion.grenade" | "remote.shelling_rocket_missile" => 6,
        "abduction.kidnapping" | "abduction.hostage_taking" | "hijacking.hijacking" => 6,
        "attack.targeted_killing" | "attack.execution" | "attack.melee" => 5,
        "clash.armed_clash" | "property.arson" => 4,
        "explosion.bomb" => 4,
        "operation.raid" => 3,
        _ => 2,
    }
}

/// The type of an incident from its frames and the kinds of its weapons.
pub fn decide(a: &Analysis<'_>, frames: &[&Frame<'_>], weapons: &[String], attributes: &[String]) -> String {
    let Some(best) = frames.iter().max_by_key(|f| (f.trigger.weight, rank(&f.trigger.kind), u32::MAX - f.tokens.start)) else {
        return "other.other".to_owned();
    };
    if let Some(plot) = frames.iter().find(|f| f.trigger.id == "foil_plot") {
        return plot.trigger.kind.clone();
    }
    if let Some(foiled) =
        frames.iter().find(|f| f.trigger.id == "foil" && frames.len() > 1 && best.noun.is_some_and(|n| f.events.contains(&n) || f.means.contains(&n)))
    {
        return foiled.trigger.kind.clone();
    }
    // "raided a village, burning homes and killing people": an attack, whatever burned in it.
    let attack = || frames.iter().filter(|f| !f.is_effect() && family(&f.trigger.kind) == Family::Violence).max_by_key(|f| f.trigger.weight);
    let kills = || frames.iter().any(|f| matches!(f.trigger.effect, Effect::Killed | Effect::Injured) && !f.patients.is_empty());
    let best = match family(&best.trigger.kind) {
        Family::Property => attack().filter(|f| f.trigger.weight >= 2 || kills()).unwrap_or(best),
        _ => best,
    };
    let mut kind = best.trigger.kind.clone();
    if attributes.iter().any(|x| x == "suicide") && family(&kind) == Family::Violence {
        return "explosion.suicide_bombing".to_owned();
    }
    if best.trigger.from_means {
        let named = best.means.iter().filter_map(|&n| classify(a, n).weapon).filter_map(|t| of_weapon(&t.class)).max_by_key(|k| rank(k));
        if let Some(by_means) = named {
            by_means.clone_into(&mut kind);
        }
    }
    let general = matches!(kind.as_str(), "attack.armed_assault" | "explosion.bomb" | "remote.shelling_rocket_missile") && best.trigger.weight < 3
        || best.trigger.weight == 0;
    if general {
        let by_means = weapons.iter().filter_map(|w| of_weapon(w)).filter(|k| *k != "property.arson").max_by_key(|k| rank(k));
        if let Some(finer) = by_means.filter(|k| rank(k) > rank(&kind)) {
            finer.clone_into(&mut kind);
        }
    }
    if kind == "politics.agreement_ceasefire" && ended(a, best) {
        return "politics.ceasefire_ended".to_owned();
    }
    // A raid by militants is an attack.
    if kind == "operation.raid"
        && frames.iter().any(|f| f.agents.iter().any(|&n| classify(a, n).militant(a)))
        && !frames.iter().any(|f| f.agents.iter().any(|&n| classify(a, n).security(a)))
    {
        return "attack.armed_assault".to_owned();
    }
    if kind == "clash.armed_clash"
        && best.trigger.id == "clash"
        && let Some(unrest) = unarmed(a, frames)
    {
        return unrest.to_owned();
    }
    if kind == "attack.armed_assault"
        && best.trigger.weight <= 2
        && let Some(refined) = by_sides(a, frames)
    {
        refined.clone_into(&mut kind);
    }
    kind
}

/// "the truce broke down", "called off the ceasefire"
fn ended(a: &Analysis<'_>, frame: &Frame<'_>) -> bool {
    let Some(noun) = frame.noun else { return false };
    a.clauses_of(frame.sentence).any(|(_, c)| {
        let lemma = a.doc.lemma(a.verbs[c.verb].head);
        let collapses = c.subject.contains(&noun)
            && matches!(lemma, "break" | "collapse" | "end" | "expire" | "fail" | "unravel" | "lapse" | "crumble" | "survive" | "hold")
            && (!matches!(lemma, "survive" | "hold") || a.verbs[c.verb].negated);
        let is_ended = (c.object.contains(&noun) || c.subject.contains(&noun) && a.verbs[c.verb].voice == crate::extract::analysis::Voice::Passive)
            && matches!(lemma, "end" | "call" | "break" | "violate" | "abandon" | "scrap" | "terminate" | "cancel");
        collapses || is_ended
    })
}

/// "A clash between supporters of two parties", "students clashed with police": nobody is armed, or only the police.
fn unarmed(a: &Analysis<'_>, frames: &[&Frame<'_>]) -> Option<&'static str> {
    let only_clash =
        |f: &&Frame<'_>| f.is_effect() || f.trigger.id == "clash" && matches!(f.name.as_str(), "clash" | "factional clash" | "violent clash" | "group clash");
    let agents: Vec<usize> = frames.iter().flat_map(|f| &f.agents).copied().collect();
    let means = frames.iter().flat_map(|f| &f.means).any(|&n| classify(a, n).weapon.is_some_and(|w| w.class != "melee"));
    if agents.is_empty() || means || !frames.iter().all(only_clash) {
        return None;
    }
    let crowd = |n: usize| {
        let class = classify(a, n);
        class
            .people
            .is_some_and(|t| matches!(t.class.as_str(), "protester" | "rioter" | "speaker" | "politician") || matches!(t.term.as_str(), "student" | "worker"))
            && !class.militant(a)
    };
    if !agents.iter().any(|&n| crowd(n)) || agents.iter().any(|&n| classify(a, n).militant(a)) {
        return None;
    }
    Some(if agents.iter().any(|&n| classify(a, n).security(a)) { "unrest.violent_demonstration" } else { "unrest.mob_violence" })
}

/// Who did what to whom, where no word says the type: forces against militants are a clash or an operation.
fn by_sides(a: &Analysis<'_>, frames: &[&Frame<'_>]) -> Option<&'static str> {
    let agents = || frames.iter().flat_map(|f| &f.agents);
    // "The army said it had killed …"
    let known = |n: usize| super::names::meant_by_it(a, n).and_then(|(span, _)| a.noun_at(span.start as usize)).unwrap_or(n);
    let forces = agents().any(|&n| classify(a, known(n)).security(a));
    let militants = agents().any(|&n| classify(a, n).militant(a));
    let militants_hit = frames.iter().flat_map(|f| &f.patients).any(|&n| classify(a, n).militant(a) || is_militant_person(a, n));
    match (forces && !militants, militants_hit) {
        (true, true) => Some("clash.armed_clash"),
        (true, false) if frames.iter().any(|f| f.trigger.id == "attack") => Some("operation.raid"),
        _ => None,
    }
}

/// "a commander of the BLA", "Aslam Achu", where the text or the lexicon says that he fights for a group.
fn is_militant_person(a: &Analysis<'_>, noun: usize) -> bool {
    let group = &a.nouns[noun];
    let on_head = a.mentions_in(group.tokens).filter(|(_, m)| m.tokens.has(group.head) || m.head == group.head);
    on_head.filter_map(|(_, m)| m.entity).any(|e| a.entities[e].kind == "person.militant")
}
