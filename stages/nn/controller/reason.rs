use std::fmt;

use serde::{Deserialize, Serialize};

use crate::lifecycle::LifeStage;

/// Why a controller decided as it did.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Reason {
    /// Nothing may grow.
    HostOnly,
    /// The accuracy is high enough.
    AccurateEnough {
        /// What it is, 0 to 1.
        accuracy: f64,
        /// From where it is enough.
        threshold: f64,
    },
    /// The loss still falls, or has not stood still for long.
    NoPlateau {
        /// Epochs in a row without progress.
        plateau: usize,
        /// How many there must be.
        patience: usize,
    },
    /// The loss stands still.
    Plateau {
        /// Epochs in a row without progress.
        plateau: usize,
        /// The health signal of the slot that was chosen, where it was chosen for that.
        health: Option<f64>,
    },
    /// No empty slot has a health signal.
    NoCandidate,
    /// No slot is empty.
    NoFreeSlot,
    /// A seed was removed not long ago.
    Cooldown {
        /// Epochs until a seed may germinate again.
        epochs: usize,
    },
    /// The loss still moves too much.
    NotStabilized,
    /// The run is too young.
    TooEarly {
        /// The epoch from which on seeds germinate.
        from: usize,
    },
    /// The seed is ready to ask the next gate.
    Ready {
        /// Where it stands.
        stage: LifeStage,
    },
    /// Alpha is on its way.
    AlphaMoves {
        /// What it is.
        alpha: f64,
    },
    /// Nobody has yet switched the seed off to see what it is worth.
    ContributionNotMeasured,
    /// The seed is worth enough.
    Contributes {
        /// What the accuracy loses without it, in percentage points.
        contribution: f64,
    },
    /// It is not.
    ContributesTooLittle {
        /// What the accuracy loses without it, in percentage points.
        contribution: f64,
    },
    /// The network needs the seed and is worse than before it came.
    Ransomware {
        /// What the accuracy loses without it, in percentage points.
        contribution: f64,
        /// What it lost since the germination, as a negative number of percentage points.
        improvement: f64,
    },
    /// The accuracy fell since the stage began.
    Failing {
        /// By how much, as a negative number of percentage points.
        improvement: f64,
    },
    /// The seed has been in its stage for too long.
    Stalled {
        /// For how many epochs.
        epochs: usize,
    },
}

impl Reason {
    /// The health signal for which a slot was chosen, where it was chosen for that.
    pub fn health(&self) -> Option<f64> {
        if let Self::Plateau { health, .. } = self {
            *health
        } else {
            None
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::HostOnly => formatter.write_str("nothing may grow"),
            Self::AccurateEnough {
                accuracy,
                threshold,
            } => write!(formatter, "accuracy {accuracy:.4} has reached {threshold}"),
            Self::NoPlateau { plateau, patience } => {
                write!(formatter, "{plateau} of {patience} epochs without progress")
            }
            Self::Plateau { plateau, .. } => write!(formatter, "{plateau} epochs without progress"),
            Self::NoCandidate => formatter.write_str("no empty slot has a health signal"),
            Self::NoFreeSlot => formatter.write_str("no slot is empty"),
            Self::Cooldown { epochs } => {
                write!(formatter, "{epochs} more epochs after a removal")
            }
            Self::NotStabilized => formatter.write_str("the loss still moves too much"),
            Self::TooEarly { from } => write!(formatter, "nothing germinates before epoch {from}"),
            Self::Ready { stage } => write!(formatter, "ready to leave {stage}"),
            Self::AlphaMoves { alpha } => write!(formatter, "alpha is on its way, at {alpha:.4}"),
            Self::ContributionNotMeasured => {
                formatter.write_str("its contribution was not measured")
            }
            Self::Contributes { contribution } => {
                write!(formatter, "contributes {contribution:.3} points")
            }
            Self::ContributesTooLittle { contribution } => {
                write!(
                    formatter,
                    "contributes no more than {contribution:.3} points"
                )
            }
            Self::Ransomware {
                contribution,
                improvement,
            } => write!(
                formatter,
                "needed ({contribution:.3} points), yet {improvement:.3} points since it came"
            ),
            Self::Failing { improvement } => {
                write!(formatter, "{improvement:.3} points since its stage began")
            }
            Self::Stalled { epochs } => write!(formatter, "{epochs} epochs in its stage"),
        }
    }
}
