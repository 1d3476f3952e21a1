//! Trigger frames: each word that tells of an incident, with who, whom, what and with which means.

use super::class::{NounClass, classify, phrases_after};
use crate::extract::Analysis;
use crate::extract::analysis::{Determiner, VerbForm, Voice};
use crate::extract::clause::Clause;
use crate::lexicon::triggers::{ArgumentClass, Effect, Trigger};
use crate::text::{Tag, TokenSpan};

/// One trigger with its arguments; noun groups are indices into `Analysis::nouns`.
#[derive(Clone, Debug)]
pub struct Frame<'a> {
    /// The rule.
    pub trigger: &'a Trigger,
    /// Its words.
    pub tokens: TokenSpan,
    /// Its sentence.
    pub sentence: usize,
    /// The clause, for verbs and for nouns that are an argument of one.
    pub clause: Option<usize>,
    /// The noun group, for noun triggers.
    pub noun: Option<usize>,
    /// Who does it.
    pub agents: Vec<usize>,
    /// To whom: people.
    pub patients: Vec<usize>,
    /// On what: sites and places as targets.
    pub targets: Vec<usize>,
    /// With what.
    pub means: Vec<usize>,
    /// Events that this one is said of or happens in ("the blast killed …", "died in an ambush"): noun groups.
    pub events: Vec<usize>,
}

/// All frames of the text in order of their words; at most one per word.
pub fn find_frames<'a>(a: &Analysis<'a>) -> Vec<Frame<'a>> {
    let mut frames: Vec<Frame<'a>> = Vec::new();
    for clause in 0..a.clauses.len() {
        frames.extend(verbal(a, clause));
    }
    for noun in 0..a.nouns.len() {
        frames.extend(nominal(a, noun));
    }
    frames.sort_by_key(|f| f.tokens);
    frames
}

/// Names under which a clause's verb may be listed, most specific first: with object, particle, preposition.
fn verb_keys(a: &Analysis<'_>, clause: &Clause) -> Vec<(String, Option<usize>)> {
    let verb = &a.verbs[clause.verb];
    let lemma = a.doc.lemma(verb.head);
    let mut keys = Vec::new();
    let passive = verb.voice == Voice::Passive;
    let object_head = if passive { clause.subject.first() } else { clause.object.first() }.map(|&n| a.nouns[n].head);
    if let Some(particle) = verb.particle {
        let reflexive = object_head.is_some_and(|h| matches!(a.doc.word(h), "himself" | "herself" | "themselves" | "itself"));
        if lemma == "blow" && reflexive {
            keys.push(("blow_oneself_up".to_owned(), None));
        }
        keys.push((format!("{lemma}_{}", a.doc.word(particle)), None));
    }
    if let Some(head) = object_head {
        // "opened fire on", "set fire to": the object of the idiom stands in the phrase.
        let idiom = format!("{lemma}_{}", a.doc.lemma(head));
        let phrase = clause.phrases.iter().position(|p| matches!(a.doc.word(p.preposition), "on" | "at" | "to" | "upon" | "with" | "into" | "against"));
        // "claimed the lives of …": whose lives stands in the phrase.
        if matches!(a.doc.lemma(head), "life" | "lives") {
            let of = clause.phrases.iter().position(|p| a.doc.word(p.preposition) == "of");
            keys.push((format!("{lemma}_life"), Some(of.unwrap_or(usize::MAX))));
        }
        // "left 100 people dead"
        let after = clause.object.last().map_or(0, |&n| a.nouns[n].tokens.end as usize);
        if lemma == "leave" && !passive {
            match a.doc.word(after) {
                "dead" | "killed" => keys.push(("leave_dead".to_owned(), None)),
                "injured" | "wounded" | "hurt" => keys.push(("leave_injured".to_owned(), None)),
                _ => {}
            }
        }
        // A body found is what the idiom is about; fire opened is not.
        let about_object = matches!(a.doc.lemma(head), "body" | "corpse");
        keys.push((idiom, if passive || about_object { None } else { Some(phrase.unwrap_or(usize::MAX)) }));
    }
    if let Some((at, phrase)) = clause.phrases.iter().enumerate().find(|(_, p)| matches!(a.doc.word(p.preposition), "on" | "at" | "upon"))
        && phrase.preposition == verb.tokens.end as usize
    {
        keys.push((format!("{lemma}_on"), Some(at)));
        if lemma == "set" || lemma == "fall" {
            return keys;
        }
    }
    if clause.phrases.iter().any(|p| a.doc.word(p.preposition) == "to" && p.nouns.first().is_some_and(|&n| a.doc.word(a.nouns[n].head) == "death")) {
        keys.push((format!("{lemma}_to"), None));
    }
    keys.push((lemma.to_owned(), None));
    keys
}

