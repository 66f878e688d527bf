//! The backbone that seeds grow in: a [`Host`] with named [`Slot`]s, its shape ([`Architecture`])
//! and its initial weights.
//!
//! A host is cut into segments by its slots: segment 0, slot 0, segment 1, slot 1, and so on; the
//! last segment gives the logits. Whoever grows seeds knows slots alone, not what lies between.

mod architecture;
#[expect(
    clippy::module_inception,
    reason = "the file is named after its main type"
)]
mod host;
mod host_kind;
mod mlp_host;
mod slot;

pub use architecture::Architecture;
pub(crate) use host::Host;
pub use host_kind::HostKind;
pub(crate) use mlp_host::MlpHost;
pub(crate) use slot::Slot;
