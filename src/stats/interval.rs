use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, StudentsT};

use crate::moments::Moments;

/// The quantile of Student's distribution that leaves 2.5 % above it.
const UPPER: f64 = 0.975;

/// An interval that covers what is estimated in 95 of 100 cases.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

impl Interval {
    /// For the mean of what the values were drawn from: mean ± t · s / √n, with the quantile t of
    /// Student's distribution with n − 1 degrees of freedom. None of fewer than two values, or where
    /// one is not finite.
    pub fn of_mean(values: &[f64]) -> Option<Self> {
        let moments = Moments::of(values)?;
        let variance = moments.variance_of_mean()?;
        Self::around(moments.mean, variance, moments.count as f64 - 1.0)
    }

    /// Around an estimate with this variance and these degrees of freedom.
    pub(crate) fn around(estimate: f64, variance: f64, freedom: f64) -> Option<Self> {
        let reach = student(freedom)?.inverse_cdf(UPPER) * variance.sqrt();
        Some(Self {
            low: estimate - reach,
            high: estimate + reach,
        })
    }

    /// Whether the value lies inside, the ends included.
    pub fn holds(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }
}

/// Student's distribution.
pub(crate) fn student(freedom: f64) -> Option<StudentsT> {
    StudentsT::new(0.0, 1.0, freedom).ok()
}
