//! Words that the rules on actors ask for: `actor_words.tsv`.

use super::LexiconError;
use super::source::{Source, rows};
use crate::text::{Document, WordMap};

/// A class of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum ActorWord {
    /// Words that begin sentences and headlines and are never names.
    NoName,
    /// Verbs before or behind which a capitalised run is whoever speaks.
    Speech,
    /// Small words inside names of persons.
    Particle,
    /// What is done to persons: their names stand as its object.
    Harm,
    /// Behind a name: it names a group, not the person.
    GroupAfter,
    /// Behind a name: it names a place.
    PlaceAfter,
    /// Last word of a name: a building, road, river or thing.
    SiteLast,
    /// First word of a name: a place, building or operation.
    SiteFirst,
    /// Before a name: it is a place unless more is known.
    PlacePreposition,
    /// Between two parties.
    Talks,
    /// Done to governments: a capital as its object is one.
    Addressed,
    /// Done by governments: a capital as its subject is one.
    Acting,
    /// Parts and relatives of a named group.
    Derived,
    /// Armed groups and other bodies without their names.
    Group,
    /// Before a word for a group: it is an armed one.
    Armed,
    /// Who heads a group.
    Leader,
    /// Plurals that own organisations.
    Owner,
    /// Words that name no organisation by themselves.
    Generic,
    /// What governments own: a capital with 's before it is one.
    Policy,
    /// In apposition behind a name: it is an organisation.
    Body,
}

impl ActorWord {
    fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "no_name" => Self::NoName,
            "speech" => Self::Speech,
            "particle" => Self::Particle,
            "harm" => Self::Harm,
            "group_after" => Self::GroupAfter,
            "place_after" => Self::PlaceAfter,
            "site_last" => Self::SiteLast,
            "site_first" => Self::SiteFirst,
            "place_preposition" => Self::PlacePreposition,
            "talks" => Self::Talks,
            "addressed" => Self::Addressed,
            "acting" => Self::Acting,
            "derived" => Self::Derived,
            "group" => Self::Group,
            "armed" => Self::Armed,
            "leader" => Self::Leader,
            "owner" => Self::Owner,
            "generic" => Self::Generic,
            "policy" => Self::Policy,
            "body" => Self::Body,
            _ => return None,
        })
    }
}

/// Words with their classes, a bit each.
#[derive(Debug, Default)]
pub struct ActorWords {
    classes: WordMap<u32>,
}

impl ActorWords {
    /// Loads the file.
    pub(super) fn load(source: &Source) -> Result<Self, LexiconError> {
        const FILE: &str = "actor_words.tsv";
        let mut this = Self::default();
        for (line, row) in source.get(FILE).into_iter().flat_map(rows) {
            let Some(class) = row.first().and_then(|name| ActorWord::from_name(name)) else {
                return Err(LexiconError::new(FILE, line, "the first column is one of the classes of `ActorWord`"));
            };
            for word in row.get(1).copied().unwrap_or("").split(' ').filter(|w| !w.is_empty()) {
                *this.classes.entry(word) |= 1 << class as u8;
            }
        }
        Ok(this)
    }

    /// The classes of a word in small letters.
    pub fn classes(&self, word: &str) -> WordClasses {
        WordClasses(self.classes.get(word).copied().unwrap_or(0))
    }

    /// The classes of the word at token `i`.
    pub fn of_word(&self, doc: &Document<'_>, i: usize) -> WordClasses {
        WordClasses(self.classes.of_word(doc, i).copied().unwrap_or(0))
    }

    /// The classes of the lemma of token `i`.
    pub fn of_lemma(&self, doc: &Document<'_>, i: usize) -> WordClasses {
        WordClasses(self.classes.of_lemma(doc, i).copied().unwrap_or(0))
    }
}

/// Classes of one word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WordClasses(u32);

impl WordClasses {
    /// Whether the class is among them.
    pub fn has(self, class: ActorWord) -> bool {
        self.0 >> class as u8 & 1 == 1
    }
}
