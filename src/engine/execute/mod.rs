//! Running a stage: a shell command, or code compiled in.

mod builtin;
mod command;
mod family;
mod output;
mod outs;
mod running;
mod trace;

pub(crate) use builtin::{guarded, run_builtin, scratch_outs};
pub(crate) use command::run_command;
pub(crate) use outs::{Backup, recover};
pub(crate) use trace::Trace;
pub use trace::can_trace;
