//! Training of the pair score: logistic regression with a quadratic penalty, by Newton's method. A few dozen features and some ten thousand pairs:
//! no learning rate, no order, the same weights for the same pairs.

use super::pair::{FEATURES, Pair};
use super::scorer::{PairScorer, stored};
use super::words::CommonWords;

/// Steps of Newton's method.
const STEPS: usize = 15;
/// Penalty on the square of each weight.
const PENALTY: f64 = 1.0;
/// Weight of a pair that is one incident: there are hundreds of others for each.
const WEIGHT: f64 = 4.0;
/// Features and the bias.
const N: usize = FEATURES.len() + 1;

/// A pair of which is known whether it is one incident.
#[derive(Clone, Debug)]
pub struct Example {
    /// The comparison.
    pub pair: Pair,
    /// One incident.
    pub same: bool,
}

/// Trains a scorer; `common` is the table of words that the sketches were made with.
pub fn train(examples: &[Example], common: CommonWords) -> PairScorer {
    let mut weights = [0.0; N];
    for _ in 0..STEPS {
        let step = newton(examples, &weights);
        weights.iter_mut().zip(step).for_each(|(w, s)| *w += s);
    }
    let mut scorer = PairScorer { common, ..PairScorer::default() };
    scorer.weights.iter_mut().zip(weights).for_each(|(stored_weight, weight)| *stored_weight = stored(weight));
    scorer.bias = stored(weights[N - 1]);
    scorer
}

/// The step that solves the quadratic approximation at `weights`.
fn newton(examples: &[Example], weights: &[f64; N]) -> [f64; N] {
    let mut system = [[0.0; N + 1]; N];
    for (i, row) in system.iter_mut().enumerate().take(N - 1) {
        row[i] = PENALTY;
        row[N] = -PENALTY * weights[i];
    }
    for example in examples {
        let mut x = [1.0; N];
        x[..N - 1].copy_from_slice(&example.pair.values);
        let score: f64 = x.iter().zip(weights).map(|(x, w)| x * w).sum();
        let probability = 1.0 / (1.0 + (-score.clamp(-30.0, 30.0)).exp());
        let (target, weight) = if example.same { (1.0, WEIGHT) } else { (0.0, 1.0) };
        let (error, curve) = (weight * (target - probability), weight * probability * (1.0 - probability) + 1e-9);
        for i in (0..N).filter(|&i| x[i] != 0.0) {
            for j in 0..N {
                system[i][j] += curve * x[i] * x[j];
            }
            system[i][N] += error * x[i];
        }
    }
    solve(system)
}

/// Gauss and Jordan with the largest pivots; a column that says nothing gets 0.
fn solve(mut system: [[f64; N + 1]; N]) -> [f64; N] {
    for column in 0..N {
        let pivot = (column..N).max_by(|&a, &b| system[a][column].abs().total_cmp(&system[b][column].abs())).unwrap_or(column);
        system.swap(column, pivot);
        let divisor = system[column][column];
        if divisor.abs() < 1e-12 {
            continue;
        }
        let row = system[column];
        for (_, other) in system.iter_mut().enumerate().filter(|(i, _)| *i != column) {
            let factor = other[column] / divisor;
            other.iter_mut().zip(row).for_each(|(x, y)| *x -= factor * y);
        }
    }
    std::array::from_fn(|i| if system[i][i].abs() < 1e-12 { 0.0 } else { system[i][N] / system[i][i] })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tells_pairs_apart_is_learned_and_repeats() {
        let example = |n: usize| {
            let mut pair = Pair::default();
            pair.values[0] = (n % 7) as f64 / 7.0;
            pair.values[1] = f64::from(u8::from(n.is_multiple_of(3)));
            Example { pair, same: n.is_multiple_of(3) && !n.is_multiple_of(11) }
        };
        let examples: Vec<Example> = (0..200).map(example).collect();
        let scorer = train(&examples, CommonWords::default());
        assert!(scorer.weights[1] > 256 && scorer.weights[0].abs() < 256, "{scorer:?}");
        assert_eq!(scorer.weights[2], 0, "what never was there weighs nothing");
        assert_eq!(scorer.to_bytes(), train(&examples, CommonWords::default()).to_bytes());
        assert_eq!(PairScorer::from_bytes(&scorer.to_bytes()), Ok(scorer.clone()));
        assert!(scorer.learned(&example(3).pair) > scorer.learned(&example(1).pair));
    }
}
