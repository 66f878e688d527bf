//! `kaslite train`: a single experiment, outside of any pipeline.
//!
//! | file | does |
//! |---|---|
//! | `command.rs` | the arguments, and which of the others they mean |
//! | `flags.rs` | the flags of the Python original's script |
//! | `begin.rs`, `resume.rs`, `replay.rs` | a new run; one that was stopped; one that is done, once more |
//! | `training.rs` | the two stages that all of them run |
//! | `run_folder.rs` | what lies where in the folder of such a run |

mod begin;
mod code_record;
mod command;
mod flags;
mod replay;
mod resume;
mod run_folder;
mod training;

pub(crate) use command::{Args, run};
