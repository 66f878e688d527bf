use kaslite_random::{LinearWeights, TorchGenerator};
use tch::Tensor;

use crate::host::Architecture;
use crate::optimiser::Parameters;

/// A multi-layer perceptron: `Linear(input, hidden)`, then `num_layers` hidden layers, each with
/// `ReLU`, then `Linear(hidden, classes)`. Seeds sit behind the hidden layers.
pub(crate) struct MlpHost {
    architecture: Architecture,
    parameters: Parameters,
}

impl MlpHost {
    /// Draws the initial weights in the order in which the original builds its layers. The
    /// original draws weights for the seeds' layers too and then sets them to zero; they are
    /// drawn here and dropped, so that what follows is the same.
    pub(crate) fn draw(architecture: Architecture, generator: &mut TorchGenerator) -> Self {
        let mut values = Vec::new();
        let dim = architecture.hidden_dim;
        for (at, (inputs, outputs)) in architecture.layers().enumerate() {
            let LinearWeights { weight, bias } = LinearWeights::draw(generator, inputs, outputs);
            values.extend(weight.into_iter().chain(bias));
            let carries_seeds = (1..=architecture.num_layers).contains(&at);
            for _ in 0..if carries_seeds {
                architecture.seeds_per_layer
            } else {
                0
            } {
                let _up = LinearWeights::draw(generator, dim, 4 * dim);
                let _down = LinearWeights::draw(generator, 4 * dim, dim);
            }
        }
        Self::from_values(architecture, &values)
    }

    /// A host with the weights of a model file, in the order of [`MlpHost::names`].
    pub(crate) fn from_values(architecture: Architecture, values: &[f32]) -> Self {
        Self {
            architecture,
            parameters: Parameters::new(values, &Self::shapes(&architecture)),
        }
    }

    /// The tensors' names, in the order of construction.
    pub(crate) fn names(architecture: &Architecture) -> Vec<String> {
        let hidden = (0..architecture.num_layers).map(|layer| format!("layers.{layer}"));
        std::iter::once("input_layer".to_owned())
            .chain(hidden)
            .chain(std::iter::once("out".to_owned()))
            .flat_map(|layer| [format!("{layer}.weight"), format!("{layer}.bias")])
            .collect()
    }

    /// The tensors' shapes, in the same order.
    pub(crate) fn shapes(architecture: &Architecture) -> Vec<Vec<usize>> {
        architecture
            .layers()
            .flat_map(|(inputs, outputs)| [vec![outputs, inputs], vec![outputs]])
            .collect()
    }

    pub(crate) fn architecture(&self) -> Architecture {
        self.architecture
    }

    pub(crate) fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    pub(crate) fn parameters_mut(&mut self) -> &mut Parameters {
        &mut self.parameters
    }

    /// `[rows, input_dim]` to `[rows, hidden_dim]`.
    pub(crate) fn enter(&self, x: &Tensor) -> Tensor {
        self.linear(0, x).relu()
    }

    /// Hidden layer `layer`, from 1: `[rows, hidden_dim]` to the same shape.
    pub(crate) fn hidden(&self, layer: usize, x: &Tensor) -> Tensor {
        self.linear(layer, x).relu()
    }

    /// `[rows, hidden_dim]` to the logits `[rows, classes]`.
    pub(crate) fn leave(&self, x: &Tensor) -> Tensor {
        self.linear(self.architecture.num_layers + 1, x)
    }

    fn linear(&self, at: usize, x: &Tensor) -> Tensor {
        x.linear(
            self.parameters.leaf(2 * at),
            Some(self.parameters.leaf(2 * at + 1)),
        )
    }
}
