use serde::{Deserialize, Serialize};

use crate::report::Phase;

/// The numbers of one epoch, taken at its end, after the controller has decided.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EpochStats {
    /// The epoch, from 1, counted through both phases.
    pub epoch: usize,
    /// The phase it belongs to.
    pub phase: Phase,
    /// Mean of the training batches' mean losses; none where nothing was trained.
    pub train_loss: Option<f64>,
    /// Share of the training rows that were classified rightly, each when its batch was trained
    /// on, 0..=1; none where nothing was trained.
    pub train_accuracy: Option<f64>,
    /// Mean of the validation rows' losses; with [`Landing::Reference`] mean of the validation
    /// batches' means, in which a last, smaller batch weighs as much.
    ///
    /// [`Landing::Reference`]: crate::Landing::Reference
    pub val_loss: f64,
    /// Share of the validation rows that were classified rightly, 0..=1.
    pub val_accuracy: f64,
    /// Highest `val_accuracy` up to here, over both phases.
    pub best_accuracy: f64,
    /// Epochs in a row without progress, as the controller counts them.
    pub plateau: usize,
    /// Learning rate with which the task was learnt; none where nothing was trained.
    pub learning_rate: Option<f64>,
    /// Mean norm of the host's gradient over every tenth batch, frozen or not; none where no
    /// module learnt the task.
    pub host_gradient_norm: Option<f64>,
    /// Share of the host's gradient that comes through seeds which are kept away from it, in the first
    /// batch; none where no seed learnt so.
    pub gradient_leakage: Option<f64>,
    /// Whether the epoch was looked at closely from its beginning.
    pub dense: bool,
    /// Number of weights of the host.
    pub host_parameters: usize,
}
