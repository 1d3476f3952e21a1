//! Logistic regression with a quadratic penalty, by coordinate ascent in its dual (Yu, Huang and Lin 2011): no learning rate, a fixed order.

/// Columns of one text with their values.
pub(super) type Sparse = Vec<(u32, f32)>;

/// Weight of the texts' losses against the penalty.
const COST: f64 = 1.0;
/// Passes over the texts.
const PASSES: usize = 20;
/// Steps of Newton's method for each text.
const STEPS: usize = 6;

/// What was fitted.
#[derive(Clone, Debug)]
pub(super) struct Fit {
    /// One per column.
    pub weights: Vec<f64>,
    /// What every text has.
    pub bias: f64,
}

/// Fits weights by which the wanted texts score above 0.
pub(super) fn fit(texts: &[Sparse], wanted: &[bool], n_columns: usize) -> Fit {
    let mut fit = Fit { weights: vec![0.0; n_columns], bias: 0.0 };
    // A text's share in the weights: between 0 (told apart well) and the cost.
    let mut shares = vec![0.0; texts.len()];
    let mut order: Vec<usize> = (0..texts.len()).collect();
    for pass in 0..PASSES {
        order.sort_by_key(|&i| ((i * PASSES + pass) as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29).wrapping_mul(0x2545_f491_4f6c_dd1d));
        for &i in &order {
            let (text, sign) = (&texts[i], if wanted[i] { 1.0 } else { -1.0 });
            let square = 1.0 + text.iter().map(|(_, v)| f64::from(v * v)).sum::<f64>();
            let score = fit.bias + text.iter().map(|&(c, v)| fit.weights[c as usize] * f64::from(v)).sum::<f64>();
            let share = best_share(shares[i], square, sign * score);
            let step = sign * (share - shares[i]);
            shares[i] = share;
            fit.bias += step;
            for &(column, value) in text {
                fit.weights[column as usize] += step * f64::from(value);
            }
        }
    }
    fit
}

/// The share at which ln(share / (cost − share)) + square · (share − before) + margin is 0. As a function of the logarithm it grows steadily,
/// so that Newton's steps, kept between bounds that close in, find it.
fn best_share(before: f64, square: f64, margin: f64) -> f64 {
    let share = |t: f64| COST / (1.0 + (-t).exp());
    let (mut low, mut high) = (-margin - square * (COST - before), -margin + square * before);
    // Where the square is large the share moves little but for the margin.
    let near = (before - margin / square).clamp(0.01 * COST, 0.99 * COST);
    let mut t = (near / (COST - near)).ln().clamp(low, high);
    for _ in 0..STEPS {
        let now = share(t);
        let value = t + square * (now - before) + margin;
        if value > 0.0 {
            high = t;
        } else {
            low = t;
        }
        let next = t - value / (1.0 + square * now * (COST - now) / COST);
        t = if (low..=high).contains(&next) { next } else { f64::midpoint(low, high) };
    }
    share(t)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_solve_their_equation() {
        for before in [0.0, 0.1, 0.5, 0.9, 1.0] {
            for square in [1.0, 26.0, 60.0] {
                for margin in [-6.0, -2.0, 0.0, 3.0, 8.0] {
                    let share = best_share(before, square, margin);
                    let rest = (share / (COST - share)).ln() + square * (share - before) + margin;
                    assert!(rest.abs() < 1e-6, "{before} {square} {margin}: {rest}");
                }
            }
        }
    }

    #[test]
    fn columns_that_tell_apart_get_weights_of_their_sign() {
        let texts: Vec<Sparse> = (0..60u32).map(|i| vec![(i % 2, 1.0), (2 + i % 3, 1.0)]).collect();
        let wanted: Vec<bool> = (0..60).map(|i| i % 2 == 0).collect();
        let fit = fit(&texts, &wanted, 5);
        assert!(fit.weights[0] > 1.0 && fit.weights[1] < -1.0, "{fit:?}");
        assert!(fit.weights[2..].iter().all(|w| w.abs() < 0.3), "{fit:?}");
    }
}
