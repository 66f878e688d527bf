use tch::{Kind, Tensor};

use crate::layer::{Layer, Layout, Tape, Wanted};
use crate::optimiser::Parameters;

/// Added to the variance, torch's default.
const EPSILON: f64 = 1e-5;

/// `x + tanh(k) (norm(x) − x)`: layer normalisation behind a gate, the identity while `k` is 0.
#[derive(Debug)]
pub(crate) struct GatedNorm {
    dim: i64,
    scale: usize,
    shift: usize,
    gate: usize,
}

impl GatedNorm {
    pub(crate) fn new(layout: &mut Layout, dim: usize) -> Self {
        Self {
            dim: i64::try_from(dim).unwrap_or(i64::MAX),
            scale: layout.add(&[dim]),
            shift: layout.add(&[dim]),
            gate: layout.add(&[1]),
        }
    }
}

impl Layer for GatedNorm {
    fn forward(&self, parameters: &Parameters, x: &Tensor, tape: &mut Tape) -> Tensor {
        let (scale, shift) = (parameters.value(self.scale), parameters.value(self.shift));
        let (normed, mean, inverse_deviation) =
            x.native_layer_norm([self.dim].as_slice(), Some(scale), Some(shift), EPSILON);
        let difference = normed - x;
        tape.keep(x);
        tape.keep(&mean);
        tape.keep(&inverse_deviation);
        tape.keep(&difference);
        x + difference * parameters.value(self.gate).tanh()
    }

    /// Ba, Kiros and Hinton, "Layer normalization" (2016), differentiated.
    fn backward(
        &self,
        parameters: &Parameters,
        gradient: Tensor,
        tape: &mut Tape,
        wanted: Wanted,
    ) -> Option<Tensor> {
        let (difference, inverse_deviation, mean, x) =
            (tape.take(), tape.take(), tape.take(), tape.take());
        let gate = parameters.value(self.gate).tanh();
        let standard = (x - mean) * &inverse_deviation;
        let of_normed = &gradient * &gate;
        if wanted.weights {
            let over_rows = [0_i64].as_slice();
            let into = |at| parameters.gradient(at);
            let of_scale = &of_normed * &standard;
            let _scale = of_scale.sum_intlist_out(into(self.scale), over_rows, false, Kind::Float);
            let _shift = of_normed.sum_intlist_out(into(self.shift), over_rows, false, Kind::Float);
            let of_gate = (&gradient * &difference).sum(Kind::Float) * (1.0 - gate.square());
            into(self.gate).shallow_clone().copy_(&of_gate);
        }
        if !wanted.input {
            return None;
        }
        let over_features = |tensor: &Tensor| tensor.mean_dim([1_i64].as_slice(), true, None);
        let of_standard = &of_normed * parameters.value(self.scale);
        let along = over_features(&(&of_standard * &standard));
        let centred = &of_standard - over_features(&of_standard) - standard * along;
        Some(gradient - of_normed + centred * inverse_deviation)
    }
}
