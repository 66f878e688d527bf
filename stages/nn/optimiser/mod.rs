//! How weights learn: where they lie ([`Parameters`]), their gradients, [`Adam`], and the
//! learning-rate schedule ([`StepSchedule`]).

mod adam;
mod parameters;
mod step_schedule;

pub(crate) use adam::Adam;
pub(crate) use parameters::{Parameters, gradients};
pub(crate) use step_schedule::StepSchedule;