fn verbal<'a>(a: &Analysis<'a>, clause_index: usize) -> Option<Frame<'a>> {
    let clause = &a.clauses[clause_index];
    let verb = &a.verbs[clause.verb];
    for (key, phrase) in verb_keys(a, clause) {
        for trigger in a.lexicon.triggers.of_verb(&key) {
            let object = match phrase {
                Some(p) => clause.phrases.get(p).map(|p| p.nouns.clone()).unwrap_or_default(),
                None => clause.object.clone(),
            };
            let passive = verb.voice == Voice::Passive;
            let (agents, patients) = if trigger.intransitive && !passive && object.is_empty() {
                (Vec::new(), clause.subject.clone())
            } else if passive {
                (clause.by_agent(a).collect(), clause.subject.clone())
            } else {
                (clause.subject.clone(), object)
            };
            if let Some(frame) = fill(a, trigger, clause_index, agents, patients) {
                return Some(frame);
            }
        }
    }
    None
}

/// Sorts the arguments by what they are and checks the rule's demands.
fn fill<'a>(a: &Analysis<'a>, trigger: &'a Trigger, clause_index: usize, agents: Vec<usize>, objects: Vec<usize>) -> Option<Frame<'a>> {
    let clause = &a.clauses[clause_index];
    let verb = &a.verbs[clause.verb];
    let passive = verb.voice == Voice::Passive;
    let intransitive = trigger.intransitive && !passive && clause.object.is_empty();
    let wanted_object: &[ArgumentClass] = if intransitive { &trigger.subject } else { &trigger.object };
    // What is thrown or planted must be there; whom a passive kills may be left out.
    let needed = !intransitive && !passive || trigger.from_means || trigger.effect == Effect::Abducted;
    // Whom gunmen kill need not be known by a word list ("an affiliate of the party").
    let by_armed = wanted_object.contains(&ArgumentClass::Human)
        && (matches!(trigger.effect, Effect::Killed | Effect::Injured) || trigger.id == "shoot")
        && agents.iter().any(|&n| {
            let c = classify(a, n);
            c.militant(a) || c.security(a)
        });
    // Who is kidnapped is a person, whatever the word.
    let taken = matches!(a.doc.lemma(verb.head), "kidnap" | "abduct");
    // "seven members of the force and two civilians": one of a list of people is people too.
    let listed = matches!(trigger.effect, Effect::Killed | Effect::Injured) && objects.len() > 1 && objects.iter().any(|&n| classify(a, n).human());
    let unknown_victim = (by_armed || taken || listed)
        && objects.iter().any(|&n| {
            let c = classify(a, n);
            c.site.is_none() && c.weapon.is_none() && c.place.is_none() && !c.event
        });
    // What militants attack or blow up is a target, whatever the word ("the polling booth", "a gas line").
    let unknown_target = wanted_object.contains(&ArgumentClass::Site)
        && trigger.weight > 0
        && agents.iter().any(|&n| classify(a, n).militant(a))
        && objects.iter().any(|&n| thing(a, n));
    if !(unknown_victim || unknown_target || admits(a, wanted_object, &objects, needed)) || (!intransitive && !admits(a, &trigger.subject, &agents, false)) {
        return None;
    }
    if in_words_only(a, verb.head) {
        return None;
    }
    let mut frame = Frame {
        trigger,
        tokens: verb.tokens.cover(verb.particle.map_or(verb.tokens, TokenSpan::one)),
        sentence: verb.sentence,
        clause: Some(clause_index),
        noun: None,
        agents: Vec::new(),
        patients: Vec::new(),
        targets: Vec::new(),
        means: Vec::new(),
        events: Vec::new(),
    };
    for noun in objects {
        let before = frame.arguments().count() + frame.events.len();
        frame.sort_object(a, noun);
        if unknown_victim && frame.arguments().count() + frame.events.len() == before {
            frame.patients.push(noun);
        } else if unknown_target && frame.arguments().count() + frame.events.len() == before && thing(a, noun) {
            frame.targets.push(noun);
        }
    }
    for noun in agents {
        let class = classify(a, noun);
        if class.event {
            frame.events.push(noun);
        }
        if class.weapon.is_some() && class.people.is_none() {
            frame.means.push(noun);
        } else if class.human() {
            frame.agents.push(noun);
        }
    }
    for phrase in &clause.phrases {
        frame.take_phrase(a, a.doc.word(phrase.preposition), &phrase.nouns);
    }
    frame.events.extend(event_of_relative(a, clause));
    Some(frame)
}

