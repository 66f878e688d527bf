//! One seed: its name ([`SeedId`]), its life ([`SeedState`]) and the network that it grows.

mod child;
#[expect(
    clippy::module_inception,
    reason = "the file is named after its main type"
)]
mod seed;
mod seed_id;
mod seed_state;

pub(crate) use child::Child;
pub(crate) use seed::{Seed, Step};
pub use seed_id::SeedId;
pub use seed_state::{IllegalTransition, SeedState};
