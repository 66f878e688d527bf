//! The state machine: a [`SlotLife`] and the seed that lives in it ([`LivingSeed`]).

mod advance;
mod blend;
mod living_seed;
mod slot_error;
#[expect(
    clippy::module_inception,
    reason = "the file is named after its main type"
)]
mod slot_life;
mod tick;

pub use advance::Advance;
pub use blend::{Blend, Pace};
pub use living_seed::{Isolation, LivingSeed};
pub use slot_error::SlotError;
pub use slot_life::{Germination, SlotLife};
pub use tick::{AutoForward, Tick};

#[cfg(test)]
mod tests;
