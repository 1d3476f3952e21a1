//! Trigger frames: each word that tells of an incident, with who, whom, what and with which means.

use super::class::{NounClass, classify};
use super::context::{self, Surroundings};
use super::keys::{self, Patient};
use super::loss::{Loss, Why};
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
    /// The name of the rule's list that the words are, as it stands there ("gun_down", "suicide bombing").
    pub name: String,
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
    find_frames_and_losses(a).0
}

/// The frames, and the trigger words that have none.
pub fn find_frames_and_losses<'a>(a: &Analysis<'a>) -> (Vec<Frame<'a>>, Vec<Loss<'a>>) {
    let (mut frames, mut losses) = (Vec::new(), Vec::new());
    for clause in (0..a.clauses.len()).take_while(|_| !a.is_stopped()) {
        let mut lost = Vec::new();
        match verbal(a, clause, &mut lost) {
            Some(frame) => frames.push(frame),
            None => losses.append(&mut lost),
        }
    }
    for noun in (0..a.nouns.len()).take_while(|_| !a.is_stopped()) {
        match super::nominal::frame(a, noun) {
            Some(Ok(frame)) => frames.push(frame),
            Some(Err(loss)) => losses.push(loss),
            None => {}
        }
    }
    frames.sort_by_key(|f| f.tokens);
    super::device::drop_idle(a, &mut frames, &mut losses);
    losses.sort_by_key(|l| l.tokens);
    (frames, losses)
}

fn verbal<'a>(a: &Analysis<'a>, clause_index: usize, lost: &mut Vec<Loss<'a>>) -> Option<Frame<'a>> {
    let clause = &a.clauses[clause_index];
    let verb = &a.verbs[clause.verb];
    let passive = verb.voice == Voice::Passive;
    let keys = keys::of_clause(a, clause);
    if keys.is_empty() || is_no_act(a, clause) {
        return None;
    }
    for key in keys {
        for trigger in a.lexicon.triggers.of_verb(&key.name) {
            // "A blast ripped through a bazaar": with its patient in a phrase a bare participle is a past tense.
            // So is one of a verb that takes no object ("hundreds marched in Lahore").
            let bare = verb.form == VerbForm::Participle && clause.by_agent(a).next().is_none();
            let passive = passive && !(bare && (matches!(key.patient, Patient::Phrase(_)) || trigger.intransitive && key.patient == Patient::Object));
            let object = match key.patient {
                Patient::Phrase(p) => clause.phrases.get(p).map(|p| p.nouns.clone()).unwrap_or_default(),
                Patient::Object if passive && clause.subject.is_empty() => inverted(a, clause_index),
                Patient::Object if passive => clause.subject.clone(),
                Patient::Object => clause.object.clone(),
                Patient::Nowhere => Vec::new(),
            };
            let intransitive = trigger.intransitive && !passive && object.is_empty();
            // "A youth who was injured in firing": he did not fire.
            let suffered = || {
                verb.form == VerbForm::Gerund
                    && matches!(a.doc.word((verb.tokens.start as usize).saturating_sub(1)), "in" | "during" | "by")
                    && clause.governor.is_some_and(|g| a.verbs[g].voice == Voice::Passive)
            };
            let (agents, patients) = match (intransitive, passive) {
                (false, false) if foiled(a, clause) => (Vec::new(), object),
                (true, _) => (Vec::new(), clause.subject.clone()),
                (_, true) => (clause.by_agent(a).collect(), object),
                (_, false) => (clause.subject.clone(), object),
            };
            match fill(a, trigger, clause_index, Manner { passive, intransitive }, agents, patients) {
                Ok(mut frame) => {
                    if suffered() {
                        frame.agents.retain(|n| !clause.subject.contains(n));
                        frame.patients.retain(|n| !clause.subject.contains(n));
                    }
                    return Some(Frame { name: key.name, ..frame });
                }
                Err(why) => lost.push(Loss { tokens: verb.tokens, trigger, why }),
            }
        }
    }
    None
}

