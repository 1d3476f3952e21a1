//! Two things compared that may be one: log-odds from named features, so that every decision can be explained, and vetoes for what cannot
//! be one whatever else agrees.

/// What the comparison came to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    /// Sum of the features, in log-odds.
    pub score: f64,
    /// What it is made of.
    pub features: Vec<(&'static str, f64)>,
    /// Why they cannot be the same.
    pub veto: Option<&'static str>,
}

/// What one thing compared says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Part {
    /// Nothing either way.
    Nothing,
    /// So much for the same, or against it where it is negative, in log-odds.
    Feature(&'static str, f64),
    /// They cannot be the same.
    Veto(&'static str),
}

impl Comparison {
    /// Sums the parts up; of several vetoes the first is kept.
    pub fn of(parts: impl IntoIterator<Item = Part>) -> Self {
        let mut comparison = Self::default();
        for part in parts {
            match part {
                Part::Nothing => {}
                Part::Feature(name, value) => {
                    comparison.score += value;
                    comparison.features.push((name, value));
                }
                Part::Veto(reason) => comparison.veto = comparison.veto.or(Some(reason)),
            }
        }
        comparison
    }

    /// More likely the same than not, and nothing against it.
    pub fn is_same(&self) -> bool {
        self.veto.is_none() && self.score > 0.0
    }
}
