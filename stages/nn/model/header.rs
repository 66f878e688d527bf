use serde::{Deserialize, Serialize};

use crate::blueprint::Blueprint;
use crate::config::{Config, Landing};
use crate::data::Scaler;
use crate::host::Architecture;
use crate::model::Model;
use crate::seed::{Child, Operator, Seed, SeedId, SeedState};

/// The layout of the file; a reader refuses others.
pub(super) const FORMAT: u32 = 1;
/// The one key of the file's metadata, which holds the header as JSON. One key, because the order
/// of several would change from file to file.
pub(super) const KEY: &str = "kaslite_model";

/// All of a model but its weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    pub(super) format: u32,
    pub(super) architecture: Architecture,
    pub(super) landing: Landing,
    pub(super) scaler: Scaler,
    pub(super) seeds: Vec<SeedHeader>,
    pub(super) provenance: Provenance,
}

/// One seed but its weights; what was not measured is null.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SeedHeader {
    pub(super) seed: SeedId,
    pub(super) state: SeedState,
    pub(super) alpha: Option<f64>,
    pub(super) progress: Option<f64>,
    /// Null in a file of before there was a choice, which means the first of each.
    #[serde(default)]
    pub(super) blueprint: Option<Blueprint>,
    #[serde(default)]
    pub(super) operator: Option<Operator>,
}

/// Where the model comes from: with these three the split can be drawn again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Provenance {
    pub(super) rng_seed: u64,
    pub(super) train_frac: f64,
    pub(super) rows: usize,
}

impl Provenance {
    pub(crate) fn new(config: &Config, rows: usize) -> Self {
        Self {
            rng_seed: config.rng_seed,
            train_frac: config.train_frac,
            rows,
        }
    }
}

impl Header {
    pub(super) fn of(model: &Model) -> Self {
        let network = model.network();
        Self {
            format: FORMAT,
            architecture: network.architecture(),
            landing: network.landing(),
            scaler: model.scaler().clone(),
            seeds: network.seeds().map(SeedHeader::of).collect(),
            provenance: model.provenance().clone(),
        }
    }

    /// Checks what can be checked without the weights; what is wrong, in words.
    pub(super) fn check(&self) -> Result<(), String> {
        let Architecture {
            input_dim,
            hidden_dim,
            num_layers,
            seeds_per_layer,
            classes,
            host: _,
        } = self.architecture;
        if [input_dim, hidden_dim, num_layers, seeds_per_layer, classes].contains(&0) {
            return Err("a size is 0".to_owned());
        }
        if self.scaler.input_dim() != input_dim || self.scaler.scale().len() != input_dim {
            return Err("the scaler does not fit the input".to_owned());
        }
        let expected = num_layers.checked_mul(seeds_per_layer);
        let named = (1..=num_layers).flat_map(|layer| self.architecture.seeds_behind(layer));
        if expected != Some(self.seeds.len())
            || !named.zip(&self.seeds).all(|(id, header)| id == header.seed)
        {
            return Err("the seeds do not fit the layers".to_owned());
        }
        match self.seeds.iter().find(|header| !header.is_complete()) {
            Some(header) => Err(format!("{} lacks its alpha or progress", header.seed)),
            None => Ok(()),
        }
    }
}

impl SeedHeader {
    fn of(seed: &Seed) -> Self {
        let (alpha, progress) = (seed.alpha(), seed.progress());
        Self {
            seed: seed.id(),
            state: seed.state(),
            alpha,
            progress,
            blueprint: seed.child().map(Child::blueprint),
            operator: seed.child().map(Child::operator),
        }
    }

    /// Whether just what its state measures is there, in its range.
    fn is_complete(&self) -> bool {
        let measured = |value: Option<f64>| value.is_none_or(|value| (0.0..=1.0).contains(&value));
        self.alpha.is_some() == self.state.shows()
            && self.progress.is_some() == self.state.is_grown()
            && measured(self.alpha)
            && measured(self.progress)
    }
}
