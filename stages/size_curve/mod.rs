//! The stage `size_curve`: trains hosts of several widths in which nothing grows, for as many epochs as
//! the network that grows, each with several rng seeds: how large one must be to be as accurate.
//!
//! The hosts learn as long and as fast as that network: after the same warm-up they start anew after
//! each epoch in which one of its seeds germinated with the same rng seed, at the same learning rate, as
//! the host that learns on of [`control`](mod@crate::control).
//!
//! | file | holds |
//! |---|---|
//! | `stage` | [`run`]: params → trials of `train` → tables, metrics |
//! | `plan` | `Plan`: which runs there are |
//! | `sized_run` | `SizedRun`: what became of one |
//! | `sizes` | `Sizes`: what each width comes to beside the network that grew |
//! | `tables` | runs and widths as tables |
//! | `metrics` | `metrics.json`: the equivalent size, the accuracy for the weights |

mod metrics;
mod plan;
mod sized_run;
mod sizes;
mod stage;
mod tables;

#[cfg(test)]
mod tests;

pub use stage::run;