/// "the ambush near Manja in which three policemen died": the noun that "which" stands for.
fn event_of_relative(a: &Analysis<'_>, clause: &Clause) -> Option<usize> {
    let first = clause.subject.first().map_or(a.verbs[clause.verb].tokens.start, |&n| a.nouns[n].tokens.start) as usize;
    let which = first.checked_sub(1).filter(|&i| a.doc.word(i) == "which" && i >= 2 && matches!(a.doc.word(i - 1), "in" | "during" | "by"))?;
    let floor = a.doc.sentences()[a.doc.sentence_of(first)].start as usize;
    let last = (floor..which - 1).rev().take(16).find_map(|i| a.noun_at(i))?;
    (0..=last).rev().take(6).take_while(|&n| a.nouns[n].tokens.start as usize >= floor).find(|&n| classify(a, n).event)
}

/// "harshly attacked the president", "verbally assaulted": with words, not arms.
fn in_words_only(a: &Analysis<'_>, head: usize) -> bool {
    let manner = |i: usize| {
        matches!(
            a.doc.word(i),
            "harshly" | "verbally" | "sharply" | "bitterly" | "publicly" | "rhetorically" | "repeatedly" | "strongly" | "openly" | "scathingly" | "angrily"
        )
    };
    matches!(a.doc.lemma(head), "attack" | "assault" | "hit" | "strike" | "blast" | "target")
        && (manner(head + 1) || head > 0 && manner(head - 1) && a.doc.word(head - 1) != "repeatedly")
}

/// Whether one of the arguments fits. A missing argument passes where the rule says so (`nothing`) or where the syntax explains it.
fn admits(a: &Analysis<'_>, wanted: &[ArgumentClass], nouns: &[usize], needed: bool) -> bool {
    if wanted.is_empty() {
        return true;
    }
    if nouns.is_empty() {
        return wanted.contains(&ArgumentClass::Nothing) || !needed && !wanted.contains(&ArgumentClass::Event);
    }
    // "it was bombed": whatever it is, it is a thing.
    let it = |n: usize| wanted.contains(&ArgumentClass::Site) && a.doc.word(a.nouns[n].head) == "it";
    nouns.iter().any(|&n| it(n) || classify(a, n).fits(a, wanted))
}

