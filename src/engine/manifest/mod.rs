//! The pipeline file: text → [`Declaration`]s → resolved stages.

mod declaration;
mod interpolate;
mod pipeline;
mod resolve;

pub(crate) use declaration::{Declaration, Declared};
pub use pipeline::{Pipeline, parse_params};
