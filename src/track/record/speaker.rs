//! [`Speaker`]: events → what a run says.

use indexmap::IndexMap;
use kaslite_engine::event::{Decided, Event, Outcome, Summary};
use kaslite_engine::stale::StaleReason;
use std::collections::BTreeMap;

use crate::record::said::{Level, Said};
use crate::record::words::{decided, epoch_line};

/// Puts events into words.
#[derive(Debug)]
pub(super) struct Speaker {
    describe: fn(&StaleReason) -> String,
    /// Stage → what it measured since its last step.
    measured: BTreeMap<String, IndexMap<String, Option<f64>>>,
}

impl Speaker {
    /// One that puts reasons into these words.
    pub(super) fn new(describe: fn(&StaleReason) -> String) -> Self {
        Self {
            describe,
            measured: BTreeMap::new(),
        }
    }

    /// What is said of an event, if anything.
    pub(super) fn say<'a>(&mut self, event: &'a Event) -> Option<Said<'a>> {
        let (level, text) = match event {
            Event::Metric {
                stage, name, value, ..
            } => {
                let measured = self.measured.entry(stage.clone()).or_default();
                measured.insert(name.clone(), *value);
                return None;
            }
            Event::Progress {
                stage, done, total, ..
            } => {
                // A step that measured nothing is of no use afterwards.
                let measured = self.measured.remove(stage)?;
                (Level::Info, epoch_line(*done, *total, &measured))
            }
            Event::Estimate(_) | Event::State { .. } => return None,
            Event::StageDecided {
                decision, reasons, ..
            } => (Level::Info, self.decided(*decision, reasons)),
            Event::Log { line, replayed, .. } => {
                let then = if *replayed { "(replayed) " } else { "" };
                (Level::Info, format!("{then}| {line}"))
            }
            Event::Warning { message, .. } => (Level::Warning, message.clone()),
            Event::StageStarted { action, .. } => (Level::Info, format!("running {action}")),
            Event::StageWaits { on, .. } => (Level::Info, format!("waits for {on}")),
            Event::AttemptFailed {
                attempt,
                attempts,
                reason,
                ..
            } => {
                let text = format!("attempt {attempt} of {attempts} failed: {reason}");
                (Level::Warning, text)
            }
            Event::StageTraced {
                undeclared,
                unopened,
                ..
            } => (Level::Info, traced(undeclared, unopened)),
            Event::StageFinished {
                outcome, duration, ..
            } => ended(outcome, duration.as_secs_f64()),
            Event::RunStarted { stages, jobs } => {
                let text = format!("stages {}; {jobs} at once", stages.join(", "));
                (Level::Info, text)
            }
            Event::RunFinished(summary) => (Level::Info, over(summary)),
        };
        let stage = stage_of(event);
        Some(Said { level, stage, text })
    }

    /// What is done with a stage, and why.
    fn decided(&self, decision: Decided, reasons: &[StaleReason]) -> String {
        let what = decided(decision);
        if reasons.is_empty() {
            return what.to_owned();
        }
        let reasons = reasons.iter().map(self.describe);
        let reasons: Vec<String> = reasons.map(|reason| words(&reason)).collect();
        format!("{what}: {}", reasons.join("; "))
    }
}

/// The stage that an event is about.
fn stage_of(event: &Event) -> Option<&str> {
    match event {
        Event::StageDecided { stage, .. }
        | Event::StageWaits { stage, .. }
        | Event::AttemptFailed { stage, .. }
        | Event::StageStarted { stage, .. }
        | Event::Progress { stage, .. }
        | Event::Metric { stage, .. }
        | Event::State { stage, .. }
        | Event::Log { stage, .. }
        | Event::StageTraced { stage, .. }
        | Event::StageFinished { stage, .. } => Some(stage),
        Event::Warning { stage, .. } => stage.as_deref(),
        Event::RunStarted { .. } | Event::Estimate(_) | Event::RunFinished(_) => None,
    }
}

fn traced(undeclared: &[String], unopened: &[String]) -> String {
    let (read, never) = (undeclared.join(", "), unopened.join(", "));
    format!("reads and does not declare: [{read}]; never opens: [{never}]")
}

fn ended(outcome: &Outcome, seconds: f64) -> (Level, String) {
    match outcome {
        Outcome::Fresh => (Level::Info, "fresh".to_owned()),
        Outcome::Frozen => (Level::Info, "frozen".to_owned()),
        Outcome::Done => (Level::Info, format!("done in {seconds:.3} s")),
        Outcome::Restored => (Level::Info, format!("restored in {seconds:.3} s")),
        Outcome::Failed(reason) => (Level::Error, format!("failed: {reason}")),
        Outcome::Skipped(other) => {
            let text = format!("skipped, because `{other}` failed");
            (Level::Warning, text)
        }
        Outcome::Cancelled => {
            let text = "not done, the run was interrupted".to_owned();
            (Level::Warning, text)
        }
    }
}

fn over(summary: &Summary) -> String {
    let ended = if summary.cancelled() {
        "interrupted"
    } else if summary.failed() {
        "failed"
    } else {
        "done"
    };
    format!(
        "the run is {ended} after {:.3} s",
        summary.duration.as_secs_f64()
    )
}

/// On one line, with one space between words.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
