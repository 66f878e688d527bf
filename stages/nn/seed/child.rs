use kaslite_random::{LinearWeights, TorchGenerator};
use tch::Tensor;

use crate::optimiser::Parameters;

/// How much wider the child's hidden layer is than what the seed gets.
const EXPANSION: usize = 4;

/// The network that a seed grows: `Linear(d, 4d)`, `ReLU`, `Linear(4d, d)`.
pub(crate) struct Child {
    parameters: Parameters,
}

impl Child {
    /// The tensors' names, as they follow the seed's name in a model file.
    pub(crate) const NAMES: [&'static str; 4] = [
        "child.0.weight",
        "child.0.bias",
        "child.2.weight",
        "child.2.bias",
    ];

    /// The tensors' shapes, in the order of [`Child::NAMES`].
    pub(crate) fn shapes(dim: usize) -> Vec<Vec<usize>> {
        let hidden = EXPANSION * dim;
        vec![
            vec![hidden, dim],
            vec![hidden],
            vec![dim, hidden],
            vec![dim],
        ]
    }

    /// Kaiming-normal weights, first layer first; zero biases.
    pub(crate) fn draw(dim: usize, generator: &mut TorchGenerator) -> Self {
        let hidden = EXPANSION * dim;
        let up = LinearWeights::draw_for_relu(generator, dim, hidden);
        let down = LinearWeights::draw_for_relu(generator, hidden, dim);
        let values = [up.weight, up.bias, down.weight, down.bias].concat();
        Self::from_values(dim, &values)
    }

    /// A child with the weights of a model file, in the order of [`Child::NAMES`].
    pub(crate) fn from_values(dim: usize, values: &[f32]) -> Self {
        Self {
            parameters: Parameters::new(values, &Self::shapes(dim)),
        }
    }

    pub(crate) fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    pub(crate) fn parameters_mut(&mut self) -> &mut Parameters {
        &mut self.parameters
    }

    /// Number of weights.
    pub(crate) fn count(&self) -> usize {
        self.parameters.count()
    }

    /// `[rows, dim]` to `[rows, dim]`.
    pub(crate) fn forward(&self, x: &Tensor) -> Tensor {
        let leaf = |at| self.parameters.leaf(at);
        let hidden = x.linear(leaf(0), Some(leaf(1))).relu();
        hidden.linear(leaf(2), Some(leaf(3)))
    }

    /// Mean squared error of reproducing `x`: the auto-encoding loss, a scalar tensor.
    pub(crate) fn reproduction_loss(&self, x: &Tensor) -> Tensor {
        self.forward(x).mse_loss(x, tch::Reduction::Mean)
    }
}
