use std::fmt;

use serde::{Deserialize, Serialize};

use crate::lifecycle::{Gate, LifeStage};
use crate::seed::SeedId;

/// Why a run is looked at closely.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "trigger", rename_all = "snake_case")]
pub enum Trigger {
    /// A slot went to another stage.
    StageTransition {
        /// Which slot.
        slot: SeedId,
        /// Where it stands now.
        stage: LifeStage,
    },
    /// The validation loss is many times its running mean.
    LossSpike {
        /// How many.
        times: f64,
    },
    /// The validation accuracy fell.
    AccuracyDrop {
        /// By so many percentage points.
        points: f64,
    },
    /// The norm of the host's gradient is many times its running mean.
    GradientExplosion {
        /// How many.
        times: f64,
    },
    /// A gate did not pass.
    GateFailure {
        /// Of which slot.
        slot: SeedId,
        /// Which gate.
        gate: Gate,
    },
    /// A loss is no number any more, which ends the run.
    NotFinite {
        /// The batch within the epoch, from 1.
        batch: usize,
    },
    /// It was asked for.
    Forced,
}

impl Trigger {
    /// As a word.
    pub fn name(self) -> &'static str {
        match self {
            Self::StageTransition { .. } => "stage_transition",
            Self::LossSpike { .. } => "loss_spike",
            Self::AccuracyDrop { .. } => "accuracy_drop",
            Self::GradientExplosion { .. } => "gradient_explosion",
            Self::GateFailure { .. } => "gate_failure",
            Self::NotFinite { .. } => "not_finite",
            Self::Forced => "forced",
        }
    }

    /// The slot that it is about.
    pub fn slot(self) -> Option<SeedId> {
        match self {
            Self::StageTransition { slot, .. } | Self::GateFailure { slot, .. } => Some(slot),
            Self::LossSpike { .. }
            | Self::AccuracyDrop { .. }
            | Self::GradientExplosion { .. }
            | Self::NotFinite { .. }
            | Self::Forced => None,
        }
    }

    /// What was measured; none where nothing was.
    pub fn value(self) -> Option<f64> {
        match self {
            Self::LossSpike { times } | Self::GradientExplosion { times } => Some(times),
            Self::AccuracyDrop { points } => Some(points),
            Self::StageTransition { .. }
            | Self::GateFailure { .. }
            | Self::NotFinite { .. }
            | Self::Forced => None,
        }
    }

    /// Whether something went wrong, rather than on.
    pub fn is_anomaly(self) -> bool {
        match self {
            Self::LossSpike { .. }
            | Self::AccuracyDrop { .. }
            | Self::GradientExplosion { .. }
            | Self::NotFinite { .. } => true,
            Self::StageTransition { .. } | Self::GateFailure { .. } | Self::Forced => false,
        }
    }
}

impl fmt::Display for Trigger {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::StageTransition { slot, stage } => write!(formatter, "{slot} is {stage}"),
            Self::LossSpike { times } => {
                write!(
                    formatter,
                    "the validation loss is {times:.1} times its mean"
                )
            }
            Self::AccuracyDrop { points } => {
                write!(
                    formatter,
                    "the validation accuracy fell by {points:.1} points"
                )
            }
            Self::GradientExplosion { times } => {
                write!(
                    formatter,
                    "the host's gradient is {times:.1} times its mean"
                )
            }
            Self::GateFailure { slot, gate } => write!(formatter, "{slot} did not pass {gate}"),
            Self::NotFinite { batch } => {
                write!(formatter, "a loss is no number from batch {batch} on")
            }
            Self::Forced => formatter.write_str("asked for"),
        }
    }
}
