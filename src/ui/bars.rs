//! [`Bars`]: a bar for each running stage, where a person watches.

use crate::ui::left;
use crate::ui::lines::{about, finished, news, then};
use crate::ui::terminal::{BUSY, DIM};
use indicatif::{MultiProgress, ProgressBar, ProgressState, ProgressStyle};
use kaslite_engine::estimate::Estimate;
use kaslite_engine::event::{Decided, Event, EventSink};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The bar at the bottom: how many stages have ended, and how long the others take.
const WHOLE: &str = "{spinner:.dim} {pos:.dim} of {len:.dim} stages{left:.dim}";

/// Bars at the bottom, lines above them.
#[derive(Default)]
pub(crate) struct Bars {
    all: MultiProgress,
    shown: Mutex<Shown>,
    /// No lines but warnings.
    is_quiet: bool,
}

#[derive(Default)]
struct Shown {
    running: BTreeMap<String, ProgressBar>,
    whole: Option<ProgressBar>,
}

impl Bars {
    /// Bars that go without a trace.
    pub(crate) fn quiet() -> Self {
        Self {
            is_quiet: true,
            ..Self::default()
        }
    }

    /// A line above the bars.
    pub(crate) fn line(&self, line: impl AsRef<str>) {
        // A terminal that went away takes its lines with it.
        let _ = self.all.println(line);
    }

    fn tell(&self, line: Option<impl AsRef<str>>) {
        if let Some(line) = line.filter(|_| !self.is_quiet) {
            self.line(line);
        }
    }

    fn with<T>(&self, act: impl FnOnce(&mut Shown) -> T) -> T {
        act(&mut self.shown.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn begin(&self, stages: usize) {
        let length = u64::try_from(stages).unwrap_or(u64::MAX);
        let whole = self.all.add(ProgressBar::new(length));
        let none = |_: &ProgressState, _: &mut dyn Write| {};
        whole.set_style(style(WHOLE).with_key("left", none));
        whole.enable_steady_tick(Duration::from_millis(200));
        self.with(|shown| shown.whole = Some(whole));
    }

    /// Between two estimates, the time that passes is taken off.
    fn estimate(&self, estimate: &Estimate) {
        let (estimate, since) = (estimate.clone(), Instant::now());
        let text = move |_: &ProgressState, text: &mut dyn Write| {
            // What cannot be shown is not missed.
            let _ = write!(text, ", {}", left(&estimate, since.elapsed()));
        };
        self.with(|shown| {
            if let Some(whole) = &shown.whole {
                whole.set_style(style(WHOLE).with_key("left", text));
            }
        });
    }

    fn start(&self, stage: &str, action: &str) {
        self.with(|shown| {
            let bar = ProgressBar::new_spinner();
            let bar = match &shown.whole {
                Some(whole) => self.all.insert_before(whole, bar),
                None => self.all.add(bar),
            };
            bar.set_style(style("{spinner} {prefix:.bold} {elapsed:>4} {msg:.dim}"));
            bar.set_prefix(stage.to_owned());
            bar.set_message(action.lines().next().unwrap_or_default().to_owned());
            bar.enable_steady_tick(Duration::from_millis(100));
            shown.running.insert(stage.to_owned(), bar);
        });
    }

    fn progress(&self, stage: &str, done: u64, total: u64, message: &str) {
        self.with(|shown| {
            if let Some(bar) = shown.running.get(stage) {
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

    /// A stage has ended, whether it ran or not.
    fn end(&self, stage: &str) {
        self.with(|shown| {
            if let Some(bar) = shown.running.remove(stage) {
                bar.finish_and_clear();
            }
            if let Some(whole) = &shown.whole {
                whole.inc(1);
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
            Event::RunStarted { stages, .. } => self.begin(stages.len()),
            Event::StageDecided {
                stage,
                decision: Decided::Fresh | Decided::Frozen,
                ..
            } => self.end(stage),
            Event::Estimate(estimate) => self.estimate(estimate),
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
                self.tell(Some(format!("{DIM}{stage}{then} |{DIM:#} {line}")));
            }
            Event::Warning { stage, message, .. } => {
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
                self.end(stage);
                self.tell(finished(stage, outcome, *duration));
            }
            Event::StageWaits { .. } | Event::AttemptFailed { .. } => self.tell(news(event)),
            Event::RunFinished(_) => self.with(|shown| {
                if let Some(whole) = shown.whole.take() {
                    whole.finish_and_clear();
                }
            }),
            Event::StageDecided { .. }
            | Event::Metric { .. }
            | Event::State { .. }
            | Event::StageTraced { .. } => {}
        }
    }
}
