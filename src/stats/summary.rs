use serde::Serialize;

use crate::interval::Interval;
use crate::moments::Moments;

/// What the values of one group come to.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Summary {
    /// How many values there are.
    pub n: usize,
    /// Their mean; `None` without values.
    pub mean: Option<f64>,
    /// Their standard deviation, of the sample; `None` below two values.
    pub deviation: Option<f64>,
    /// The 95 % interval of the mean, by Student's t; `None` below two values.
    pub interval: Option<(f64, f64)>,
}

impl Summary {
    /// Of these values.
    pub fn of(values: &[f64]) -> Self {
        let Some(moments) = Moments::of(values) else {
            return Self::default();
        };
        let interval = Interval::of_mean(values);
        Self {
            n: moments.count,
            mean: Some(moments.mean),
            deviation: moments.variance.map(f64::sqrt),
            interval: interval.map(|Interval { low, high }| (low, high)),
        }
    }
}
