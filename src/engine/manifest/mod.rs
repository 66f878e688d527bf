//! The pipeline file: text → `Declaration`s → resolved stages.
//!
//! | file | what it holds |
//! |---|---|
//! | `pipeline.rs` | [`Pipeline`]: all of it, from the files to the graph |
//! | `keys.rs` | the words that may stand in the file, and those that are refused by name |
//! | `interpolate.rs` | `${…}` → values of params.yaml |
//! | `declarations.rs`, `declaration.rs`, `reader.rs` | tree → declared stages, checked for shape |
//! | `resolve.rs`, `paths.rs`, `listed_params.rs`, `builtin.rs` | declared → resolved, checked for meaning |

mod builtin;
mod declaration;
mod declarations;
mod interpolate;
mod keys;
mod listed_params;
mod paths;
mod pipeline;
mod reader;
mod resolve;

pub(crate) use declaration::{Declaration, Declared, DeclaredOut, DeclaredParams};
pub use pipeline::{Pipeline, parse_params};
