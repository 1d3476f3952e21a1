//! Words beside place names: `lexicon/place_words.tsv`.

use super::PlaceKind;
use crate::lexicon::LexiconError;
use crate::lexicon::source::rows;
use crate::lexicon::trie::Mix;
use crate::text::word_hash;
use std::collections::HashMap;
use std::hash::BuildHasherDefault;

/// What a word says of a name beside it; a set of bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PlaceWord(u32);

macro_rules! classes {
    ($($(#[$doc:meta])* $name:ident = $bit:literal, $code:literal;)*) => {
        impl PlaceWord {
            $($(#[$doc])* pub const $name: Self = Self(1 << $bit);)*

            fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$name),)* _ => None }
            }
        }
    };
}

classes! {
    /// A place follows it, a person hardly ever ("in").
    LOCATIVE = 0, "locative";
    /// A place may follow it ("of").
    PREPOSITION = 1, "preposition";
    /// The name is a district ("tehsil").
    DISTRICT = 2, "district";
    /// The name is a province or state ("governorate").
    PROVINCE = 3, "province";
    /// The name is a town or a part of one ("village", "area").
    POPULATED = 4, "populated";
    /// The name is a region without officials ("valley").
    AREA = 5, "area";
    /// May stand before a name without changing that it is a place ("Northern").
    QUALIFIER = 6, "qualifier";
    /// Opens a sentence and says nothing of the name behind it ("When").
    OPENING = 7, "opening";
    /// Goes on with a name that a place begins ("University").
    INSTITUTION = 8, "institution";
    /// Makes a name of something else ("Times").
    OTHER_NAME = 9, "other_name";
    /// Month or weekday.
    TIME = 10, "time";
    /// What governments do ("denied").
    SPEECH = 11, "speech";
    /// What governments have between them ("talks").
    TALKS = 12, "talks";
    /// Small words between a place and what holds it (", the summer capital of").
    FILLER = 14, "filler";
    /// Follows the name of a town, hardly ever that of a person ("Norfolk residents").
    LOCAL = 15, "local";
    /// Names kinds of places, but also of offices ("Highways Agency").
    LOOSE = 16, "loose";
    /// Begins or ends a name that is no place, or only a building ("Operation", "Bank").
    NO_PLACE = 17, "no_place";
    /// A people, faith or language ("Pashtun", "Arabic").
    PEOPLE = 18, "people";
    /// What one government does to another ("accused").
    ADDRESS = 13, "address";
}

impl PlaceWord {
    /// Whether every class of `other` is in it.
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether it says what kind of place the name beside it is.
    pub fn names_kind(self) -> bool {
        self.0 & (Self::DISTRICT.0 | Self::PROVINCE.0 | Self::POPULATED.0 | Self::AREA.0) != 0
    }

    /// Whether a place of that kind is what it speaks of.
    pub fn fits(self, kind: PlaceKind) -> bool {
        match kind {
            PlaceKind::District | PlaceKind::Agency => self.has(Self::DISTRICT),
            PlaceKind::Province => self.has(Self::PROVINCE) || self.has(Self::AREA),
            kind if kind.is_populated() => self.has(Self::POPULATED),
            PlaceKind::Valley | PlaceKind::Area | PlaceKind::Sea => self.has(Self::AREA),
            _ => false,
        }
    }
}

/// All classes of all words.
#[derive(Debug, Default)]
pub(super) struct PlaceWords(HashMap<u64, PlaceWord, BuildHasherDefault<Mix>>);

impl PlaceWords {
    /// Reads the file.
    pub(super) fn load(file: &str, text: &str) -> Result<Self, LexiconError> {
        let mut this = Self::default();
        for (line, row) in rows(text) {
            let &[word, class] = row.as_slice() else {
                return Err(LexiconError::new(file, line, "a row is a word and a class, with a tab between them"));
            };
            let Some(class) = PlaceWord::from_code(class) else {
                return Err(LexiconError::new(file, line, format!("\"{class}\" is none of the classes that the head of the file lists")));
            };
            this.0.entry(word_hash(word)).or_default().0 |= class.0;
        }
        Ok(this)
    }

    /// The classes of a word.
    pub(super) fn get(&self, word: u64) -> PlaceWord {
        self.0.get(&word).copied().unwrap_or_default()
    }
}
