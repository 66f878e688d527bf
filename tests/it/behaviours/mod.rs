//! What a pipeline runner has to do, numbered: one test a behaviour.

mod data;
mod flow;
mod merges;
mod tracing;
mod watching;
