//! `kaslite runs`: past runs.
//!
//! | file | does |
//! |---|---|
//! | `command.rs` | the arguments, and which of the others they mean |
//! | `facts.rs`, `filter.rs` | what is known of a run, by name; which runs an expression means |
//! | `index.rs` | what is known of all runs, kept |
//! | `list.rs`, `show.rs` | many runs as a table; one in full |
//! | `compare/` | what sets runs apart |
//! | `checkout.rs`, `params_files.rs` | outs, params and sources of a run brought back |
//! | `replay.rs`, `replayed.rs` | a run built again from its record, and what was equal |
//! | `amend.rs` | tags, status, notes; runs removed |

mod amend;
mod checkout;
mod command;
pub(crate) mod compare;
pub(crate) mod facts;
mod filter;
pub(crate) mod index;
pub(crate) mod list;
mod params_files;
mod replay;
mod replayed;
mod show;

pub(crate) use command::{Args, run};
