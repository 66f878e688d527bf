use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::host::HostKind;
use crate::seed::SeedId;

/// The shape of a host and its slots.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Architecture {
    /// What kind of host it is.
    #[serde(default)]
    pub host: HostKind,
    /// Features in a row.
    pub input_dim: usize,
    /// Width of the hidden layers.
    pub hidden_dim: usize,
    /// Number of hidden layers, each with a slot behind it.
    pub num_layers: usize,
    /// Seeds in each slot.
    pub seeds_per_layer: usize,
    /// Number of classes.
    pub classes: usize,
}

impl Architecture {
    pub(crate) fn new(config: &Config, input_dim: usize) -> Self {
        Self {
            host: config.host,
            input_dim,
            hidden_dim: config.hidden_dim,
            num_layers: config.num_layers,
            seeds_per_layer: config.seeds_per_layer,
            classes: config.classes,
        }
    }

    /// `(inputs, outputs)` of every linear layer of the host, in the order of construction, for a
    /// multi-layer perceptron.
    pub(crate) fn layers(&self) -> impl Iterator<Item = (usize, usize)> + use<> {
        let Self {
            input_dim,
            hidden_dim,
            num_layers,
            classes,
            ..
        } = *self;
        let hidden = std::iter::repeat_n((hidden_dim, hidden_dim), num_layers);
        std::iter::once((input_dim, hidden_dim))
            .chain(hidden)
            .chain(std::iter::once((hidden_dim, classes)))
    }

    /// Every seed, in the order in which the host meets them.
    pub fn seeds(&self) -> impl Iterator<Item = SeedId> + use<> {
        let architecture = *self;
        (1..=self.num_layers).flat_map(move |layer| architecture.seeds_behind(layer))
    }

    /// The seeds in slot `layer`, from 1.
    pub(crate) fn seeds_behind(&self, layer: usize) -> impl Iterator<Item = SeedId> + use<> {
        (1..=self.seeds_per_layer).map(move |index| SeedId { layer, index })
    }
}
