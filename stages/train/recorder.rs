use std::path::Path;

use kaslite_engine::fs;
use kaslite_engine::registry::StageError;
use kaslite_nn::{EpochStats, Event, Observer, Passage, SeedState, SeedStats};

use crate::shared::fail;
use crate::telemetry::{EPOCHS, GATES, GateRow, MATRIX, MatrixRow, POLICY, PolicyRow, SLOTS};
use crate::train::analytics::Notice;
use crate::train::dense::Dense;
use crate::train::epochs::Epochs;
use crate::train::events::{EventRow, Events, What};
use crate::train::slots::Slots;

/// Keeps what happens in a run until it is written down.
#[derive(Debug)]
pub(super) struct Recorder {
    total_epochs: usize,
    /// Loss and accuracy before anything was trained.
    pub(super) initial: Option<(f64, f64)>,
    pub(super) epochs: Epochs,
    slots: Slots,
    decisions: Vec<PolicyRow>,
    gates: Vec<GateRow>,
    matrix: Vec<MatrixRow>,
    pub(super) dense: Dense,
    events: Events,
    /// What was warned of that no trigger finds.
    pub(super) warned: Vec<Notice>,
    /// Lines of the log.
    log: Vec<String>,
}

impl Recorder {
    /// For a run of so many epochs, both phases together.
    pub(super) fn new(total_epochs: usize) -> Self {
        Self {
            total_epochs,
            initial: None,
            epochs: Epochs::default(),
            decisions: Vec::new(),
            gates: Vec::new(),
            matrix: Vec::new(),
            dense: Dense::default(),
            slots: Slots::default(),
            events: Events::default(),
            warned: Vec::new(),
            log: Vec::new(),
        }
    }

    /// Keeps what no trigger, which the tables have, tells.
    pub(super) fn warned(&mut self, notices: Vec<Notice>) {
        let untold = |notice: &Notice| !notice.sign.has_trigger();
        self.warned.extend(notices.into_iter().filter(untold));
    }

    /// Writes the tables and the log into the stage's folder.
    pub(super) fn write(&self, folder: &Path) -> Result<(), StageError> {
        let tables = [
            (EPOCHS.file, EPOCHS.table(self.epochs.rows())),
            (SLOTS.file, SLOTS.table(self.slots.rows())),
            (POLICY.file, POLICY.table(&self.decisions)),
            (GATES.file, GATES.table(&self.gates)),
            (MATRIX.file, MATRIX.table(&self.matrix)),
            ("events.parquet", self.events.table()),
        ];
        for (name, table) in tables.into_iter().chain(self.dense.tables()) {
            table.write(&folder.join(name)).map_err(fail)?;
        }
        let log = self.log.join("\n") + "\n";
        fs::write_atomic(&folder.join("logs/train.log"), log.as_bytes()).map_err(fail)
    }

    fn happened(&mut self, row: EventRow) {
        let (epoch, total) = (row.epoch, self.total_epochs);
        self.log.push(format!("Epoch {epoch:>4}/{total} | {row}"));
        self.events.push(row);
    }

    fn finish_epoch(&mut self, stats: &EpochStats, seeds: &[SeedStats]) {
        let line = epoch_line(stats, seeds, self.total_epochs);
        self.log.push(line);
        let before = self.epochs.stats().last();
        let gained = before.map(|before| 100.0 * (stats.val_accuracy - before.val_accuracy));
        self.epochs.push(stats.clone(), seeds);
        let measured = seeds.iter().map(|seed| self.finite(stats.epoch, seed));
        let measured: Vec<SeedStats> = measured.collect();
        self.slots.push(stats.epoch, measured, gained);
    }

