use serde::{Deserialize, Serialize};

use crate::controller::TamiyoParams;

/// A change of the loss, relative to the loss, between these two counts as stable.
const STABLE: (f64, f64) = (-0.05, 0.03);

/// What the losses and accuracies of the epochs come to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Signals {
    /// Loss and accuracy of the epoch before.
    previous: Option<(f64, f64)>,
    plateau: usize,
    stable: usize,
    settled: bool,
}

impl Signals {
    pub(super) fn observe(&mut self, loss: f64, accuracy: f64, params: &TamiyoParams) {
        if let Some((loss_before, accuracy_before)) = self.previous {
            let gained = 100.0 * (accuracy - accuracy_before);
            self.plateau = if gained < params.progress {
                self.plateau + 1
            } else {
                0
            };
            let change = (loss_before - loss) / loss_before;
            let stable = change > STABLE.0 && change < STABLE.1;
            self.stable = if stable { self.stable + 1 } else { 0 };
        }
        self.previous = Some((loss, accuracy));
        self.settled |= self.stable >= params.stable_epochs;
    }

    /// Epochs in a row without progress.
    pub(super) fn plateau(&self) -> usize {
        self.plateau
    }

    /// Whether the host once counted as settled.
    pub(super) fn settled(&self) -> bool {
        self.settled
    }
}
