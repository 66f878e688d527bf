//! What the built-in stages are, as data: name, slots, params, code digests.
//!
//! Both programs read this one table, so they cannot disagree about what is stale; neither stage code
//! nor libtorch is needed for it. The build script makes it from each stage's `stage.yaml` and from
//! the sources that the stage can reach.

#[expect(clippy::unreadable_literal, reason = "the build script writes it")]
mod table;

pub use table::{RAW_FILES, SPECS};
