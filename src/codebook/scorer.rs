//! The learned relevance: one linear score per head over hashed features. Weights are small integers and so are their sums, so that the same text
//! is in or out on every machine.

use super::Features;

/// What a score is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Head {
    /// The text has what is wanted at all; decides about incidents that have no head of their own.
    Relevance,
    /// An armed attack: attacks, fights, operations, shelling.
    Assault,
    /// A bomb.
    Explosion,
    /// People taken.
    Abduction,
}

/// How many heads there are.
pub const N_HEADS: usize = Head::ALL.len();

impl Head {
    /// All of them, in the order of the weights.
    pub const ALL: [Self; 4] = [Self::Relevance, Self::Assault, Self::Explosion, Self::Abduction];

    /// The head that decides about incidents of a type.
    pub fn of_type(kind: &str) -> Self {
        match kind.split('.').next() {
            Some("attack" | "clash" | "remote" | "operation") => Self::Assault,
            Some("explosion") => Self::Explosion,
            Some("abduction") => Self::Abduction,
            _ => Self::Relevance,
        }
    }

    /// Its name; of all but the first the label that gold files give.
    pub fn name(self) -> &'static str {
        match self {
            Self::Relevance => "relevance",
            Self::Assault => "armed_assault",
            Self::Explosion => "bombing_explosion",
            Self::Abduction => "kidnapping",
        }
    }
}

/// Scores and thresholds count in these parts of 1.
pub(super) const ONE: i64 = 1 << 16;
/// Weights count in these parts of 1.
pub(super) const WEIGHT_ONE: i64 = 1 << 7;
/// Rarities count in these parts of 1.
pub(super) const RARITY_ONE: i64 = 1 << 4;
/// Length of the vector of all words of a text.
pub(super) const WORDS_LENGTH: i64 = 5;
/// Value of each fact, in tenths.
pub(super) const FACT_TENTHS: i64 = 3;

/// What is known of one feature.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Row {
    /// Of words: how rare they are. 0 for facts.
    pub rarity: u8,
    /// One weight per head.
    pub weights: [i16; N_HEADS],
}

/// Trained weights.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scorer {
    /// Scores without any feature.
    pub(super) bias: [i32; N_HEADS],
    /// Scores above these pass.
    pub(super) thresholds: [i32; N_HEADS],
    /// Numbers of the features known, in order.
    pub(super) numbers: Vec<u32>,
    /// A row for each.
    pub(super) rows: Vec<Row>,
    /// For each number without its last [`BUCKET_BITS`] bits where in `numbers` the first such stands.
    pub(super) starts: Vec<u32>,
}

/// Numbers of features that are looked up together.
const BUCKET_BITS: u32 = 6;

impl Scorer {
    /// A scorer of rows in the order of their numbers.
    pub(super) fn new(bias: [i32; N_HEADS], thresholds: [i32; N_HEADS], rows: Vec<(u32, Row)>) -> Self {
        let (numbers, rows): (Vec<u32>, Vec<Row>) = rows.into_iter().unzip();
        let n_buckets = (super::features::N_FEATURES >> BUCKET_BITS) as usize;
        let mut starts = vec![0; n_buckets + 1];
        for &number in &numbers {
            if let Some(next) = starts.get_mut((number >> BUCKET_BITS) as usize + 1) {
                *next += 1;
            }
        }
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        Self { bias, thresholds, numbers, rows, starts }
    }

    fn row(&self, number: u32) -> Option<&Row> {
        let bucket = (number >> BUCKET_BITS) as usize;
        let (from, to) = (*self.starts.get(bucket)? as usize, *self.starts.get(bucket + 1)? as usize);
        let at = self.numbers.get(from..to)?.binary_search(&number).ok()?;
        self.rows.get(from + at)
    }

    /// The scores of a text.
    pub fn scores(&self, features: &Features) -> Scores {
        let (mut words, mut facts, mut squares) = ([0i64; N_HEADS], [0i64; N_HEADS], 0u64);
        for row in features.words.iter().filter_map(|&n| self.row(n)) {
            let rarity = i64::from(row.rarity);
            squares += (rarity * rarity) as u64;
            words.iter_mut().zip(row.weights).for_each(|(sum, weight)| *sum += rarity * i64::from(weight));
        }
        for row in features.facts.iter().filter_map(|&n| self.row(n)) {
            facts.iter_mut().zip(row.weights).for_each(|(sum, weight)| *sum += i64::from(weight));
        }
        // 256 times the length, so that its whole part is exact enough.
        let length = (squares << 16).isqrt().max(1) as i64;
        let score = |h: usize| {
            let of_words = words[h] * WORDS_LENGTH * (ONE / WEIGHT_ONE) * 256 / length;
            let of_facts = facts[h] * FACT_TENTHS * (ONE / WEIGHT_ONE) / 10;
            i64::from(self.bias[h]) + of_words + of_facts
        };
        Scores { scores: std::array::from_fn(score), thresholds: self.thresholds }
    }
}

/// The scores of one text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scores {
    scores: [i64; N_HEADS],
    thresholds: [i32; N_HEADS],
}

impl Scores {
    /// One per head.
    pub(super) fn all(&self) -> [i64; N_HEADS] {
        self.scores
    }

    /// Whether the score lies above the head's threshold.
    pub fn passes(&self, head: Head) -> bool {
        self.scores[head as usize] > i64::from(self.thresholds[head as usize])
    }

    /// How probable it is that they are, to two decimals.
    pub fn probability(&self, head: Head) -> f64 {
        let score = self.scores[head as usize] as f64 / ONE as f64;
        (100.0 / (1.0 + (-score).exp())).round() / 100.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_those_of_the_types() {
        for (kind, head) in [("explosion.ied", Head::Explosion), ("clash.armed_clash", Head::Assault), ("property.arson", Head::Relevance)] {
            assert_eq!(Head::of_type(kind), head, "{kind}");
        }
    }

    #[test]
    fn words_count_by_their_rarity_and_facts_by_their_number() {
        let row = |rarity, weight| Row { rarity, weights: [weight, 0, 0, 0] };
        let fact = super::super::features::N_FEATURES - 1;
        let scorer = Scorer::new([ONE as i32 / 2, 0, 0, 0], [ONE as i32, 0, 0, 0], vec![(7, row(48, 128)), (9, row(64, 0)), (fact, row(0, -256))]);
        let score = |words: &[u32], facts: &[u32]| scorer.scores(&Features { words: words.to_vec(), facts: facts.to_vec() }).scores[0] as f64 / ONE as f64;
        assert_eq!(score(&[], &[]), 0.5);
        assert_eq!(score(&[8], &[8]), 0.5, "what is not known counts nothing");
        assert_eq!(score(&[7], &[]), 5.5);
        assert_eq!(score(&[7, 9], &[]), 3.5, "three fifths of the length");
        assert!((score(&[], &[fact]) + 0.1).abs() < 1e-4);
        let scores = scorer.scores(&Features { words: vec![7], facts: Vec::new() });
        assert!(scores.passes(Head::Relevance) && !scores.passes(Head::Assault));
        assert_eq!(scores.probability(Head::Assault), 0.5);
    }
}
