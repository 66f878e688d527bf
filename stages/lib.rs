//! The built-in stages that need libtorch, or stand beside those that do.
//!
//! | module | stage |
//! |---|---|
//! | [`generate_data`] | draws a synthetic problem |
//! | [`train`] | trains a network whose seeds germinate |
//! | [`counterfactual`] | measures what each grown seed is worth |
//! | [`control`] | trains again without growth: what growth caused |
//! | [`size_curve`] | trains hosts of several widths: how large one is as accurate |
//! | [`sweep`] | trains once for every combination of some params |
//! | `telemetry` | the tables that `train` writes, as data |
//! | `shared` | what several of them need |
//!
//! Each folder has a `stage.yaml`, the one place that names its params, their ranges and defaults.
//! A stage sees the world through `StageContext` alone.

mod code;
pub mod control;
pub mod counterfactual;
pub mod generate_data;
mod shared;
pub mod size_curve;
pub mod sweep;
mod telemetry;
pub mod train;

pub use code::CODE;
