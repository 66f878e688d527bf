//! The gates before the stages of a life: what each looks at ([`GateParams`]), and what it found
//! ([`GateRecord`]).

mod check;
#[expect(
    clippy::module_inception,
    reason = "the file is named after its main type"
)]
mod gate;
mod gate_params;
mod gate_record;

pub use check::{Check, Measure};
pub use gate::Gate;
pub use gate_params::{GateMode, GateParams};
pub use gate_record::GateRecord;

pub(super) use gate::Evidence;
