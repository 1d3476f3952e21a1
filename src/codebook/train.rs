//! Training of the scorer: one logistic regression per head, thresholds from folds of the training texts, the same bytes for the same texts.
//!
//! Folds never part texts that begin alike: many reports repeat one another. The thresholds are chosen on predictions for texts that the weights
//! had not seen, so a scorer may be measured on any text that it was not given.

mod logistic;

use super::scorer::{FACT_TENTHS, N_HEADS, ONE, RARITY_ONE, Row, WEIGHT_ONE, WORDS_LENGTH};
use super::{Features, Head, Scorer, criteria};
use crate::lexicon::codebooks::Codebook;
use crate::model::Record;
use crate::text::word_hash;
use logistic::{Sparse, fit};
use std::collections::BTreeMap;

/// Texts that a feature must stand in to get a weight.
const MIN_TEXTS: u32 = 3;
/// Folds from which the thresholds are chosen.
const INNER_FOLDS: u64 = 8;
/// Characters by which texts that begin alike are told.
const BEGINNING: usize = 50;

/// A text of the gold file.
#[derive(Clone, Debug)]
pub struct Example {
    features: Features,
    /// What the gold says, by head.
    labels: [bool; N_HEADS],
    /// Whether the criteria let an incident of the head through: where there is none, a score can add none.
    candidates: [bool; N_HEADS],
    /// The same for texts that begin alike.
    group: u64,
}

impl Example {
    /// A text, its record, whether it is relevant and the labels that the gold gives it.
    pub fn new(text: &str, record: &Record, codebook: &Codebook, relevant: bool, labels: &[String]) -> Self {
        let mut candidates = [false; N_HEADS];
        for (incident, _) in record.incidents.iter().zip(criteria(record, codebook)).filter(|(_, verdict)| verdict.is_none()) {
            candidates[Head::of_type(&incident.kind) as usize] = true;
        }
        let wants = |head: Head| if head == Head::Relevance { relevant } else { labels.iter().any(|label| label == head.name()) };
        let beginning: String = text.trim().chars().take(BEGINNING).collect();
        Self { features: Features::of(text, record), labels: Head::ALL.map(wants), candidates, group: word_hash(&beginning) }
    }

