//! The pipeline file: text → `Declaration`s → resolved stages.
//!
//! | file | what it holds |
//! |---|---|
//! | `pipeline.rs` | [`Pipeline`]: all of it, from the files to the graph |
//! | `kept.rs` | the same, as it was read before |
//! | `sheet.rs` | one of the files, its stages as declared |
//! | `keys.rs` | the words that may stand in the file, and those that are refused by name |
//! | `vars.rs`, `scope.rs` | what `${…}` can name: params.yaml, `vars`, `item` and `key` of a group |
//! | `interpolate.rs`, `flags.rs` | `${…}` → values; maps → flags of a command |
//! | `top_views.rs`, `plots.rs` | `metrics` and `plots` that stand beside `stages`; how plots are drawn |
//! | `expand.rs`, `group.rs`, `matched.rs` | `foreach`, `files` and `matrix` written out |
//! | `declarations.rs`, `declaration.rs`, `reader.rs` | tree → declared stages, checked for shape |
//! | `limits.rs` | what stages take of the machine |
//! | `resolve.rs`, `made.rs`, `paths.rs`, `listed_params.rs`, `builtin.rs`, `overridden.rs` | declared → resolved, checked for meaning |

mod builtin;
mod declaration;
mod declarations;
mod expand;
mod flags;
mod group;
mod interpolate;
mod kept;
mod keys;
mod limits;
mod listed_params;
mod made;
mod matched;
mod overridden;
mod paths;
mod pipeline;
mod plots;
mod reader;
mod resolve;
mod scope;
mod sheet;
mod top_views;
mod vars;

pub(crate) use declaration::{Declaration, Declared, DeclaredOut, DeclaredParams};
pub use pipeline::{Pipeline, parse_params};
