//! A project to run stages in, and tests of what they share.

mod project;
mod samples;

pub(crate) use project::{PIPELINE, Ran, TestProject};
