//! Tags and verb groups put right where the neighbours of a word know better than the tagger.

use super::noun::is_time_noun;
use super::{Reader, speech};
use crate::extract::Analysis;
use crate::extract::analysis::{NounGroup, VerbForm, VerbGroup, Voice};
use crate::text::{Document, Tag, WordList};

/// What the neighbours of these words say of their tags, where taggers err on this domain's words: token and better tag.
pub(super) fn tags(a: &Analysis<'_>, tokens: impl IntoIterator<Item = usize>) -> Vec<(usize, Tag)> {
    tokens.into_iter().filter_map(|i| better(a, i).or_else(|| speech::better(a, i)).map(|tag| (i, tag))).collect()
}

/// The tokens of a text from which those put right can be seen, in order, each once.
pub(super) fn neighbours(mended: &[(usize, Tag)], n_tokens: usize) -> impl Iterator<Item = usize> {
    /// No rule here and in `speech` looks further, either way.
    const REACH: usize = 24;
    let mut seen = 0;
    mended.iter().flat_map(move |&(i, _)| {
        let near = i.saturating_sub(REACH).max(seen)..(i + REACH + 1).min(n_tokens);
        seen = near.end.max(seen);
        near
    })
}

fn better(a: &Analysis<'_>, i: usize) -> Option<Tag> {
    let tag = a.doc.tag(i);
    if let Some(tag) = in_compound(a, i) {
        return Some(tag);
    }
    if !matches!(tag, Tag::NN | Tag::NNS | Tag::VBN | Tag::VBD | Tag::JJ | Tag::VBG | Tag::VB | Tag::VBP | Tag::VBZ | Tag::CloseQuote) {
        return None;
    }
    let before = if starts_sentence(a, i) { Tag::X } else { a.doc.tag(i - 1) };
    let (word, next) = (a.doc.word(i), a.doc.tag(i + 1));
    let object_next = matches!(next, Tag::DT | Tag::PRPS | Tag::PRP | Tag::CD);
    match tag {
        // "… and shot the man dead", "gunmen shot at and injured", "(LTTE) shot and killed"
        Tag::NN if matches!(word, "shot" | "hit" | "left" | "set") && after_doer(before) && (object_next || goes_on_as_verb(a, i)) => Some(Tag::VBD),
        // "Twin blasts hit a market"
        Tag::VBZ if next.is_verb() && matches!(word, "blasts" | "explosions" | "bombings" | "attacks" | "strikes" | "raids" | "clashes" | "bombs") => {
            Some(Tag::NNS)
        }
        // "Bomb blast kills three": a headline's verb
        Tag::NNS if matches!(word, "kills" | "wounds" | "injures") && before.is_noun() && object_next => Some(Tag::VBZ),
        // "Bomb blast", "Car bomb"
        Tag::VB | Tag::VBP if before == Tag::X && next.is_noun() && matches!(word, "bomb" | "mine" | "grenade" | "rocket" | "car") => Some(Tag::NN),
        // "men armed with rifles stormed"
        Tag::JJ if word == "armed" && a.doc.word(i + 1) == "with" && before.is_noun() => Some(Tag::VBN),
        // "died in fighting in Bannu"
        Tag::VBG
            if matches!(word, "fighting" | "shelling" | "firing" | "shooting" | "bombing")
                && before == Tag::IN
                && (next == Tag::IN || next.is_punctuation()) =>
        {
            Some(Tag::NN)
        }
        // "a girls' school"
        Tag::CloseQuote if word == "'" && before == Tag::NNS && next.is_noun() && a.doc.quote_at(i - 1).is_none() => Some(Tag::POS),
        // "was shot and killed", "were shot in the chest"
        Tag::NN if word == "shot" && be(a, i) && !next.is_noun() && !next.is_adjective() => Some(Tag::VBN),
        Tag::NN if word == "shot" && a.doc.word(i + 1) == "dead" && be(a, i) => Some(Tag::VBN),
        // "(CPN-M) set fire to": no infinitive stands right behind its subject.
        Tag::VB | Tag::VBP
            if matches!(word, "set" | "shot" | "hit" | "cut" | "put") && after_doer(before) && before != Tag::CC && before != Tag::RB && !a.doc.all_caps() =>
        {
            Some(Tag::VBD)
        }
        // "were abducted and put to death": what was done to them goes on.
        Tag::VB | Tag::VBP if UNCHANGED.has_word(&a.doc, i) && before == Tag::CC && after_passive(a, i) => Some(Tag::VBN),
        // "the attack cost the lives of six": no base form after a noun in the singular
        Tag::VB | Tag::VBP if UNCHANGED.has_word(&a.doc, i) && before.is_noun() && (object_next || matches!(next, Tag::RB | Tag::RP)) => Some(Tag::VBD),
        // "a shell burst near a post", not "a burst of gunfire"
        Tag::NN if word == "burst" && before.is_noun() && next == Tag::IN && a.doc.word(i + 1) != "of" => Some(Tag::VBD),
        // "… three civilians and wounded several others": no adjective stands before a number.
        Tag::VBN | Tag::JJ if HARMED.has_word(&a.doc, i) && (before == Tag::CC || tag == Tag::JJ && before == Tag::NNP) && quantity_next(a, i + 1) => {
            Some(Tag::VBD)
        }
        // "four others sustained bullet injuries"
        Tag::JJ | Tag::VBN if matches!(word, "sustained" | "suffered" | "received") && (before.is_noun() || before == Tag::CD) && wounds_next(a, i + 1) => {
            Some(Tag::VBD)
        }
        // "Police arrested four men in Lahore and seized weapons."
        Tag::VBN if before == Tag::CC && next.is_noun() && a.doc.tag(i - 2).is_noun() && after_active(a, i) => Some(Tag::VBD),
        // "five worshippers dead and some 50 hurt"
        Tag::NN if word == "hurt" && before == Tag::CD => Some(Tag::VBN),
        // "set a bus alight", "took three soldiers captive"
        Tag::NN if is_particle(a, i) => Some(Tag::RB),
        // "a plane bound for Karachi"
        Tag::NN if word == "bound" && before.is_noun() && a.doc.word(i + 1) == "for" => Some(Tag::VBN),
        // "two kidnapped tribesmen"
        Tag::VBD if HARMED.has_word(&a.doc, i) && matches!(before, Tag::CD | Tag::DT | Tag::JJ) && next.is_noun() => Some(Tag::JJ),
        // "the bullet-riddled body", "an explosives-laden car"
        Tag::VBN | Tag::VBD if before == Tag::Hyphen && next.is_noun() => Some(Tag::JJ),
        Tag::VBG if is_act(a, i, before, next) => Some(Tag::NN),
        // "the wounding of eleven others"
        Tag::VBG if a.doc.word(i + 1) == "of" && matches!(before, Tag::DT | Tag::PRPS | Tag::JJ | Tag::POS) => Some(Tag::NN),
        // "17 others were injured": a participle, not a state, when a person does it or time is told
        Tag::JJ if HARMED.has_word(&a.doc, i) && before.is_verb() => Some(Tag::VBN),
        _ => None,
    }
}

