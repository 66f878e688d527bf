use tch::{Kind, Tensor};

use crate::layer::{Affine, Layer, Layout, Tape, Wanted};
use crate::optimiser::Parameters;

/// What follows the sums of a [`Linear`] layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Activation {
    Identity,
    Relu,
    Sigmoid,
}

impl Activation {
    pub(crate) fn of(self, sums: &Tensor) -> Tensor {
        match self {
            Self::Identity => sums.shallow_clone(),
            Self::Relu => sums.relu(),
            Self::Sigmoid => sums.sigmoid(),
        }
    }
}

/// The two parts of a [`Linear`] layer.
pub(crate) struct Sums {
    pub(crate) map: Affine,
    pub(crate) activation: Activation,
}

/// `activation(x Wᵀ + b)` for rows `x`.
#[derive(Debug)]
pub(crate) struct Linear {
    weight: usize,
    bias: Option<usize>,
    activation: Activation,
}

impl Linear {
    /// A layer with a bias.
    pub(crate) fn new(
        layout: &mut Layout,
        inputs: usize,
        outputs: usize,
        activation: Activation,
    ) -> Self {
        Self {
            weight: layout.add(&[outputs, inputs]),
            bias: Some(layout.add(&[outputs])),
            activation,
        }
    }

    /// A layer of products alone.
    pub(crate) fn without_bias(layout: &mut Layout, inputs: usize, outputs: usize) -> Self {
        Self {
            weight: layout.add(&[outputs, inputs]),
            bias: None,
            activation: Activation::Identity,
        }
    }
}

impl Layer for Linear {
    fn forward(&self, parameters: &Parameters, x: &Tensor, tape: &mut Tape) -> Tensor {
        tape.keep(x);
        let transposed = parameters.transposed(self.weight);
        let mut sums = match self.bias {
            Some(bias) => parameters.value(bias).addmm(x, transposed),
            None => x.mm(transposed),
        };
        match self.activation {
            Activation::Identity => return sums,
            Activation::Relu => drop(sums.relu_()),
            Activation::Sigmoid => drop(sums.sigmoid_()),
        }
        tape.keep(&sums);
        sums
    }

    fn backward(
        &self,
        parameters: &Parameters,
        gradient: Tensor,
        tape: &mut Tape,
        wanted: Wanted,
    ) -> Option<Tensor> {
        let gradient = match self.activation {
            Activation::Identity => gradient,
            Activation::Relu => tape.take().threshold_backward(&gradient, 0.0),
            Activation::Sigmoid => Tensor::sigmoid_backward(&gradient, &tape.take()),
        };
        let x = tape.take();
        if wanted.weights {
            let _written = gradient.tr().mm_out(parameters.gradient(self.weight), &x);
            if let Some(bias) = self.bias {
                let over_rows = [0_i64].as_slice();
                let into = parameters.gradient(bias);
                let _written = gradient.sum_intlist_out(into, over_rows, false, Kind::Float);
            }
        }
        wanted
            .input
            .then(|| gradient.mm(parameters.value(self.weight)))
    }

    fn sums(&self, parameters: &Parameters) -> Option<Sums> {
        let bias = parameters.value(self.bias?);
        Some(Sums {
            map: Affine::new(parameters.value(self.weight), bias),
            activation: self.activation,
        })
    }
}
