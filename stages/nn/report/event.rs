use serde::{Deserialize, Serialize};

use crate::controller::Decision;
use crate::dense::{DenseEpoch, Trigger};
use crate::lifecycle::{GateRecord, Passage};
use crate::report::{EpochStats, Matrix, Phase, SeedStats};
use crate::seed::{SeedId, SeedState};

/// Something that happened in a run. Epochs count from 1, through both phases.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// How the network does on the validation rows before anything was trained.
    Initial {
        /// Mean of the batches' mean losses.
        loss: f64,
        /// Share of the rows that were classified rightly, 0..=1.
        accuracy: f64,
    },
    /// A phase begins. A phase of no epochs is not reported.
    PhaseStarted {
        /// Which.
        phase: Phase,
        /// Its first epoch.
        first_epoch: usize,
        /// Its last epoch.
        last_epoch: usize,
    },
    /// A seed moved on in its life.
    Transition {
        /// The epoch in which it did.
        epoch: usize,
        /// Which seed.
        seed: SeedId,
        /// The state it left.
        from: SeedState,
        /// The state it is in now.
        to: SeedState,
    },
    /// A slot went from one stage of its life to another; goes before the transition that it is,
    /// if it is one.
    Passage {
        /// Which slot.
        slot: SeedId,
        /// From where to where, and when.
        passage: Passage,
    },
    /// A gate was asked; goes before the passage that it allows.
    GateAsked {
        /// Of which slot.
        slot: SeedId,
        /// What it found.
        gate: GateRecord,
    },
    /// The controller decided; follows what it did.
    Decided {
        /// What, from what, and why.
        decision: Decision,
    },
    /// The controller germinated a seed; follows its transition to training.
    Germination {
        /// The epoch at whose end it did.
        epoch: usize,
        /// Which seed.
        seed: SeedId,
        /// The health signal for which it was chosen; none where it was chosen for something else.
        health: Option<f64>,
        /// Validation accuracy of the epoch, 0..=1.
        accuracy: f64,
    },
    /// Something is worth a close look; goes before the epoch's end.
    Triggered {
        /// The epoch.
        epoch: usize,
        /// What.
        trigger: Trigger,
        /// The last epoch that is looked at closely for it, as it stands now.
        until: usize,
    },
    /// What a close look saw; goes before the epoch's end.
    Dense {
        /// All of it.
        seen: DenseEpoch,
    },
    /// Seeds were switched off to see what each is worth; goes before the epoch's end.
    Matrix {
        /// What was seen.
        matrix: Matrix,
    },
    /// A blending seed changes its input more than the configuration likes.
    DriftWarning {
        /// The epoch at whose validation it was measured.
        epoch: usize,
        /// Which seed.
        seed: SeedId,
        /// The drift, 0..=2.
        drift: f64,
    },
    /// An epoch is over.
    EpochFinished {
        /// Its numbers.
        stats: EpochStats,
        /// Every seed, in the order of the host.
        seeds: Vec<SeedStats>,
    },
}
