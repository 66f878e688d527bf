//! [`Lines`]: a run as plain lines on stderr, where nobody watches.

use crate::ui::terminal::{BAD, BUSY, DIM};
use crate::ui::{Talk, Terminal, describe, duration, expected, left};
use indexmap::IndexMap;
use kaslite_engine::estimate::Estimate;
use kaslite_engine::event::{Decided, Event, EventSink, Outcome};
use kaslite_engine::obstacle::Obstacle;
use kaslite_engine::stale::StaleReason;
use kaslite_track::record;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Plain lines; of a stage's progress every tenth part.
pub(crate) struct Lines {
    terminal: Terminal,
    tenths: Mutex<BTreeMap<String, u64>>,
    expected: Mutex<Option<Expected>>,
    /// Stage → what it measured last; of single seeds there would be too much for a line, and of
    /// its health a warning tells.
    measured: Mutex<BTreeMap<String, Measured>>,
}

/// How long the whole run was to take, and the tenth part of it that is told of.
struct Expected {
    total: Duration,
    tenth: u128,
}

/// Name → value, in the order in which they were first told.
type Measured = IndexMap<String, Option<f64>>;

impl Lines {
    pub(crate) fn new(terminal: Terminal) -> Self {
        Self {
            terminal,
            tenths: Mutex::default(),
            expected: Mutex::default(),
            measured: Mutex::default(),
        }
    }

    /// The first estimate, and what is left each time that another tenth part of it has gone.
    fn estimate(&self, estimate: &Estimate) {
        let mut told = self.expected.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(Expected { total, tenth }) = told.as_mut() else {
            let (total, tenth) = (estimate.total, 10);
            *told = Some(Expected { total, tenth });
            return self.terminal.note(expected(estimate));
        };
        let now = (estimate.total * 10).as_millis() / total.as_millis().max(1);
        if now < *tenth {
            *tenth = now;
            self.terminal.note(left(estimate, Duration::ZERO));
        }
    }

    fn progress(&self, stage: &str, done: u64, total: u64, message: &str) {
        let tenth = done * 10 / total.max(1);
        let mut tenths = self.tenths.lock().unwrap_or_else(PoisonError::into_inner);
        if tenths.insert(stage.to_owned(), tenth) != Some(tenth) {
            let measured = self.measured.lock().unwrap_or_else(PoisonError::into_inner);
            let line = match measured.get(stage) {
                Some(measured) => record::epoch_line(done, total, measured),
                None => format!("{done}/{total} {message}"),
            };
            self.terminal.note(format_args!("{stage}: {line}"));
        }
    }

    /// That a stage failed is said in any case.
    fn end(&self, stage: &str, outcome: &Outcome, time: std::time::Duration) {
        let Some(line) = finished(stage, outcome, time) else {
            return;
        };
        match outcome {
            Outcome::Failed(_) => self.terminal.always(line),
            Outcome::Fresh
            | Outcome::Restored
            | Outcome::Done
            | Outcome::Skipped(_)
            | Outcome::Cancelled
            | Outcome::Frozen => self.terminal.note(line),
        }
    }

    fn measure(&self, stage: &str, name: &str, value: Option<f64>) {
        if !name.starts_with("seed.") && !name.starts_with("health.") {
            let mut measured = self.measured.lock().unwrap_or_else(PoisonError::into_inner);
            let of_stage = measured.entry(stage.to_owned()).or_default();
            of_stage.insert(name.to_owned(), value);
        }
    }
}

/// What marks a line that was said when the outs were made, not now.
pub(crate) fn then(replayed: bool) -> &'static str {
    if replayed { " (replayed)" } else { "" }
}