/// Verbs of violence that tell of none here.
fn is_no_act(a: &Analysis<'_>, clause: &Clause) -> bool {
    let verb = &a.verbs[clause.verb];
    match a.doc.lemma(verb.head) {
        // "Pakistan occupied Kashmir" is a name.
        "occupy" => verb.head > 0 && a.place_at(verb.head - 1).is_some() && a.place_at(verb.head + 1).is_some(),
        // "A device located in a push-cart": where it is.
        "locate" => verb.voice == Voice::Passive,
        // "He hanged himself."
        "hang" => clause.object.iter().any(|&n| matches!(a.doc.word(a.nouns[n].head), "himself" | "herself" | "themselves")),
        _ => false,
    }
}

/// "Police foiled an attempt to blow up a track": they were not going to.
fn foiled(a: &Analysis<'_>, clause: &Clause) -> bool {
    let above = clause.governor.filter(|_| a.verbs[clause.verb].form == VerbForm::Infinitive);
    above.is_some_and(|g| matches!(a.doc.lemma(a.verbs[g].head), "foil" | "thwart" | "avert" | "frustrate" | "disrupt"))
}

/// "Killed in the attack were three soldiers": who suffered stands behind the verb "be".
fn inverted(a: &Analysis<'_>, clause: usize) -> Vec<usize> {
    let verb = &a.verbs[a.clauses[clause].verb];
    let first = a.doc.sentences().get(verb.sentence).is_some_and(|s| s.start == verb.tokens.start);
    let be =
        a.clauses.get(clause + 1).filter(|c| first && a.verbs[c.verb].sentence == verb.sentence && matches!(a.doc.word(a.verbs[c.verb].head), "was" | "were"));
    be.filter(|c| c.subject.is_empty()).map(|c| c.object.clone()).unwrap_or_default()
}

/// How a verb takes its arguments.
#[derive(Clone, Copy, Debug)]
struct Manner {
    /// Done to the subject.
    passive: bool,
    /// The subject is the only argument.
    intransitive: bool,
}

