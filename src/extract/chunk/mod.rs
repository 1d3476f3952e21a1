//! Base noun groups and verb groups: the words of one sentence in the pieces that rules speak of.
//!
//! Read off the tags from left to right; each token is looked at a bounded number of times.

mod mend;
mod speech;

use super::Analysis;
use super::analysis::{Determiner, NounGroup, VerbForm, VerbGroup, Voice};
use crate::lexicon::trie::Entry;
use crate::lexicon::triggers::Triggers;
use crate::model::Count;
use crate::text::{Document, Tag, TokenSpan, number};

/// A text whose known names count as nouns, whatever the tagger says of their parts ("Tehreek-i-Taliban", "police compound").
struct Reader<'r, 's> {
    text: &'r Document<'s>,
    /// Knows which words follow which verbs as particles.
    triggers: &'r Triggers,
    /// The tag that a name of the lexicon gives a token.
    known: Vec<Option<Tag>>,
}

impl<'s> std::ops::Deref for Reader<'_, 's> {
    type Target = Document<'s>;

    fn deref(&self) -> &Self::Target {
        self.text
    }
}

impl Reader<'_, '_> {
    fn tag(&self, i: usize) -> Tag {
        self.known.get(i).copied().flatten().unwrap_or_else(|| self.text.tag(i))
    }
}

/// What the names and terms of more than one word say of the tags.
fn known_tags(a: &Analysis<'_>) -> Vec<Option<Tag>> {
    let mut known = vec![None; a.doc.len()];
    for hit in a.hits.iter().filter(|h| h.tokens.len() > 1) {
        let last = hit.tokens.end as usize - 1;
        match hit.entry {
            Entry::Actor(_) => {
                for i in hit.tokens.range().filter(|&i| a.doc.tag(i) != Tag::Hyphen || i == last) {
                    known[i] = Some(Tag::NNP);
                }
            }
            Entry::Term(_) if a.doc.tag(last).is_adjective() => known[last] = Some(Tag::NN),
            _ => {}
        }
    }
    known
}

/// Finds the groups of every sentence.
pub fn find_groups(a: &mut Analysis<'_>) {
    // Twice: a word put right puts its neighbours right.
    for _ in 0..2 {
        for (i, tag) in mend::tags(a) {
            a.doc.retag(i, tag, &a.lexicon.text);
        }
    }
    let known = known_tags(a);
    let reader = Reader { text: &a.doc, triggers: &a.lexicon.triggers, known };
    let mut nouns = Vec::new();
    let mut verbs = Vec::new();
    for (sentence, &tokens) in a.doc.sentences().iter().enumerate() {
        let mut at = tokens.start as usize;
        let end = tokens.end as usize;
        while at < end {
            if let Some(group) = verb_group(&reader, at, end, sentence) {
                at = group.tokens.end as usize;
                verbs.push(group);
            } else if let Some(group) = noun_group(&reader, at, end, sentence) {
                at = group.tokens.end as usize;
                nouns.push(group);
            } else {
                at += 1;
            }
        }
        let first_verb = verbs.partition_point(|v: &VerbGroup| v.sentence < sentence);
        let first_noun = nouns.partition_point(|n: &NounGroup| n.sentence < sentence);
        mend::participles(&reader, &mut verbs[first_verb..], &nouns[first_noun..]);
    }
    a.nouns = nouns;
    a.verbs = verbs;
}

/// Participles that stand before a noun without a determiner far more often than they head a clause.
const PRENOMINAL: &[&str] = &[
    "suspected",
    "alleged",
    "armed",
    "unidentified",
    "masked",
    "wanted",
    "banned",
    "outlawed",
    "injured",
    "wounded",
    "retired",
    "heavily",
    "uniformed",
    "unnamed",
    "proscribed",
    "missing",
    "surviving",
    "fleeing",
    "visiting",
    "neighbouring",
    "neighboring",
    "remaining",
    "leading",
    "ruling",
    "warring",
    "abducted",
    "kidnapped",
    "captured",
    "detained",
    "arrested",
    "slain",
    "deceased",
    "unknown",
    "hired",
    "escaped",
    "accused",
    "charred",
    "burnt",
    "mutilated",
    "beheaded",
    "unclaimed",
    "abandoned",
    "improvised",
    "parked",
    "crowded",
];

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

