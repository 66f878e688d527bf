use std::path::PathBuf;

use kaslite_engine::fs;
use kaslite_engine::registry::StageError;
use kaslite_engine::trial::Tried;

use crate::control::arm::Arm;
use crate::shared::{fail, files, read_json};
use crate::train::Metrics;

/// What became of one run. Whether it was trained or restored does not show: an out must not depend
/// on what the cache happens to hold.
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
    /// Reads what the trial left in its folder; that of a trial that failed is taken away.
    pub(super) fn of(
        rng_seed: i64,
        arm: Arm,
        tried: &Tried,
        folder: PathBuf,
    ) -> Result<Self, StageError> {
        let result = match &tried.error {
            Some(reason) => {
                fs::remove(&folder).map_err(fail)?;
                Err(reason.clone())
            }
            None => Ok(read_json(&folder.join(files::METRICS))?),
        };
        Ok(Self {
            rng_seed,
            arm,
            folder,
            result,
        })
    }

    /// Validation accuracy of the last epoch, 0 to 1; none of a run that failed.
    pub(super) fn accuracy(&self) -> Option<f64> {
        let metrics = self.result.as_ref().ok()?;
        Some(metrics.metric.accuracy.last)
    }
}
