//! What the scorer sees: words of the text, and facts of its record. Each feature is a hash; nothing is kept of the words themselves.

use super::{DOERS, Head};
use crate::model::record::{Incident, Participant};
use crate::model::{DatePrecision, Record};
use std::collections::BTreeMap;

/// Words of a text that are looked at; what a report is about stands at its head.
const MAX_WORDS: usize = 1500;
/// Words at the head of a text that count apart.
const HEAD_WORDS: usize = 30;
/// Bits of a feature's number.
const BITS: u32 = 22;
/// Numbers of features are below this. Those of facts have the bit above [`BITS`].
pub const N_FEATURES: u32 = 2 << BITS;

/// The features of one text, each once, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Features {
    /// Words and pairs of words, those at the head once more.
    pub words: Vec<u32>,
    /// What the record says of its incidents.
    pub facts: Vec<u32>,
}

impl Features {
    /// The features of a text and of its whole record, as the engine made it.
    pub fn of(text: &str, record: &Record) -> Self {
        Self { words: sorted(words(text)), facts: sorted(facts(record)) }
    }
}

fn sorted(mut numbers: Vec<u32>) -> Vec<u32> {
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// The number of a feature: FNV-1a over its parts, its upper bits.
fn number(parts: &[&str]) -> u32 {
    let mut hash = 0xcbf2_9ce4_8422_2325u64;
    for part in parts {
        for &byte in part.as_bytes().iter().chain(&[0xff]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    // The upper bits of FNV hardly change with the last bytes; a last turn spreads them.
    (((hash ^ hash >> 29).wrapping_mul(0x2545_f491_4f6c_dd1d)) >> (64 - BITS)) as u32
}

fn words(text: &str) -> Vec<u32> {
    // A word takes a few bytes; what is cut off here is never looked at.
    let lower: String = text.chars().take(MAX_WORDS * 12).flat_map(char::to_lowercase).collect();
    let words: Vec<&str> = split(&lower).take(MAX_WORDS).collect();
    let mut found = Vec::with_capacity(words.len() * 2 + HEAD_WORDS * 2);
    for (part, words) in [("w", words.as_slice()), ("h", words.get(..HEAD_WORDS).unwrap_or(&words))] {
        found.extend(words.iter().map(|word| number(&[part, word])));
        found.extend(words.windows(2).map(|pair| number(&[part, pair[0], pair[1]])));
    }
    found
}

/// Runs of letters, and a "0" for each run of digits.
fn split(text: &str) -> impl Iterator<Item = &str> {
    let class = |c: char| if c.is_alphabetic() { 1 } else { 2 * u8::from(c.is_numeric()) };
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c| class(c) == 0);
        let kind = class(rest.chars().next()?);
        let end = rest.find(|c| class(c) != kind).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        rest = after;
        Some(if kind == 2 { "0" } else { word })
    })
}

fn facts(record: &Record) -> Vec<u32> {
    let mut found = Found::default();
    let kinds = record.actors.iter().flat_map(|a| a.mentions.iter().map(|m| (m.text.to_lowercase(), a.kind.as_str()))).collect();
    let told = || record.incidents.iter().filter(|i| i.certainty != "hypothetical" && i.certainty != "denied");
    for (n, incident) in told().enumerate() {
        of_incident(incident, n == 0, &kinds, &mut found);
    }
    found.add(&["incidents", &told().count().min(5).to_string()]);
    found.add(&["statements", &record.statements.len().min(4).to_string()]);
    found.0
}

#[derive(Default)]
struct Found(Vec<u32>);

impl Found {
    fn add(&mut self, parts: &[&str]) {
        self.0.push(number(parts) | 1 << BITS);
    }
}

fn of_incident(i: &Incident, is_first: bool, kinds: &BTreeMap<String, &str>, found: &mut Found) {
    let class = i.kind.split('.').next().unwrap_or_default();
    let status = if i.background { "background" } else { i.certainty.as_str() };
    found.add(&["type", &i.kind, status]);
    found.add(&["class", class, status]);
    if is_first {
        found.add(&["first type", &i.kind, status]);
        found.add(&["first class", class]);
    }
    let some = |yes: bool| if yes { "yes" } else { "no" };
    found.add(&["killed", class, some(i.killed.is_some_and(|n| n.best.unwrap_or(0) > 0))]);
    found.add(&["injured", class, some(i.injured.is_some())]);
    found.add(&["day", class, i.date.map_or("", |d| some(d.precision == DatePrecision::Day))]);
    found.add(&["place", class, i.place.as_ref().map_or("", |p| &p.precision)]);
    for attribute in &i.attributes {
        found.add(&["attribute", class, attribute]);
    }
    for participant in &i.participants {
        of_participant(participant, class, Head::of_type(&i.kind).name(), kinds, found);
    }
}

fn of_participant(p: &Participant, class: &str, head: &str, kinds: &BTreeMap<String, &str>, found: &mut Found) {
    found.add(&["role", class, &p.role, &p.kind]);
    if let Some(noun) = p.mentions.first().map(|m| m.to_lowercase()).as_deref().and_then(|m| split(m).last()) {
        found.add(&["noun", head, &p.role, noun]);
        found.add(&["noun", &p.role, noun]);
    }
    for kind in p.mentions.iter().filter_map(|m| kinds.get(&m.to_lowercase())) {
        found.add(&["actor", head, &p.role, kind]);
        if DOERS.contains(&p.role.as_str()) {
            found.add(&["doer", head, kind]);
        }
    }
    if let Some(target) = &p.target_type {
        found.add(&["target", head, &p.role, target]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_letters_or_digits() {
        let words: Vec<&str> = split("two men, 17 and 1,200; café—b2b").collect();
        assert_eq!(words, ["two", "men", "0", "and", "0", "0", "café", "b", "0", "b"]);
    }

    #[test]
    fn case_and_numbers_make_no_difference_and_order_does() {
        let of = |text: &str| sorted(words(text));
        assert_eq!(of("Gunmen killed 3 men"), of("GUNMEN killed 57 men"));
        assert_ne!(of("Gunmen killed men"), of("men killed Gunmen"));
        assert!(of("a b c").iter().all(|&n| n < N_FEATURES / 2));
        assert!(of("").is_empty());
    }

    #[test]
    fn long_texts_are_cut() {
        assert!(words(&"bomb attack ".repeat(100_000)).len() < 4 * MAX_WORDS);
    }
}
