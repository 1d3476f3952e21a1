//! Devices that have not gone off: "recovered an IED", "a bomb planted under a bridge was defused". A device tells of an explosion
//! only where something says that it worked.

use super::class::classify;
use super::frame::Frame;
use super::kind::{Family, family};
use super::loss::{Loss, Why};
use crate::extract::Analysis;
use crate::extract::analysis::Voice;

/// Frames further apart than this are not compared.
const NEAR: usize = 12;

/// Takes the frames away whose device lies idle.
pub fn drop_idle<'a>(a: &Analysis<'a>, frames: &mut Vec<Frame<'a>>, losses: &mut Vec<Loss<'a>>) {
    let idle = find_idle(a, frames);
    let mut at = 0;
    frames.retain(|frame| {
        at += 1;
        if idle[at - 1] {
            losses.push(Loss { tokens: frame.tokens, trigger: frame.trigger, why: Why::OnlyHeld });
        }
        !idle[at - 1]
    });
}

/// Which frames those are.
fn find_idle(a: &Analysis<'_>, frames: &[Frame<'_>]) -> Vec<bool> {
    let bare: Vec<bool> = frames.iter().map(|f| is_bare(a, f)).collect();
    if !bare.contains(&true) && !frames.iter().any(plants) {
        return bare;
    }
    let harms = |i: usize| frames[i].is_effect() || frames[i].trigger.kind.starts_with("explosion") && !bare[i] && !plants(&frames[i]);
    let secures = |i: usize| matches!(frames[i].trigger.kind.as_str(), "counter.attack_foiled" | "counter.weapons_seized" | "counter.arrest");
    let harmless = !(0..frames.len()).any(harms);
    let secured = (0..frames.len()).any(secures);
    let is_idle = |i: usize| {
        let frame = &frames[i];
        if plants(frame) {
            return frame.patients.iter().chain(&frame.means).any(|&n| only_held(a, n)) || secured && harmless;
        }
        let works = |k: usize| !bare[k] && frame.noun.is_some_and(|n| stands_with(a, &frames[k], n)) && !(plants(&frames[k]) && secured && harmless);
        bare[i] && (secured && harmless || beside(frames, i).any(secures)) && !beside(frames, i).any(works)
    };
    (0..frames.len()).map(is_idle).collect()
}

/// The frames of the same sentence that stand near frame `i`, by index.
fn beside(frames: &[Frame<'_>], i: usize) -> impl Iterator<Item = usize> {
    (i.saturating_sub(NEAR)..frames.len().min(i + NEAR)).filter(move |&k| frames[k].sentence == frames[i].sentence)
}

/// A noun that names the device alone ("an IED"), not what it did ("an IED blast").
fn is_bare(a: &Analysis<'_>, frame: &Frame<'_>) -> bool {
    let explosive = frame.trigger.kind.starts_with("explosion") && frame.trigger.id != "suicide_bomber";
    explosive && frame.noun.is_some_and(|n| classify(a, n).weapon.is_some_and(|w| w.class.starts_with("explosive")))
}

/// Putting a device somewhere, which says nothing of what came of it.
fn plants(frame: &Frame<'_>) -> bool {
    matches!(frame.trigger.id.as_str(), "plant_bomb" | "rig") && !frame.is_nominal()
}

/// Whether the noun is named in an act of violence, as its means or in its clause.
fn stands_with(a: &Analysis<'_>, act: &Frame<'_>, noun: usize) -> bool {
    let violent = act.is_effect() || matches!(family(&act.trigger.kind), Family::Violence | Family::Property | Family::Abduction);
    // "The explosives were meant for an attack": the clause of a noun says something about the act, not what it was done with.
    let says_how = |c: usize| !act.is_nominal() || matches!(a.doc.lemma(a.verbs[a.clauses[c].verb].head), "cause" | "use" | "involve" | "be");
    let in_clause = || act.clause.is_some_and(|c| says_how(c) && a.clauses[c].names(noun));
    violent && (act.events.contains(&noun) || act.arguments().any(|n| n == noun) || in_clause())
}

/// "recovered two bombs", "a bomb was found", "carrying explosives", "possession of grenades": nothing has gone off.
pub fn only_held(a: &Analysis<'_>, noun: usize) -> bool {
    let group = &a.nouns[noun];
    let holds = |lemma: &str| {
        matches!(
            lemma,
            "find"
                | "recover"
                | "seize"
                | "discover"
                | "defuse"
                | "unearth"
                | "confiscate"
                | "possess"
                | "carry"
                | "make"
                | "manufacture"
                | "assemble"
                | "buy"
                | "supply"
                | "transport"
                | "deactivate"
                | "detect"
                | "disarm"
                | "remove"
                | "intercept"
                | "store"
                | "stockpile"
                | "smuggle"
                | "deliver"
                | "neutralise"
                | "neutralize"
                | "impound"
                | "provide"
                | "procure"
                | "uncover"
                | "dismantle"
                | "retrieve"
                | "spot"
                | "diffuse"
                | "foil"
                | "avert"
                | "dispose"
                | "dig"
                | "trace"
                | "hand"
                | "abandon"
        )
    };
    let by_verb = a.clauses_of(group.sentence).any(|(_, c)| {
        let verb = &a.verbs[c.verb];
        let affected = if verb.voice == Voice::Passive { &c.subject } else { &c.object };
        affected.contains(&noun) && holds(a.doc.lemma(verb.head))
    });
    let start = group.tokens.start as usize;
    let by_noun = start >= 2
        && matches!(a.doc.word(start - 1), "of" | "with")
        && a.noun_at(start - 2).is_some_and(|n| {
            matches!(
                a.doc.lemma(a.nouns[n].head),
                "possession"
                    | "recovery"
                    | "seizure"
                    | "cache"
                    | "supply"
                    | "kilogram"
                    | "kg"
                    | "consignment"
                    | "stock"
                    | "haul"
                    | "manufacture"
                    | "smuggling"
                    | "discovery"
                    | "truckload"
                    | "amount"
                    | "quantity"
            )
        });
    by_verb || by_noun
}
