use serde::{Deserialize, Serialize};

/// What is looked at closely, and when. Nothing in it changes what a run computes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DenseParams {
    /// Every epoch is looked at closely, not only those in a window.
    pub always: bool,
    /// Times its running mean at which a validation loss opens a window.
    pub loss_spike: f64,
    /// Percentage points of validation accuracy lost in an epoch that open one.
    pub accuracy_drop: f64,
    /// Times its running mean at which the norm of the host's gradient opens one.
    pub gradient_explosion: f64,
    /// Whether a passage from one stage to another opens one.
    pub stage_transition: bool,
    /// Whether a gate that did not pass opens one.
    pub gate_failure: bool,
    /// Epochs that a window stays open after what opened it.
    pub window: usize,
}

impl Default for DenseParams {
    fn default() -> Self {
        Self {
            always: false,
            loss_spike: 2.0,
            accuracy_drop: 5.0,
            gradient_explosion: 100.0,
            stage_transition: true,
            gate_failure: true,
            window: 3,
        }
    }
}
