use serde::Deserialize;

use crate::counterfactual::sampling::Budget;

/// The section `counterfactual` of the params.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CounterfactualSection {
    /// Up to so many grown seeds all configurations are evaluated.
    pub(super) exact_seeds: usize,
    standard_error: f64,
    max_orders: usize,
    /// Of the validation samples, for the intervals; 0 is no intervals.
    pub(super) resamples: usize,
    pub(super) per_class: bool,
    pub(super) rng_seed: u64,
}

impl CounterfactualSection {
    pub(super) fn budget(&self) -> Budget {
        Budget {
            standard_error: self.standard_error,
            orders: self.max_orders,
            rng_seed: self.rng_seed,
        }
    }
}
