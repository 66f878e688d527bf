//! What a pipeline runner has to do, numbered: one test a behaviour.

pub(crate) mod data;
mod declaration;
mod flow;
mod merges;
mod params;
mod real_pipelines;
mod templates;
mod tracing;
mod watching;
