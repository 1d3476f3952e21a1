//! Frames of nouns: "the attack by A on T", "A's attack", "a suicide bombing", with the verb that they stand with.

use super::class::{classify, phrases_after};
use super::context::{self, Surroundings};
use super::device;
use super::frame::{Frame, tells_of_violence};
use super::loss::{Loss, Why};
use super::participants;
use crate::extract::Analysis;
use crate::extract::analysis::Voice;
use crate::extract::clause::Clause;
use crate::lexicon::triggers::{Effect, Trigger};
use crate::text::{Tag, TokenSpan};

/// The frame of noun group `noun`, where it is a trigger, or why it has none.
pub fn frame<'a>(a: &Analysis<'a>, noun: usize) -> Option<Result<Frame<'a>, Loss<'a>>> {
    let group = &a.nouns[noun];
    if !a.doc.tag(group.head).is_noun() {
        return None;
    }
    let (trigger, name, tokens) = noun_trigger(a, noun)?;
    let loss = |why| Loss { tokens, trigger, why };
    if classify(a, noun).weapon.is_some() && device::only_held(a, noun) {
        return Some(Err(loss(Why::OnlyHeld)));
    }
    let sentence = a.doc.sentences()[group.sentence];
    let mut frame = Frame {
        trigger,
        name,
        tokens,
        sentence: group.sentence,
        clause: None,
        noun: Some(noun),
        agents: Vec::new(),
        patients: Vec::new(),
        targets: Vec::new(),
        means: Vec::new(),
        events: Vec::new(),
    };
    // Whose attack: possessor before, names and people words inside.
    if let Some(owner) = possessor(a, noun) {
        let class = classify(a, owner);
        if matches!(trigger.effect, Effect::Killed | Effect::Abducted | Effect::Arrested) && class.human() && !class.militant(a) {
            frame.patients.push(owner);
        } else if class.militant(a) || class.security(a) || class.actor.is_some() {
            frame.agents.push(owner);
        }
    }
    if participants::names_doer(a, noun, tokens, &trigger.kind) {
        frame.agents.push(noun);
    }
    for (preposition, argument) in phrases_after(a, noun, sentence.end as usize) {
        frame.take_nominal_phrase(a, a.doc.word(preposition), argument);
        // "a protest against the killing of a student by the police": the rest belongs to the killing.
        if matches!(a.doc.word(preposition), "against" | "over" | "after" | "following") && classify(a, argument).event {
            break;
        }
    }
    // The verb it stands with.
    for (index, clause) in a.clauses_of(group.sentence) {
        let verb = &a.verbs[clause.verb];
        let lemma = a.doc.lemma(verb.head);
        if clause.object.contains(&noun) || verb.voice == Voice::Passive && clause.subject.contains(&noun) {
            frame.clause = Some(index);
            if matches!(
                lemma,
                "carry"
                    | "launch"
                    | "conduct"
                    | "mount"
                    | "stage"
                    | "commit"
                    | "perpetrate"
                    | "execute"
                    | "make"
                    | "unleash"
                    | "wage"
                    | "orchestrate"
                    | "plan"
                    | "do"
                    | "lead"
                    | "initiate"
                    | "set"
                    | "plant"
                    | "place"
                    | "detonate"
                    | "hurl"
                    | "throw"
                    | "lob"
                    | "toss"
                    | "trigger"
                    | "explode"
                    | "drop"
            ) {
                let agents: Vec<usize> = if verb.voice == Voice::Passive { clause.by_agent(a).collect() } else { clause.subject.clone() };
                frame.agents.extend(agents.into_iter().filter(|&n| classify(a, n).human()));
            } else if matches!(lemma, "suffer" | "face" | "survive" | "escape") && verb.voice == Voice::Active {
                for &n in &clause.subject {
                    frame.sort_object(a, n);
                }
            }
            for phrase in &clause.phrases {
                frame.take_phrase(a, a.doc.word(phrase.preposition), &phrase.nouns);
            }
        } else if blamed_subject(a, clause, noun) {
            frame.clause = Some(index);
            frame.agents.extend(clause.subject.iter().copied().filter(|&n| classify(a, n).human()));
        } else if clause.subject.contains(&noun) || clause.phrases.iter().any(|p| p.nouns.contains(&noun)) {
            frame.clause.get_or_insert(index);
            let under = clause.phrases.iter().any(|p| a.doc.word(p.preposition) == "under" && p.nouns.contains(&noun));
            if lemma == "come" && under {
                for &n in &clause.subject {
                    frame.sort_object(a, n);
                }
            }
        }
    }
    frame.agents.dedup();
    if trigger.needs_argument && !frame.grounded(a) {
        return Some(Err(loss(Why::Alone)));
    }
    let around = surroundings(a, noun, &frame);
    if let Err(why) = tells_of_violence(a, &frame, &around) {
        return Some(Err(loss(why)));
    }
    // The bomber is the doer.
    if trigger.id == "suicide_bomber" {
        frame.agents.push(noun);
    }
    Some(Ok(frame))
}

