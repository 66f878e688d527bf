use crate::training::GradientLog;

/// What an epoch of training came to.
#[derive(Default)]
pub(super) struct Trained {
    /// Mean of the batches' mean losses; none where nothing was trained.
    pub(super) loss: Option<f64>,
    /// Share of the rows that were classified rightly, each when its batch was trained on.
    pub(super) accuracy: Option<f64>,
    pub(super) gradients: GradientLog,
    /// Share of the host's gradient in the first batch that comes through seeds kept away from it.
    pub(super) leakage: Option<f64>,
}
