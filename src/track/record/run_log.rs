//! [`RunLog`]: `logs/train.log`, everything that a run said.

use anstream::adapter::strip_str;
use indexmap::IndexMap;
use jiff::Zoned;
use kaslite_engine::event::{Decided, Event, Outcome, Summary};
use kaslite_engine::fs::{self, FsError};
use kaslite_engine::stale::StaleReason;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::record::component::{Component, Components};
use crate::record::words::{decided, epoch_line};

/// Everything that a run said, whatever the terminal showed: a line has a time, a level, the stage and
/// what it is about.
#[derive(Debug)]
pub(super) struct RunLog {
    file: File,
    path: PathBuf,
    describe: fn(&StaleReason) -> String,
    /// Stage → what it measured since its last step.
    measured: BTreeMap<String, IndexMap<String, Option<f64>>>,
}

/// How grave a line is.
#[derive(Clone, Copy)]
enum Level {
    Info,
    Warning,
    Error,
}

impl Level {
    fn word(self) -> &'static str {
        match self {
            Self::Info => "INFO",
            Self::Warning => "WARNING",
            Self::Error => "ERROR",
        }
    }
}

impl RunLog {
    /// In the folder of a run, behind what is there.
    pub(super) fn open(
        folder: &Path,
        describe: fn(&StaleReason) -> String,
    ) -> Result<Self, FsError> {
        let path = folder.join("logs/train.log");
        fs::create_parent(&path)?;
        let opened = OpenOptions::new().create(true).append(true).open(&path);
        Ok(Self {
            file: opened.map_err(|error| FsError::new("open", &path, error))?,
            path,
            describe,
            measured: BTreeMap::new(),
        })
    }

    /// Says what happened.
    pub(super) fn take(&mut self, event: &Event) -> Result<(), FsError> {
        let (level, text) = match event {
            Event::Metric {
                stage, name, value, ..
            } => {
                let measured = self.measured.entry(stage.clone()).or_default();
                measured.insert(name.clone(), *value);
                return Ok(());
            }
            Event::Progress {
                stage, done, total, ..
            } => {
                // A step that measured nothing is of no use afterwards.
                let Some(measured) = self.measured.remove(stage) else {
                    return Ok(());
                };
                (Level::Info, epoch_line(*done, *total, &measured))
            }
            Event::Estimate(_) => return Ok(()),
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
        self.write(level, stage_of(event), &text)
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

    /// Says of every optional part how it went: what is missing is looked for here.
    pub(super) fn components(&mut self, components: &Components) -> Result<(), FsError> {
        for (name, component) in components {
            let (level, text) = match component {
                Component::Success { .. } => (Level::Info, "success".to_owned()),
                Component::Disabled { reason, to_enable } => (
                    Level::Info,
                    format!("disabled: {reason}; to enable: {to_enable}"),
                ),
                Component::Failed { reason } => (Level::Error, format!("failed: {reason}")),
            };
            self.write(level, None, &format!("component {name}: {text}"))?;
        }
        Ok(())
    }

    fn write(&mut self, level: Level, stage: Option<&str>, text: &str) -> Result<(), FsError> {
        let time = Zoned::now().strftime("%Y-%m-%d %H:%M:%S%.3f");
        let about = stage.map_or_else(String::new, |stage| format!("{stage}: "));
        let mut lines = String::new();
        // What a stage prints must not steer a terminal that shows the file.
        for line in strip_str(text).to_string().lines() {
            // A String takes any text.
            let _ = writeln!(lines, "{time} {:<7} {about}{line}", level.word());
        }
        let written = self.file.write_all(lines.as_bytes());
        written.map_err(|error| FsError::new("write", &self.path, error))
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
