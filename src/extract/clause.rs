//! Clauses: for each verb group who does it, to whom, and the prepositional phrases after it. Shallow: read off the order of groups.

mod lists;

use self::lists::{coordinated_after, coordinated_before, whole};
use super::Analysis;
use super::analysis::{NounGroup, VerbForm, VerbGroup, Voice};
use crate::text::{Document, Tag};

/// One verb group with its arguments. Noun groups are indices into `Analysis::nouns`, coordinated ones all listed.
#[derive(Clone, Debug, Default)]
pub struct Clause {
    /// Index into `Analysis::verbs`; clauses and verbs have the same order and number.
    pub verb: usize,
    /// Grammatical subject.
    pub subject: Vec<usize>,
    /// Direct object (for passives empty).
    pub object: Vec<usize>,
    /// Prepositional phrases after the verb, in order.
    pub phrases: Vec<Phrase>,
    /// The clause whose subject or event this one goes on with: infinitives, participles, coordinated verbs.
    pub governor: Option<usize>,
    /// Begins with who/which/that: told in passing about its subject.
    pub relative: bool,
    /// One past its last token.
    pub end: usize,
}

/// Preposition and what follows it.
#[derive(Clone, Debug, Default)]
pub struct Phrase {
    /// The preposition.
    pub preposition: usize,
    /// Its noun groups.
    pub nouns: Vec<usize>,
}

impl Clause {
    /// Whether a noun group is its subject, its object or in one of its phrases.
    pub fn names(&self, noun: usize) -> bool {
        self.subject.contains(&noun) || self.object.contains(&noun) || self.phrases.iter().any(|p| p.nouns.contains(&noun))
    }

    /// Noun groups after "by" in a passive clause.
    pub fn by_agent<'c>(&'c self, a: &'c Analysis<'_>) -> impl Iterator<Item = usize> + 'c {
        let passive = a.verbs[self.verb].voice == Voice::Passive;
        self.phrases.iter().filter(move |p| passive && a.doc.word(p.preposition) == "by").flat_map(|p| p.nouns.iter().copied())
    }
}

/// Finds the clauses of every sentence.
pub fn find_clauses(a: &mut Analysis<'_>) {
    let mut clauses: Vec<Clause> = Vec::with_capacity(a.verbs.len());
    for verb in (0..a.verbs.len()).take_while(|_| !a.is_stopped()) {
        let (subject, governor, relative) = subject_of(a, verb, &clauses);
        let (object, phrases, end) = after_verb(a, verb);
        clauses.push(Clause { verb, subject, object, phrases, governor, relative, end });
    }
    for verb in 1..clauses.len() {
        share_object(a, &mut clauses, verb);
    }
    a.clauses = clauses;
}

/// "shot and killed three men", "was shot and injured by militants": what follows the second verb belongs to both.
fn share_object(a: &Analysis<'_>, clauses: &mut [Clause], verb: usize) {
    let (first, second) = (&a.verbs[verb - 1], &a.verbs[verb]);
    let between = first.tokens.end as usize..second.tokens.start as usize;
    // "shot at and injured"
    let preposition = between.len() == 2 && matches!(a.doc.tag(between.start), Tag::IN | Tag::RP);
    let joined = (between.len() == 1 || preposition) && a.doc.tag(between.end - 1) == Tag::CC && first.sentence == second.sentence;
    if joined && clauses[verb - 1].object.is_empty() && clauses[verb - 1].phrases.is_empty() {
        clauses[verb - 1].object = clauses[verb].object.clone();
        clauses[verb - 1].phrases = clauses[verb].phrases.clone();
    }
}

