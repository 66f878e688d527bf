//! [`Course`]: where a training stands, as far as it has told.

use indexmap::IndexMap;
use kaslite_engine::event::{Alert, Event};
use std::collections::BTreeMap;

/// Where a training stands, as far as it has told.
#[derive(Debug, Default)]
pub(super) struct Course {
    pub(super) stage: String,
    /// The run it belongs to; none where nothing keeps a record.
    pub(super) run: Option<String>,
    pub(super) phase: Option<String>,
    /// The epoch that ended last, and how many there are.
    pub(super) epochs: Option<(u64, u64)>,
    /// What that epoch measured: what it did not is not here, or none.
    measured: BTreeMap<String, Option<f64>>,
    /// What the epoch under way has measured.
    coming: BTreeMap<String, Option<f64>>,
    /// The slots that are not empty, in the order in which they germinated.
    pub(super) slots: IndexMap<String, Slot>,
    /// The signs of trouble that have not ended, each with the epoch in which it began.
    pub(super) alerts: IndexMap<String, u64>,
}

/// A slot that is not empty.
#[derive(Debug, Default)]
pub(super) struct Slot {
    /// The stage of its life.
    pub(super) stage: String,
    /// Since which epoch.
    pub(super) since: u64,
    /// What the accuracy loses without it, and the epoch that measured it last.
    pub(super) contribution: Option<(f64, u64)>,
}

/// The stage of the life of an empty slot.
const EMPTY: &str = "dormant";

impl Course {
    /// Of a training that has told nothing yet.
    pub(super) fn new(stage: &str, run: Option<String>) -> Self {
        Self {
            stage: stage.to_owned(),
            run,
            ..Self::default()
        }
    }

    /// Takes in an event of the stage; of others it wants none.
    pub(super) fn take(&mut self, event: &Event) {
        match event {
            Event::State {
                name, step, value, ..
            } => self.change(name, *step, value),
            Event::Metric {
                name, step, value, ..
            } => self.measure(name, *step, *value),
            // What an epoch measured shows when all of it is known.
            Event::Progress { done, total, .. } => {
                self.epochs = Some((*done, *total));
                self.measured = std::mem::take(&mut self.coming);
            }
            Event::Warning {
                alert: Some(alert), ..
            } => self.warn(alert),
            Event::Warning { alert: None, .. }
            | Event::RunStarted { .. }
            | Event::StageDecided { .. }
            | Event::Estimate(_)
            | Event::StageWaits { .. }
            | Event::AttemptFailed { .. }
            | Event::StageStarted { .. }
            | Event::Log { .. }
            | Event::StageTraced { .. }
            | Event::StageFinished { .. }
            | Event::RunFinished(_) => {}
        }
    }

    fn change(&mut self, name: &str, step: u64, value: &str) {
        if name == "phase" {
            self.phase = Some(value.to_owned());
        } else if let Some((seed, "stage")) = of_seed(name) {
            if value == EMPTY {
                self.slots.shift_remove(seed);
            } else {
                let slot = self.slots.entry(seed.to_owned()).or_default();
                value.clone_into(&mut slot.stage);
                slot.since = step;
            }
        }
    }

    fn measure(&mut self, name: &str, step: u64, value: Option<f64>) {
        if let (Some((seed, "contribution")), Some(value)) = (of_seed(name), value)
            && let Some(slot) = self.slots.get_mut(seed)
        {
            slot.contribution = Some((value, step));
        }
        self.coming.insert(name.to_owned(), value);
    }

    fn warn(&mut self, alert: &Alert) {
        if alert.over {
            self.alerts.shift_remove(&alert.sign);
        } else {
            self.alerts.insert(alert.sign.clone(), alert.step);
        }
    }

    /// What the last epoch measured by this name.
    pub(super) fn number(&self, name: &str) -> Option<f64> {
        self.measured.get(name).copied().flatten()
    }

    /// How far the seed is blended in.
    pub(super) fn alpha(&self, seed: &str) -> Option<f64> {
        self.number(&format!("seed.{seed}.alpha"))
    }
}

/// Of `seed.ID.WHAT`, the seed and what of it.
fn of_seed(name: &str) -> Option<(&str, &str)> {
    name.strip_prefix("seed.")?.split_once('.')
}
