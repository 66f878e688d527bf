use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::lifecycle::LifeStage;

/// A slot went from one stage to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// The epoch in which it did, from 1.
    pub epoch: usize,
    /// The stage it left.
    pub from: LifeStage,
    /// The stage it is in now.
    pub to: LifeStage,
    /// Why the seed was removed, where it was.
    pub reason: Option<PruneReason>,
}

/// A passage that a life does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a seed cannot go from {from} to {to}")]
pub struct IllegalPassage {
    /// Where the slot stands.
    pub from: LifeStage,
    /// Where it was to go.
    pub to: LifeStage,
}

/// Why a seed was removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PruneReason {
    /// The accuracy fell since the seed entered its stage.
    Failing,
    /// It stayed in a stage for longer than it may.
    Stalled,
    /// The network needs it and is worse than before it came.
    Ransomware,
    /// It contributes too little.
    NoContribution,
    /// Its alpha was led down to 0.
    Scheduled,
}

impl fmt::Display for PruneReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Failing => "failing",
            Self::Stalled => "stalled",
            Self::Ransomware => "ransomware",
            Self::NoContribution => "no_contribution",
            Self::Scheduled => "scheduled",
        })
    }
}