fn subject_of(a: &Analysis<'_>, verb: usize, earlier: &[Clause]) -> (Vec<usize>, Option<usize>, bool) {
    let v = &a.verbs[verb];
    let sentence = a.doc.sentences()[v.sentence];
    let floor = sentence.start as usize;
    let mut at = v.tokens.start as usize;
    let previous = earlier.last().filter(|c| a.verbs[c.verb].sentence == v.sentence);
    // "opened fire and killed", "decided to attack", "exploded, killing 12"
    let mut before = at;
    while before > floor && (a.doc.tag(before - 1).is_adverb() || a.doc.word(before - 1) == "then") {
        before -= 1;
    }
    let shares = before > floor
        && (a.doc.tag(before - 1) == Tag::CC && (before < floor + 2 || !relative_pronoun(&a.doc, before - 2))
            || matches!(v.form, VerbForm::Infinitive | VerbForm::Gerund)
            || a.doc.tag(before - 1) == Tag::Comma && v.form != VerbForm::Participle && list_of_verbs(a, verb, before));
    // "stabbed a soldier before being shot dead": it befell the one who did the first.
    let befell = a.doc.word(v.tokens.start as usize) == "being"
        && before > floor
        && matches!(a.doc.word(before - 1), "before" | "after" | "since" | "while" | "despite");
    if let (true, Some(previous)) = (befell, previous) {
        return (previous.subject.clone(), None, false);
    }
    if let (true, Some(previous)) = (shares, previous) {
        let gerund_after_preposition = v.form == VerbForm::Gerund && before > floor && a.doc.tag(before - 1) == Tag::IN;
        let subject = match previous {
            // "an attack on the convoy killing six": the gerund tells of the noun before it.
            _ if v.form == VerbForm::Gerund && !gerund_after_preposition && a.doc.tag(before - 1) != Tag::Comma => {
                if a.verbs[previous.verb].voice == Voice::Passive { previous.by_agent(a).collect::<Vec<_>>() } else { previous.subject.clone() }
            }
            p => p.subject.clone(),
        };
        return (subject, Some(previous.verb), previous.relative && a.doc.tag(before - 1) == Tag::CC);
    }
    while at > floor {
        let i = at - 1;
        if relative_pronoun(&a.doc, i) {
            return (antecedent(a, i, floor).into_iter().collect(), None, true);
        }
        if a.doc.tag(i) == Tag::Comma {
            match opening_comma(&a.doc, i, floor) {
                Some(open) if at == v.tokens.start as usize || a.doc.tag(at).is_adverb() => at = open,
                _ => at = i,
            }
            continue;
        }
        // "the Communist Party (CPI) was …": what stands in brackets is no subject.
        if a.doc.tag(i) == Tag::CloseBracket
            && let Some(open) = (floor.max(i.saturating_sub(16))..i).rev().find(|&o| a.doc.tag(o) == Tag::OpenBracket)
            && open > floor
        {
            at = open;
            continue;
        }
        if let Some(noun) = a.noun_at(i) {
            let group = &a.nouns[noun];
            let start = possessor_start(a, noun, floor);
            // "residents of Nayapara, Kokrajhar district, were": so is the container of a place.
            let container = start > floor + 1
                && a.doc.tag(start - 1) == Tag::Comma
                && a.place_at(group.head).is_some_and(|p| !a.places[p].metonym)
                && a.place_at(start - 2).is_some();
            if container {
                at = start - 1;
                continue;
            }
            if at == v.tokens.start as usize && matches!(v.form, VerbForm::Participle | VerbForm::Past) && v.tokens.len() == 1 && is_of_kin(a, start, floor) {
                return (vec![noun], None, false);
            }
            let time = a.date_at(group.head).is_some();
            if time || (start > floor && preposition(&a.doc, start - 1)) {
                at = start.saturating_sub(usize::from(start > floor && preposition(&a.doc, start - 1))).max(floor);
                continue;
            }
            // The object of a relative clause inside the subject: "the blast that left 100 people dead was …"
            if let Some(inner) = start.checked_sub(1).filter(|&p| p >= floor).and_then(|p| a.verb_at(p)) {
                let w = &a.verbs[inner];
                let w_start = w.tokens.start as usize;
                if w_start > floor && relative_pronoun(&a.doc, w_start - 1) {
                    at = w_start - 1;
                    continue;
                }
                if matches!(w.form, VerbForm::Participle | VerbForm::Gerund) && w_start > floor && a.noun_at(w_start - 1).is_some() {
                    at = w_start;
                    continue;
                }
            }
            // "men armed with rifles and grenades stormed"
            if let Some(opens) = list_behind_participle(a, start, floor) {
                at = opens;
                continue;
            }
            return (coordinated_before(a, noun, floor), None, false);
        }
        if let Some(inner) = a.verb_at(i).filter(|&w| w != verb) {
            let w = &a.verbs[inner];
            let w_start = w.tokens.start as usize;
            if w_start > floor && relative_pronoun(&a.doc, w_start - 1) {
                at = w_start - 1;
                continue;
            }
            let in_phrase = w.form == VerbForm::Gerund && w_start > floor && a.doc.tag(w_start - 1) == Tag::IN;
            // "gunmen riding on motorcycles attacked"
            // "cadres each carrying a reward"
            let each = w_start > floor + 1 && matches!(a.doc.word(w_start - 1), "each" | "both" | "all");
            let w_start = w_start - usize::from(each);
            let of_noun = w.form == VerbForm::Gerund && w_start > floor && a.noun_at(w_start - 1).is_some();
            if matches!(w.form, VerbForm::Participle | VerbForm::Infinitive) || in_phrase || of_noun {
                at = w_start - usize::from(in_phrase);
                continue;
            }
            // "was found beheaded", "were left wounded": the state of the same subject.
            if at == v.tokens.start as usize
                && v.form == VerbForm::Participle
                && matches!(a.doc.lemma(w.head), "find" | "leave" | "discover")
                && w.voice == Voice::Passive
                && let Some(c) = earlier.get(inner)
            {
                return (c.subject.clone(), Some(inner), c.relative);
            }
            return (Vec::new(), None, false);
        }
        at = i;
    }
    (Vec::new(), None, false)
}