fn nominal<'a>(a: &Analysis<'a>, noun: usize) -> Option<Frame<'a>> {
    let group = &a.nouns[noun];
    if !a.doc.tag(group.head).is_noun() {
        return None;
    }
    let (trigger, tokens) = noun_trigger(a, noun)?;
    if classify(a, noun).weapon.is_some() && only_held(a, noun) {
        return None;
    }
    let sentence = a.doc.sentences()[group.sentence];
    let mut frame = Frame {
        trigger,
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
    let start = group.tokens.start as usize;
    if let Some(owner) = start.checked_sub(2).filter(|_| a.doc.tag(start - 1) == Tag::POS).and_then(|i| a.noun_at(i)) {
        let class = classify(a, owner);
        if matches!(trigger.effect, Effect::Killed | Effect::Abducted | Effect::Arrested) && class.human() && !class.militant(a) {
            frame.patients.push(owner);
        } else if class.militant(a) || class.security(a) || class.actor.is_some() {
            frame.agents.push(owner);
        }
    }
    for (preposition, argument) in phrases_after(a, noun, sentence.end as usize) {
        frame.take_nominal_phrase(a, a.doc.word(preposition), argument);
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
                    | "use"
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
    (!trigger.needs_argument || frame.grounded(a)).then_some(frame)
}

/// "recovered two bombs", "a bomb was found", "carrying explosives", "possession of grenades": nothing has gone off.
fn only_held(a: &Analysis<'_>, noun: usize) -> bool {
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

/// The rule whose noun is the longest end of the group.
fn noun_trigger<'a>(a: &Analysis<'a>, noun: usize) -> Option<(&'a Trigger, TokenSpan)> {
    let group = &a.nouns[noun];
    let start = group.tokens.start as usize;
    let words: Vec<usize> = (start..=group.head).filter(|&i| a.doc.tag(i) != Tag::Hyphen).collect();
    for n in (1..=a.lexicon.triggers.longest_noun().min(words.len())).rev() {
        let used = &words[words.len() - n..];
        let mut key = String::new();
        for (k, &i) in used.iter().enumerate() {
            if k > 0 {
                key.push(' ');
            }
            key.push_str(if k + 1 == n { a.doc.lemma(i) } else { a.doc.word(i) });
        }
        if let Some(trigger) = a.lexicon.triggers.of_noun(&key).next() {
            return Some((trigger, TokenSpan::new(used[0], group.head + 1)));
        }
    }
    None
}

impl Frame<'_> {
    /// Whether the trigger is a noun.
    pub fn is_nominal(&self) -> bool {
        self.noun.is_some()
    }

    /// Whether it says only what came of something ("killed", "injured").
    pub fn is_effect(&self) -> bool {
        self.trigger.weight == 0
    }

    /// Everything named in an argument, for weighing.
    pub fn arguments(&self) -> impl Iterator<Item = usize> + '_ {
        self.agents.iter().chain(&self.patients).chain(&self.targets).chain(&self.means).copied()
    }

    fn sort_object(&mut self, a: &Analysis<'_>, noun: usize) {
        let class = classify(a, noun);
        if class.event && class.people.is_none() {
            self.events.push(noun);
        } else if class.weapon.is_some() && class.people.is_none() {
            self.means.push(noun);
        } else if class.site.is_some() && class.people.is_none() || class.place.is_some() && !class.human() {
            self.targets.push(noun);
        } else if class.human() {
            self.patients.push(noun);
        }
    }

    fn take_phrase(&mut self, a: &Analysis<'_>, preposition: &str, nouns: &[usize]) {
        for &noun in nouns {
            let class = classify(a, noun);
            match preposition {
                "in" | "during" | "by" | "from" | "after" | "when" | "following" | "at" if class.event => self.events.push(noun),
                "with" | "by" | "using" | "from" if class.weapon.is_some() && class.people.is_none() => self.means.push(noun),
                "on" | "at" | "against" | "into" | "near" | "outside" | "inside" | "in" | "through" if class.site.is_some() && class.people.is_none() => {
                    self.targets.push(noun)
                }
                "against" if class.human() => self.patients.push(noun),
                // "was killed along with his bodyguard", "the driver together with two passengers"
                "with" | "alongside" if class.human() && !self.is_nominal() && !self.patients.is_empty() && accompanies(a, noun, preposition) => {
                    self.patients.push(noun)
                }
                "between" | "with" if class.human() && self.trigger.kind.starts_with("clash") => self.agents.push(noun),
                _ => {}
            }
        }
    }

    fn take_nominal_phrase(&mut self, a: &Analysis<'_>, preposition: &str, noun: usize) {
        let class = classify(a, noun);
        let victim_of = matches!(self.trigger.effect, Effect::Killed | Effect::Injured | Effect::Abducted | Effect::Arrested)
            || self.trigger.id == "shoot"
            || self.trigger.id.starts_with("execute");
        match preposition {
            "by" if class.human() => self.agents.push(noun),
            "of" if victim_of => self.sort_object(a, noun),
            "of" if class.site.is_some() || class.human() && !class.militant(a) => self.sort_object(a, noun),
            "of" | "from" if class.militant(a) => self.agents.push(noun),
            "on" | "against" | "at" | "targeting" | "upon" => self.sort_object(a, noun),
            "between" | "with" if class.human() => self.agents.push(noun),
            _ => self.take_phrase(a, preposition, &[noun]),
        }
    }

    /// Whether anything beside the noun says that this is violence: who, whom, where, with what, or how many.
    fn grounded(&self, a: &Analysis<'_>) -> bool {
        let Some(noun) = self.noun else { return true };
        let group = &a.nouns[noun];
        if self.arguments().next().is_some() {
            return true;
        }
        let armed_inside = a.hits_in(group.tokens).iter().any(|h| {
            group.tokens.contains(h.tokens)
                && h.tokens.end <= self.tokens.end
                && h.tokens != self.tokens
                && !matches!(h.entry, crate::lexicon::trie::Entry::Demonym(_))
        }) && self.tokens.len() == 1;
        let sentence = a.doc.sentences()[self.sentence];
        let place = a.places[a.places_in(sentence)]
            .iter()
            .any(|p| sentence.contains(p.tokens) && !p.dateline && (p.tokens.start as usize).abs_diff(group.tokens.end as usize) < 6);
        // "a suicide bomber struck …": the doer of something that took place.
        let does = frame_acts(a, noun);
        armed_inside || place || does || group.determiner == Determiner::Definite && a.doc.tag(group.head) != Tag::NNS
    }
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

