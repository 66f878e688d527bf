use std::path::Path;

use kaslite_engine::context::BoundDep;
use kaslite_engine::registry::StageError;
use serde::Deserialize;

use crate::shared::files::CONFIG;
use crate::shared::read_json;

/// What must be known of a run's `config.json` to look at its network again.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct TrainedConfig {
    /// Share of the samples that trained.
    #[serde(rename = "train.train_frac")]
    pub(super) train_frac: f64,
    /// Seed of the run's draws.
    #[serde(rename = "train.rng_seed")]
    pub(super) rng_seed: u64,
    /// Digest of the dataset's file, where it was known.
    #[serde(rename = "dataset.digest")]
    digest: Option<String>,
}

impl TrainedConfig {
    /// Reads it from the folder that `train` made.
    pub(super) fn read(folder: &Path) -> Result<Self, StageError> {
        read_json(&folder.join(CONFIG))
    }

    /// Refuses a dataset that is not the one of the run: its split could not be drawn again.
    pub(super) fn check_dataset(&self, dataset: &BoundDep) -> Result<(), StageError> {
        let given = dataset
            .content
            .as_ref()
            .map(|content| content.digest.to_string());
        if let (Some(trained), Some(given)) = (&self.digest, given)
            && *trained != given
        {
            return Err(StageError::new(format!(
                "`{}` is not the dataset that the network was trained on",
                dataset.path
            )));
        }
        Ok(())
    }
}
