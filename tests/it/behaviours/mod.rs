//! What a pipeline runner has to do, numbered: one test a behaviour.

pub(crate) mod data;
mod declaration;
mod files;
mod flow;
mod groups;
mod import;
mod merges;
mod params;
mod plots;
mod real_pipelines;
mod running;
mod stage_list;
mod targets;
mod templates;
mod together;
mod tracing;
mod watching;
