use tch::Tensor;

use crate::layer::{Activation, Affine, Layer, Sums, Tape, Wanted};
use crate::optimiser::Parameters;

/// Layers one after the other; nothing but the identity where there are none.
#[derive(Default)]
pub(crate) struct Chain {
    layers: Vec<Box<dyn Layer>>,
    /// Whether what the chain got is added to what its last layer gives.
    residual: bool,
}

impl Chain {
    pub(crate) fn new(layers: Vec<Box<dyn Layer>>) -> Self {
        Self {
            layers,
            residual: false,
        }
    }

    /// `x + layers(x)`.
    pub(crate) fn residual(layers: Vec<Box<dyn Layer>>) -> Self {
        Self {
            layers,
            residual: true,
        }
    }

    /// What the last layer gets.
    pub(crate) fn forward_to_last(&self, parameters: &Parameters, x: &Tensor) -> Tensor {
        let before = self.layers.split_last();
        through(before.map_or(&[], |(_, before)| before), parameters, x)
    }

    /// The last layer, if it is an affine map and gives all that the chain gives.
    pub(crate) fn last(&self, parameters: &Parameters) -> Option<Affine> {
        let last = self.layers.last().filter(|_| !self.residual)?;
        let Sums { map, activation } = last.sums(parameters)?;
        (activation == Activation::Identity).then_some(map)
    }

    /// The first layer, if it is made of an affine map and is all that gets what the chain gets.
    pub(crate) fn first(&self, parameters: &Parameters) -> Option<Sums> {
        let first = self.layers.first().filter(|_| !self.residual)?;
        first.sums(parameters)
    }

    /// What the chain gives where its first layer gave `given`.
    pub(crate) fn forward_from_first(&self, parameters: &Parameters, given: &Tensor) -> Tensor {
        through(self.layers.get(1..).unwrap_or_default(), parameters, given)
    }
}

fn through(layers: &[Box<dyn Layer>], parameters: &Parameters, x: &Tensor) -> Tensor {
    let mut given = x.shallow_clone();
    for layer in layers {
        given = layer.forward(parameters, &given, &mut Tape::off());
    }
    given
}

impl Layer for Chain {
    fn forward(&self, parameters: &Parameters, x: &Tensor, tape: &mut Tape) -> Tensor {
        let mut given = x.shallow_clone();
        for layer in &self.layers {
            given = layer.forward(parameters, &given, tape);
        }
        if self.residual { x + given } else { given }
    }

    fn backward(
        &self,
        parameters: &Parameters,
        gradient: Tensor,
        tape: &mut Tape,
        wanted: Wanted,
    ) -> Option<Tensor> {
        if wanted.nothing() {
            return None;
        }
        let straight = (self.residual && wanted.input).then(|| gradient.shallow_clone());
        let mut gradient = Some(gradient);
        for (at, layer) in self.layers.iter().enumerate().rev() {
            let input = wanted.input || at > 0;
            let wanted = Wanted { input, ..wanted };
            gradient = layer.backward(parameters, gradient?, tape, wanted);
        }
        match (gradient, straight) {
            (Some(gradient), Some(straight)) => Some(straight + gradient),
            (gradient, _) => gradient.filter(|_| wanted.input),
        }
    }
}
