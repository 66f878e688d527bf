/// Mean and variance of a sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Moments {
    pub(crate) count: usize,
    pub(crate) mean: f64,
    /// With n − 1 in the denominator; none of fewer than two values.
    pub(crate) variance: Option<f64>,
}

impl Moments {
    /// None of an empty sample, or where a value is not finite.
    pub(crate) fn of(values: &[f64]) -> Option<Self> {
        let count = values.len();
        if count == 0 || !values.iter().all(|value| value.is_finite()) {
            return None;
        }
        let mean = values.iter().sum::<f64>() / count as f64;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        let variance = (count > 1).then(|| squares / (count as f64 - 1.0));
        Some(Self {
            count,
            mean,
            variance,
        })
    }

    /// Variance of the mean.
    pub(crate) fn variance_of_mean(&self) -> Option<f64> {
        Some(self.variance? / self.count as f64)
    }
}
