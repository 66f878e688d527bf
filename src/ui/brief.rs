//! [`Brief`]: a run as one line, for those who see one run after the other.

use crate::ui::lines::{about, news};
use crate::ui::terminal::{BAD, DIM, GOOD};
use crate::ui::{Bars, Terminal, duration, plural};
use kaslite_engine::event::{Event, EventSink, Outcome, Summary};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};

/// Stages that are named one by one.
const NAMED: usize = 4;
/// Of what a stage printed that failed, the last lines.
const LAST: usize = 10;

/// Characters of a reason that fit into the line.
const LONG: usize = 80;

/// Takes a run; its one line is made at the end. Warnings are said at once, and of what failed the last
/// lines it printed.
pub(crate) struct Brief {
    terminal: Terminal,
    bars: Option<Bars<'static>>,
    printed: Mutex<BTreeMap<String, VecDeque<String>>>,
}

impl Brief {
    pub(crate) fn new(terminal: Terminal) -> Self {
        Self {
            terminal,
            bars: Terminal::is_watched().then(|| Bars::quiet(terminal)),
            printed: Mutex::default(),
        }
    }

    fn line(&self, line: String) {
        match &self.bars {
            Some(bars) => bars.line(line),
            None => self.terminal.note(line),
        }
    }

    fn keep(&self, stage: &str, line: &str) {
        let mut printed = self.printed.lock().unwrap_or_else(PoisonError::into_inner);
        let lines = printed.entry(stage.to_owned()).or_default();
        if lines.len() == LAST {
            lines.pop_front();
        }
        lines.push_back(anstream::adapter::strip_str(line).to_string());
    }

    fn end(&self, stage: &str, failed: bool) {
        let mut printed = self.printed.lock().unwrap_or_else(PoisonError::into_inner);
        let lines = printed.remove(stage).unwrap_or_default();
        drop(printed);
        for line in lines.into_iter().filter(|_| failed) {
            self.line(format!("{DIM}{stage} |{DIM:#} {line}"));
        }
    }
}

impl EventSink for Brief {
    fn emit(&self, event: &Event) {
        if let Some(bars) = &self.bars {
            bars.emit(event);
        }
        match event {
            Event::Log { stage, line, .. } => self.keep(stage, line),
            Event::Warning { stage, message, .. } if self.bars.is_none() => {
                self.terminal.warning(&about(stage.as_deref(), message));
            }
            Event::StageWaits { .. } => self.line(news(event).unwrap_or_default()),
            Event::StageFinished { stage, outcome, .. } => {
                self.end(stage, matches!(outcome, Outcome::Failed(_)));
            }
            Event::Warning { .. }
            | Event::RunStarted { .. }
            | Event::StageDecided { .. }
            | Event::Estimate(_)
            | Event::AttemptFailed { .. }
            | Event::StageStarted { .. }
            | Event::Progress { .. }
            | Event::Metric { .. }
            | Event::State { .. }
            | Event::StageTraced { .. }
            | Event::RunFinished(_) => {}
        }
    }
}

/// Of a long reason its end: what begins with a command ends with what became of it.
fn short(reason: &str) -> String {
    let length = reason.chars().count();
    if length <= LONG {
        return reason.to_owned();
    }
    let end = reason.chars().skip(length - LONG + 1);
    std::iter::once('…').chain(end).collect()
}

/// `a, b ran, c restored, 3 fresh in 1.2 s`.
pub(crate) fn brief(summary: &Summary) -> String {
    let names = |wanted: fn(&Outcome) -> bool| {
        let stages = summary.stages.iter();
        let stages = stages.filter(move |(_, outcome)| wanted(outcome));
        let names: Vec<&str> = stages.map(|(stage, _)| stage.as_str()).collect();
        match names.len() {
            0 => None,
            count if count > NAMED => Some(plural(count, "stage")),
            _ => Some(names.join(", ")),
        }
    };
    let mut parts: Vec<String> = Vec::new();
    let mut part = |names: Option<String>, what: String| {
        parts.extend(names.map(|names| format!("{names} {what}")));
    };
    part(names(|end| *end == Outcome::Done), "ran".to_owned());
    let restored = format!("{GOOD}restored{GOOD:#}");
    part(names(|end| *end == Outcome::Restored), restored);
    for (stage, outcome) in &summary.stages {
        if let Outcome::Failed(reason) = outcome {
            let reason = short(reason);
            part(
                Some(stage.clone()),
                format!("{BAD}failed{BAD:#} ({reason})"),
            );
        }
    }
    let skipped = names(|end| matches!(end, Outcome::Skipped(_)));
    part(skipped, "skipped".to_owned());
    let cancelled = names(|end| *end == Outcome::Cancelled);
    part(cancelled, "interrupted".to_owned());
    let rest = summary.count(|end| matches!(end, Outcome::Fresh | Outcome::Frozen));
    part((rest > 0).then(|| rest.to_string()), "fresh".to_owned());
    format!("{} in {}", parts.join(", "), duration(summary.duration))
}
