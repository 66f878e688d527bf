use std::fmt;

use serde::{Deserialize, Serialize};

use crate::lifecycle::LifeStage;
use crate::model::Evaluation;
use crate::seed::SeedId;

/// For what a [`Matrix`] was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Moment {
    /// A seed germinated.
    Germination,
    /// A seed's blend is over.
    Blended,
    /// A seed may be let in for good: before the controller decides, and G5 is asked.
    Gate,
    /// The run is over.
    End,
}

/// What the network does on the validation rows with the seeds that show switched on and off.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Matrix {
    /// The epoch, from 1.
    pub epoch: usize,
    /// For what it was measured: one, or several that fell into one epoch.
    pub moments: Vec<Moment>,
    /// As the network is.
    pub full: Evaluation,
    /// Without any seed.
    pub host: Evaluation,
    /// The seeds that show, in the order of the host.
    pub seeds: Vec<SeedWorth>,
}

/// What one seed does for the network, as far as it shows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SeedWorth {
    /// Which.
    pub seed: SeedId,
    /// Where it stands in its life.
    pub stage: LifeStage,
    /// How far it shows, above 0.
    pub alpha: f64,
    /// The network without it.
    pub without: Evaluation,
    /// The host with it alone.
    pub alone: Evaluation,
}

impl fmt::Display for Moment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Germination => "germination",
            Self::Blended => "blended",
            Self::Gate => "gate",
            Self::End => "end",
        })
    }
}
