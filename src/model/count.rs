//! Casualty counts as news gives them: floors, ceilings, round numbers.

use serde::{Deserialize, Serialize};

/// A number of people with its bounds; `None` where the text sets no bound.
///
/// "over 100" is low 101; "at least 12" is low 12; "up to 30" and "nearly 30" are high 30; "dozens" has the floor of `lexicon/numbers.tsv`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Count {
    /// The least it can be.
    pub low: Option<u32>,
    /// The figure to use where one number is wanted.
    pub best: Option<u32>,
    /// The most it can be.
    pub high: Option<u32>,
}

impl Count {
    /// Exactly `n`.
    pub fn exact(n: u32) -> Self {
        Self { low: Some(n), best: Some(n), high: Some(n) }
    }

    /// `n` or more.
    pub fn at_least(n: u32) -> Self {
        Self { low: Some(n), best: Some(n), high: None }
    }

    /// `n` or fewer.
    pub fn at_most(n: u32) -> Self {
        Self { low: None, best: Some(n), high: Some(n) }
    }

    /// Between the two.
    pub fn between(low: u32, high: u32) -> Self {
        Self { low: Some(low), best: Some(low.midpoint(high)), high: Some(high) }
    }

    /// Best, else low, else high.
    pub fn figure(self) -> Option<u32> {
        self.best.or(self.low).or(self.high)
    }

    /// Sum of two disjoint groups of people; a missing ceiling on either side leaves the sum without one.
    pub fn plus(self, other: Self) -> Self {
        let add = |a: Option<u32>, b: Option<u32>| a.zip(b).map(|(a, b)| a.saturating_add(b));
        Self {
            low: match (self.low, other.low) {
                (Some(a), Some(b)) => Some(a.saturating_add(b)),
                (a, b) => a.or(b),
            },
            best: add(self.figure(), other.figure()),
            high: add(self.high, other.high),
        }
    }
}