fn verb_group(doc: &Reader<'_, '_>, start: usize, end: usize, sentence: usize) -> Option<VerbGroup> {
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
    } else if is_preposition_like(doc, at) || !(doc.tag(at).is_verb() || doc.tag(at) == Tag::MD) || is_modifier(doc, at, end) {
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
    let lemma = doc.lemma(head);
    let known = |i: usize| i < end && doc.triggers.has_particle(lemma, doc.word(i));
    let is_preposition = |i: usize| matches!(doc.word(i), "up" | "down" | "off" | "over" | "in" | "along" | "out");
    let opens_phrase = |i: usize| matches!(doc.word(i), "in" | "along") && doc.tag(i) == Tag::IN && doc.tag(i + 1) != Tag::IN;
    if !doc.triggers.begins(lemma) {
        return None;
    }
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
fn is_modifier(doc: &Reader<'_, '_>, i: usize, end: usize) -> bool {
    if i + 1 >= end || !matches!(doc.tag(i), Tag::VBN | Tag::VBG | Tag::VBD) {
        return false;
    }
    let next = doc.tag(i + 1);
    let noun_next = next.is_noun() || next.is_adjective() || (matches!(next, Tag::VBN | Tag::VBG) && doc.tag(i + 2).is_noun() && i + 2 < end);
    noun_next && PRENOMINAL.contains(&doc.word(i)) && doc.tag(i) != Tag::VBD
}

fn noun_group(doc: &Reader<'_, '_>, start: usize, end: usize, sentence: usize) -> Option<NounGroup> {
    let mut at = start;
    let mut determiner = Determiner::None;
    let mut count: Option<(TokenSpan, Count)> = None;
    if matches!(doc.tag(at), Tag::PRP) {
        return Some(NounGroup { tokens: TokenSpan::one(at), head: at, determiner, count, sentence });
    }
    let mut determined = false;
    loop {
        match doc.tag(at) {
            Tag::PDT if at < end => determiner = Determiner::Quantifier,
            // "no fewer than 115" is a number.
            Tag::DT if doc.word(at) == "no" && matches!(doc.word(at + 1), "fewer" | "less" | "more") && doc.word(at + 2) == "than" => break,
            Tag::DT | Tag::PRPS if at < end => {
                determiner = determiner_of(doc, at);
                determined = true;
            }
            _ => break,
        }
        at += 1;
    }
    if start > 0 && doc.tag(start - 1) == Tag::POS {
        determiner = Determiner::Possessive;
        determined = true;
    }
    if let Some(number) = number::number_at(doc.text, at).filter(|n| n.tokens.end as usize <= end) {
        count = Some((number.tokens, Count { low: number.low, best: number.best, high: number.high }));
        at = number.tokens.end as usize;
        // "dozens of", "two of the", "scores of": the thing counted is the head.
        if doc.word(at) == "of" && at + 1 < end && count_continues(doc, at + 1) {
            at += 1;
            while matches!(doc.tag(at), Tag::DT | Tag::PRPS | Tag::PDT) && at < end {
                at += 1;
            }
        } else if doc.word(at) == "more" || doc.word(at) == "other" || doc.word(at) == "others" {
            at += usize::from(doc.word(at) != "others");
        }
        determined = true;
    }
    let mut head = None;
    while at < end {
        let tag = doc.tag(at);
        let modifier = tag.is_adjective()
            || matches!(tag, Tag::CD | Tag::Hyphen | Tag::Dollar | Tag::FW | Tag::SYM)
            || (matches!(tag, Tag::VBN | Tag::VBG)
                && (is_modifier(doc, at, end)
                    || determined && at + 1 < end && (doc.tag(at + 1).is_noun() || doc.tag(at + 1).is_adjective() || doc.tag(at + 1) == Tag::Hyphen))
                && head.is_none())
            || (tag.is_adverb() && at + 1 < end && head.is_none() && (doc.tag(at + 1).is_adjective() || matches!(doc.tag(at + 1), Tag::VBN | Tag::VBG)))
            || (tag == Tag::OpenQuote && determined && head.is_none())
            || (tag == Tag::CloseQuote && determined && head.is_none() && at + 1 < end && doc.tag(at + 1).is_noun());
        if tag.is_noun() {
            // Two noun groups in a row: "the group Sunday", "officials Tuesday".
            if head.is_some() && is_time_noun(doc, at) && !doc.tag(at + 1).is_noun() {
                break;
            }
            head = Some(at);
        } else if tag == Tag::CD && head.is_none() && !next_is_nominal(doc, at + 1, end) {
            head = Some(at);
        } else if tag == Tag::CD && head.is_some_and(|h| doc.tag(h).is_proper()) && doc.tag(at - 1) != Tag::CD {
            // "9 March" and "Unit 731" stay together; a count after a noun starts a new group.
        } else if tag == Tag::Hyphen {
            // A dash between spaces ends the group; a hyphen joins.
            if at == start || doc.token(at - 1).shape.has(crate::text::Shape::SPACE_AFTER) {
                break;
            }
        } else if !modifier || (tag.is_adjective() && head.is_some() && !joins(doc, at)) || (tag == Tag::CD && head.is_some()) {
            break;
        }
        at += 1;
    }
    // "three of them"
    if head.is_none() && count.is_some() && at < end && doc.tag(at) == Tag::PRP && doc.word(at - 1) == "of" {
        return Some(NounGroup { tokens: TokenSpan::new(start, at + 1), head: at, determiner, count, sentence });
    }
    let head = head.or_else(|| {
        let last = at.checked_sub(1)?;
        let number_alone = count.as_ref().is_some_and(|(tokens, _)| tokens.has(last));
        let substantive = determined
            && last >= start
            && (doc.tag(last).is_adjective()
                || doc.tag(last) == Tag::VBN && last == start
                || doc.tag(last) == Tag::DT
                    && last == start
                    && matches!(doc.word(last), "this" | "that" | "these" | "those" | "all" | "both" | "some" | "another"));
        (at > start && (number_alone || substantive)).then_some(last)
    })?;
    Some(NounGroup { tokens: TokenSpan::new(start, head + 1), head, determiner, count, sentence })
}

/// A word after a hyphen belongs to the compound before it ("TTP-linked", "al-Qaeda-affiliated").
fn joins(doc: &Reader<'_, '_>, i: usize) -> bool {
    i > 0 && doc.tag(i - 1) == Tag::Hyphen || doc.tag(i + 1).is_noun() && doc.token(i).shape.has(crate::text::Shape::CAPITAL)
}

fn next_is_nominal(doc: &Reader<'_, '_>, i: usize, end: usize) -> bool {
    i < end && (doc.tag(i).is_noun() || doc.tag(i).is_adjective() || matches!(doc.tag(i), Tag::CD | Tag::Hyphen | Tag::VBN | Tag::VBG))
}

/// After "of": whether what follows is counted ("dozens of people") rather than a whole ("two of March" is no count).
fn count_continues(doc: &Reader<'_, '_>, i: usize) -> bool {
    matches!(doc.tag(i), Tag::DT | Tag::PRPS | Tag::NNS | Tag::NNPS | Tag::JJ | Tag::NN | Tag::NNP | Tag::VBN | Tag::CD | Tag::PRP)
}

fn is_time_noun(doc: &Reader<'_, '_>, i: usize) -> bool {
    matches!(doc.word(i), "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday" | "today" | "yesterday" | "tonight" | "tomorrow")
}

fn determiner_of(doc: &Reader<'_, '_>, i: usize) -> Determiner {
    match doc.word(i) {
        "the" | "this" | "that" | "these" | "those" => Determiner::Definite,
        "a" | "an" | "another" | "some" | "any" => Determiner::Indefinite,
        "no" => Determiner::Negative,
        _ if doc.tag(i) == Tag::PRPS => Determiner::Possessive,
        _ => Determiner::Quantifier,
    }
}
