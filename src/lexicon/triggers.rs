//! Words that tell of incidents: `lexicon/triggers/*.toml`. `docs/RULES.md` explains each field.

use super::LexiconError;
use super::source::Source;
use crate::text::{Document, WordMap};
use serde::Deserialize;
use std::collections::BTreeSet;

/// What happens to the one whom the verb's object (or a passive's subject) names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// Nothing that is counted.
    #[default]
    None,
    /// Dies.
    Killed,
    /// Is hurt.
    Injured,
    /// Is taken away.
    Abducted,
    /// Is taken into custody.
    Arrested,
    /// Is damaged or destroyed.
    Damaged,
}

/// Coarse classes of noun groups that a trigger may ask of its arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ArgumentClass {
    /// People of any kind, named or not, pronouns and bare numbers included.
    Human,
    /// Militants, gunmen, security forces, armed groups.
    Armed,
    /// Police, military and other forces of a state.
    Security,
    /// Militants and armed groups.
    Militant,
    /// People who are no militants.
    Nonmilitant,
    /// Buildings, vehicles, spots.
    Site,
    /// Vehicles, ships and planes, and what moves on roads and rails.
    Vehicle,
    /// Weapons and bombs.
    Weapon,
    /// Bombs, grenades, mines and what they are made of.
    Explosive,
    /// Place names.
    Place,
    /// Nouns that tell of an incident ("the blast").
    Event,
    /// The word "it".
    It,
    /// No argument at all.
    Nothing,
    /// Anything.
    Any,
}

/// A group of words that tell of one kind of incident in the same way.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trigger {
    /// Name of the rule in evidence.
    pub id: String,
    /// Code of the incident type list.
    #[serde(rename = "type")]
    pub kind: String,
    /// How much the word says of the type: 0 an effect only ("killed"), 1 vague ("attack"), 2 clear ("ambush"), 3 specific ("suicide bombing").
    #[serde(default)]
    pub weight: u8,
    /// Verb lemmas; with a particle `gun_down`, object `open_fire`, preposition `barge_into`, phrase `set_on_fire`, `blow_oneself_up`.
    #[serde(default)]
    pub verbs: Vec<String>,
    /// Nouns that end a noun group; several words by spaces ("suicide bombing").
    #[serde(default)]
    pub nouns: Vec<String>,
    /// What happens to the object.
    #[serde(default)]
    pub effect: Effect,
    /// The verb has no object: its subject is the patient ("die") or the means ("explode").
    #[serde(default)]
    pub intransitive: bool,
    /// Classes that the subject may have; empty for any.
    #[serde(default)]
    pub subject: Vec<ArgumentClass>,
    /// Classes that the object may have; empty for any.
    #[serde(default)]
    pub object: Vec<ArgumentClass>,
    /// The noun is a trigger only with an argument beside it ("the killing of …", "a militant attack"), not bare ("an attack of nerves").
    #[serde(default)]
    pub needs_argument: bool,
    /// Only as a finite verb of the past: what somebody is for or about to do ("the coalition fighting the militia") is left alone.
    #[serde(default)]
    pub finite: bool,
    /// Whoever does it must be named: "rebels took two men", never "two men were taken".
    #[serde(default)]
    pub needs_subject: bool,
    /// It counts only where its sentence or one beside it speaks of armed people, weapons or casualties ("a battle", "an operation").
    #[serde(default)]
    pub needs_conflict: bool,
    /// The means decide the type ("fired rockets", "fired shots"); `type` holds where none is named.
    #[serde(default)]
    pub from_means: bool,
    /// Code of a weapon kind that the word implies.
    pub weapon: Option<String>,
    /// Codes of the attribute list that the word implies.
    #[serde(default)]
    pub attributes: Vec<String>,
    /// Texts that must give an incident of this type by this rule.
    #[serde(default)]
    pub matches: Vec<String>,
    /// Texts that must give no incident.
    #[serde(default)]
    pub rejects: Vec<String>,
}

/// Words that tell of casualties by themselves.
pub const CASUALTY_WORDS: [&str; 13] =
    ["dead", "killed", "killing", "killings", "wounded", "injured", "casualties", "hostage", "hostages", "abducted", "kidnapped", "martyred", "slain"];

impl Trigger {
    /// Whether its nouns tell of violence whatever stands around them ("the bombings").
    pub fn tells_clearly(&self) -> bool {
        self.weight >= 2 && self.type_is_violent() && !self.needs_conflict
    }

    /// Whether its type is an attack, an explosion, a strike from afar or an abduction.
    pub fn type_is_violent(&self) -> bool {
        ["attack.", "explosion.", "remote.", "abduction."].iter().any(|class| self.kind.starts_with(class))
    }
}

