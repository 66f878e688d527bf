//! The sources of a run: what it read and no stage made, kept so that it can be built again.
//!
//! | file in `sources/` of a record | holds |
//! |---|---|
//! | `sources.json` | [`Sources`]: the commit, and of each file its digest and where its content lies |
//! | `changes.patch` | the diff against the commit, for people |
//! | `files/` | the files that the commit does not have so, up to a size |
//! | `base.yaml` | the file that stood for params.yaml |
//!
//! What looks like a password or a key is masked, in the diff and in the files.

mod gathered;
mod kept;
mod limits;
mod secrets;
mod uncommitted;

#[cfg(test)]
mod tests;

pub use gathered::{Amiss, Gathered};
pub use kept::{Lies, SourceFile, Sources};
pub use limits::Limits;
pub use uncommitted::Uncommitted;