impl EventSink for Lines {
    fn emit(&self, event: &Event) {
        match event {
            Event::StageStarted { stage, action } => {
                let first = action.lines().next().unwrap_or_default();
                self.terminal
                    .note(format_args!("{stage}: running {DIM}{first}{DIM:#}"));
            }
            Event::Log {
                stage,
                line,
                replayed,
                ..
            } => {
                // What a stage prints must not steer the terminal.
                let line = anstream::adapter::strip_str(line);
                self.terminal
                    .note(format_args!("{stage}{} | {line}", then(*replayed)));
            }
            Event::Progress {
                stage,
                done,
                total,
                message,
            } => self.progress(stage, *done, *total, message),
            Event::Warning { stage, message, .. } => {
                self.terminal.warning(&about(stage.as_deref(), message));
            }
            Event::StageFinished {
                stage,
                outcome,
                duration,
            } => self.end(stage, outcome, *duration),
            Event::StageDecided {
                stage,
                decision: Decided::Frozen,
                reasons,
            } if !reasons.is_empty() => {
                self.terminal
                    .warning(&about(Some(stage), "it is stale, but frozen"));
            }
            Event::Estimate(estimate) => self.estimate(estimate),
            Event::StageWaits { .. } | Event::AttemptFailed { .. } => {
                if let Some(line) = news(event) {
                    self.terminal.note(line);
                }
            }
            Event::StageDecided {
                stage,
                decision,
                reasons,
            } if self.terminal.talk() == Talk::Decisions => {
                self.terminal.note(decided(stage, *decision, reasons));
            }
            Event::Metric {
                stage, name, value, ..
            } => self.measure(stage, name, *value),
            Event::RunStarted { .. }
            | Event::StageDecided { .. }
            | Event::State { .. }
            | Event::StageTraced { .. }
            | Event::RunFinished(_) => {}
        }
    }
}

/// What is done with a stage, with a line for each reason.
fn decided(stage: &str, decision: Decided, reasons: &[StaleReason]) -> String {
    let what = record::decided(decision);
    let lines = reasons
        .iter()
        .map(|reason| format!("\n  {}", describe(reason)));
    format!("{stage}: {what}{}", lines.collect::<String>())
}

/// A message with the stage it is about.
pub(crate) fn about(stage: Option<&str>, message: &str) -> String {
    stage.map_or_else(|| message.to_owned(), |stage| format!("{stage}: {message}"))
}

/// What is worth a line between the start of a stage and its end.
pub(crate) fn news(event: &Event) -> Option<String> {
    match event {
        Event::StageWaits { stage, on } if on.left.is_empty() => {
            Some(format!("{stage}: {BUSY}waits{BUSY:#} for {on}"))
        }
        Event::StageWaits { stage, on } => {
            let ends = left_running(on);
            Some(format!("{stage}: {BUSY}waits{BUSY:#} for {on}; {ends}"))
        }
        // The last one is told as the end of the stage.
        Event::AttemptFailed {
            stage,
            attempt,
            attempts,
            reason,
            ..
        } if attempt < attempts => Some(format!(
            "{stage}: attempt {attempt} of {attempts} {BAD}failed{BAD:#}: {reason}"
        )),
        Event::AttemptFailed { .. }
        | Event::Estimate(_)
        | Event::RunStarted { .. }
        | Event::StageDecided { .. }
        | Event::StageStarted { .. }
        | Event::Progress { .. }
        | Event::Metric { .. }
        | Event::State { .. }
        | Event::Log { .. }
        | Event::Warning { .. }
        | Event::StageTraced { .. }
        | Event::StageFinished { .. }
        | Event::RunFinished(_) => None,
    }
}

/// How to end what a killed kaslite left running.
pub(crate) fn left_running(on: &Obstacle) -> String {
    let groups: Vec<String> = on.left.iter().map(|group| format!("-{group}")).collect();
    format!("`kill -- {}` ends it", groups.join(" "))
}

/// How a stage ended, where that is worth a line.
pub(crate) fn finished(stage: &str, outcome: &Outcome, time: Duration) -> Option<String> {
    match outcome {
        Outcome::Done => Some(format!("{stage}: done in {}", duration(time))),
        Outcome::Restored => Some(format!(
            "{stage}: restored from the cache in {}",
            duration(time)
        )),
        Outcome::Failed(reason) => Some(format!("{stage}: {BAD}failed{BAD:#}: {reason}")),
        Outcome::Skipped(failed) => Some(format!("{stage}: skipped, because `{failed}` failed")),
        Outcome::Cancelled => Some(format!("{stage}: not done, the run was interrupted")),
        Outcome::Fresh | Outcome::Frozen => None,
    }
}
