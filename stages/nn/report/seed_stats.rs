use serde::{Deserialize, Serialize};

use crate::lifecycle::SlotLife;
use crate::seed::{SeedId, SeedState};

/// How one seed stands at the end of an epoch. What was not measured is none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SeedStats {
    /// Its name.
    pub seed: SeedId,
    /// Where it stands in its life.
    pub state: SeedState,
    /// Share of the child in the blend, 0..=1, once the blend has begun.
    pub alpha: Option<f64>,
    /// 1 − mean cosine between input and output over the validation rows, 0..=2, once the child
    /// shows in the output.
    pub drift: Option<f64>,
    /// How far the gate through which it joins is open, 0..=1: mean over the validation rows. None
    /// where it does not join through one.
    pub openness: Option<f64>,
    /// Mean over the features of the variance over some training rows, until the seed is active.
    /// Lower means that what passes its slot varies less.
    pub health: Option<f64>,
    /// How far the auto-encoding is, 0..=1, once the seed has germinated.
    pub progress: Option<f64>,
    /// Weights that the seed has grown; 0 while it is dormant.
    pub parameters: usize,
    /// Its life in full: stage, alpha, metrics.
    pub life: SlotLife,
}
