use tch::Tensor;

use crate::host::Slot;
use crate::layer::{Sums, Tape, Wanted};
use crate::optimiser::Parameters;

/// A backbone cut into segments by its slots; it has one segment more than slots.
pub(crate) trait Host {
    /// The slots in the order in which a forward pass meets them.
    fn slots(&self) -> &[Slot];

    /// The weights of all segments.
    fn parameters(&self) -> &Parameters;

    /// What segment `segment`, from 0, gives for `x`: what the slot of the same place gets, or the
    /// logits `[rows, classes]`.
    fn forward(&self, segment: usize, x: &Tensor, tape: &mut Tape) -> Tensor;

    /// The way back through that segment, as [`Layer::backward`](crate::layer::Layer::backward).
    fn backward(
        &self,
        segment: usize,
        gradient: Tensor,
        tape: &mut Tape,
        wanted: Wanted,
    ) -> Option<Tensor>;

    /// The first layer of that segment, if it is made of an affine map.
    fn first(&self, segment: usize) -> Option<Sums>;

    /// What that segment gives where its first layer gave `given`.
    fn forward_from_first(&self, segment: usize, given: &Tensor) -> Tensor;
}
