//! Verb groups: auxiliaries, adverbs between, main verb, particle.

use super::Reader;
use crate::extract::analysis::{VerbForm, VerbGroup, Voice};
use crate::text::{Tag, TokenSpan, WordList};

/// Participles that stand before a noun without a determiner far more often than they head a clause.
const PRENOMINAL: WordList<47> = WordList::of(
    "suspected alleged armed unidentified masked wanted banned outlawed injured wounded retired heavily uniformed unnamed proscribed \
     missing surviving fleeing visiting neighbouring neighboring remaining leading ruling warring abducted kidnapped captured detained \
     arrested slain deceased unknown hired escaped accused charred burnt mutilated beheaded unclaimed abandoned improvised parked \
     crowded flying falling",
);

/// Words between auxiliaries and main verb that belong to the verb group.
fn is_inner_adverb(doc: &Reader<'_, '_>, i: usize) -> bool {
    doc.tag(i).is_adverb() || matches!(doc.word(i), "not" | "n't" | "allegedly" | "reportedly" | "all" | "both" | "each")
}

fn is_auxiliary(doc: &Reader<'_, '_>, i: usize) -> bool {
    doc.tag(i) == Tag::MD
        || (doc.tag(i).is_verb()
            && matches!(
                doc.word(i),
                "be" | "is"
                    | "are"
                    | "was"
                    | "were"
                    | "been"
                    | "being"
                    | "am"
                    | "'s"
                    | "'re"
                    | "'m"
                    | "has"
                    | "have"
                    | "had"
                    | "having"
                    | "'ve"
                    | "'d"
                    | "do"
                    | "does"
                    | "did"
                    | "get"
                    | "got"
                    | "gets"
            ))
}

/// The verb group that starts at a token.
pub(super) fn group(doc: &Reader<'_, '_>, start: usize, end: usize, sentence: usize) -> Option<VerbGroup> {
    let mut at = start;
    let infinitive = doc.tag(at) == Tag::TO && {
        let mut next = at + 1;
        while next < end && (is_inner_adverb(doc, next) || doc.tag(next) == Tag::OpenQuote) {
            next += 1;
        }
        next < end && (doc.tag(next) == Tag::VB || doc.word(next) == "be")
    };
    if infinitive {
        at += 1;
    } else if !(doc.tag(at).is_verb() || doc.tag(at) == Tag::MD) || is_preposition_like(doc, at) || is_modifier(doc, at, end) {
        return None;
    }
    let (mut modal, mut perfect, mut passive_aux, mut negated, mut n_aux) = (None, false, false, false, 0);
    let mut first = None;
    let mut head = None;
    while at < end {
        let word = doc.word(at);
        // "to “pass the blame”"
        if infinitive && head.is_none() && doc.tag(at) == Tag::OpenQuote {
            at += 1;
            continue;
        }
        if is_inner_adverb(doc, at) {
            negated |= matches!(word, "not" | "n't" | "never");
            at += 1;
            continue;
        }
        // "did" and "has" are main verbs where no verb form follows.
        if is_auxiliary(doc, at) && verb_follows(doc, at + 1, end) {
            first.get_or_insert(at);
            if doc.tag(at) == Tag::MD {
                modal.get_or_insert(at);
            }
            perfect |= matches!(word, "has" | "have" | "had" | "'ve" | "having");
            passive_aux = matches!(word, "be" | "is" | "are" | "was" | "were" | "been" | "being" | "am" | "'s" | "'re" | "'m" | "get" | "got" | "gets");
            n_aux += 1;
            at += 1;
            continue;
        }
        if doc.tag(at).is_verb() || (doc.tag(at) == Tag::MD && n_aux == 0) {
            head = Some(at);
            first.get_or_insert(at);
            at += 1;
        }
        break;
    }
    let head = head?;
    let first = first.unwrap_or(head);
    let main = doc.tag(head);
    let passive = main == Tag::VBN && (passive_aux || n_aux == 0) || (passive_aux && main == Tag::VBD);
    let form = if infinitive {
        VerbForm::Infinitive
    } else if modal.is_some() {
        VerbForm::Modal
    } else {
        match doc.tag(first) {
            Tag::VBG if n_aux == 0 => VerbForm::Gerund,
            Tag::VBN if n_aux == 0 => VerbForm::Participle,
            Tag::VBD => VerbForm::Past,
            _ => VerbForm::Present,
        }
    };
    let particle = particle_after(doc, head, end);
    let last = particle.filter(|&p| p == at).map_or(at, |p| p + 1);
    Some(VerbGroup {
        tokens: TokenSpan::new(start, last),
        head,
        particle,
        voice: if passive { Voice::Passive } else { Voice::Active },
        form,
        perfect,
        modal,
        negated,
        sentence,
    })
}

