use std::path::PathBuf;

use kaslite_engine::registry::StageError;
use kaslite_engine::trial::Tried;

use crate::control::arm::Arm;
use crate::shared::trials;
use crate::train::Metrics;

/// What became of one run.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ControlRun {
    pub(super) rng_seed: i64,
    pub(super) arm: Arm,
    /// The outs of `train`.
    pub(super) folder: PathBuf,
    /// What it measured, or why it failed.
    pub(super) result: Result<Metrics, String>,
}

impl ControlRun {
    /// Reads what the trial left in its folder.
    pub(super) fn of(
        rng_seed: i64,
        arm: Arm,
        tried: &Tried,
        folder: PathBuf,
    ) -> Result<Self, StageError> {
        Ok(Self {
            rng_seed,
            arm,
            result: trials::result(tried, &folder)?,
            folder,
        })
    }

    /// What it is called among the trials.
    pub(super) fn name(&self) -> String {
        name(self.arm, self.rng_seed)
    }

    /// Validation accuracy of the last epoch, 0 to 1; none of a run that failed.
    pub(super) fn accuracy(&self) -> Option<f64> {
        let metrics = self.result.as_ref().ok()?;
        Some(metrics.metric.accuracy.last)
    }
}

/// What a trial is called.
pub(super) fn name(arm: Arm, rng_seed: i64) -> String {
    format!("{arm}_{rng_seed}")
}
