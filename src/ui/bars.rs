//! [`Bars`]: a bar for each running stage, where a person watches, and a box for a training.

use crate::ui::lines::{about, finished, news, then};
use crate::ui::monitor::{Monitor, Named};
use crate::ui::terminal::{BUSY, DIM};
use crate::ui::{Terminal, left};
use indicatif::{MultiProgress, ProgressBar, ProgressState, ProgressStyle};
use kaslite_engine::estimate::Estimate;
use kaslite_engine::event::{Decided, Event, EventSink};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The bar at the bottom: how many stages have ended, and how long the others take.
const WHOLE: &str = "{spinner:.dim} {pos:.dim} of {len:.dim} stages{left:.dim}";

/// The bar of a stage that knows how far it is; of a long message, what fits.
const PROGRESS: &str = "{spinner} {prefix:.bold} {bar:24} {pos}/{len} {elapsed:>4} {wide_msg}";
/// The same where there is less room.
const NARROW: &str = "{spinner} {prefix:.bold} {bar:8} {pos}/{len} {elapsed:>4} {wide_msg}";
/// Columns below which there is less room.
const WIDE: usize = 60;

/// Bars at the bottom, the box above them, lines above that.
pub(crate) struct Bars<'a> {
    all: MultiProgress,
    shown: Mutex<Shown>,
    colours: bool,
    /// The box; where there is none, no lines but warnings either.
    monitor: Option<Monitor<'a>>,
}

#[derive(Default)]
struct Shown {
    running: BTreeMap<String, ProgressBar>,
    whole: Option<ProgressBar>,
}

impl<'a> Bars<'a> {
    /// Bars with a box for a training of the run that is `named` so, and lines.
    pub(crate) fn new(terminal: Terminal, named: Named<'a>) -> Self {
        let colours = terminal.colours_notes();
        Self {
            monitor: Some(Monitor::new(named, colours)),
            ..Self::quiet(terminal)
        }
    }

    /// Bars that go without a trace.
    pub(crate) fn quiet(terminal: Terminal) -> Self {
        Self {
            all: MultiProgress::default(),
            shown: Mutex::default(),
            colours: terminal.colours_notes(),
            monitor: None,
        }
    }

    /// A line above the bars.
    pub(crate) fn line(&self, line: impl AsRef<str>) {
        // A terminal that went away takes its lines with it.
        let _ = if self.colours {
            self.all.println(line)
        } else {
            let plain = anstream::adapter::strip_str(line.as_ref()).to_string();
            self.all.println(plain)
        };
    }

    fn tell(&self, line: Option<impl AsRef<str>>) {
        if let Some(line) = line.filter(|_| self.monitor.is_some()) {
            self.line(line);
        }
    }

    fn style(&self, template: &str) -> ProgressStyle {
        let plain = || template.replace(":.dim}", "}").replace(":.bold}", "}");
        let template = if self.colours {
            template.to_owned()
        } else {
            plain()
        };
        // The templates are constants; a broken one falls back to indicatif's own.
        ProgressStyle::with_template(&template)
            .unwrap_or_else(|_| ProgressStyle::default_bar())
            .progress_chars("━╸─")
    }

    fn with<T>(&self, act: impl FnOnce(&mut Shown) -> T) -> T {
        act(&mut self.shown.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn begin(&self, stages: usize) {
        let length = u64::try_from(stages).unwrap_or(u64::MAX);
        let whole = self.all.add(ProgressBar::new(length));
        let none = |_: &ProgressState, _: &mut dyn Write| {};
        whole.set_style(self.style(WHOLE).with_key("left", none));
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
                whole.set_style(self.style(WHOLE).with_key("left", text));
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
            bar.set_style(self.style("{spinner} {prefix:.bold} {elapsed:>4} {msg:.dim}"));
            bar.set_prefix(stage.to_owned());
            bar.set_message(action.lines().next().unwrap_or_default().to_owned());
            bar.enable_steady_tick(Duration::from_millis(100));
            shown.running.insert(stage.to_owned(), bar);
        });
    }

    fn progress(&self, stage: &str, done: u64, total: u64, message: &str) {
        self.with(|shown| {
            if let Some(bar) = shown.running.get(stage) {
                // What the box says too would only fill the line.
                let is_in_box = self.monitor.as_ref().is_some_and(|it| it.shows(stage));
                if bar.length() != Some(total) {
                    let is_narrow = Terminal::size().is_some_and(|(columns, _)| columns < WIDE);
                    bar.set_style(self.style(if is_narrow { NARROW } else { PROGRESS }));
                    bar.set_length(total);
                }
                bar.set_position(done);
                bar.set_message(if is_in_box { "" } else { message }.to_owned());
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

impl EventSink for Bars<'_> {
    fn emit(&self, event: &Event) {
        if let Some(monitor) = &self.monitor {
            monitor.take(event, &self.all);
        }
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
