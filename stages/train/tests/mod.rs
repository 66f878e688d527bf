//! The stage as users run it.

mod failures;
mod recorder;
mod tables;
mod telemetry;
