//! Outs of stages → what the report says. Each part is read apart: one that cannot be read fails with
//! its reason and takes no other with it.

mod component;
mod control;
mod counterfactual;
mod data;
mod files;
mod metrics;
mod params;
mod predictions;
mod provenance;
mod size_curve;
mod sweep;
mod training;
mod trouble;
mod verdict;
mod whole;

pub(super) use whole::{components_of, gather};
