use std::path::Path;

use kaslite_engine::context::BoundDep;
use kaslite_engine::registry::StageError;
use kaslite_engine::rel_path::RelPath;
use kaslite_nn::{Architecture, Model};
use serde::Deserialize;

use crate::shared::files::{CONFIG, MODEL};
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
    #[serde(rename = "dataset.rows")]
    rows: usize,
    #[serde(rename = "dataset.classes")]
    classes: usize,
    #[serde(rename = "train.hidden_dim")]
    hidden_dim: usize,
    #[serde(rename = "train.num_layers")]
    num_layers: usize,
    #[serde(rename = "seeds.seeds_per_layer")]
    seeds_per_layer: usize,
}

impl TrainedConfig {
    /// Reads it from the folder that `train` made.
    pub(super) fn read(folder: &Path) -> Result<Self, StageError> {
        read_json(&folder.join(CONFIG))
    }

    /// Refuses a model that the run cannot have made; `folder` is where both lie, as the pipeline names it.
    pub(super) fn check_model(&self, model: &Model, folder: &RelPath) -> Result<(), StageError> {
        let Architecture {
            hidden_dim,
            num_layers,
            seeds_per_layer,
            classes,
            // There is one kind; of the features the dataset tells.
            host: _,
            input_dim: _,
        } = model.architecture();
        let sizes = [
            ("train.hidden_dim", hidden_dim, self.hidden_dim),
            ("train.num_layers", num_layers, self.num_layers),
            (
                "seeds.seeds_per_layer",
                seeds_per_layer,
                self.seeds_per_layer,
            ),
            ("dataset.classes", classes, self.classes),
            ("dataset.rows", model.rows(), self.rows),
        ];
        let told = |(key, has, says): (_, usize, usize)| (key, has.to_string(), says.to_string());
        let text = |has: &dyn ToString, says: &dyn ToString| (has.to_string(), says.to_string());
        let (seed, trains) = (
            text(&model.rng_seed(), &self.rng_seed),
            text(&model.train_frac(), &self.train_frac),
        );
        let draws = [
            ("train.rng_seed", seed.0, seed.1),
            ("train.train_frac", trains.0, trains.1),
        ];
        let all = sizes.into_iter().map(told).chain(draws);
        let differ = all.filter(|(_, has, says)| has != says);
        let differ: Vec<String> = differ
            .map(|(key, has, says)| format!("`{key}` {has} instead of {says}"))
            .collect();
        if differ.is_empty() {
            return Ok(());
        }
        let (file, config) = (folder.join(MODEL), folder.join(CONFIG));
        Err(StageError::new(format!(
            "`{file}` is of another training than `{config}` beside it: it has {}; run the stage that makes `{folder}` again (`--force`)",
            differ.join(", ")
        )))
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
