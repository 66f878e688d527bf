use serde::{Deserialize, Serialize};

use crate::report::{EpochStats, Phase, SeedStats};
use crate::seed::{SeedId, SeedState};

/// Something that happened in a run. Epochs count from 1, through both phases.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
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
    /// The controller germinated a seed; follows its transition to training.
    Germination {
        /// The epoch at whose end it did.
        epoch: usize,
        /// Which seed.
        seed: SeedId,
        /// The health signal for which it was chosen.
        health: f64,
        /// Validation accuracy of the epoch, 0..=1.
        accuracy: f64,
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
