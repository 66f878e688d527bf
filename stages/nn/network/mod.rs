//! Host and seeds together: forward and backward ([`Network`]), what lies between the two
//! ([`Record`]), the seeds in one slot ([`Site`]), passes of many configurations
//! ([`Tree`], [`Junction`]), and the activations there that the original
//! remembers ([`ActivationBuffer`]).

mod activation_buffer;
mod junction;
#[expect(
    clippy::module_inception,
    reason = "the file is named after its main type"
)]
mod network;
mod record;
mod row_moments;
mod site;
mod tree;

pub(crate) use activation_buffer::{ActivationBuffer, BufferState};
use junction::Junction;
pub(crate) use network::Network;
pub(crate) use record::Record;
pub(crate) use row_moments::RowMoments;
pub(crate) use site::{Site, Watcher};
pub(crate) use tree::Tree;

#[cfg(test)]
mod tests;
