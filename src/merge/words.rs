//! The words of a text as far as they tell one story from another: each with a weight that grows with its rarity, names apart, and what reporters
//! write down exactly: ages, streets.

use crate::text::{for_each_word, word_hash};
use std::collections::{BTreeMap, BTreeSet};

/// Words of a document that are kept, those of the most weight.
const MAX_WORDS: usize = 160;
/// Words of a text that are looked at; what a report is about stands at its head.
const LOOKED_AT: usize = 1500;
/// Names by which a document can be found.
const MAX_KEYS: usize = 16;
/// Ages and streets that are kept.
const MAX_FACTS: usize = 24;
/// Weights of words count in these parts of 1.
const ONE: f64 = 4.0;
/// Bits of a word's number.
const BITS: u32 = 24;

/// How rare words are, from a fixed set of texts: those that are not in it are the rarest. It comes with the weights of the pair score, so that a
/// score never depends on what else the base has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommonWords {
    /// Rarity by number of the word, in sixteenths of a natural logarithm.
    pub(super) rarity: BTreeMap<u32, u8>,
    /// Rarity of all others.
    pub(super) rarest: u8,
}

/// The words of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// Number and weight of each, by number.
    pub weights: Vec<(u32, u8)>,
    /// Numbers of those that are rare names, in order.
    pub names: Vec<u32>,
    /// Numbers of the rarest names, by which other documents of the same story are found.
    pub keys: Vec<u32>,
    /// Ages of persons, in order.
    pub ages: Vec<u8>,
    /// Streets, by hash, in order.
    pub streets: Vec<u32>,
}

impl CommonWords {
    /// A table of no words.
    pub const fn none() -> Self {
        Self { rarity: BTreeMap::new(), rarest: 0 }
    }

    /// A table of the words of these texts that at least `least` of them hold.
    pub fn of<'t>(texts: impl IntoIterator<Item = &'t str>, least: u32) -> Self {
        let mut n_texts = 0u32;
        let mut counts: BTreeMap<u32, u32> = BTreeMap::new();
        for text in texts {
            n_texts += 1;
            let mut seen = BTreeSet::new();
            for_each_word(text, |span| {
                seen.insert(number(span.text(text)));
            });
            for word in seen {
                *counts.entry(word).or_default() += 1;
            }
        }
        let rarity = |n: u32| ((f64::from(n_texts + 1) / f64::from(n + 1)).ln() * 16.0).round().clamp(0.0, 255.0) as u8;
        Self { rarity: counts.iter().filter(|(_, n)| **n >= least).map(|(word, n)| (*word, rarity(*n))).collect(), rarest: rarity(least / 2) }
    }

    /// How many words it has.
    pub fn len(&self) -> usize {
        self.rarity.len()
    }

    /// Whether it has no word.
    pub fn is_empty(&self) -> bool {
        self.rarity.is_empty()
    }

    fn rarity(&self, word: u32) -> u8 {
        self.rarity.get(&word).copied().unwrap_or(self.rarest)
    }

    /// Rare enough for a name to tell something.
    fn is_rare(&self, word: u32) -> bool {
        !self.rarity.contains_key(&word)
    }
}

/// The number of a word.
fn number(word: &str) -> u32 {
    let hash = word_hash(word);
    // The upper bits of FNV hardly change with the last letters; a last turn spreads them.
    ((hash ^ hash >> 29).wrapping_mul(0x2545_f491_4f6c_dd1d) >> (64 - BITS)) as u32
}

/// What is counted of one word.
#[derive(Clone, Copy, Default)]
struct Seen {
    n: u32,
    is_name: bool,
}

