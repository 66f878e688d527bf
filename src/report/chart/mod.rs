//! Charts of a run as self-contained SVG: no fonts embedded, no scripts, the same data gives the
//! same bytes.
//!
//! | file | what it draws |
//! |---|---|
//! | `learning_curve.rs` | losses and validation accuracy over the epochs, with what happened when |
//! | `seed_timeline.rs` | the state of every seed over the epochs |
//! | `configurations.rs` | the accuracy of every subset of the grown seeds |
//! | `contributions.rs` | what each seed contributes, two ways to share it out |
//! | `waterfall.rs` | from the host alone, share by share, to the whole network |
//! | `causes.rs` | what growth and each slot caused, beside the cost of switching it off |
//! | `size_curve.rs` | accuracy against size, without growth and with it |
//! | `confusion.rs` | which classes are taken for which |
//! | `boundary.rs` | where a network parts the classes, in the plane |
//! | `trials.rs` | the trials of a sweep, best first |
//! | `parameter_space.rs` | the trials of a sweep over each param that varies |
//! | `series.rs` | the columns of any file: lines, points or bars |
//!
//! Shared by them: `canvas.rs` (pixels on a white card), `axis.rs` (scales, ticks, grid),
//! `rows.rs` (one labelled row an item), `learning_layout.rs`
//! (the two panels of the learning curve), `label.rs` (text that fits), `number.rs`, `palette.rs`
//! (Okabe and Ito's colours, told apart by colour-blind readers too), `error.rs`.

mod axis;
mod boundary;
mod canvas;
mod causes;
mod configurations;
mod confusion;
mod contributions;
mod error;
mod label;
mod learning_curve;
mod learning_layout;
mod number;
mod palette;
mod parameter_space;
mod rows;
mod seed_state;
mod seed_timeline;
mod series;
mod size_curve;
mod trials;
mod waterfall;

#[cfg(test)]
mod tests;

pub use boundary::{Boundary, PlanePoint, PlaneSample};
pub use causes::{Cause, Causes};
pub use configurations::{Configuration, Configurations};
pub use confusion::Confusion;
pub use contributions::{Contribution, Contributions};
pub use error::ChartError;
pub use learning_curve::{EpochPoint, LearningCurve, SeedEvent};
pub use parameter_space::ParameterSpace;
pub use seed_state::SeedState;
pub use seed_timeline::{SeedEpoch, SeedLane, SeedTimeline};
pub use series::{Drawing, Line, Series};
pub use size_curve::{SizeCurve, SizePoint};
pub use trials::{MetricScale, TrialPoint, Trials};
pub use waterfall::Waterfall;
