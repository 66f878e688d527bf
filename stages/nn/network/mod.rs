//! Host and seeds together: the forward pass ([`Network`]), the seeds behind one layer ([`Site`])
//! and the activations that they remember ([`ActivationBuffer`]).

mod activation_buffer;
#[expect(
    clippy::module_inception,
    reason = "the file is named after its main type"
)]
mod network;
mod row_moments;
mod site;

pub(crate) use activation_buffer::ActivationBuffer;
pub(crate) use network::Network;
pub(crate) use row_moments::RowMoments;
pub(crate) use site::Site;
