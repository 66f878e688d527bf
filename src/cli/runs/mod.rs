//! `kaslite runs`: past runs.
//!
//! | file | does |
//! |---|---|
//! | `command.rs` | the arguments, and which of the others they mean |
//! | `facts.rs`, `filter.rs` | what is known of a run, by name; which runs an expression means |
//! | `list.rs`, `show.rs` | many runs as a table; one in full |
//! | `amend.rs` | tags, status, notes; runs removed |

mod amend;
mod command;
mod facts;
mod filter;
mod list;
mod show;

pub(crate) use command::{Args, run};
