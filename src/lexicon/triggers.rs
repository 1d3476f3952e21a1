//! Words that tell of incidents: `lexicon/triggers/*.toml`. `docs/RULES.md` explains each field.

use super::LexiconError;
use super::source::Source;
use serde::Deserialize;
use std::collections::BTreeMap;

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
    /// Buildings, vehicles, spots.
    Site,
    /// Weapons and bombs.
    Weapon,
    /// Place names.
    Place,
    /// Nouns that tell of an incident ("the blast").
    Event,
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
    /// Verb lemmas; `gun_down` is a verb with its particle.
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

/// All triggers, looked up by lemma.
#[derive(Debug, Default)]
pub struct Triggers {
    list: Vec<Trigger>,
    verbs: BTreeMap<String, Vec<u16>>,
    nouns: BTreeMap<String, Vec<u16>>,
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
                    this.verbs.entry(verb.clone()).or_default().push(index);
                }
                for noun in &trigger.nouns {
                    this.longest_noun = this.longest_noun.max(noun.split(' ').count());
                    this.nouns.entry(noun.clone()).or_default().push(index);
                }
                this.list.push(trigger);
            }
        }
        Ok(this)
    }

    /// Triggers of a verb lemma, or of `lemma_particle`.
    pub fn of_verb(&self, lemma: &str) -> impl Iterator<Item = &Trigger> {
        self.verbs.get(lemma).into_iter().flatten().filter_map(|&i| self.list.get(usize::from(i)))
    }

    /// Triggers of a noun or of several words with single spaces.
    pub fn of_noun(&self, words: &str) -> impl Iterator<Item = &Trigger> {
        self.nouns.get(words).into_iter().flatten().filter_map(|&i| self.list.get(usize::from(i)))
    }

    /// Words in the longest noun trigger.
    pub fn longest_noun(&self) -> usize {
        self.longest_noun
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Trigger> {
        self.list.iter()
    }
}
