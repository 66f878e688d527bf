use std::fmt;

use serde::{Deserialize, Serialize};

use crate::blueprint::Blueprint;
use crate::controller::{Observation, Reason};
use crate::lifecycle::PruneReason;
use crate::seed::SeedId;

/// What a controller decided, and from what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// What it saw.
    pub observation: Observation,
    /// What is to be done.
    pub action: Action,
    /// Why.
    pub reason: Reason,
    /// How sure it is, 0 to 1, where it says so.
    pub confidence: Option<f64>,
    /// Epochs in a row without progress, as it counts them, after the decision.
    pub plateau: usize,
    /// Whether it holds the host's learning for settled, where it looks at that.
    pub stabilized: Option<bool>,
}

/// What is to be done at the end of an epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum Action {
    /// Nothing.
    Wait,
    /// A seed germinates in an empty slot.
    Germinate {
        /// Where.
        slot: SeedId,
        /// What it is built from.
        blueprint: Blueprint,
    },
    /// A seed asks the gate before its next stage.
    Advance {
        /// Which.
        slot: SeedId,
    },
    /// A seed asks to stay for good.
    Fossilize {
        /// Which.
        slot: SeedId,
    },
    /// A seed is removed.
    Prune {
        /// Which.
        slot: SeedId,
        /// Why.
        reason: PruneReason,
    },
}

impl Action {
    /// What it is about; none where nothing is done.
    pub fn slot(self) -> Option<SeedId> {
        match self {
            Self::Wait => None,
            Self::Germinate { slot, .. }
            | Self::Advance { slot }
            | Self::Fossilize { slot }
            | Self::Prune { slot, .. } => Some(slot),
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Wait => "wait",
            Self::Germinate { .. } => "germinate",
            Self::Advance { .. } => "advance",
            Self::Fossilize { .. } => "fossilize",
            Self::Prune { .. } => "prune",
        })
    }
}
