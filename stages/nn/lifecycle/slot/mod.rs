//! The state machine: a [`Slot`] and the seed that lives in it ([`LivingSeed`]).

mod advance;
mod blend;
mod living_seed;
#[expect(
    clippy::module_inception,
    reason = "the file is named after its main type"
)]
mod slot;
mod slot_error;
mod tick;

pub use advance::Advance;
pub use blend::{Blend, Pace};
pub use living_seed::{Isolation, LivingSeed};
pub use slot::{Germination, Slot};
pub use slot_error::SlotError;
pub use tick::{AutoForward, Tick};

#[cfg(test)]
mod tests;
