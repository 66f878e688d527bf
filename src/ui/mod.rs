//! Everything a person sees. Data goes to stdout, all else to stderr; without a terminal there are no
//! colours and no bars.

mod bars;
mod brief;
mod json_lines;
mod lines;
mod monitor;
mod reason;
mod table;
mod terminal;
mod text;
mod traces;
mod watcher;

pub(crate) use bars::Bars;
pub(crate) use brief::{Brief, brief};
pub(crate) use json_lines::JsonLines;
pub(crate) use lines::{Lines, left_running};
pub(crate) use reason::{command_lines, describe};
pub(crate) use table::Table;
pub(crate) use terminal::{Talk, Terminal};
pub(crate) use text::{duration, expected, left, plural, size, summary, wrapped};
pub(crate) use traces::Traces;
pub(crate) use watcher::watcher;