/// Sorts the arguments by what they are and checks the rule's demands.
fn fill<'a>(
    a: &Analysis<'a>,
    trigger: &'a Trigger,
    clause_index: usize,
    manner: Manner,
    agents: Vec<usize>,
    objects: Vec<usize>,
) -> Result<Frame<'a>, Why<'a>> {
    let clause = &a.clauses[clause_index];
    let verb = &a.verbs[clause.verb];
    let Manner { passive, intransitive } = manner;
    let wanted_object: &[ArgumentClass] = if intransitive { &trigger.subject } else { &trigger.object };
    // What is thrown or planted must be there; whom a passive kills may be left out.
    let needed = !intransitive && !passive || trigger.from_means || trigger.effect == Effect::Abducted;
    // Whom gunmen kill need not be known by a word list ("an affiliate of the party").
    // What they "neutralise" may be a hideout or a racket.
    let of_anything = matches!(a.doc.lemma(verb.head), "neutralise" | "neutralize" | "eliminate" | "liquidate" | "hang");
    let by_armed = wanted_object.contains(&ArgumentClass::Human)
        && !of_anything
        && (matches!(trigger.effect, Effect::Killed | Effect::Injured) || trigger.id == "shoot")
        && agents.iter().any(|&n| {
            let c = classify(a, n);
            c.militant(a) || c.security(a)
        });
    // Who is kidnapped is a person, whatever the word.
    let taken = matches!(a.doc.lemma(verb.head), "kidnap" | "abduct");
    // "seven members of the force and two civilians": one of a list of people is people too.
    let listed = matches!(trigger.effect, Effect::Killed | Effect::Injured) && objects.len() > 1 && objects.iter().any(|&n| classify(a, n).human());
    // "the specialist who had been snatched": who is a person.
    let who = wanted_object.iter().any(|w| matches!(w, ArgumentClass::Human | ArgumentClass::Nonmilitant))
        && (passive || intransitive)
        && verb.tokens.start.checked_sub(1).is_some_and(|i| a.doc.word(i as usize) == "who");
    let unknown_victim = (by_armed || taken || listed || who)
        && objects.iter().any(|&n| {
            let c = classify(a, n);
            c.site.is_none() && c.weapon.is_none() && c.place.is_none() && !c.event
        });
    // What militants attack or blow up is a target, whatever the word ("the polling booth", "a gas line").
    let unknown_target = wanted_object.contains(&ArgumentClass::Site)
        && trigger.weight > 0
        && agents.iter().map(|&n| classify(a, n)).any(|c| c.militant(a) || c.weapon.is_some_and(|w| matches!(w.class.as_str(), "aircraft" | "drone")))
        && objects.iter().any(|&n| thing(a, n));
    if !(unknown_victim || unknown_target || admits(a, wanted_object, &objects, needed)) {
        return Err(if intransitive { Why::Subject } else { Why::Object });
    }
    // "The BLA … It bombed the railway."
    let does_harm = matches!(trigger.effect, Effect::Killed | Effect::Injured | Effect::Abducted);
    let it_acts = !passive && (trigger.weight >= 2 || does_harm) && agents.iter().any(|&n| super::names::meant_by_it(a, n).is_some());
    if !intransitive && !it_acts && !admits(a, &trigger.subject, &agents, false) {
        return Err(Why::Subject);
    }
    let told = matches!(verb.form, VerbForm::Past) || verb.form == VerbForm::Participle && !passive;
    if trigger.finite && !told {
        return Err(Why::NotFinite);
    }
    if trigger.needs_subject && agents.is_empty() {
        return Err(Why::NoSubject);
    }
    let around = Surroundings {
        subjects: if intransitive { objects.clone() } else { agents.clone() },
        objects: if intransitive { Vec::new() } else { objects.clone() },
        phrases: clause.phrases.iter().flat_map(|p| p.nouns.iter().map(|&n| (p.preposition, n))).collect(),
        modifiers: (verb.tokens.start as usize..clause.end.min(verb.tokens.end as usize + 1)).filter(|&i| i != verb.head).collect(),
    };
    let mut frame = Frame {
        trigger,
        name: String::new(),
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
            // "Turkish warplanes hit …"
            if super::participants::names_doer(a, noun, TokenSpan::one(a.nouns[noun].head), "remote") {
                frame.agents.push(noun);
            }
        } else if class.human() || it_acts && class.it {
            frame.agents.push(noun);
        }
    }
    for phrase in &clause.phrases {
        frame.take_phrase(a, a.doc.word(phrase.preposition), &phrase.nouns);
    }
    if matches!(trigger.effect, Effect::Killed | Effect::Injured) && !frame.patients.is_empty() {
        frame.patients.extend(as_well_as(a, verb.head, verb.sentence).filter(|n| !frame.patients.contains(n)));
    }
    frame.events.extend(event_of_relative(a, clause));
    // What decides the type must be named ("fired rockets", never "fell in line").
    if trigger.from_means && frame.means.is_empty() {
        return Err(Why::NoMeans);
    }
    tells_of_violence(a, &frame, &around)?;
    Ok(frame)
}

/// "killed three women who worked for an aid agency, as well as the Afghan at the wheel": whom the list goes on with.
fn as_well_as(a: &Analysis<'_>, head: usize, sentence: usize) -> Option<usize> {
    let end = a.doc.sentences()[sentence].end as usize;
    let at = (head + 1..end).find(|&i| (a.doc.word(i), a.doc.word(i + 1), a.doc.word(i + 2)) == ("as", "well", "as"))?;
    let noun = a.noun_at(at + 3).filter(|&n| a.nouns[n].tokens.start as usize == at + 3)?;
    let class = classify(a, noun);
    // No other deed stands between.
    let mut between = a.clauses_of(sentence).map(|(_, c)| &a.verbs[c.verb]).filter(|v| v.head > head && v.head < at);
    let only_told_of = between.all(|v| v.tokens.start > 0 && matches!(a.doc.word(v.tokens.start as usize - 1), "who" | "which" | "that"));
    (only_told_of && (class.people.is_some() || class.national || class.person)).then_some(noun)
}

/// "the ambush near Manja in which three policemen died": the noun that "which" stands for.
fn event_of_relative(a: &Analysis<'_>, clause: &Clause) -> Option<usize> {
    let first = clause.subject.first().map_or(a.verbs[clause.verb].tokens.start, |&n| a.nouns[n].tokens.start) as usize;
    let which = first.checked_sub(1).filter(|&i| a.doc.word(i) == "which" && i >= 2 && matches!(a.doc.word(i - 1), "in" | "during" | "by"))?;
    let floor = a.doc.sentences()[a.doc.sentence_of(first)].start as usize;
    let last = (floor..which - 1).rev().take(16).find_map(|i| a.noun_at(i))?;
    (0..=last).rev().take(6).take_while(|&n| a.nouns[n].tokens.start as usize >= floor).find(|&n| classify(a, n).event)
}

