use tch::Tensor;

use crate::layer::{Layer, Tape, Wanted};
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