/// What stands around the noun: who does it, to what, which words before it.
fn surroundings(a: &Analysis<'_>, noun: usize, frame: &Frame<'_>) -> Surroundings {
    let end = a.doc.sentences()[frame.sentence].end as usize;
    let phrases = phrases_after(a, noun, end);
    let after = |wanted: &'static [&'static str]| phrases.iter().filter(|(p, _)| wanted.contains(&a.doc.word(*p))).map(|&(_, n)| n).collect::<Vec<_>>();
    // "The striker led the attack."
    let of_verb = frame.clause.map(|c| &a.clauses[c]).filter(|c| c.object.contains(&noun)).map(|c| c.subject.clone()).unwrap_or_default();
    let mut subjects = after(&["by"]);
    subjects.extend(possessor(a, noun));
    subjects.extend(of_verb);
    let objects = after(&["of", "on", "at", "against", "upon", "into"]);
    Surroundings { subjects, objects, phrases, modifiers: context::modifiers_of_noun(a, noun) }
}

/// "the *group*'s attack"
fn possessor(a: &Analysis<'_>, noun: usize) -> Option<usize> {
    let start = a.nouns[noun].tokens.start as usize;
    start.checked_sub(2).filter(|_| a.doc.tag(start - 1) == Tag::POS).and_then(|i| a.noun_at(i))
}

/// The rule whose noun is the longest end of the group, or the group with what follows "of" ("exchange of fire").
fn noun_trigger<'a>(a: &Analysis<'a>, noun: usize) -> Option<(&'a Trigger, String, TokenSpan)> {
    let group = &a.nouns[noun];
    let triggers = &a.lexicon.triggers;
    let of = group.tokens.end as usize;
    if a.doc.word(of) == "of"
        && let Some(inner) = a.noun_at(of + 1).map(|n| a.nouns[n].head).filter(|&h| triggers.ends_noun_at(&a.doc, h))
    {
        let key = format!("{} of {}", a.doc.lemma(group.head), a.doc.word(inner));
        if let Some(trigger) = triggers.of_noun(&key).next() {
            return Some((trigger, key, TokenSpan::new(group.head, inner + 1)));
        }
    }
    if !triggers.ends_noun_with(&a.doc, group.head) {
        return None;
    }
    let start = group.tokens.start as usize;
    let words: Vec<usize> = (start..=group.head).filter(|&i| a.doc.tag(i) != Tag::Hyphen).collect();
    for n in (1..=triggers.longest_noun().min(words.len())).rev() {
        let used = &words[words.len() - n..];
        let mut key = String::new();
        for (k, &i) in used.iter().enumerate() {
            if k > 0 {
                key.push(' ');
            }
            key.push_str(if k + 1 == n { a.doc.lemma(i) } else { a.doc.word(i) });
        }
        if let Some(trigger) = triggers.of_noun(&key).next() {
            return Some((trigger, key, TokenSpan::new(used[0], group.head + 1)));
        }
    }
    None
}

/// "gained notoriety for the shooting of …", "is responsible for the attack", "was behind the blast": the subject did it.
fn blamed_subject(a: &Analysis<'_>, clause: &Clause, noun: usize) -> bool {
    let verb = &a.verbs[clause.verb];
    let phrase = clause.phrases.iter().find(|p| p.nouns.contains(&noun));
    let Some(preposition) = phrase.map(|p| p.preposition) else { return false };
    let before = preposition.checked_sub(1).map_or("", |i| a.doc.word(i));
    match a.doc.word(preposition) {
        "for" => matches!(before, "notoriety" | "infamy" | "responsible" | "notorious" | "infamous"),
        "behind" => a.doc.lemma(verb.head) == "be",
        _ => false,
    }
}