    /// Which of `n` folds the text belongs to. `salt` makes other folds.
    pub fn fold(&self, n: u64, salt: u64) -> u64 {
        let mixed = (self.group ^ salt.wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_mul(0x2545_f491_4f6c_dd1d);
        (mixed >> 32) % n.max(1)
    }
}

/// Trains a scorer.
pub fn train(examples: &[&Example]) -> Scorer {
    let mut held_out = vec![[0; N_HEADS]; examples.len()];
    for fold in 0..INNER_FOLDS {
        let is_in = |example: &Example| example.fold(INNER_FOLDS, 1) == fold;
        let rest: Vec<&Example> = examples.iter().copied().filter(|e| !is_in(e)).collect();
        let scorer = weights(&rest);
        for (scores, example) in held_out.iter_mut().zip(examples).filter(|(_, e)| is_in(e)) {
            *scores = scorer.scores(&example.features).all();
        }
    }
    Scorer { thresholds: thresholds(examples, &held_out), ..weights(examples) }
}

/// Weights alone, without thresholds.
fn weights(examples: &[&Example]) -> Scorer {
    let vocabulary = vocabulary(examples);
    let sparse: Vec<Sparse> = examples.iter().map(|e| values(&e.features, &vocabulary)).collect();
    let fits = Head::ALL.map(|head| {
        let wanted: Vec<bool> = examples.iter().map(|e| e.labels[head as usize]).collect();
        fit(&sparse, &wanted, vocabulary.len())
    });
    let quantised = |weight: f64| (weight * WEIGHT_ONE as f64).round().clamp(-32767.0, 32767.0) as i16;
    let rows =
        vocabulary.iter().map(|(&number, &(column, rarity))| (number, Row { rarity, weights: fits.each_ref().map(|f| quantised(f.weights[column as usize])) }));
    // What weighs nothing still has a share in the length of the words.
    let rows = rows.filter(|(_, row)| row.rarity > 0 || row.weights != [0; N_HEADS]).collect();
    Scorer::new(fits.each_ref().map(|f| (f.bias * ONE as f64).round() as i32), [0; N_HEADS], rows)
}

/// Column and rarity of each feature that stands in enough texts, by its number.
fn vocabulary(examples: &[&Example]) -> BTreeMap<u32, (u32, u8)> {
    let mut n_texts: BTreeMap<u32, (u32, bool)> = BTreeMap::new();
    for example in examples {
        for (numbers, is_word) in [(&example.features.words, true), (&example.features.facts, false)] {
            for &number in numbers {
                n_texts.entry(number).or_insert((0, is_word)).0 += 1;
            }
        }
    }
    let n = examples.len() as f64;
    let rarity = |n_with: u32| ((((1.0 + n) / (1.0 + f64::from(n_with))).ln() + 1.0) * RARITY_ONE as f64).round().clamp(1.0, 255.0) as u8;
    let frequent = n_texts.into_iter().filter(|(_, (n_with, _))| *n_with >= MIN_TEXTS);
    frequent.zip(0..).map(|((number, (n_with, is_word)), column)| (number, (column, if is_word { rarity(n_with) } else { 0 }))).collect()
}

/// A text as the regression sees it: what [`Scorer::scores`] computes with, in floating point.
fn values(features: &Features, vocabulary: &BTreeMap<u32, (u32, u8)>) -> Sparse {
    let known = |numbers: &[u32]| numbers.iter().filter_map(|n| vocabulary.get(n).copied()).collect::<Vec<_>>();
    let words = known(&features.words);
    let length = words.iter().map(|(_, rarity)| f64::from(*rarity).powi(2)).sum::<f64>().sqrt();
    let words = words.into_iter().map(|(column, rarity)| (column, (WORDS_LENGTH as f64 * f64::from(rarity) / length) as f32));
    let facts = known(&features.facts).into_iter().map(|(column, _)| (column, FACT_TENTHS as f32 / 10.0));
    words.chain(facts).collect()
}

/// The thresholds with the best F1: first for the types, then for what has no type of its own, given what these have let through.
fn thresholds(examples: &[&Example], scores: &[[i64; N_HEADS]]) -> [i32; N_HEADS] {
    let mut thresholds = [0; N_HEADS];
    let mut passed = vec![false; examples.len()];
    for head in Head::ALL.into_iter().skip(1).chain([Head::Relevance]) {
        let h = head as usize;
        let is_last = head == Head::Relevance;
        let n_wanted = examples.iter().filter(|e| e.labels[h]).count();
        let sure: Vec<bool> = examples.iter().zip(&passed).filter(|(_, passed)| is_last && **passed).map(|(e, _)| e.labels[h]).collect();
        let open = examples.iter().zip(scores).zip(&passed).filter(|((e, _), passed)| e.candidates[h] && !(is_last && **passed));
        let mut open: Vec<(i64, bool)> = open.map(|((e, scores), _)| (scores[h], e.labels[h])).collect();
        open.sort_unstable_by(|a, b| b.cmp(a));
        let best = best_threshold(&open, (sure.iter().filter(|&&x| x).count(), sure.len()), n_wanted);
        thresholds[h] = best.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32;
        for ((passed, example), scores) in passed.iter_mut().zip(examples).zip(scores) {
            *passed |= example.candidates[h] && scores[h] > best;
        }
    }
    thresholds
}

/// The threshold with the best F1 over scores from high to low, besides (hits, all) that count anyhow.
fn best_threshold(scores: &[(i64, bool)], (mut hits, mut n): (usize, usize), n_wanted: usize) -> i64 {
    let f1 = |hits: usize, n: usize| if n + n_wanted == 0 { 0.0 } else { 2.0 * hits as f64 / (n + n_wanted) as f64 };
    let mut best = (f1(hits, n), scores.first().map_or(0, |(score, _)| *score));
    for (i, &(score, wanted)) in scores.iter().enumerate() {
        hits += usize::from(wanted);
        n += 1;
        let next = scores.get(i + 1).map_or(score - ONE, |(next, _)| *next);
        if next < score && f1(hits, n) > best.0 {
            best = (f1(hits, n), score.midpoint(next));
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_threshold_lies_where_f1_is_best() {
        let scores = [(90, true), (80, true), (70, false), (60, true), (10, false), (5, false)];
        assert_eq!(best_threshold(&scores, (0, 0), 3), 35);
        assert_eq!(best_threshold(&scores, (0, 0), 2), 75);
        assert_eq!(best_threshold(&[(90, false)], (3, 3), 3), 90, "nothing more passes");
        assert_eq!(best_threshold(&[(7, true)], (0, 0), 1), (7 + 7 - ONE).div_euclid(2));
        assert_eq!(best_threshold(&[], (0, 0), 0), 0);
    }

    fn example(n: usize, relevant: bool) -> Example {
        let word = if relevant { "ambushed" } else { "arrested" };
        let text = format!("{n} day in town number {} gunmen {word} by people", char::from(b'a' + (n % 20) as u8));
        let words = Features { words: Features::of(&text, &empty()).words, facts: Vec::new() };
        Example { features: words, labels: [relevant, relevant, false, false], candidates: [false, true, false, false], group: n as u64 * 7919 }
    }

    fn empty() -> Record {
        serde_json::from_str(
            r#"{"id":"","engine":"","lexicon":"","document":{"published":null,"published_from":null,"dateline":null,"language":"en"},
            "incidents":[],"actors":[],"statements":[],"relations":[],"figures":[],"places":[],"notes":[]}"#,
        )
        .unwrap()
    }

    #[test]
    fn what_tells_the_texts_apart_is_learned_and_repeats() {
        let examples: Vec<Example> = (0..80).map(|n| example(n, n % 3 == 0)).collect();
        let all: Vec<&Example> = examples.iter().collect();
        let scorer = train(&all);
        assert_eq!(scorer.to_bytes(), train(&all).to_bytes());
        for n in 100..120 {
            let new = example(n, n % 2 == 0);
            assert_eq!(scorer.scores(&new.features).passes(Head::Assault), n % 2 == 0, "{n}");
        }
        assert!(!scorer.scores(&examples[0].features).passes(Head::Abduction), "no text had one");
    }

    #[test]
    fn texts_that_begin_alike_share_a_fold() {
        let (long, other) = ("A bomb went off near the old bus stand of the town on Monday", "Police held a man");
        let book = Codebook::default();
        let of = |text: &str| Example::new(text, &empty(), &book, true, &[]);
        assert_eq!(of(long).group, of(&format!("{} and more", long.to_uppercase())).group);
        assert_ne!(of(long).group, of(other).group);
        assert!((0..50).all(|n| example(n, true).fold(5, n as u64) < 5));
    }
}
