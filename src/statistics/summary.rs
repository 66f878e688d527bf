//! [`Summary`]: mean, spread and interval of one group.

use super::student;
use serde::Serialize;

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
        let Some(mean) = mean(values) else {
            return Self::default();
        };
        let deviation = variance(values).map(f64::sqrt);
        let n = values.len() as f64;
        let half = deviation
            .and_then(|deviation| Some(deviation / n.sqrt() * student::quantile(n - 1.0)?));
        Self {
            n: values.len(),
            mean: Some(mean),
            deviation,
            interval: half.map(|half| (mean - half, mean + half)),
        }
    }
}

pub(super) fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// Of the sample: by n - 1.
pub(super) fn variance(values: &[f64]) -> Option<f64> {
    let mean = mean(values).filter(|_| values.len() > 1)?;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    Some(squares / (values.len() as f64 - 1.0))
}
