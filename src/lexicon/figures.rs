//! Words by which texts quote statistics: `lexicon/figures.toml`.

use super::LexiconError;
use super::source::Source;
use crate::text::{Document, WordMap, Words};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;

/// Up or down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trend {
    /// More of it.
    Increase,
    /// Less of it.
    Decrease,
}

impl Trend {
    /// The code in the record.
    pub fn code(self) -> &'static str {
        match self {
            Self::Increase => "increase",
            Self::Decrease => "decrease",
        }
    }
}

/// The words, by what they say.
#[derive(Clone, Debug, Default)]
pub struct FigureWords {
    nouns: WordMap<Option<Trend>>,
    /// `true` where a number must follow.
    verbs: WordMap<Option<(Trend, bool)>>,
    multiples: BTreeMap<String, f64>,
    counts: Counts,
}

/// Words for counts over a period.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// Acts that are counted.
    #[serde(deserialize_with = "words")]
    pub events: Words,
    /// Verbs of what happens to people that are counted.
    #[serde(deserialize_with = "words")]
    pub harms: Words,
    /// From this number on, people killed in a year are a figure of the year.
    pub many: f64,
    /// Verbs that say that acts were counted ("recorded", "carried out").
    #[serde(default)]
    pub records: Vec<String>,
    /// Words that say that several acts are summed up.
    pub totals: Vec<String>,
}

fn words<'de, D: Deserializer<'de>>(list: D) -> Result<Words, D::Error> {
    Vec::<String>::deserialize(list).map(|list| Words::of(list.iter().map(String::as_str)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Trends {
    increase: Vec<String>,
    decrease: Vec<String>,
    #[serde(default)]
    plain_increase: Vec<String>,
    #[serde(default)]
    plain_decrease: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    trend_nouns: Trends,
    trend_verbs: Trends,
    multiples: BTreeMap<String, f64>,
    counts: Counts,
}

const FILE: &str = "figures.toml";

impl FigureWords {
    /// Loads `figures.toml`.
    pub(super) fn load(source: &Source) -> Result<Self, LexiconError> {
        let Some(text) = source.get(FILE) else { return Ok(Self::default()) };
        let file: File = toml::from_str(text).map_err(|e| LexiconError::in_toml(FILE, text, &e))?;
        let mut this = Self { multiples: file.multiples, counts: file.counts, ..Self::default() };
        for (words, trend) in [(file.trend_nouns.increase, Trend::Increase), (file.trend_nouns.decrease, Trend::Decrease)] {
            words.iter().for_each(|word| *this.nouns.entry(word) = Some(trend));
        }
        let verbs = file.trend_verbs;
        for (words, trend, number) in [
            (verbs.increase, Trend::Increase, false),
            (verbs.decrease, Trend::Decrease, false),
            (verbs.plain_increase, Trend::Increase, true),
            (verbs.plain_decrease, Trend::Decrease, true),
        ] {
            words.iter().for_each(|word| *this.verbs.entry(word) = Some((trend, number)));
        }
        Ok(this)
    }

    /// What a noun says of a trend.
    pub fn noun(&self, doc: &Document<'_>, i: usize) -> Option<Trend> {
        self.nouns.of_lemma(doc, i).copied().flatten()
    }

    /// What a verb says of a trend, and whether it needs a number to say so.
    pub fn verb(&self, lemma: &str) -> Option<(Trend, bool)> {
        self.verbs.get(lemma).copied().flatten()
    }

    /// "doubled" → 2.
    pub fn multiple(&self, lemma: &str) -> Option<f64> {
        self.multiples.get(lemma).copied()
    }

    /// Words for counts over a period.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }
}
