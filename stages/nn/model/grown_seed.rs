use serde::{Deserialize, Serialize};

use crate::seed::{SeedId, SeedState};

/// A seed that has germinated, as a trained model holds it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct GrownSeed {
    /// Its name.
    pub seed: SeedId,
    /// Where it stands in its life.
    pub state: SeedState,
    /// Share of its child in the blend, 0..=1; none while the blend has not begun.
    pub alpha: Option<f64>,
    /// Weights of its child.
    pub parameters: usize,
}
