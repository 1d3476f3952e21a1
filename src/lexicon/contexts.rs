//! Settings in which a trigger word tells of no violence: `lexicon/contexts.toml`.
//!
//! "The storm killed nine", "he died of a heart attack", "the bowlers attacked the stumps": sport, weather, illness, money, quarrels in words.

use super::LexiconError;
use super::source::Source;
use super::triggers::Trigger;
use crate::text::{Document, WordMap};
use serde::Deserialize;

/// Where a word stands seen from the trigger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// Class of the subject, where the setting asks for nothing else.
    SubjectClass,
    /// Head of the subject, of the by-agent, of the possessor.
    Subject,
    /// Head of the object, of a passive's subject, of what follows a noun with *of*, *on*, *at*, *against*.
    Object,
    /// Head of any prepositional phrase of the clause or after the noun.
    Phrase,
    /// A preposition of the clause, or after the noun.
    Preposition,
    /// Before the noun in its group; an adverb in or beside the verb.
    Modifier,
    /// Anywhere in the sentence.
    Anywhere,
}

/// One setting.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Context {
    /// Name of the rule.
    pub id: String,
    /// Ids of the triggers that it concerns; all if left out.
    #[serde(default)]
    pub triggers: Vec<String>,
    /// Classes of `people.tsv` of which the subject must be; any if left out. Alone they suffice.
    #[serde(default)]
    pub subject_classes: Vec<String>,
    /// Lemmas: subject.
    #[serde(default)]
    pub subjects: Vec<String>,
    /// Lemmas: object.
    #[serde(default)]
    pub objects: Vec<String>,
    /// Lemmas: nouns of prepositional phrases.
    #[serde(default)]
    pub phrases: Vec<String>,
    /// Prepositions.
    #[serde(default)]
    pub prepositions: Vec<String>,
    /// Words before the noun, adverbs at the verb.
    #[serde(default)]
    pub modifiers: Vec<String>,
    /// Lemmas anywhere in the sentence; they count only where the sentence names nobody armed and no weapon.
    #[serde(default)]
    pub anywhere: Vec<String>,
    /// Texts that must give no incident.
    #[serde(default)]
    pub rejects: Vec<String>,
}

impl Context {
    /// Whether the setting concerns a trigger.
    pub fn concerns(&self, trigger: &Trigger) -> bool {
        self.triggers.is_empty() || self.triggers.contains(&trigger.id)
    }
}

/// All settings, looked up by slot and word.
#[derive(Debug, Default)]
pub struct Contexts {
    list: Vec<Context>,
    /// By the number of the slot.
    words: [WordMap<Vec<u16>>; 7],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ContextFile {
    #[serde(default)]
    context: Vec<Context>,
}

impl Contexts {
    /// Loads `contexts.toml`.
    pub(super) fn load(source: &Source) -> Result<Self, LexiconError> {
        let mut this = Self::default();
        let Some(text) = source.get("contexts.toml") else { return Ok(this) };
        let file: ContextFile = super::parse_toml("contexts.toml", text)?;
        for context in file.context {
            let index = this.list.len() as u16;
            if context.rejects.is_empty() {
                return Err(LexiconError::new("contexts.toml", None, format!("context \"{}\" has no text in `rejects`; give at least one", context.id)));
            }
            let only_class = [&context.subjects, &context.objects, &context.phrases, &context.prepositions, &context.modifiers, &context.anywhere]
                .iter()
                .all(|l| l.is_empty());
            let classes = if only_class { context.subject_classes.clone() } else { Vec::new() };
            for (slot, words) in [
                (Slot::SubjectClass, &classes),
                (Slot::Subject, &context.subjects),
                (Slot::Object, &context.objects),
                (Slot::Phrase, &context.phrases),
                (Slot::Preposition, &context.prepositions),
                (Slot::Modifier, &context.modifiers),
                (Slot::Anywhere, &context.anywhere),
            ] {
                for word in words {
                    this.words[slot as usize].entry(word).push(index);
                }
            }
            this.list.push(context);
        }
        Ok(this)
    }

    /// The settings that a word in a slot speaks for.
    pub fn of(&self, slot: Slot, word: &str) -> impl Iterator<Item = &Context> {
        self.words[slot as usize].get(word).into_iter().flatten().filter_map(|&i| self.list.get(usize::from(i)))
    }

    /// The settings that the lemma of token `i` in a slot speaks for.
    pub fn of_lemma(&self, slot: Slot, doc: &Document<'_>, i: usize) -> impl Iterator<Item = &Context> {
        self.words[slot as usize].of_lemma(doc, i).into_iter().flatten().filter_map(|&i| self.list.get(usize::from(i)))
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Context> {
        self.list.iter()
    }
}