/// "shoot-out", "mine blast", "drive-by shooting", "ground offensive": words that together are a noun of the triggers.
fn in_compound(a: &Analysis<'_>, i: usize) -> Option<Tag> {
    let (doc, triggers) = (&a.doc, &a.lexicon.triggers);
    let tag = doc.tag(i);
    if !(tag.is_verb() || tag.is_adjective() || matches!(tag, Tag::RP | Tag::IN | Tag::PRP | Tag::RB)) {
        return None;
    }
    let ends = triggers.ends_noun_at(doc, i);
    let after = i + 1 + usize::from(doc.tag(i + 1) == Tag::Hyphen);
    if !ends && after == i + 1 && doc.word(i) != "mine" {
        return None;
    }
    let sentence = doc.sentences().get(doc.sentence_of(i))?;
    // The word before or after, hyphens left out.
    let before = |i: usize| i.checked_sub(1).and_then(|b| if doc.tag(b) == Tag::Hyphen { b.checked_sub(1) } else { Some(b) }).filter(|&b| sentence.has(b));
    let first = before(i)?;
    let is_noun = |words: &[usize]| triggers.of_noun(&words.iter().map(|&w| doc.word(w)).collect::<Vec<_>>().join(" ")).next().is_some();
    if ends && (!doc.tag(first).is_verb() || first + 1 < i) {
        let two = is_noun(&[first, i]);
        if two || before(first).is_some_and(|start| is_noun(&[start, first, i])) {
            return Some(Tag::NN);
        }
    }
    let opens = (after > i + 1 || doc.word(i) == "mine") && triggers.ends_noun_at(doc, after) && is_noun(&[i, after]);
    opens.then_some(Tag::NN)
}

