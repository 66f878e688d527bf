//! The backbone that seeds grow in: its shape ([`Architecture`]), its layers and their initial
//! weights.

mod architecture;
mod mlp_host;

pub use architecture::Architecture;
pub(crate) use mlp_host::MlpHost;
