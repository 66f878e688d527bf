//! The stage `counterfactual`: switches every combination of grown seeds on and off, and measures
//! what each is worth.
//!
//! | file | holds |
//! |---|---|
//! | `stage` | [`run`]: network + dataset → a value for each configuration → tables, metrics |
//! | `configurations` | `Configurations`: the value of each |
//! | `game` | `Game`: Shapley values and plainer shares, from those values alone |
//! | `contributions` | what each seed is worth, as a table |
//! | `metrics` | `metrics.json` |
//! | `trained_config` | what must be known of the run that trained the network |

mod configurations;
mod contributions;
mod game;
mod metrics;
mod stage;
mod trained_config;

#[cfg(test)]
mod tests;

pub use stage::run;
