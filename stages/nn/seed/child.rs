use kaslite_random::{LinearWeights, TorchGenerator};
use tch::{Device, Reduction, Tensor};

use crate::blueprint::Blueprint;
use crate::layer::{Activation, Affine, Chain, Layer, Layout, Linear, Tape, Wanted};
use crate::optimiser::Parameters;
use crate::seed::Operator;

/// Width of a gate's hidden layer, at least.
const GATE_WIDTH: usize = 8;
/// How much narrower it is than what the seed gets, above that.
const GATE_NARROWING: usize = 4;
/// The names of a gate's tensors, as they follow the seed's name in a model file.
const GATE_NAMES: [&str; 4] = [
    "gate.0.weight",
    "gate.0.bias",
    "gate.2.weight",
    "gate.2.bias",
];

/// The network that a seed grows, with the gate through which it joins if it has one.
pub(crate) struct Child {
    blueprint: Blueprint,
    operator: Operator,
    chain: Chain,
    gate: Option<Chain>,
    parameters: Parameters,
}

impl Child {
    /// A child with initial weights, for rows of width `dim`.
    pub(crate) fn draw(
        blueprint: Blueprint,
        operator: Operator,
        dim: usize,
        generator: &mut TorchGenerator,
        device: Device,
    ) -> Self {
        let mut values = blueprint.draw(dim, generator);
        if operator == Operator::Gate {
            let width = gate_width(dim);
            for (inputs, outputs) in [(dim, width), (width, 1)] {
                let drawn = LinearWeights::draw(generator, inputs, outputs);
                values.extend(drawn.weight.into_iter().chain(drawn.bias));
            }
        }
        Self::with_values(blueprint, operator, dim, &values, device)
    }

    /// A child with the weights of a model file, as they lie in [`Child::layout`].
    pub(crate) fn with_values(
        blueprint: Blueprint,
        operator: Operator,
        dim: usize,
        values: &[f32],
        device: Device,
    ) -> Self {
        let mut layout = Layout::default();
        let (chain, gate) = build(&mut layout, blueprint, operator, dim);
        Self {
            blueprint,
            operator,
            chain,
            gate,
            parameters: Parameters::new(values, &layout, device),
        }
    }

    /// Where the weights lie.
    pub(crate) fn layout(blueprint: Blueprint, operator: Operator, dim: usize) -> Layout {
        let mut layout = Layout::default();
        let _parts = build(&mut layout, blueprint, operator, dim);
        layout
    }

    /// The tensors' names, as they follow the seed's name in a model file, in the same order.
    pub(crate) fn names(blueprint: Blueprint, operator: Operator) -> Vec<&'static str> {
        let gate: &[&str] = match operator {
            Operator::Gate => &GATE_NAMES,
            Operator::Add | Operator::Multiply => &[],
        };
        [blueprint.names(), gate].concat()
    }

    pub(crate) fn blueprint(&self) -> Blueprint {
        self.blueprint
    }

    pub(crate) fn operator(&self) -> Operator {
        self.operator
    }

    pub(crate) fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    #[cfg(test)]
    pub(crate) fn parameters_mut(&mut self) -> &mut Parameters {
        &mut self.parameters
    }

    /// Number of weights, the gate's included.
    pub(crate) fn count(&self) -> usize {
        self.parameters.count()
    }

    /// `[rows, dim]` to `[rows, dim]`.
    pub(crate) fn forward(&self, x: &Tensor, tape: &mut Tape) -> Tensor {
        self.chain.forward(&self.parameters, x, tape)
    }

    /// What the child's last layer gets for `x`.
    pub(crate) fn forward_to_last(&self, x: &Tensor) -> Tensor {
        self.chain.forward_to_last(&self.parameters, x)
    }

    /// The child's last layer as an affine map, if it is one and gives all that the child gives.
    pub(crate) fn last(&self) -> Option<Affine> {
        self.chain.last(&self.parameters)
    }

    /// The way back through the child.
    pub(crate) fn backward(
        &self,
        gradient: Tensor,
        tape: &mut Tape,
        wanted: Wanted,
    ) -> Option<Tensor> {
        self.chain
            .backward(&self.parameters, gradient, tape, wanted)
    }

    /// How far the gate is open for each row, `[rows, 1]`.
    pub(crate) fn gate(&self, x: &Tensor, tape: &mut Tape) -> Option<Tensor> {
        let gate = self.gate.as_ref()?;
        Some(gate.forward(&self.parameters, x, tape))
    }

    /// The way back through the gate.
    pub(crate) fn gate_backward(
        &self,
        gradient: Tensor,
        tape: &mut Tape,
        wanted: Wanted,
    ) -> Option<Tensor> {
        let gate = self.gate.as_ref()?;
        gate.backward(&self.parameters, gradient, tape, wanted)
    }

    /// Mean squared error of reproducing `x`, a scalar tensor; writes its gradients.
    pub(crate) fn learn_to_reproduce(&self, x: &Tensor) -> Tensor {
        let mut tape = Tape::recording();
        let given = self.forward(x, &mut tape);
        let loss = given.mse_loss(x, Reduction::Mean);
        let gradient = given.mse_loss_backward(&loss.ones_like(), x, Reduction::Mean);
        let wanted = Wanted {
            weights: true,
            input: false,
        };
        self.backward(gradient, &mut tape, wanted);
        loss
    }
}

fn build(
    layout: &mut Layout,
    blueprint: Blueprint,
    operator: Operator,
    dim: usize,
) -> (Chain, Option<Chain>) {
    let chain = blueprint.build(layout, dim);
    let gate = (operator == Operator::Gate).then(|| {
        let width = gate_width(dim);
        Chain::new(vec![
            Box::new(Linear::new(layout, dim, width, Activation::Relu)),
            Box::new(Linear::new(layout, width, 1, Activation::Sigmoid)),
        ])
    });
    (chain, gate)
}

fn gate_width(dim: usize) -> usize {
    (dim / GATE_NARROWING).max(GATE_WIDTH)
}
