//! [`RunRecord`]: one run, read back.

use crate::provenance::Provenance;
use crate::record::component::Components;
use crate::record::experiment::Experiment;
use crate::record::platform::Platform;
use kaslite_engine::event::Outcome;
use kaslite_engine::fs::{self, FsError};
use kaslite_engine::stale::StaleReason;
use kaslite_engine::value::Value;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// One run, read back.
#[derive(Clone, Debug)]
pub struct RunRecord {
    /// Its name: `repro_20261121_093000`.
    pub run_id: String,
    /// Its folder.
    pub folder: PathBuf,
    /// What is said of it.
    pub experiment: Experiment,
    /// How it went; `None` where it was killed.
    pub summary: Option<RunSummary>,
}

/// `summary.json`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct RunSummary {
    /// The run's name.
    pub run_id: String,
    /// When it began, RFC 3339 with the local offset.
    pub started: String,
    /// Seconds from start to end.
    pub seconds: f64,
    /// `done`, `failed` or `interrupted`.
    pub status: String,
    /// What was typed.
    pub command: Vec<String>,
    /// The version of kaslite.
    pub kaslite: String,
    /// The code it ran on.
    pub git: Provenance,
    /// The machine it ran on.
    #[serde(default)]
    pub platform: Platform,
    /// Every stage looked at, in the order of the pipeline.
    pub stages: Vec<StageSummary>,
    /// Params file → dotted key → value, as the stages read them.
    pub params: BTreeMap<String, BTreeMap<String, Value>>,
    /// Metrics file → dotted key → value, as they lay there after the run.
    pub metrics: BTreeMap<String, BTreeMap<String, Value>>,
    /// Every optional part, and how it went.
    #[serde(default)]
    pub components: Components,
}

/// How one stage ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StageSummary {
    /// The stage.
    pub stage: String,
    /// `fresh`, `restored`, `done`, `failed`, `skipped`, `cancelled` or `frozen`.
    pub outcome: String,
    /// Why it failed, or which stage it was skipped for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Seconds; `None` where it did not run.
    pub seconds: Option<f64>,
    /// Attempts that failed, where there may be several (`retries`), in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failed_attempts: Vec<Attempt>,
    /// Why it was stale, as `why` says it in JSON.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<serde_json::Value>,
}

/// An attempt of a stage that failed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Attempt {
    /// Why it failed.
    pub reason: String,
    /// Seconds it took.
    pub seconds: f64,
}

impl StageSummary {
    /// From what the engine reported.
    pub fn new(
        stage: &str,
        outcome: &Outcome,
        seconds: Option<f64>,
        reasons: &[StaleReason],
    ) -> Self {
        let (word, detail) = match outcome {
            Outcome::Fresh => ("fresh", None),
            Outcome::Restored => ("restored", None),
            Outcome::Done => ("done", None),
            Outcome::Failed(reason) => ("failed", Some(reason.clone())),
            Outcome::Skipped(stage) => ("skipped", Some(format!("`{stage}` failed"))),
            Outcome::Cancelled => ("cancelled", None),
            Outcome::Frozen => ("frozen", None),
        };
        Self {
            stage: stage.to_owned(),
            outcome: word.to_owned(),
            detail,
            seconds,
            failed_attempts: Vec::new(),
            // A reason is plain data: it always serialises.
            reasons: reasons
                .iter()
                .filter_map(|reason| serde_json::to_value(reason).ok())
                .collect(),
        }
    }
}

impl RunRecord {
    /// The text of the lock as the run left it; `None` where the run was killed.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn lock(&self) -> Result<Option<String>, FsError> {
        fs::read_if_exists(&self.folder.join("pipeline.lock"))
    }
}

impl RunSummary {
    /// How many stages ended with this word.
    pub fn count(&self, outcome: &str) -> usize {
        self.stages
            .iter()
            .filter(|stage| stage.outcome == outcome)
            .count()
    }
}
