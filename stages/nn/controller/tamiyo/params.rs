use serde::{Deserialize, Serialize};

/// What the heuristic goes by.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TamiyoParams {
    /// The epoch from which on seeds germinate.
    pub min_epoch: usize,
    /// Epochs without progress before a seed germinates.
    pub patience: usize,
    /// Percentage points of accuracy in an epoch that count as progress.
    pub progress: f64,
    /// Stable epochs in a row after which the host counts as settled; 0 is from the start.
    pub stable_epochs: usize,
    /// Epochs after a removal in which nothing germinates.
    pub cooldown: usize,
    /// Epochs in a stage before a seed can fail there.
    pub failing_epochs: usize,
    /// Percentage points below what the accuracy was when the stage began, at which a seed fails.
    pub failing_loss: f64,
    /// Epochs in training, blending or holding after which a seed is given up.
    pub stall_epochs: usize,
    /// Percentage points of contribution above which a seed stays.
    pub min_contribution: f64,
}

impl Default for TamiyoParams {
    fn default() -> Self {
        Self {
            min_epoch: 5,
            patience: 3,
            progress: 0.5,
            stable_epochs: 3,
            cooldown: 5,
            failing_epochs: 5,
            failing_loss: 2.0,
            stall_epochs: 30,
            min_contribution: 0.5,
        }
    }
}
