//! `kaslite report`: of the pipeline, of a run, of several runs; as Markdown, HTML, PDF, a notebook or CSV.
//!
//! | file | does |
//! |---|---|
//! | `command.rs` | the arguments; which of the others they mean |
//! | `of_pipeline.rs` | what lies in the workspace now |
//! | `of_stage.rs` | what a single built-in stage made |
//! | `of_runs.rs` | run records → view and pictures |
//! | `csv.rs`, `notebook.rs`, `pdf.rs` | other forms |

mod command;
mod csv;
mod notebook;
mod of_pipeline;
mod of_runs;
mod of_stage;
mod pdf;

pub(crate) use command::{Args, run};
pub(crate) use of_runs::keep_report;