/// "fierce fighting between", "Shelling in Uri", "cross-border firing killed": a noun that tells of an incident.
fn is_act(a: &Analysis<'_>, i: usize, before: Tag, next: Tag) -> bool {
    let finite = matches!(next, Tag::VBD | Tag::VBZ | Tag::MD);
    let placed = match before {
        Tag::JJ => next == Tag::IN,
        Tag::X => next == Tag::IN || finite,
        _ => before.is_noun() && finite,
    };
    placed && a.lexicon.triggers.ends_noun_at(&a.doc, i)
}

/// Whether a verb shortly before takes the word as its particle.
fn is_particle(a: &Analysis<'_>, i: usize) -> bool {
    matches!(a.doc.word(i), "alight" | "ablaze" | "afire" | "aflame" | "captive" | "hostage" | "prisoner")
        && (i.saturating_sub(6)..i)
            .rev()
            .take_while(|&j| !a.doc.tag(j).is_punctuation())
            .any(|j| a.doc.tag(j).is_verb() && a.lexicon.triggers.particles(&a.doc, j).is_some_and(|particles| particles.contains(a.doc.word(i))))
}

fn starts_sentence(a: &Analysis<'_>, i: usize) -> bool {
    a.doc.sentences().get(a.doc.sentence_of(i)).is_some_and(|s| s.start as usize == i)
}

/// Words for harm done that are past tense, participle and adjective alike.
const HARMED: WordList<8> = WordList::of("injured wounded killed kidnapped abducted arrested detained captured");

/// Verbs whose past is their base form.
const UNCHANGED: WordList<9> = WordList::of("cost cut hit hurt put set shut beat burst");

/// Whether a verb may follow a word with this tag: who does it, or what links verbs.
fn after_doer(before: Tag) -> bool {
    matches!(before, Tag::CC | Tag::NN | Tag::NNS | Tag::NNP | Tag::NNPS | Tag::WP | Tag::RB | Tag::WDT | Tag::PRP | Tag::CloseBracket)
}

/// Whether the verb before the conjunction at `i - 1` is a participle behind "was" or "were".
fn after_passive(a: &Analysis<'_>, i: usize) -> bool {
    let floor = a.doc.sentences().get(a.doc.sentence_of(i)).map_or(0, |s| s.start as usize);
    let verb = (floor..i.saturating_sub(1)).rev().take(12).find(|&j| a.doc.tag(j).is_verb() && a.doc.tag(j) != Tag::VBG);
    verb.is_some_and(|v| a.doc.tag(v) == Tag::VBN && be(a, v))
}

