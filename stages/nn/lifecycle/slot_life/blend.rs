use serde::{Deserialize, Serialize};

use crate::lifecycle::Curve;

/// How a seed blends in.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Blend {
    /// The way of alpha.
    pub curve: Curve,
    /// Steps from 0 to 1.
    pub steps: usize,
    /// When a step is made.
    pub pace: Pace,
}

/// When a step of a blend is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pace {
    /// After each training batch.
    Batch,
    /// At the end of each epoch.
    Epoch,
}