/// Whether nothing in the surroundings says that the words mean something else.
pub(super) fn tells_of_violence<'a>(a: &Analysis<'a>, frame: &Frame<'_>, around: &Surroundings) -> Result<(), Why<'a>> {
    if let Some(context) = context::harmless(a, frame, around) {
        return Err(Why::Context(&context.id));
    }
    if frame.trigger.needs_conflict && !context::in_conflict(a, frame) { Err(Why::NoConflict) } else { Ok(()) }
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
    nouns.iter().any(|&n| it(n) || classify(a, n).fits(a, wanted) || wanted.contains(&ArgumentClass::Militant) && of_militants(a, n))
}

/// "Forty-one of them surrendered": a pronoun or bare number after a sentence whose last people are militants.
fn of_militants(a: &Analysis<'_>, noun: usize) -> bool {
    let class = classify(a, noun);
    if !(class.pronoun || class.number_only) || class.people.is_some() {
        return false;
    }
    let group = &a.nouns[noun];
    let people = a.nouns[..noun].iter().enumerate().rev().take(16).take_while(|(_, n)| n.sentence + 1 >= group.sentence);
    people.map(|(n, _)| classify(a, n)).find(|c| c.people.is_some()).is_some_and(|c| c.militant(a))
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

    pub(super) fn sort_object(&mut self, a: &Analysis<'_>, noun: usize) {
        let class = classify(a, noun);
        // "planted a bomb": what tells of an explosion elsewhere is the means here.
        // A helicopter that is fired at is a target.
        let craft = class.site.is_some() && class.weapon.is_some_and(|w| w.class == "aircraft");
        let means = class.weapon.is_some() && class.people.is_none() && !craft;
        if means {
            self.means.push(noun);
        }
        if class.event && class.people.is_none() {
            self.events.push(noun);
        } else if means {
        } else if class.site.is_some() && class.people.is_none() || class.place.is_some() && !class.human() {
            self.targets.push(noun);
        } else if class.human() {
            self.patients.push(noun);
        }
    }

    pub(super) fn take_phrase(&mut self, a: &Analysis<'_>, preposition: &str, nouns: &[usize]) {
        for &noun in nouns {
            let class = classify(a, noun);
            match preposition {
                "in" | "during" | "by" | "from" | "after" | "when" | "following" | "at" if class.event => self.events.push(noun),
                "with" | "by" | "using" | "from" if class.weapon.is_some() && class.people.is_none() => self.means.push(noun),
                "on" | "at" | "against" | "into" | "near" | "outside" | "inside" | "in" | "through" if class.site.is_some() && class.people.is_none() => {
                    self.targets.push(noun)
                }
                "against" if class.human() => self.patients.push(noun),
                // "was killed along with his bodyguard", "the driver together with two passengers", "died with three bodyguards"
                "with" | "alongside"
                    if class.human()
                        && !self.is_nominal()
                        && !self.patients.is_empty()
                        && (accompanies(a, nouns[0], preposition)
                            || self.trigger.effect == Effect::Killed && class.people.is_some() && a.nouns[noun].count.is_some()) =>
                {
                    self.patients.push(noun)
                }
                "between" | "with" if class.human() && self.trigger.kind.starts_with("clash") => self.agents.push(noun),
                _ => {}
            }
        }
    }

    pub(super) fn take_nominal_phrase(&mut self, a: &Analysis<'_>, preposition: &str, noun: usize) {
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
            "between" | "with" if class.human() && ["clash.", "politics."].iter().any(|k| self.trigger.kind.starts_with(k)) => self.agents.push(noun),
            _ => self.take_phrase(a, preposition, &[noun]),
        }
    }

    /// Whether anything beside the noun says that this is violence: who, whom, where, with what, or how many.
    pub(super) fn grounded(&self, a: &Analysis<'_>) -> bool {
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
    let word = a.doc.tag(group.head).is_noun() && class.place.is_none() && !class.event && class.weapon.is_none() && a.date_at(group.head).is_none();
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
