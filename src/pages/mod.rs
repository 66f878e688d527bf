//! Reports for people beside REPORT.md: of a pipeline as one page of HTML, of runs as Markdown and HTML.
//!
//! | file | holds |
//! |---|---|
//! | `templates.rs` | [`Templates`]: ours, and those of a user that may extend them |
//! | `runs_view.rs` | [`RunsView`]: what a report of runs says, ready for a template |
//! | `over_runs.rs` | [`over_runs`]: what metrics came to, run after run |
//! | `curves.rs` | [`curves`]: what stages told by steps, drawn |

mod curves;
mod over_runs;
mod runs_view;
mod templates;

pub use curves::{Curve, curves};
pub use over_runs::over_runs;
pub use runs_view::{Column, Part, RunHead, RunsView, TableView};
pub use templates::{Pictures, Templates};
