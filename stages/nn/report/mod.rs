//! What training tells: an [`Event`] at a time to an [`Observer`] while it runs, an [`Outcome`] at
//! the end.

mod epoch_stats;
mod event;
mod matrix;
mod observer;
mod outcome;
mod phase;
mod seed_stats;

pub use epoch_stats::EpochStats;
pub use event::Event;
pub use matrix::{Matrix, Moment, SeedWorth};
pub use observer::Observer;
pub use outcome::{GerminationRecord, Outcome, ParameterCounts};
pub use phase::Phase;
pub use seed_stats::SeedStats;
