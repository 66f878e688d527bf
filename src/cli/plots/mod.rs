//! `kaslite plots`: columns of files as pictures.
//!
//! | file | does |
//! |---|---|
//! | `command.rs` | the arguments; data as JSON, or the page |
//! | `records.rs` | CSV, TSV, JSON, YAML → records |
//! | `drawn.rs` | a plot with the files of several sides → lines |
//! | `picture.rs`, `page.rs` | lines → SVG; everything → one page of HTML |

mod command;
mod drawn;
mod page;
mod picture;
mod records;

pub(crate) use command::{Args, run};
pub(crate) use drawn::read_plot;
