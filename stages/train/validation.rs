use kaslite_engine::context::StageContext;
use kaslite_engine::event::Alert;
use kaslite_nn::{Config, Data, Split};
use kaslite_random::TorchGenerator;
use serde::{Deserialize, Serialize};

use crate::shared::one_class;

/// What the accuracies and losses of a run are measured on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Validation {
    /// Samples that validate.
    rows: usize,
    /// What a reader has to know of them.
    caveat: Option<String>,
}

impl Validation {
    /// The samples that will validate a run; none where it cannot be begun.
    pub(super) fn of(data: &Data, config: &Config) -> Option<Self> {
        let mut generator = TorchGenerator::new(config.rng_seed);
        let split = Split::draw(data.rows(), config.train_frac, &mut generator).ok()?;
        let rows = data.select(&split.validation).ok()?;
        Some(Self {
            rows: rows.rows(),
            caveat: one_class(rows.labels()),
        })
    }

    /// Warns, before anything is trained, of what a reader has to know.
    pub(super) fn warn(&self, context: &StageContext<'_>) {
        if let Some(caveat) = &self.caveat {
            let alert = Alert {
                sign: "one_class".to_owned(),
                step: 0,
                over: false,
            };
            context.alert(alert, caveat);
        }
    }
}
