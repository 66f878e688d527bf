//! Params files: text → values with places, each file read once.
//!
//! | file | what it holds |
//! |---|---|
//! | `files.rs` | [`ParamsFiles`], [`ParamsFile`], and the params of a built-in stage |
//! | `text.rs` | the formats: YAML, JSON, TOML |

mod files;
mod text;

pub use files::{DEFAULT_FILE, ParamsFile, ParamsFiles, arguments};