/// Reads a text and its title.
pub(super) fn words_of(title: &str, text: &str, common: &CommonWords) -> Words {
    let mut seen: BTreeMap<u32, Seen> = BTreeMap::new();
    let mut found = Words::default();
    for (part, is_text) in [(title, false), (text, true)] {
        let mut spans = Vec::new();
        for_each_word(part, |span| {
            if spans.len() < LOOKED_AT {
                spans.push((span.start as usize, span.end as usize));
            }
        });
        let words: Vec<&str> = spans.iter().map(|&(start, end)| part.get(start..end).unwrap_or("")).collect();
        for (n, word) in words.iter().enumerate() {
            if word.len() < 3 && !word.starts_with(|c: char| c.is_ascii_digit()) || EMPTY.contains(&word.to_ascii_lowercase().as_str()) {
                continue;
            }
            let entry = seen.entry(number(word)).or_default();
            entry.n += 1;
            entry.is_name |= is_text && is_capital(word) && n > 0 && !begins(part, spans[n - 1].1, spans[n].0);
        }
        if is_text {
            found.ages = ages(part, &words, &spans);
            found.streets = streets(&words);
        }
    }
    let mut weighed: Vec<(u32, u8, bool)> = seen
        .iter()
        .map(|(&word, s)| {
            let weight = f64::from(common.rarity(word)) / 16.0 * (1.0 + f64::from(s.n).ln());
            (word, (weight * ONE).round().clamp(0.0, 127.0) as u8, s.is_name && common.is_rare(word))
        })
        .filter(|(_, weight, _)| *weight > 0)
        .collect();
    weighed.sort_unstable_by_key(|&(word, weight, _)| (std::cmp::Reverse(weight), word));
    weighed.truncate(MAX_WORDS);
    found.keys = weighed.iter().filter(|(_, _, is_name)| *is_name).map(|(word, ..)| *word).take(MAX_KEYS).collect();
    found.keys.sort_unstable();
    weighed.sort_unstable();
    found.names = weighed.iter().filter(|(_, _, is_name)| *is_name).map(|(word, ..)| *word).collect();
    found.weights = weighed.into_iter().map(|(word, weight, _)| (word, weight)).collect();
    found
}

/// Words that stand everywhere.
const EMPTY: [&str; 40] = [
    "the", "and", "for", "with", "from", "that", "this", "was", "were", "are", "been", "had", "has", "have", "she", "they", "his", "her", "their", "who",
    "which", "said", "not", "but", "after", "before", "when", "while", "also", "its", "into", "about", "over", "out", "then", "than", "there", "him", "them",
    "all",
];

fn is_capital(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(char::is_uppercase) && word.chars().count() > 2
}

/// Whether a sentence or a quotation begins between two words.
fn begins(text: &str, end: usize, start: usize) -> bool {
    text.get(end..start).is_some_and(|between| between.contains(['.', '!', '?', '"', '“', '”', ':', '\n']))
}

/// "the 12-year-old", "aged 30", "Ann Field, 23, …".
fn ages(text: &str, words: &[&str], spans: &[(usize, usize)]) -> Vec<u8> {
    let mut ages = BTreeSet::new();
    for (n, word) in words.iter().enumerate() {
        let Some(age) = word.parse::<u8>().ok().filter(|a| (1..100).contains(a)) else { continue };
        let word_at = |i: usize| words.get(i).map_or("", |w| w);
        let years = matches!(word_at(n + 1), "year" | "years") && word_at(n + 2) == "old";
        let before = n > 0 && matches!(word_at(n - 1), "age" | "aged");
        let between = |i: usize| spans.get(i).zip(spans.get(i + 1)).and_then(|(a, b)| text.get(a.1..b.0)).unwrap_or("");
        let apposition = n > 0 && is_capital(word_at(n - 1)) && between(n - 1).starts_with(',') && between(n).starts_with([',', '.']);
        if years || before || apposition {
            ages.insert(age);
        }
    }
    ages.into_iter().take(MAX_FACTS).collect()
}

/// "North Main St", "4th Avenue": the last word before and what kind of street it is.
fn streets(words: &[&str]) -> Vec<u32> {
    let mut streets = BTreeSet::new();
    for pair in words.windows(2) {
        let &[name, kind] = pair else { continue };
        let kind = match kind {
            "Street" | "St" | "St." => "street",
            "Avenue" | "Ave" | "Ave." => "avenue",
            "Road" | "Rd" | "Rd." => "road",
            "Drive" | "Dr" | "Dr." => "drive",
            "Boulevard" | "Blvd" | "Blvd." => "boulevard",
            "Lane" | "Ln" => "lane",
            "Highway" | "Hwy" => "highway",
            "Court" | "Parkway" | "Place" | "Way" | "Terrace" | "Circle" | "Pike" | "Square" | "Bazaar" | "Chowk" => kind,
            _ => continue,
        };
        if is_capital(name) || name.starts_with(|c: char| c.is_ascii_digit()) {
            streets.insert(super::sketch::hash(&format!("{name} {kind}")));
        }
    }
    streets.into_iter().take(MAX_FACTS).collect()
}
