//! [`Event`]: everything people and trackers learn of a run. The only door out of the engine.

use crate::estimate::Estimate;
use crate::obstacle::Obstacle;
use crate::stale::StaleReason;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// One thing that happened.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// A run begins.
    RunStarted {
        /// The stages it looks at, in order.
        stages: Vec<String>,
        /// How many may run at once.
        jobs: usize,
    },
    /// It is known what will be done with a stage.
    StageDecided {
        /// The stage.
        stage: String,
        /// What.
        decision: Decided,
        /// Why, unless it is fresh.
        reasons: Vec<StaleReason>,
    },
    /// How long the run will take from now on, as far as earlier runs tell: before its first stage
    /// runs, and again and again as stages end.
    Estimate(Estimate),
    /// A stage waits for another kaslite.
    StageWaits {
        /// The stage.
        stage: String,
        /// What that one does.
        on: Obstacle,
    },
    /// One of several attempts of a stage failed.
    AttemptFailed {
        /// The stage.
        stage: String,
        /// The first is 1.
        attempt: u32,
        /// How many there may be.
        attempts: u32,
        /// Why it failed.
        reason: String,
        /// Seconds it took.
        #[serde(serialize_with = "seconds")]
        duration: Duration,
    },
    /// A stage begins to run.
    StageStarted {
        /// The stage.
        stage: String,
        /// Its command, or `uses NAME`.
        action: String,
    },
    /// How far a stage is.
    Progress {
        /// The stage.
        stage: String,
        /// Steps done.
        done: u64,
        /// Steps in all.
        total: u64,
        /// The state in words: loss, accuracy, seeds.
        message: String,
    },
    /// A number that a stage measured.
    Metric {
        /// The stage.
        stage: String,
        /// Hierarchical name: `loss.train`.
        name: String,
        /// Epoch or step.
        step: u64,
        /// `None` where it was not measured.
        value: Option<f64>,
    },
    /// Something in a stage is in another state than before: the phase of a training, a seed slot.
    State {
        /// The stage.
        stage: String,
        /// Hierarchical name, as of a metric: `phase`.
        name: String,
        /// Epoch or step.
        step: u64,
        /// The state, as a word.
        value: String,
    },
    /// A line of a stage's output.
    Log {
        /// The stage.
        stage: String,
        /// Where it comes from.
        stream: Stream,
        /// Without its line end.
        line: String,
        /// Said when the outs were made that are now restored, not now.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        replayed: bool,
    },
    /// Something people should know, which stops nothing.
    Warning {
        /// The stage, where it is about one.
        stage: Option<String>,
        /// What.
        message: String,
        /// The sign of trouble that it tells of, where it does.
        #[serde(skip_serializing_if = "Option::is_none")]
        alert: Option<Alert>,
    },
    /// What a command opened, against what its stage declares.
    StageTraced {
        /// The stage.
        stage: String,
        /// Files of the project that it read and does not declare, relative to the stage's folder.
        undeclared: Vec<String>,
        /// Deps that it never opened.
        unopened: Vec<String>,
    },
    /// A stage is done.
    StageFinished {
        /// The stage.
        stage: String,
        /// How it ended.
        outcome: Outcome,
        /// Seconds it took.
        #[serde(serialize_with = "seconds")]
        duration: Duration,
    },
    /// The run is over.
    RunFinished(Summary),
}

/// A sign of trouble in a stage begins or ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Alert {
    /// The sign, as a word.
    pub sign: String,
    /// Epoch or step.
    pub step: u64,
    /// Whether it ends; else it begins.
    pub over: bool,
}

/// What is done with a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decided {
    /// Nothing.
    Fresh,
    /// Its outs are brought back from the cache.
    Restore,
    /// It runs.
    Run,
    /// It is frozen: nothing, though it may be stale.
    Frozen,
    /// Not known before another stage has run.
    Unknown,
}

/// How a stage ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It needed nothing.
    Fresh,
    /// Its outs came from the cache.
    Restored,
    /// It ran.
    Done,
    /// It failed, for this reason.
    Failed(String),
    /// Not run, because this stage failed.
    Skipped(String),
    /// Not run, because the run was interrupted.
    Cancelled,
    /// Left alone, because it is frozen.
    Frozen,
}

/// Where a line of output comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stream {
    /// A command's standard output.
    Stdout,
    /// A command's standard error.
    Stderr,
    /// A built-in stage.
    Stage,
}

/// What a run did.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Summary {
    /// Each stage and how it ended, in the order of the pipeline.
    pub stages: Vec<(String, Outcome)>,
    /// Seconds from start to end.
    #[serde(serialize_with = "seconds")]
    pub duration: Duration,
    /// The built-in stage that had to run and that this program has no code of: the run ended there, for
    /// another program to go on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lacks: Option<String>,
}

impl Summary {
    /// Whether a stage failed.
    pub fn failed(&self) -> bool {
        self.stages
            .iter()
            .any(|(_, outcome)| matches!(outcome, Outcome::Failed(_)))
    }

    /// Whether the run was interrupted.
    pub fn cancelled(&self) -> bool {
        self.stages
            .iter()
            .any(|(_, outcome)| *outcome == Outcome::Cancelled)
    }

    /// How many stages ended in a way.
    pub fn count(&self, wanted: impl Fn(&Outcome) -> bool) -> usize {
        self.stages
            .iter()
            .filter(|(_, outcome)| wanted(outcome))
            .count()
    }
}

pub(crate) fn seconds<S: serde::Serializer>(
    duration: &Duration,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(duration.as_secs_f64())
}

/// Whoever listens to a run. Called from several threads.
pub trait EventSink: Sync {
    /// Takes one event.
    fn emit(&self, event: &Event);
}

/// Several listeners as one.
pub struct Tee<'a>(pub Vec<&'a dyn EventSink>);

impl EventSink for Tee<'_> {
    fn emit(&self, event: &Event) {
        self.0.iter().for_each(|sink| sink.emit(event));
    }
}
