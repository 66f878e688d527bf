use serde::{Deserialize, Serialize};

use crate::data::Split;
use crate::model::Model;
use crate::seed::SeedId;

/// What a run comes to.
pub struct Outcome {
    /// Highest validation accuracy of any epoch, 0..=1.
    pub best_accuracy: f64,
    /// Validation accuracy of the last epoch, 0..=1.
    pub final_accuracy: f64,
    /// Validation loss of the last epoch.
    pub final_loss: f64,
    /// Every germination, in the order in which they happened.
    pub germinations: Vec<GerminationRecord>,
    /// How large the network is.
    pub parameters: ParameterCounts,
    /// Which rows trained and which validated.
    pub split: Split,
    /// The trained network.
    pub model: Model,
}

/// What one germination did to the accuracy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GerminationRecord {
    /// The seed.
    pub seed: SeedId,
    /// The epoch at whose end it germinated, from 1.
    pub epoch: usize,
    /// Validation accuracy of that epoch, 0..=1.
    pub accuracy_before: f64,
    /// Lowest validation accuracy of the epochs in which the child showed, until it had landed and
    /// the accuracy was back; none if it never showed. With [`Landing::Reference`], validation
    /// accuracy one epoch later.
    ///
    /// [`Landing::Reference`]: crate::Landing::Reference
    pub accuracy_after: Option<f64>,
    /// Epochs from the first such fall below `accuracy_before` to the return there; 0 if it landed
    /// without a fall, none if it never landed or never was back. With [`Landing::Reference`],
    /// epochs from the germination to the first later one that is at least as accurate.
    ///
    /// [`Landing::Reference`]: crate::Landing::Reference
    pub recovery_epochs: Option<usize>,
}

impl GerminationRecord {
    /// How much accuracy was lost; negative if it gained, none if nothing was seen.
    pub fn dip(&self) -> Option<f64> {
        self.accuracy_after
            .map(|after| self.accuracy_before - after)
    }
}

/// Numbers of weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParameterCounts {
    /// Of the host, which does not grow.
    pub host: usize,
    /// Of the children of all seeds that germinated.
    pub grown: usize,
}
