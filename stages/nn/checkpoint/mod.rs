//! A run that is kept, to be gone on with.
//!
//! | file | holds |
//! |---|---|
//! | `checkpoint` | [`Checkpoint`]: a run at the end of an epoch, as bytes |
//! | `state` | [`State`]: what is in it |
//! | `keeper` | [`Keeper`]: who keeps it |
//! | `floats` | [`Floats`]: a tensor as bytes |

#[expect(
    clippy::module_inception,
    reason = "the file is named after its main type"
)]
mod checkpoint;
mod floats;
mod keeper;
mod state;

pub use checkpoint::Checkpoint;
pub(crate) use floats::Floats;
pub use keeper::{Keeper, Next};
pub(crate) use state::State;