    /// The seed's numbers, none in place of what is NaN or infinite, which becomes an event.
    fn finite(&mut self, epoch: usize, stats: &SeedStats) -> SeedStats {
        let mut measured = stats.clone();
        let numbers = [
            ("alpha", &mut measured.alpha),
            ("drift", &mut measured.drift),
            ("openness", &mut measured.openness),
            ("health", &mut measured.health),
            ("progress", &mut measured.progress),
        ];
        for (name, number) in numbers {
            if let Some(value) = number.filter(|value| !value.is_finite()) {
                *number = None;
                let (seed, what) = (Some(stats.seed), What::NotFinite { name, value });
                self.happened(EventRow { epoch, seed, what });
            }
        }
        measured
    }
}

impl Observer for Recorder {
    fn observe(&mut self, event: &Event) {
        match event {
            Event::EpochFinished { stats, seeds } => self.finish_epoch(stats, seeds),
            Event::Initial { loss, accuracy } => self.initial = Some((*loss, *accuracy)),
            Event::Decided { decision } => self.decisions.push(PolicyRow(decision.clone())),
            Event::GateAsked { slot, gate } => {
                self.gates.extend(GateRow::of(*slot, gate));
                self.slots.gate_asked(*slot, gate);
            }
            Event::Triggered {
                epoch,
                trigger,
                until,
            } => self.dense.triggered(*epoch, *trigger, *until),
            Event::Dense { seen } => self.dense.push(seen),
            Event::Matrix { matrix } => self.matrix.extend(MatrixRow::of(matrix)),
            Event::PhaseStarted { .. }
            | Event::Passage { .. }
            | Event::Transition { .. }
            | Event::Germination { .. }
            | Event::DriftWarning { .. } => {}
        }
        if let Some(row) = row(event) {
            self.happened(row);
        }
    }
}

/// Whether the transition between states, which is told as well, does not say it all.
fn is_news(passage: &Passage) -> bool {
    passage.reason.is_some() || passage.from.state() == passage.to.state()
}

/// An event as a row of the table; epochs, decisions and gates have tables of their own.
pub(super) fn row(event: &Event) -> Option<EventRow> {
    let (epoch, seed, what) = match *event {
        Event::PhaseStarted {
            phase,
            first_epoch,
            last_epoch,
        } => {
            let (name, epochs) = (phase.to_string(), (first_epoch, last_epoch));
            (first_epoch, None, What::Phase { name, epochs })
        }
        Event::Transition {
            epoch,
            seed,
            from,
            to,
        } => (epoch, Some(seed), What::Transition { from, to }),
        Event::Germination {
            epoch,
            seed,
            health,
            accuracy,
        } => (epoch, Some(seed), What::Germination { health, accuracy }),
        Event::DriftWarning { epoch, seed, drift } => {
            (epoch, Some(seed), What::DriftWarning { drift })
        }
        Event::Passage { slot, passage } if is_news(&passage) => {
            (passage.epoch, Some(slot), What::Passage { passage })
        }
        Event::Triggered { epoch, trigger, .. } if trigger.is_anomaly() => {
            (epoch, None, What::Anomaly { trigger })
        }
        Event::Passage { .. }
        | Event::Triggered { .. }
        | Event::Dense { .. }
        | Event::Matrix { .. }
        | Event::Initial { .. }
        | Event::GateAsked { .. }
        | Event::Decided { .. }
        | Event::EpochFinished { .. } => return None,
    };
    Some(EventRow { epoch, seed, what })
}

/// How many of the seeds are active, as `1/6`.
pub(super) fn active(seeds: &[SeedStats]) -> String {
    let active = seeds.iter().filter(|seed| seed.state == SeedState::Active);
    format!("{}/{}", active.count(), seeds.len())
}

fn epoch_line(stats: &EpochStats, seeds: &[SeedStats], total: usize) -> String {
    let train = stats
        .train_loss
        .map_or_else(|| "-".to_owned(), |loss| format!("{loss:.4}"));
    format!(
        "Epoch {:>4}/{total} | {} | loss.train: {train} | loss.val: {:.4} | metric.accuracy.val: {:.4} | seeds: {}",
        stats.epoch,
        stats.phase,
        stats.val_loss,
        stats.val_accuracy,
        active(seeds),
    )
}
