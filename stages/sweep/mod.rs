//! The stage `sweep`: trains once for every combination of some params.
//!
//! | file | holds |
//! |---|---|
//! | `stage` | [`run`]: params → grid → trials of `train` → tables, metrics |
//! | `search_space` | `SearchSpace`: the trials, and what varies |
//! | `trial_row` | `TrialRow`: what became of one trial |
//! | `summary` | the trials as one table, in Parquet and CSV |
//! | `metrics` | `metrics.json` |

mod metrics;
mod search_space;
mod stage;
mod summary;
mod trial_row;

#[cfg(test)]
mod tests;

pub use stage::run;
