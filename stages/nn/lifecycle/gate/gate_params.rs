use std::fmt;

use serde::{Deserialize, Serialize};

/// What the gates ask for.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GateParams {
    /// What a gate that does not pass stops.
    pub mode: GateMode,
    /// G2: percentage points of accuracy gained in the stage.
    pub min_improvement: f64,
    /// G2: epochs in training.
    pub min_training_epochs: usize,
    /// G2: how much the seed learns beside the host.
    pub min_gradient_ratio: f64,
    /// G2 (permissive) and G5: how sound the seed's gradients are, 0 to 1.
    pub min_gradient_health: f64,
    /// G3: epochs in blending.
    pub min_blending_epochs: usize,
    /// G5: what the accuracy loses without the seed, in percentage points.
    pub min_contribution: f64,
}

/// What a gate that does not pass stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GateMode {
    /// Nothing but what makes no sense: the strict gates are evaluated and recorded, and open all
    /// the same, save G0, G1, and G3 before alpha has arrived.
    Observe,
    /// Less is asked for: G2 no improvement and no ratio to the host, but sound gradients; G3 no
    /// dwelling; G5 a contribution that was measured, of any size.
    Permissive,
    /// Everything.
    Strict,
}

impl Default for GateParams {
    fn default() -> Self {
        Self {
            mode: GateMode::Strict,
            min_improvement: 0.5,
            min_training_epochs: 10,
            min_gradient_ratio: 0.10,
            min_gradient_health: 0.7,
            min_blending_epochs: 10,
            min_contribution: 1.0,
        }
    }
}

impl fmt::Display for GateMode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Observe => "observe",
            Self::Permissive => "permissive",
            Self::Strict => "strict",
        })
    }
}
