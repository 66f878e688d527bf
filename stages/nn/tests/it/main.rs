//! The crate as its callers see it.
#![expect(
    clippy::unwrap_used,
    reason = "what cannot be unwrapped fails the test"
)]

mod checkpoint;
mod configurations;
mod cuda;
mod determinism;
mod epoch_chart;
mod failures;
mod golden;
mod golden_page;
mod golden_picture;
mod host_restarts;
mod landing_page;
mod life;
mod model_file;
mod openness;
mod support;
