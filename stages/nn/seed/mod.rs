//! One seed: its name ([`SeedId`]), its life ([`SeedState`]), the network that it grows
//! ([`Child`]), and the part that this takes in a pass ([`Role`]).
//!
//! [`Seed::role`] is the one place where a seed's life becomes arithmetic: what its child does to
//! what the seed gets ([`Coupling`]), whether the child learns, and whether gradients pass below
//! it. The life itself is a [`SlotLife`](crate::SlotLife).

mod child;
mod drift;
mod lesson;
mod measured;
mod operator;
mod role;
#[expect(
    clippy::module_inception,
    reason = "the file is named after its main type"
)]
mod seed;
mod seed_id;
mod seed_record;
mod seed_state;

pub(crate) use child::Child;
pub(crate) use drift::drift;
pub use lesson::Lesson;
pub use operator::Operator;
pub(crate) use role::{Coupling, InputGradient, Role, blended};
pub(crate) use seed::{Birth, Growth, Seed};
pub use seed_id::{SeedId, SeedNameError};
pub(crate) use seed_record::SeedRecord;
pub use seed_state::SeedState;

#[cfg(test)]
mod tests;
