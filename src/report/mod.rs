//! The report: what stages made → REPORT.md and its figures. The built-in stage `report`.
//!
//! | module | does |
//! |---|---|
//! | `sources` | which outs of which stages there are to report on |
//! | `gather` | outs → [`view::ReportView`] and figures; what is missing says why |
//! | [`chart`] | numbers → SVG |
//! | [`mod@view`] | what a report says, ready for a template |
//! | [`render`] | view → Markdown |
//! | [`trouble`] | what went wrong in a training, ready for a template |
//! | `stage` | the built-in stage: gather, draw, render, write |

pub mod chart;
mod gather;
pub mod render;
mod sources;
mod stage;
pub mod trouble;
pub mod view;

pub use render::RenderError;
pub use sources::{Source, Sources};
pub use stage::{CODE, ReportError, components, link, view};
