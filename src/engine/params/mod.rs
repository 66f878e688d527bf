//! Params files: text → values with places, each file read once.
//!
//! | file | what it holds |
//! |---|---|
//! | `files.rs` | [`ParamsFiles`], [`ParamsFile`], and the params of a built-in stage |
//! | `lone.rs` | [`of_stages`]: the params of stages that no pipeline names |
//! | `overrides.rs` | [`Overrides`]: values for one run, beside the files |
//! | `text.rs`, `python.rs` | the formats: YAML, JSON, TOML; Python |

mod files;
mod lone;
mod overrides;
mod python;
mod text;

pub use files::{DEFAULT_FILE, ParamsFile, ParamsFiles, arguments};
pub use lone::of_stages;
pub use overrides::{Base, Override, Overrides};
pub(crate) use python::computed;
