//! What several stages need.
//!
//! Every stage reaches this folder, so whatever changes here makes all of them stale: it stays
//! small, and it does not touch the training code.
//!
//! | file | holds |
//! |---|---|
//! | `samples` | [`Samples`]: a dataset as a stage reads it |
//! | `samples_error` | [`SamplesError`]: why it is refused |
//! | `json` | [`read_json`], [`write_json`] |
//! | [`files`] | names of what `train` makes and others read |
//! | `fail` | [`fail()`]: any error as a stage's error |
//! | [`trials`] | what became of trials of another stage |
//! | `int` | [`int()`]: a count as a table holds it |
//! | `one_class` | what is said where all labels are alike |

mod fail;
pub(crate) mod files;
mod int;
mod json;
mod one_class;
mod samples;
mod samples_error;
#[cfg(test)]
pub(crate) mod tests;
pub(crate) mod trials;

pub(crate) use fail::fail;
pub(crate) use int::int;
pub(crate) use json::{read_json, write_json};
pub(crate) use one_class::one_class;
pub(crate) use samples::Samples;
pub(crate) use samples_error::SamplesError;
