//! When two reports are joined: by the rules, or by a score that was learned from news of which people said what belongs together. Weights are small
//! integers and so are their sums, so that the same pair is joined on every machine.

use super::cluster::Tie;
use super::pair::{FEATURES, Pair, Side};
use super::words::CommonWords;
use crate::text::varint::{Reader, put, unzigzag, zigzag};

/// Features and weights count in these parts of 1.
const ONE: f64 = 256.0;
/// The rules join above this.
const RULES: f64 = 1.5;
/// … where the texts have so much in common (cosine of their words),
const RULES_COSINE: f64 = 0.1;
/// … and were published at most so many days apart, unless both name one day.
const RULES_DAYS: i32 = 7;
/// The learned score joins from this probability on.
const LEARNED: f64 = 0.3;

/// What is taken off the rules' where they were.
const LATE_RULES: f64 = 1.0;
/// What is taken off the learned score of such reports where both name the day, and where not: few follow-ups come so late, and many events are
/// like another of some weeks ago.
const LATE_OF_ONE_DAY: f64 = 1.0;
const LATE: f64 = 2.0;

const MAGIC: &[u8] = b"waqia merging 1\n";
/// Most words of a table.
const MAX_WORDS: usize = 1 << 16;

/// How two reports stand to each other, and why.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Link {
    /// Above 0 they are joined; in log-odds.
    pub score: f64,
    /// `merge.learned`, `merge.rules`; `merge.too_unlike` or `veto.…` where they are not joined.
    pub rule: String,
    /// What the score is made of, by name.
    pub features: Vec<(&'static str, f64)>,
    /// They never are of one incident.
    pub is_vetoed: bool,
}

impl Link {
    /// Whether the two belong together by themselves.
    pub fn joins(&self) -> bool {
        self.score > 0.0 && !self.is_vetoed
    }

    /// As sorting sees it.
    pub fn tie(&self) -> Tie {
        if self.is_vetoed { Tie::Never } else { Tie::Score(self.score) }
    }
}

/// Bytes that are no scorer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PackError {
    /// The first bytes are not those of a scorer of this version.
    #[error("not a scorer of this version: train it again with `waqia train merge`")]
    Version,
    /// The numbers end early or are impossible.
    #[error("the scorer's weights are damaged: train them again with `waqia train merge`")]
    Damaged,
}

/// Trained weights, with the table of common words that sketches are made with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PairScorer {
    /// How rare words are.
    pub common: CommonWords,
    /// In the order of [`FEATURES`].
    pub(super) weights: [i16; FEATURES.len()],
    /// The score without any feature.
    pub(super) bias: i16,
}

impl PairScorer {
    /// The scorer compiled into this crate.
    ///
    /// # Errors
    /// Never in a released build: the test suite unpacks it.
    pub fn embedded() -> Result<Self, PackError> {
        Self::from_bytes(include_bytes!("weights/pair.bin"))
    }

    /// How two reports of different documents stand to each other; `learned` lets the learned score take part beside the rules.
    pub fn link(&self, a: Side<'_>, b: Side<'_>, learned: bool) -> Link {
        self.judge(&Pair::of(a, b), learned)
    }

    /// What a comparison comes to.
    pub fn judge(&self, pair: &Pair, learned: bool) -> Link {
        if let Some(veto) = pair.veto {
            return Link { score: pair.rules() - RULES, rule: format!("veto.{veto}"), features: by_rules(pair), is_vetoed: true };
        }
        // A follow-up that names the very day has to agree in more.
        let is_late = pair.apart.is_some_and(|days| days > RULES_DAYS);
        let may_join = pair.doubt.is_none() && pair.cosine >= RULES_COSINE && (!is_late || pair.is_of_one_day());
        let rules = pair.rules() - RULES - if is_late { LATE_RULES } else { 0.0 };
        let rules = if may_join { rules } else { rules.min(-0.5) };
        // What was learned of long reports says little where a town's name is all that two texts share.
        let learned = if learned && pair.shares_details() { self.learned(pair) } else { f64::NEG_INFINITY };
        let score = learned.max(rules);
        let rule = match pair.doubt {
            _ if score > 0.0 && learned >= rules => "merge.learned".to_owned(),
            _ if score > 0.0 => "merge.rules".to_owned(),
            Some(doubt) => format!("doubt.{doubt}"),
            None => "merge.too_unlike".to_owned(),
        };
        let features = if learned >= rules { self.shares(pair) } else { by_rules(pair) };
        Link { score, rule, features, is_vetoed: false }
    }

