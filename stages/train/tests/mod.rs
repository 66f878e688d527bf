//! The stage as users run it.

mod analytics;
mod failures;
mod predictions;
mod recorder;
mod tables;
mod telemetry;
