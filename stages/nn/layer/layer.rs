use tch::Tensor;

use crate::layer::{Sums, Tape};
use crate::optimiser::Parameters;

/// Which gradients a way back has to give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// Those of the weights, into the flat buffer of the parameters.
    pub(crate) weights: bool,
    /// That of what the layer got.
    pub(crate) input: bool,
}

impl Wanted {
    pub(crate) fn nothing(self) -> bool {
        !self.weights && !self.input
    }
}

/// A piece of a network. Its weights lie in the parameters of the module that it is part of.
pub(crate) trait Layer {
    /// What the layer gives for `x`, of which it changes nothing.
    fn forward(&self, parameters: &Parameters, x: &Tensor, tape: &mut Tape) -> Tensor;

    /// The way back of the forward pass that filled `tape`: `gradient` is that of the loss with
    /// respect to what the layer gave. Gradients of weights are written, not added. Gives the
    /// gradient with respect to `x` where it is wanted.
    fn backward(
        &self,
        parameters: &Parameters,
        gradient: Tensor,
        tape: &mut Tape,
        wanted: Wanted,
    ) -> Option<Tensor>;

    /// The layer as an affine map and what follows it, if it is made so.
    fn sums(&self, _parameters: &Parameters) -> Option<Sums> {
        None
    }
}
