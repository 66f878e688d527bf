//! How weights learn: where they and their gradients lie ([`Parameters`]), [`Adam`], and the
//! learning-rate schedule ([`StepSchedule`]).

mod adam;
mod parameters;
mod step_schedule;

pub(crate) use adam::{Adam, AdamState};
pub(crate) use parameters::Parameters;
pub(crate) use step_schedule::StepSchedule;