/// Whether the noun group is the subject or by-agent of a past verb.
fn frame_acts(a: &Analysis<'_>, noun: usize) -> bool {
    let is_people = classify(a, noun).people.is_some();
    is_people
        && a.clauses_of(a.nouns[noun].sentence)
            .any(|(_, c)| a.verbs[c.verb].form == VerbForm::Past && (c.subject.contains(&noun) || c.by_agent(a).any(|n| n == noun)))
}

/// A common noun for something that can be attacked with arms: no act, weapon, time or idea.
fn thing(a: &Analysis<'_>, noun: usize) -> bool {
    let (group, class) = (&a.nouns[noun], classify(a, noun));
    let idea = matches!(
        a.doc.lemma(group.head),
        "plan"
            | "idea"
            | "policy"
            | "decision"
            | "proposal"
            | "budget"
            | "bill"
            | "law"
            | "measure"
            | "reform"
            | "statement"
            | "speech"
            | "government"
            | "criticism"
            | "process"
            | "talk"
            | "deal"
            | "agreement"
            | "way"
            | "responsibility"
            | "demand"
            | "time"
    );
    let word = a.doc.tag(group.head).is_noun() && !class.event && class.weapon.is_none() && a.date_at(group.head).is_none();
    word && !idea && !class.human()
}

/// "along with", "together with", "alongside" before the group.
fn accompanies(a: &Analysis<'_>, noun: usize, preposition: &str) -> bool {
    let start = a.nouns[noun].tokens.start as usize;
    preposition == "alongside" || start >= 2 && matches!(a.doc.word(start - 2), "along" | "together")
}

/// Whether the verb form says that something took place, rather than that it might.
pub fn finite_past(form: VerbForm) -> bool {
    matches!(form, VerbForm::Past | VerbForm::Present | VerbForm::Participle | VerbForm::Gerund)
}

/// Whether the noun group holds people who are no combatants, judged by its words.
pub fn is_civilian(class: &NounClass<'_>) -> bool {
    class
        .people
        .is_some_and(|t| !matches!(t.class.as_str(), "militant" | "gunman" | "bomber" | "kidnapper" | "criminal" | "cadre" | "police" | "military" | "guard"))
}