/// Whether the verb before the conjunction at `i - 1` is a past that stands for itself.
fn after_active(a: &Analysis<'_>, i: usize) -> bool {
    let floor = a.doc.sentences().get(a.doc.sentence_of(i)).map_or(0, |s| s.start as usize);
    // "four suspected members": a participle before a noun is no verb.
    let modifies = |j: usize| a.doc.tag(j) == Tag::VBN && a.doc.tag(j + 1).is_noun();
    let verb = (floor..i.saturating_sub(1)).rev().take(20).find(|&j| a.doc.tag(j).is_verb() && !modifies(j));
    verb.is_some_and(|v| a.doc.tag(v) == Tag::VBD && !matches!(a.doc.word(v), "was" | "were" | "had"))
}

fn be(a: &Analysis<'_>, i: usize) -> bool {
    i > 0 && matches!(a.doc.word(i - 1), "was" | "were" | "is" | "are" | "been" | "being" | "be")
}

/// "shot and killed", "shot at", "shot dead", "shot him"
fn goes_on_as_verb(a: &Analysis<'_>, i: usize) -> bool {
    match a.doc.word(i + 1) {
        "and" | "or" => {
            let next = i + 2 + usize::from(a.doc.tag(i + 2).is_adverb());
            HARMED.has_word(&a.doc, next) || a.doc.tag(next) == Tag::VBD
        }
        "at" | "dead" | "down" | "up" | "back" | "from" | "into" | "off" => true,
        _ => a.doc.tag(i + 1) == Tag::NNP && a.doc.tag(i - 1).is_noun() && a.doc.tag(i - 1) != Tag::NN,
    }
}

/// "bullet injuries", "serious wounds"
fn wounds_next(a: &Analysis<'_>, i: usize) -> bool {
    (i..i + 4)
        .take_while(|&j| a.doc.tag(j).is_noun() || a.doc.tag(j).is_adjective() || a.doc.tag(j) == Tag::DT)
        .any(|j| matches!(a.doc.word(j), "injury" | "injuries" | "wound" | "wounds" | "burns"))
}

/// "several", "at least 12", "four", "dozens of"
fn quantity_next(a: &Analysis<'_>, i: usize) -> bool {
    a.doc.tag(i) == Tag::CD
        || matches!(
            a.doc.word(i),
            "several"
                | "many"
                | "some"
                | "dozens"
                | "scores"
                | "hundreds"
                | "another"
                | "more"
                | "at"
                | "about"
                | "around"
                | "nearly"
                | "over"
                | "a"
                | "an"
                | "the"
                | "his"
                | "their"
                | "her"
        )
}