/// Participles that work as prepositions.
fn is_preposition_like(doc: &Reader<'_, '_>, i: usize) -> bool {
    match doc.word(i) {
        "including" | "according" | "regarding" | "concerning" | "excluding" => true,
        "following" => {
            matches!(doc.tag(i + 1), Tag::DT | Tag::NN | Tag::NNS | Tag::JJ | Tag::PRPS)
                && (i == 0 || !matches!(doc.word(i - 1), "was" | "were" | "is" | "are" | "been"))
        }
        _ => false,
    }
}

/// Whether a verb form follows within the same group.
fn verb_follows(doc: &Reader<'_, '_>, from: usize, end: usize) -> bool {
    let mut at = from;
    while at < end && at < from + 4 {
        if doc.tag(at).is_verb() {
            return !is_modifier(doc, at, end);
        }
        if !is_inner_adverb(doc, at) {
            return false;
        }
        at += 1;
    }
    false
}

/// The particle of a phrasal verb or of a verb-adjective idiom: next to the verb or after a short object ("shot him dead").
fn particle_after(doc: &Reader<'_, '_>, head: usize, end: usize) -> Option<usize> {
    let wanted: &[&str] = match doc.lemma(head) {
        "shoot" | "gun" | "stone" | "stab" | "hack" | "beat" | "find" | "leave" | "mow" | "cut" | "strike" => &["dead", "down", "up"],
        "blow" | "pick" | "round" | "hole" | "tie" | "rough" => &["up"],
        "set" | "go" => &["off", "ablaze", "alight", "up", "afire"],
        "burn" => &["down", "alive", "dead"],
        "take" | "hold" => &["hostage", "captive", "away", "over", "prisoner"],
        "carry" => &["out", "off"],
        "break" => &["out", "into", "down"],
        _ => &[],
    };
    let limit = if matches!(doc.lemma(head), "shoot" | "gun" | "blow" | "set" | "take" | "hold" | "burn") { 5 } else { 1 };
    let found = (head + 1..end.min(head + 1 + limit))
        .take_while(|&i| i == head + 1 || !doc.tag(i).is_verb() && doc.tag(i) != Tag::IN && !doc.tag(i).is_punctuation() || wanted.contains(&doc.word(i)))
        .find(|&i| wanted.contains(&doc.word(i)));
    found.or_else(|| (doc.tag(head + 1) == Tag::RP && head + 1 < end).then_some(head + 1)).or_else(|| known_particle(doc, head, end))
}

/// A particle that a trigger asks for, whatever its tag: next to the verb, after a pronoun, or, where it is no preposition, after a short object.
fn known_particle(doc: &Reader<'_, '_>, head: usize, end: usize) -> Option<usize> {
    let particles = doc.triggers.particles(doc.text, head)?;
    let known = |i: usize| i < end && particles.contains(doc.word(i));
    let is_preposition = |i: usize| matches!(doc.word(i), "up" | "down" | "off" | "over" | "in" | "along" | "out");
    let opens_phrase = |i: usize| matches!(doc.word(i), "in" | "along") && doc.tag(i) == Tag::IN && doc.tag(i + 1) != Tag::IN;
    if known(head + 1) && !opens_phrase(head + 1) {
        return Some(head + 1);
    }
    if known(head + 2) && doc.tag(head + 1) == Tag::PRP {
        return Some(head + 2);
    }
    (head + 2..end.min(head + 7))
        .take_while(|&i| known(i) || !doc.tag(i).is_verb() && doc.tag(i) != Tag::IN && !doc.tag(i).is_punctuation())
        .find(|&i| known(i) && !is_preposition(i))
}

/// Whether the verb form at `i` stands before a noun as its modifier ("the banned group", "suspected militants").
pub(super) fn is_modifier(doc: &Reader<'_, '_>, i: usize, end: usize) -> bool {
    if i + 1 >= end || !matches!(doc.tag(i), Tag::VBN | Tag::VBG | Tag::VBD) {
        return false;
    }
    // "has arrested Mullah Nazir", "have repeatedly accused Pakistan": a perfect tense.
    let before = (i.saturating_sub(3)..i).rev().find(|&j| !doc.tag(j).is_adverb());
    if before.is_some_and(|j| matches!(doc.word(j), "has" | "have" | "had" | "having" | "'ve")) {
        return false;
    }
    let next = doc.tag(i + 1);
    let noun_next = next.is_noun() || next.is_adjective() || (matches!(next, Tag::VBN | Tag::VBG) && doc.tag(i + 2).is_noun() && i + 2 < end);
    noun_next && doc.tag(i) != Tag::VBD && PRENOMINAL.has_word(doc, i)
}
