use kaslite_nn::{Blueprint, Config, Device, HostKind, Landing, Lesson, Operator};
use serde::Deserialize;

/// The section `train` of the params.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TrainSection {
    host: HostKind,
    hidden_dim: usize,
    num_layers: usize,
    batch_size: usize,
    lr: f64,
    warm_up_epochs: usize,
    adaptation_epochs: usize,
    train_frac: f64,
    acc_threshold: f64,
    patience: usize,
    delta: f64,
    device: Device,
    rng_seed: u64,
}

/// The section `seeds` of the params.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SeedsSection {
    seeds_per_layer: usize,
    blend_steps: usize,
    shadow_lr: f64,
    progress_thresh: f64,
    drift_warn: f64,
    blueprint: Blueprint,
    operator: Operator,
    lesson: Lesson,
    landing: Landing,
}

impl TrainSection {
    /// Every number of one training run over samples of `classes` classes.
    pub(super) fn config(&self, seeds: &SeedsSection, classes: usize) -> Config {
        Config {
            host: self.host,
            hidden_dim: self.hidden_dim,
            num_layers: self.num_layers,
            seeds_per_layer: seeds.seeds_per_layer,
            classes,
            batch_size: self.batch_size,
            lr: self.lr,
            warm_up_epochs: self.warm_up_epochs,
            adaptation_epochs: self.adaptation_epochs,
            train_frac: self.train_frac,
            blend_steps: seeds.blend_steps,
            shadow_lr: seeds.shadow_lr,
            progress_thresh: seeds.progress_thresh,
            drift_warn: seeds.drift_warn,
            acc_threshold: self.acc_threshold,
            patience: self.patience,
            delta: self.delta,
            blueprint: seeds.blueprint,
            operator: seeds.operator,
            lesson: seeds.lesson,
            landing: seeds.landing,
            device: self.device,
            rng_seed: self.rng_seed,
        }
    }
}