/// Taggers mix up "-ed" forms: after a noun group and before another one it is a past tense ("gunmen killed three"),
/// before "by" it is a passive participle ("troops killed by militants").
pub(super) fn participles(doc: &Reader<'_, '_>, verbs: &mut [VerbGroup], nouns: &[NounGroup]) {
    let noun_starts = |i: usize| nouns.binary_search_by_key(&i, |n| n.tokens.start as usize).ok().map(|n| &nouns[n]);
    let noun_ends = |i: usize| nouns.iter().any(|n| n.tokens.end as usize == i);
    for i in 0..verbs.len() {
        let before = i.checked_sub(1).map(|b| (verbs[b].tokens.end as usize, verbs[b].voice, verbs[b].perfect));
        let verb = &mut verbs[i];
        let start = verb.tokens.start as usize;
        if start != verb.head || !matches!(doc.tag(verb.head), Tag::VBN | Tag::VBD) {
            continue;
        }
        let next = verb.tokens.end as usize;
        let object = noun_starts(next).is_some_and(|n| !is_time_noun(doc, n.head));
        let subject = start > 0 && (noun_ends(start) || matches!(doc.tag(start - 1), Tag::WDT | Tag::WP));
        // "has bombed and strafed the area"
        if verb.form == VerbForm::Participle && before == Some((start.wrapping_sub(1), Voice::Active, true)) && doc.tag(start - 1) == Tag::CC {
            (verb.form, verb.voice) = (VerbForm::Past, Voice::Active);
            continue;
        }
        // "was called out and shot dead by …"
        let joined = start > 0 && doc.tag(start - 1) == Tag::CC;
        // "five men were taken from their village and shot dead": what is done to them goes on.
        if joined
            && verb.form == VerbForm::Past
            && verb.voice == Voice::Active
            && !object
            && before.is_some_and(|b| b.1 == Voice::Passive)
            && harmed(doc, verb.head)
        {
            (verb.form, verb.voice) = (VerbForm::Participle, Voice::Passive);
            continue;
        }
        // ", identified as Mian Rehbar, was": told of the noun before the comma.
        if verb.form == VerbForm::Past && start > 0 && doc.tag(start - 1) == Tag::Comma && matches!(doc.word(next), "as" | "by") {
            (verb.form, verb.voice) = (VerbForm::Participle, Voice::Passive);
            continue;
        }
        // "a man armed with a grenade attempted to hijack": nobody is attempted.
        let tries = matches!(
            doc.lemma(verb.head),
            "attempt"
                | "try"
                | "fail"
                | "manage"
                | "refuse"
                | "begin"
                | "seek"
                | "vow"
                | "threaten"
                | "decide"
                | "continue"
                | "appear"
                | "seem"
                | "agree"
                | "struggle"
        );
        if verb.form == VerbForm::Participle && tries && doc.tag(next) == Tag::TO && subject {
            (verb.form, verb.voice) = (VerbForm::Past, Voice::Active);
            continue;
        }
        if verb.form == VerbForm::Participle && object && subject {
            (verb.form, verb.voice) = (VerbForm::Past, Voice::Active);
        } else if verb.form == VerbForm::Past && doc.word(next) == "by" && !doc.tag(next + 1).is_verb() && (subject && noun_ends(start) || joined) {
            let agent = (next + 1..next + 3).any(|i| noun_starts(i).is_some_and(|n| !is_time_noun(doc, n.head)));
            if agent
                && !matches!(
                    doc.lemma(verb.head),
                    "go" | "come" | "pass" | "stand" | "live" | "rise" | "fall" | "drop" | "increase" | "stop" | "explode" | "climb" | "grow"
                )
            {
                (verb.form, verb.voice) = (VerbForm::Participle, Voice::Passive);
            }
        } else if verb.form == VerbForm::Past && !object && joined && doc.word(verb.head + 1) == "dead" && before.is_some_and(|b| b.1 == Voice::Passive) {
            // "were taken from their village and shot dead"
            (verb.form, verb.voice) = (VerbForm::Participle, Voice::Passive);
        } else if verb.form == VerbForm::Past && verb.voice == Voice::Active && !object && subject && harmed_without_object(doc, verb.head) {
            (verb.form, verb.voice) = (VerbForm::Participle, Voice::Passive);
        }
    }
}

/// "leaving 49 people killed and 145 injured", "three soldiers killed in Kunar": nobody kills without saying whom.
fn harmed_without_object(doc: &Reader<'_, '_>, i: usize) -> bool {
    let object_may_follow = matches!(doc.tag(i + 1), Tag::DT | Tag::PRPS | Tag::PRP | Tag::CD | Tag::NNP | Tag::NNS | Tag::JJ | Tag::RB);
    let verb_follows = doc.tag(i + 1) == Tag::CC && doc.tag(i + 2).is_verb();
    let told_where = matches!(doc.word(i + 1), "in" | "on" | "by" | "when" | "after" | "during" | "near" | "at" | "as" | "while");
    HARMED.has_word(doc, i) && !object_may_follow && !verb_follows && (told_where || doc.tag(i + 1) != Tag::IN)
}

fn harmed(doc: &Document<'_>, i: usize) -> bool {
    HARMED.has_word(doc, i)
        || matches!(
            doc.word(i),
            "shot"
                | "beaten"
                | "tortured"
                | "executed"
                | "murdered"
                | "beheaded"
                | "stabbed"
                | "hanged"
                | "burned"
                | "burnt"
                | "robbed"
                | "looted"
                | "destroyed"
                | "damaged"
                | "put"
                | "cut"
        )
}
