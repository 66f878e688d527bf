//! [`Bars`]: a bar for each running stage, where a person watches.

use crate::ui::lines::{about, finished, news, then};
use crate::ui::terminal::{BUSY, DIM};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use kaslite_engine::event::{Event, EventSink};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Bars at the bottom, lines above them.
#[derive(Default)]
pub(crate) struct Bars {
    all: MultiProgress,
    running: Mutex<BTreeMap<String, ProgressBar>>,
}

impl Bars {
    fn line(&self, line: impl AsRef<str>) {
        // A terminal that went away takes its lines with it.
        let _ = self.all.println(line);
    }

    fn with<T>(&self, act: impl FnOnce(&mut BTreeMap<String, ProgressBar>) -> T) -> T {
        act(&mut self.running.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn start(&self, stage: &str, action: &str) {
        let bar = self.all.add(ProgressBar::new_spinner());
        bar.set_style(style("{spinner} {prefix:.bold} {elapsed:>4} {msg:.dim}"));
        bar.set_prefix(stage.to_owned());
        bar.set_message(action.lines().next().unwrap_or_default().to_owned());
        bar.enable_steady_tick(Duration::from_millis(100));
        self.with(|running| running.insert(stage.to_owned(), bar));
    }

    fn progress(&self, stage: &str, done: u64, total: u64, message: &str) {
        self.with(|running| {
            if let Some(bar) = running.get(stage) {
                if bar.length() != Some(total) {
                    bar.set_style(style(
                        "{spinner} {prefix:.bold} {bar:24} {pos}/{len} {elapsed:>4} {msg}",
                    ));
                    bar.set_length(total);
                }
                bar.set_position(done);
                bar.set_message(message.to_owned());
            }
        });
    }
}

fn style(template: &str) -> ProgressStyle {
    // The templates are constants; a broken one falls back to indicatif's own.
    ProgressStyle::with_template(template)
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .progress_chars("━╸─")
}

impl EventSink for Bars {
    fn emit(&self, event: &Event) {
        match event {
            Event::StageStarted { stage, action } => self.start(stage, action),
            Event::Progress {
                stage,
                done,
                total,
                message,
            } => {
                self.progress(stage, *done, *total, message);
            }
            Event::Log {
                stage,
                line,
                replayed,
                ..
            } => {
                let then = then(*replayed);
                // What a stage prints must not steer the terminal.
                let line = anstream::adapter::strip_str(line);
                self.line(format!("{DIM}{stage}{then} |{DIM:#} {line}"));
            }
            Event::Warning { stage, message } => {
                self.line(format!(
                    "{BUSY}warning{BUSY:#}: {}",
                    about(stage.as_deref(), message)
                ));
            }
            Event::StageFinished {
                stage,
                outcome,
                duration,
            } => {
                if let Some(bar) = self.with(|running| running.remove(stage)) {
                    bar.finish_and_clear();
                }
                if let Some(line) = finished(stage, outcome, *duration) {
                    self.line(line);
                }
            }
            Event::Estimate(_) | Event::StageWaits { .. } | Event::AttemptFailed { .. } => {
                if let Some(line) = news(event) {
                    self.line(line);
                }
            }
            Event::RunStarted { .. }
            | Event::StageDecided { .. }
            | Event::Metric { .. }
            | Event::StageTraced { .. }
            | Event::RunFinished(_) => {}
        }
    }
}
