//! What networks are made of: layers that compute forward and, by hand, backward.
//!
//! No autograd graph is built. A [`Layer`] keeps on a [`Tape`] what its way back needs, writes the
//! gradients of its weights into the flat buffer of its
//! [`Parameters`](crate::optimiser::Parameters), and gives the gradient of what it got.

mod affine;
mod chain;
mod gated_norm;
#[expect(
    clippy::module_inception,
    reason = "the file is named after its main type"
)]
mod layer;
mod layout;
mod linear;
mod tape;

pub(crate) use affine::Affine;
pub(crate) use chain::Chain;
pub(crate) use gated_norm::GatedNorm;
pub(crate) use layer::{Layer, Wanted};
pub(crate) use layout::Layout;
pub(crate) use linear::{Activation, Linear, Sums};
pub(crate) use tape::Tape;