/// "relatives of the people killed", "the funeral of a policeman shot dead": what follows is said of whom the noun after "of" names.
fn is_of_kin(a: &Analysis<'_>, start: usize, floor: usize) -> bool {
    let outer = (start >= floor + 2 && a.doc.word(start - 1) == "of").then(|| a.noun_at(start - 2)).flatten();
    outer.is_some_and(|n| {
        matches!(
            a.doc.lemma(a.nouns[n].head),
            "relative"
                | "family"
                | "parent"
                | "widow"
                | "friend"
                | "mother"
                | "father"
                | "brother"
                | "son"
                | "wife"
                | "heir"
                | "kin"
                | "funeral"
                | "burial"
                | "body"
                | "home"
                | "house"
                | "photograph"
                | "picture"
                | "memory"
        )
    })
}

/// Of a list of nouns in a phrase of a participle ("armed with rifles and grenades"), the last of which begins at `start`: its preposition.
fn list_behind_participle(a: &Analysis<'_>, start: usize, floor: usize) -> Option<usize> {
    let mut at = start;
    for _ in 0..4 {
        let joint = at.checked_sub(1).filter(|&i| i > floor)?;
        if preposition(&a.doc, joint) {
            let verb = a.verb_at(joint - 1).filter(|_| at < start)?;
            return matches!(a.verbs[verb].form, VerbForm::Participle | VerbForm::Gerund).then_some(joint);
        }
        let before = if a.doc.tag(joint) == Tag::CC && a.doc.tag(joint - 1) == Tag::Comma { joint - 2 } else { joint - 1 };
        let listed = matches!(a.doc.tag(joint), Tag::CC | Tag::Comma);
        at = a.noun_at(before).filter(|_| listed && before > floor).map(|n| a.nouns[n].tokens.start as usize)?;
    }
    None
}

/// Where the group begins with its possessors: "a girls" of "of a girls' school".
fn possessor_start(a: &Analysis<'_>, noun: usize, floor: usize) -> usize {
    let mut start = a.nouns[noun].tokens.start as usize;
    for _ in 0..3 {
        let owner = start.checked_sub(2).filter(|&i| i >= floor && a.doc.tag(start - 1) == Tag::POS).and_then(|i| a.noun_at(i));
        let Some(owner) = owner else { break };
        start = a.nouns[owner].tokens.start as usize;
    }
    start
}

/// ", shot two guards and fled": a verb after a comma goes on with the subject when nothing but commas and objects lies between.
fn list_of_verbs(a: &Analysis<'_>, verb: usize, before: usize) -> bool {
    let Some(previous) = verb.checked_sub(1).map(|p| &a.verbs[p]) else { return false };
    let gap = before.saturating_sub(previous.tokens.end as usize);
    a.verbs[verb].form == VerbForm::Past
        && previous.form == VerbForm::Past
        && gap < 14
        && opening_comma(&a.doc, before - 1, previous.tokens.end as usize).is_none()
}

fn relative_pronoun(doc: &Document<'_>, i: usize) -> bool {
    matches!(doc.tag(i), Tag::WDT | Tag::WP) && matches!(doc.word(i), "who" | "which" | "that" | "whom")
}

fn preposition(doc: &Document<'_>, i: usize) -> bool {
    // "the principal, identified as Mian Rehbar, was shot", "men dressed as policemen stormed"
    if doc.word(i) == "as"
        && i > 0
        && matches!(doc.word(i - 1), "identified" | "known" | "named" | "described" | "recognised" | "recognized" | "dressed" | "disguised" | "posing")
    {
        return true;
    }
    matches!(doc.tag(i), Tag::IN | Tag::TO)
        && !matches!(
            doc.word(i),
            "that" | "as" | "if" | "because" | "while" | "when" | "although" | "though" | "whether" | "since" | "after" | "before" | "until" | "unless"
        )
        || matches!(doc.word(i), "after" | "before" | "since" | "until") && doc.tag(i) == Tag::IN && doc.tag(i + 1) == Tag::CD
}

