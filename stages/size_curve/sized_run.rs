use crate::size_curve::plan::Kind;
use crate::train::Metrics;

/// What became of one run.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SizedRun {
    pub(super) kind: Kind,
    pub(super) rng_seed: i64,
    /// What it measured, or why it failed.
    pub(super) result: Result<Metrics, String>,
}

impl SizedRun {
    /// Validation accuracy of the last epoch, 0 to 1; none of a run that failed.
    pub(super) fn accuracy(&self) -> Option<f64> {
        let metrics = self.result.as_ref().ok()?;
        Some(metrics.metric.accuracy.last)
    }

    /// Weights in all; none of a run that failed.
    pub(super) fn parameters(&self) -> Option<usize> {
        let counts = self.result.as_ref().ok()?.parameters;
        Some(counts.host + counts.grown)
    }
}
