//! Which of several figures stands for an incident.

use super::Count;
use serde::{Deserialize, Serialize};

/// By which rule one figure is taken from those of several reports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CasualtyPolicy {
    /// The last published one, of one day that which an official gives. The default, because tolls are corrected as days pass.
    #[default]
    OfficialLatest,
    /// The lowest figure.
    Lowest,
    /// The highest figure.
    Highest,
    /// The middle figure; the lower of two in the middle.
    Median,
}

/// Figures under the policies that are not the default; null where it is that of the default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alternatives {
    /// Under `lowest`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lowest: Option<u32>,
    /// Under `highest`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub highest: Option<u32>,
    /// Under `median`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub median: Option<u32>,
}

/// Deaths and injured under the policies that are not the default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherFigures {
    /// Deaths.
    #[serde(default, skip_serializing_if = "Alternatives::is_empty")]
    pub killed: Alternatives,
    /// Injured.
    #[serde(default, skip_serializing_if = "Alternatives::is_empty")]
    pub injured: Alternatives,
}

impl Alternatives {
    /// Whether all policies give one figure.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Those of `figures` that differ from the one of the default policy.
    pub fn to(best: Option<u32>, figures: impl Fn(CasualtyPolicy) -> Option<u32>) -> Self {
        let other = |policy| figures(policy).filter(|figure| best != Some(*figure));
        Self { lowest: other(CasualtyPolicy::Lowest), highest: other(CasualtyPolicy::Highest), median: other(CasualtyPolicy::Median) }
    }

    /// The count with the figure of a policy.
    pub fn under(&self, policy: CasualtyPolicy, count: Option<Count>) -> Option<Count> {
        let best = match policy {
            CasualtyPolicy::OfficialLatest => None,
            CasualtyPolicy::Lowest => self.lowest,
            CasualtyPolicy::Highest => self.highest,
            CasualtyPolicy::Median => self.median,
        };
        count.map(|count| Count { best: best.or(count.best), ..count })
    }
}

impl OtherFigures {
    /// Whether all policies give the same figures.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
