use std::collections::BTreeMap;

use kaslite_engine::spec::ParamSpec;
use kaslite_engine::value::Value;
use serde::Serialize;

use crate::sweep::trial_row::TrialRow;

/// `metrics.json`: how many trials there were, and which was best.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Metrics {
    trials: usize,
    succeeded: usize,
    failed: usize,
    /// The trial of the highest validation accuracy, the first of several.
    best: Option<Best>,
}

/// The best trial.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Best {
    name: String,
    /// Highest validation accuracy of any epoch, 0 to 1.
    accuracy: f64,
    /// Its values of the params that vary, by dotted key.
    params: BTreeMap<&'static str, Value>,
}

impl Metrics {
    pub(super) fn new(varied: &[&'static ParamSpec], rows: &[TrialRow]) -> Self {
        let succeeded = rows.iter().filter(|row| row.result.is_ok()).count();
        let mut best: Option<(&TrialRow, f64)> = None;
        for row in rows {
            let accuracy = row.best_accuracy();
            if let Some(accuracy) = accuracy
                && best.is_none_or(|(_, highest)| accuracy > highest)
            {
                best = Some((row, accuracy));
            }
        }
        let best = best.map(|(row, accuracy)| Best {
            name: row.name.clone(),
            accuracy,
            params: varied
                .iter()
                .map(|param| param.key)
                .zip(row.values.iter().cloned())
                .collect(),
        });
        Self {
            trials: rows.len(),
            succeeded,
            failed: rows.len() - succeeded,
            best,
        }
    }
}
