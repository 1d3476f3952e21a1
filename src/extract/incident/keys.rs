//! Names under which a clause's verb may be listed among the triggers: alone, with particle, object, preposition, noun of a phrase.

use crate::extract::Analysis;
use crate::extract::analysis::Voice;
use crate::extract::clause::Clause;

/// A name of a verb, and where the one to whom it is done stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// "kill", "gun_down", "blow_oneself_up", "open_fire", "call_off_ceasefire", "barge_into", "set_on_fire"
    pub name: String,
    /// Where its patient is.
    pub patient: Patient,
}

/// Where a verb's patient stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patient {
    /// The object; the subject of a passive.
    Object,
    /// A prepositional phrase, by its index in the clause ("opened fire *on the van*").
    Phrase(usize),
    /// It is not named ("opened fire").
    Nowhere,
}

/// The names of a clause's verb, most specific first; none where no trigger begins with its lemma.
pub fn of_clause(a: &Analysis<'_>, clause: &Clause) -> Vec<Key> {
    let verb = &a.verbs[clause.verb];
    let lemma = a.doc.lemma(verb.head);
    if a.lexicon.triggers.particles(&a.doc, verb.head).is_none() {
        return Vec::new();
    }
    let mut keys = Vec::new();
    let mut add = |name: String, patient: Patient| keys.push(Key { name, patient });
    let passive = verb.voice == Voice::Passive;
    let object = if passive { &clause.subject } else { &clause.object };
    let object_head = object.first().map(|&n| a.nouns[n].head);
    let particle = verb.particle.map(|p| a.doc.word(p));
    if object_head.is_some_and(|h| matches!(a.doc.word(h), "himself" | "herself" | "themselves" | "itself")) {
        if let Some(particle) = particle {
            add([lemma, "oneself", particle].join("_"), Patient::Object);
        }
        add([lemma, "oneself"].join("_"), Patient::Object);
    }
    if let Some(particle) = particle {
        if let Some(head) = object_head {
            add([lemma, particle, a.doc.lemma(head)].join("_"), toward(a, clause));
        }
        add([lemma, particle].join("_"), Patient::Object);
    }
    if let Some(head) = object_head {
        let noun = a.doc.lemma(head);
        if lemma == "leave" && !passive {
            // "left 100 people dead"
            let after = object.last().map_or(0, |&n| a.nouns[n].tokens.end as usize);
            match a.doc.word(after) {
                "dead" | "killed" => add("leave_dead".to_owned(), Patient::Object),
                "injured" | "wounded" | "hurt" => add("leave_injured".to_owned(), Patient::Object),
                _ => {}
            }
        }
        let patient = match noun {
            // A body found is what the idiom is about; fire opened is not.
            "body" | "corpse" => Patient::Object,
            // "claimed the lives of …": whose lives stands in the phrase.
            "life" => phrase(a, clause, 0, &["of"]),
            _ => toward(a, clause),
        };
        add([lemma, noun].join("_"), patient);
    }
    for (at, phrase) in clause.phrases.iter().enumerate() {
        let preposition = a.doc.word(phrase.preposition);
        for &noun in &phrase.nouns {
            // "set the bus on fire" has its object, "lay in wait for the convoy" another phrase.
            let noun_lemma = a.doc.lemma(a.nouns[noun].head);
            let patient = match noun_lemma {
                // "fell into the hands of militants": it befalls the subject.
                "hand" if preposition == "into" => Patient::Nowhere,
                _ if passive || !clause.object.is_empty() => Patient::Object,
                _ => toward_after(a, clause, at + 1),
            };
            add([lemma, preposition, noun_lemma].join("_"), patient);
        }
        if at == 0 && beside(a, clause, phrase.preposition) {
            if let Some(particle) = particle {
                add([lemma, particle, normal(preposition)].join("_"), Patient::Phrase(at));
            }
            add([lemma, normal(preposition)].join("_"), Patient::Phrase(at));
        }
    }
    add(lemma.to_owned(), Patient::Object);
    keys
}

/// Whether the preposition stands right after the verb, its particle or an adverb.
fn beside(a: &Analysis<'_>, clause: &Clause, preposition: usize) -> bool {
    let end = a.verbs[clause.verb].tokens.end as usize;
    preposition >= end && (end..preposition).all(|i| a.doc.tag(i).is_adverb() || matches!(a.doc.tag(i), crate::text::Tag::RP | crate::text::Tag::IN))
}

/// "fired at" and "fired upon" are listed as "fire_on".
fn normal(preposition: &str) -> &str {
    match preposition {
        "at" | "upon" => "on",
        "onto" => "into",
        other => other,
    }
}

/// The one whom an idiom is aimed at: "opened fire *on*", "set fire *to*", "seized control *of*".
fn toward(a: &Analysis<'_>, clause: &Clause) -> Patient {
    toward_after(a, clause, 0)
}

fn toward_after(a: &Analysis<'_>, clause: &Clause, from: usize) -> Patient {
    phrase(a, clause, from, &["on", "at", "to", "upon", "with", "into", "against", "of", "over", "from", "for"])
}

/// The first phrase from number `from` on with one of these prepositions that names no time.
fn phrase(a: &Analysis<'_>, clause: &Clause, from: usize, prepositions: &[&str]) -> Patient {
    let timed = |nouns: &[usize]| nouns.first().is_some_and(|&n| a.date_at(a.nouns[n].head).is_some());
    let fits = |&i: &usize| prepositions.contains(&a.doc.word(clause.phrases[i].preposition)) && !timed(&clause.phrases[i].nouns);
    (from..clause.phrases.len()).find(fits).map_or(Patient::Nowhere, Patient::Phrase)
}