    /// Log-odds by what was learned alone, less the threshold.
    pub(super) fn learned(&self, pair: &Pair) -> f64 {
        let sum: i64 = pair.values.iter().zip(self.weights).map(|(&value, weight)| quantised(value) * i64::from(weight)).sum();
        (sum as f64 / ONE + f64::from(self.bias)) / ONE - threshold() - late(pair)
    }

    /// Each feature's share in the learned score.
    fn shares(&self, pair: &Pair) -> Vec<(&'static str, f64)> {
        let share = |value: f64, weight: i16| (quantised(value) * i64::from(weight)) as f64 / ONE / ONE;
        let of_features = FEATURES.iter().zip(&pair.values).zip(self.weights).map(|((name, &value), weight)| (*name, share(value, weight)));
        let rest = [("bias", f64::from(self.bias) / ONE), ("late", -late(pair)), ("threshold", -threshold())];
        of_features.chain(rest).filter(|(_, share)| *share != 0.0).map(|(name, share)| (name, hundredths(share))).collect()
    }

    /// The weights as numbers, in the order of [`FEATURES`].
    pub fn shown(&self) -> impl Iterator<Item = f64> {
        self.weights.iter().map(|w| f64::from(*w) / ONE)
    }

    /// The score without any feature.
    pub fn shown_bias(&self) -> f64 {
        f64::from(self.bias) / ONE
    }

    /// Packs the scorer.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        put(&mut out, FEATURES.len() as u64);
        self.weights.iter().chain([&self.bias]).for_each(|w| put(&mut out, zigzag(*w)));
        out.push(self.common.rarest);
        put(&mut out, self.common.rarity.len() as u64);
        let mut last = 0;
        for (&word, &rarity) in &self.common.rarity {
            put(&mut out, u64::from(word - last));
            out.push(rarity);
            last = word;
        }
        out
    }

    /// Unpacks a scorer that [`PairScorer::to_bytes`] packed.
    ///
    /// # Errors
    /// Any other bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, PackError> {
        let packed = bytes.strip_prefix(MAGIC).ok_or(PackError::Version)?;
        Self::read(&mut Reader { bytes: packed }).ok_or(PackError::Damaged)
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        if reader.number()? != FEATURES.len() as u64 {
            return None;
        }
        let mut scorer = Self::default();
        for weight in scorer.weights.iter_mut().chain([&mut scorer.bias]) {
            *weight = unzigzag(reader.number()?)?;
        }
        scorer.common.rarest = reader.byte()?;
        let mut word = 0u32;
        for _ in 0..reader.size(MAX_WORDS)? {
            word = word.checked_add(u32::try_from(reader.number()?).ok()?)?;
            scorer.common.rarity.insert(word, reader.byte()?);
        }
        reader.bytes.is_empty().then_some(scorer)
    }
}

/// Weights as they are stored.
pub(super) fn stored(weight: f64) -> i16 {
    (weight * ONE).round().clamp(-32767.0, 32767.0) as i16
}

fn quantised(value: f64) -> i64 {
    (value * ONE).round() as i64
}

fn threshold() -> f64 {
    (LEARNED / (1.0 - LEARNED)).ln()
}

fn late(pair: &Pair) -> f64 {
    match pair.apart {
        Some(days) if days > RULES_DAYS && pair.is_of_one_day() => LATE_OF_ONE_DAY,
        Some(days) if days > RULES_DAYS => LATE,
        _ => 0.0,
    }
}

fn by_rules(pair: &Pair) -> Vec<(&'static str, f64)> {
    let late = if pair.apart.is_some_and(|days| days > RULES_DAYS) { -LATE_RULES } else { 0.0 };
    let rest = [("late", late), ("threshold", -RULES)].into_iter().filter(|(_, value)| *value != 0.0);
    pair.parts.iter().copied().chain(rest).map(|(name, value)| (name, hundredths(value))).collect()
}

/// Explanations need no more.
fn hundredths(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