/// Words that make one verb with the verb before them, next to it or behind its object ("shot him dead").
const PARTICLES: &[&str] = &[
    "up", "down", "off", "out", "away", "over", "back", "in", "along", "apart", "alive", "dead", "ablaze", "alight", "afire", "aflame", "hostage", "captive",
    "prisoner", "free", "missing",
];

/// All triggers, looked up by lemma.
#[derive(Debug, Default)]
pub struct Triggers {
    list: Vec<Trigger>,
    verbs: WordMap<Vec<u16>>,
    nouns: WordMap<Vec<u16>>,
    /// Lemmas with which the names of verbs begin, and the particles and adverbs that may follow ("blow" → "up", "set" → "ablaze").
    beginnings: WordMap<BTreeSet<&'static str>>,
    /// Last words of nouns.
    endings: WordMap<()>,
    longest_noun: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TriggerFile {
    #[serde(default)]
    trigger: Vec<Trigger>,
}

impl Triggers {
    /// Loads `triggers/*.toml`.
    pub(super) fn load(source: &Source) -> Result<Self, LexiconError> {
        let mut this = Self::default();
        for (path, text) in source.under("triggers/", ".toml") {
            let file: TriggerFile = super::parse_toml(path, text)?;
            for trigger in file.trigger {
                let index = this.list.len() as u16;
                if trigger.matches.is_empty() {
                    return Err(LexiconError::new(path, None, format!("trigger \"{}\" has no text in `matches`; give at least one", trigger.id)));
                }
                for verb in &trigger.verbs {
                    let mut parts = verb.split('_');
                    let particles = this.beginnings.entry(parts.next().unwrap_or(verb));
                    particles.extend(parts.filter_map(|part| PARTICLES.iter().copied().find(|&p| p == part)).take(1));
                    this.verbs.entry(verb).push(index);
                }
                for noun in &trigger.nouns {
                    // A hyphen is a token of its own in texts, and often left out.
                    let words = noun.replace('-', " ");
                    this.longest_noun = this.longest_noun.max(words.split(' ').count());
                    this.endings.entry(words.rsplit(' ').next().unwrap_or(noun));
                    this.nouns.entry(&words).push(index);
                }
                this.list.push(trigger);
            }
        }
        Ok(this)
    }

    /// The words that may be particles of the verb at token `i`; `None` where the name of no trigger begins with its lemma.
    pub fn particles(&self, doc: &Document<'_>, i: usize) -> Option<&BTreeSet<&'static str>> {
        self.beginnings.of_lemma(doc, i)
    }

    /// Lemmas with which the names of verbs begin.
    pub fn beginnings(&self) -> impl Iterator<Item = &str> {
        self.beginnings.iter().map(|(lemma, _)| lemma)
    }

    /// Whether a noun of some trigger ends in the lemma of token `i`.
    pub fn ends_noun_with(&self, doc: &Document<'_>, i: usize) -> bool {
        self.endings.of_lemma(doc, i).is_some()
    }

    /// Triggers of a verb by its name: a lemma, or one with particle, object or preposition (`src/extract/incident/keys.rs`).
    pub fn of_verb<'t>(&'t self, name: &str) -> impl Iterator<Item = &'t Trigger> + use<'t> {
        self.verbs.get(name).into_iter().flatten().filter_map(|&i| self.list.get(usize::from(i)))
    }

    /// Triggers of a noun or of several words with single spaces, hyphens left out.
    pub fn of_noun<'t>(&'t self, words: &str) -> impl Iterator<Item = &'t Trigger> + use<'t> {
        self.nouns.get(words).into_iter().flatten().filter_map(|&i| self.list.get(usize::from(i)))
    }

    /// Whether a noun of some trigger ends in the word at token `i`.
    pub fn ends_noun_at(&self, doc: &Document<'_>, i: usize) -> bool {
        self.endings.of_word(doc, i).is_some()
    }

    /// Triggers of which the lemma of token `i` is a noun.
    pub fn of_noun_at<'t>(&'t self, doc: &Document<'_>, i: usize) -> impl Iterator<Item = &'t Trigger> + use<'t> {
        self.nouns.of_lemma(doc, i).into_iter().flatten().filter_map(|&i| self.list.get(usize::from(i)))
    }

    /// Words in the longest noun trigger.
    pub fn longest_noun(&self) -> usize {
        self.longest_noun
    }

    /// How many verbs and nouns there are, each with its particle or in several words counted once.
    pub fn counts(&self) -> (usize, usize) {
        (self.verbs.len(), self.nouns.len())
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Trigger> {
        self.list.iter()
    }
}