/// The comma that opens the insertion which the comma at `close` ends.
fn opening_comma(doc: &Document<'_>, close: usize, floor: usize) -> Option<usize> {
    (floor.max(close.saturating_sub(30))..close).rev().find(|&i| doc.tag(i) == Tag::Comma)
}

fn antecedent(a: &Analysis<'_>, pronoun: usize, floor: usize) -> Option<usize> {
    let mut at = pronoun;
    let who = a.doc.word(pronoun) == "who";
    for _ in 0..12 {
        let i = at.checked_sub(1).filter(|&i| i >= floor)?;
        // "Niloy Neel (28), who …"
        if a.doc.tag(i) == Tag::CloseBracket
            && let Some(open) = (floor.max(i.saturating_sub(16))..i).rev().find(|&o| a.doc.tag(o) == Tag::OpenBracket)
        {
            at = open;
            continue;
        }
        match a.noun_at(i) {
            Some(noun) => {
                let group = &a.nouns[noun];
                let start = group.tokens.start as usize;
                let place = a.place_at(group.head).is_some_and(|p| !a.places[p].metonym);
                let in_phrase = start > floor && preposition(&a.doc, start - 1) && a.doc.word(start - 1) != "of";
                // "the gunmen in Karachi who …", "the blast in Peshawar, which …": a place does nothing.
                if place && in_phrase && (who || group.tokens.start as usize > floor + 1) {
                    at = start - 1;
                    continue;
                }
                return Some(noun);
            }
            None => at = i,
        }
    }
    None
}

fn after_verb(a: &Analysis<'_>, verb: usize) -> (Vec<usize>, Vec<Phrase>, usize) {
    let v: &VerbGroup = &a.verbs[verb];
    let sentence_end = a.doc.sentences()[v.sentence].end as usize;
    let end = a.verbs.get(verb + 1).filter(|n| n.sentence == v.sentence).map_or(sentence_end, |n| n.tokens.start as usize);
    let mut object = Vec::new();
    let mut phrases: Vec<Phrase> = Vec::new();
    let mut at = v.tokens.end as usize;
    while at < end && a.noun_at(at).is_none() && (a.doc.tag(at).is_adverb() || a.doc.tag(at) == Tag::RP || Some(at) == v.particle) {
        at += 1;
    }
    if let Some(noun) = a.noun_at(at).filter(|&n| at == a.nouns[n].tokens.start as usize && !is_next_subject(a, n, end)) {
        let time = a.date_at(a.nouns[noun].head).is_some();
        if v.voice == Voice::Active && !time {
            object = coordinated_after(a, whole(a, noun, end), end);
            at = a.nouns[*object.last().unwrap_or(&noun)].tokens.end as usize;
        } else {
            at = a.nouns[noun].tokens.end as usize;
        }
    }
    while at < end {
        if matches!(a.doc.tag(at), Tag::IN | Tag::TO)
            && let Some(noun) = noun_after(a, at + 1, end)
            && !(matches!(a.doc.word(at), "after" | "before" | "since" | "until" | "as" | "when" | "while") && is_next_subject(a, noun, end))
        {
            let nouns = coordinated_after(a, whole(a, noun, end), end);
            at = a.nouns[*nouns.last().unwrap_or(&noun)].tokens.end as usize;
            phrases.push(Phrase { preposition: noun_preposition(a, noun), nouns });
            continue;
        }
        at += 1;
    }
    (object, phrases, end)
}

/// Whether the noun group is what the next verb is said of, rather than an object ("said gunmen killed …").
fn is_next_subject(a: &Analysis<'_>, noun: usize, end: usize) -> bool {
    let group: &NounGroup = &a.nouns[noun];
    let mut at = group.tokens.end as usize;
    while at < end && a.doc.tag(at).is_adverb() {
        at += 1;
    }
    at == end && a.verb_at(at).is_some_and(|v| matches!(a.verbs[v].form, VerbForm::Past | VerbForm::Present | VerbForm::Modal))
}

/// The noun group right after a preposition; a second preposition may stand between ("from inside the compound").
fn noun_after(a: &Analysis<'_>, from: usize, end: usize) -> Option<usize> {
    (from..end.min(from + 3))
        .take_while(|&i| i == from || matches!(a.doc.tag(i - 1), Tag::IN | Tag::TO | Tag::RB | Tag::JJ))
        .find_map(|i| a.noun_at(i).filter(|&n| a.nouns[n].tokens.start as usize == i))
}

fn noun_preposition(a: &Analysis<'_>, noun: usize) -> usize {
    (a.nouns[noun].tokens.start as usize).saturating_sub(1)
}
