use std::f64::consts::PI;
use std::fmt;

use serde::{Deserialize, Serialize};

/// The way from one alpha to another.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Curve {
    /// As the Python original counts: each step adds `1 / steps` to what was reached, and from 0.99
    /// on the way is done. Differs from [`Curve::Linear`] by rounding, and where there are more
    /// than a hundred steps.
    Summed,
    /// In equal steps.
    Linear,
    /// Slow at both ends: half a wave.
    Cosine,
    /// Slow at both ends: the logistic function, brought to 0 and 1 at its ends.
    Sigmoid {
        /// How much of the change falls into the middle.
        steepness: f64,
    },
}

/// The steepness of a sigmoid where none is given.
const STEEPNESS: f64 = 12.0;
/// The least steepness; what is below counts as this.
const LEAST_STEEPNESS: f64 = 0.1;
/// How much of the way counts as all of it where steps are summed.
const SUMMED_DONE: f64 = 0.99;

impl Curve {
    /// A sigmoid of the usual steepness, 12.
    pub const SIGMOID: Self = Self::Sigmoid {
        steepness: STEEPNESS,
    };

    /// The share of the way, 0 to 1, after the share `t` of the time.
    pub(super) fn share(self, t: f64) -> f64 {
        let share = match self {
            Self::Summed | Self::Linear => t,
            Self::Cosine => 0.5 * (1.0 - (PI * t).cos()),
            Self::Sigmoid { steepness } => sigmoid(t, steepness.max(LEAST_STEEPNESS)),
        };
        share.clamp(0.0, 1.0)
    }

    /// The share of the time after one more of `total` steps, `done` with it, from `before`.
    pub(super) fn time(self, before: f64, done: usize, total: usize) -> f64 {
        match self {
            Self::Summed => {
                let summed = (before + 1.0 / total as f64).min(1.0);
                if summed >= SUMMED_DONE { 1.0 } else { summed }
            }
            Self::Linear | Self::Cosine | Self::Sigmoid { .. } => done as f64 / total as f64,
        }
    }
}

fn sigmoid(t: f64, steepness: f64) -> f64 {
    let (low, high) = (logistic(-steepness / 2.0), logistic(steepness / 2.0));
    let span = high - low;
    if span > 0.0 {
        (logistic(steepness * (t - 0.5)) - low) / span
    } else {
        t
    }
}

/// `1 / (1 + e^-x)`, without overflow.
fn logistic(x: f64) -> f64 {
    if x >= 0.0 {
        1.0 / (1.0 + (-x).exp())
    } else {
        let e = x.exp();
        e / (1.0 + e)
    }
}

impl fmt::Display for Curve {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Summed => "summed",
            Self::Linear => "linear",
            Self::Cosine => "cosine",
            Self::Sigmoid { .. } => "sigmoid",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curves_have_their_formula() {
        let close = |curve: Curve, t, expected: f64| {
            assert!((curve.share(t) - expected).abs() < 1e-12, "{curve} {t}");
        };
        close(Curve::Linear, 0.3, 0.3);
        close(Curve::Cosine, 0.25, 0.5 * (1.0 - (PI / 4.0).cos()));
        close(Curve::SIGMOID, 0.5, 0.5);
        let (s, k) = (|x: f64| 1.0 / (1.0 + (-x).exp()), 12.0);
        let expected = (s(k * -0.3) - s(-6.0)) / (s(6.0) - s(-6.0));
        close(Curve::SIGMOID, 0.2, expected);
    }

    #[test]
    fn a_flat_sigmoid_is_no_flatter_than_a_tenth() {
        let flat = Curve::Sigmoid { steepness: 0.0 };
        let least = Curve::Sigmoid { steepness: 0.1 };
        assert_eq!(flat.share(0.3).to_bits(), least.share(0.3).to_bits());
    }
}
