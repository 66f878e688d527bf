//! What a seed may grow: the registry of child networks ([`Blueprint`]).

#[expect(
    clippy::module_inception,
    reason = "the file is named after its main type"
)]
mod blueprint;

pub use blueprint::Blueprint;
