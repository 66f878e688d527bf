use std::path::Path;

use kaslite_engine::registry::StageError;
use kaslite_engine::spec::ParamSpec;
use kaslite_engine::trial::{Trial, Tried};
use kaslite_engine::value::Value;

use crate::shared::trials;
use crate::train::Metrics;

/// What became of one trial.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TrialRow {
    /// From 1.
    pub(super) number: usize,
    pub(super) name: String,
    /// Its values of the params that vary, in their order and types.
    pub(super) values: Vec<Value>,
    /// What it measured, or why it failed.
    pub(super) result: Result<Metrics, String>,
}

impl TrialRow {
    /// Reads what the trial left in its folder.
    pub(super) fn of(
        number: usize,
        trial: &Trial,
        tried: &Tried,
        varied: &[&ParamSpec],
        folder: &Path,
    ) -> Result<Self, StageError> {
        Ok(Self {
            number,
            name: trial.name.clone(),
            values: varied.iter().map(|param| value(trial, param)).collect(),
            result: trials::result(tried, folder)?,
        })
    }

    /// Highest validation accuracy, 0 to 1; none for a trial that failed.
    pub(super) fn best_accuracy(&self) -> Option<f64> {
        let metrics = self.result.as_ref().ok()?;
        Some(metrics.metric.accuracy.best)
    }

    /// `done` or `failed`.
    pub(super) fn status(&self) -> &'static str {
        if self.result.is_ok() {
            "done"
        } else {
            "failed"
        }
    }
}

/// The trial's value in the type of the param: `1` is the float 1.0.
fn value(trial: &Trial, param: &ParamSpec) -> Value {
    let given = trial.params.get(param.key).cloned().unwrap_or_default();
    param.check(&given).unwrap_or(given)
}
