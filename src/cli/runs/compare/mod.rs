//! `kaslite runs compare`: what sets runs apart, and whether it is more than chance.
//!
//! | file | does |
//! |---|---|
//! | `command.rs` | the arguments: names, expressions, groups |
//! | `group.rs` | runs with the same params but for their random seeds |
//! | `problem.rs` | whether groups were measured on the same data |
//! | `compared.rs` | params and metrics of the groups side by side, with the tests |
//! | `shown.rs` | the same as text, Markdown and JSON |

mod command;
mod compared;
mod group;
mod problem;
mod shown;

pub(crate) use command::{Args, run};
pub(crate) use compared::Compared;
pub(crate) use group::Group;
pub(crate) use problem::{different_data, different_split};
pub(crate) use shown::{Shown, letter};
