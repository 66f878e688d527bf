//! [`StepMetric`]: a number that a stage told while it ran; `logs/metrics.csv`.

use kaslite_engine::fs::{self, FsError};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

/// A number that a stage told while it ran.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct StepMetric {
    /// The stage.
    pub stage: String,
    /// Hierarchical name: `loss.train`.
    pub name: String,
    /// Epoch or step.
    pub step: u64,
    /// `None` where it was not measured.
    pub value: Option<f64>,
}

/// A line of `events.jsonl` that holds one.
const MARK: &str = "\"event\":\"metric\"";

impl StepMetric {
    /// All that a record has, in the order in which they were told.
    ///
    /// # Errors
    /// The record cannot be read.
    pub fn of_record(folder: &Path) -> Result<Vec<Self>, FsError> {
        let text = fs::read_if_exists(&folder.join("events.jsonl"))?.unwrap_or_default();
        // The last line of a run that was killed may be half a line.
        let lines = text.lines().filter(|line| line.contains(MARK));
        Ok(lines
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect())
    }

    /// One line for each step of each stage, one column for each metric, for programs that draw.
    pub(super) fn csv(all: &[Self]) -> String {
        let mut names: Vec<&str> = Vec::new();
        let mut rows: BTreeMap<(&str, u64), BTreeMap<&str, f64>> = BTreeMap::new();
        for metric in all {
            if !names.contains(&metric.name.as_str()) {
                names.push(&metric.name);
            }
            let row = rows.entry((&metric.stage, metric.step)).or_default();
            row.extend(metric.value.map(|value| (metric.name.as_str(), value)));
        }
        let mut text = format!(
            "stage,step,{}\n",
            names
                .iter()
                .map(|name| quoted(name))
                .collect::<Vec<_>>()
                .join(",")
        );
        for ((stage, step), values) in rows {
            // A String takes any text.
            let _ = write!(text, "{},{step}", quoted(stage));
            for name in &names {
                let _ = match values.get(name) {
                    Some(value) => write!(text, ",{value}"),
                    None => write!(text, ","),
                };
            }
            text.push('\n');
        }
        text
    }
}

/// A field of CSV.
fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
