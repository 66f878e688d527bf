use serde::{Deserialize, Serialize};

use crate::lifecycle::{Check, Gate, GateMode};

/// What a gate found when it was asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GateRecord {
    /// Which gate.
    pub gate: Gate,
    /// The epoch, from 1.
    pub epoch: usize,
    /// How much it asked for.
    pub mode: GateMode,
    /// Everything that it looked at.
    pub checks: Vec<Check>,
    /// How good the seed is at what the gate looks at, 0 to 1; none where that was not measured.
    pub score: Option<f64>,
    /// Whether every check passed.
    pub passed: bool,
    /// Whether the seed may go on: it passed, or the mode does not stop it.
    pub opened: bool,
}

impl GateRecord {
    /// What speaks against the seed, or for it where nothing does.
    pub fn reason(&self) -> String {
        let told = self
            .checks
            .iter()
            .filter(|check| check.passed == self.passed);
        told.map(ToString::to_string).collect::<Vec<_>>().join("; ")
    }
}
