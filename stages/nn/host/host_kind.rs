use kaslite_random::TorchGenerator;
use serde::{Deserialize, Serialize};
use tch::Device;

use crate::host::{Architecture, Host, MlpHost};
use crate::layer::Layout;

/// The kinds of hosts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HostKind {
    /// A multi-layer perceptron: `Linear(input, hidden)` with `ReLU`, then `num_layers` hidden
    /// layers with `ReLU`, each followed by a slot, then `Linear(hidden, classes)`.
    #[default]
    Mlp,
}

impl HostKind {
    /// A host with initial weights.
    pub(crate) fn draw(
        self,
        architecture: &Architecture,
        generator: &mut TorchGenerator,
        device: Device,
    ) -> Box<dyn Host> {
        match self {
            Self::Mlp => {
                let values = MlpHost::draw(architecture, generator);
                Box::new(MlpHost::new(architecture, &values, device))
            }
        }
    }

    /// A host with the weights of a model file, as they lie in [`HostKind::layout`].
    pub(crate) fn with_values(
        self,
        architecture: &Architecture,
        values: &[f32],
        device: Device,
    ) -> Box<dyn Host> {
        match self {
            Self::Mlp => Box::new(MlpHost::new(architecture, values, device)),
        }
    }

    /// The tensors' names in a model file, in the order of [`HostKind::layout`].
    pub(crate) fn names(self, architecture: &Architecture) -> Vec<String> {
        match self {
            Self::Mlp => MlpHost::names(architecture),
        }
    }

    /// Where the weights lie.
    pub(crate) fn layout(self, architecture: &Architecture) -> Layout {
        match self {
            Self::Mlp => MlpHost::build(architecture).0,
        }
    }
}
