use kaslite_random::{LinearWeights, TorchGenerator};
use tch::{Device, Tensor};

use crate::host::{Architecture, Host, Slot};
use crate::layer::{Activation, Chain, Layer, Layout, Linear, Sums, Tape, Wanted};
use crate::optimiser::Parameters;

/// A multi-layer perceptron: `Linear(input, hidden)`, then `num_layers` hidden layers, each with
/// `ReLU`, then `Linear(hidden, classes)`. A slot lies behind each hidden layer.
pub(crate) struct MlpHost {
    slots: Vec<Slot>,
    segments: Vec<Chain>,
    parameters: Parameters,
}

impl MlpHost {
    /// A host with `values` for weights, as they lie in the layout of [`MlpHost::build`].
    pub(crate) fn new(architecture: &Architecture, values: &[f32], device: Device) -> Self {
        let (layout, segments) = Self::build(architecture);
        let slot = |layer| Slot {
            name: format!("layer{layer}"),
            dim: architecture.hidden_dim,
        };
        Self {
            slots: (1..=architecture.num_layers).map(slot).collect(),
            segments,
            parameters: Parameters::new(values, &layout, device),
        }
    }

    /// The segments, and where their weights lie: layer after layer.
    pub(crate) fn build(architecture: &Architecture) -> (Layout, Vec<Chain>) {
        let mut layout = Layout::default();
        let last = architecture.num_layers + 1;
        let mut segments = Vec::new();
        let mut layers: Vec<Box<dyn Layer>> = Vec::new();
        for (at, (inputs, outputs)) in architecture.layers().enumerate() {
            let activation = if at == last {
                Activation::Identity
            } else {
                Activation::Relu
            };
            let linear = Linear::new(&mut layout, inputs, outputs, activation);
            layers.push(Box::new(linear));
            // The input layer has no slot behind it; the last one ends the host.
            if at > 0 {
                segments.push(Chain::new(std::mem::take(&mut layers)));
            }
        }
        (layout, segments)
    }

    #[cfg(test)]
    pub(crate) fn parameters_mut(&mut self) -> &mut Parameters {
        &mut self.parameters
    }

    /// Draws the initial weights in the order in which the original builds its layers. The
    /// original draws weights for the seeds' layers too and then sets them to zero; they are
    /// drawn here and dropped, so that what follows is the same.
    pub(crate) fn draw(architecture: &Architecture, generator: &mut TorchGenerator) -> Vec<f32> {
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
        values
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
}

impl Host for MlpHost {
    fn slots(&self) -> &[Slot] {
        &self.slots
    }

    fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    fn forward(&self, segment: usize, x: &Tensor, tape: &mut Tape) -> Tensor {
        self.segments[segment].forward(&self.parameters, x, tape)
    }

    fn backward(
        &self,
        segment: usize,
        gradient: Tensor,
        tape: &mut Tape,
        wanted: Wanted,
    ) -> Option<Tensor> {
        self.segments[segment].backward(&self.parameters, gradient, tape, wanted)
    }

    fn first(&self, segment: usize) -> Option<Sums> {
        self.segments[segment].first(&self.parameters)
    }

    fn forward_from_first(&self, segment: usize, given: &Tensor) -> Tensor {
        self.segments[segment].forward_from_first(&self.parameters, given)
    }
}
