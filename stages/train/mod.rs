//! The stage `train`: trains a network whose seeds germinate, and writes down what happened.
//!
//! | file | holds |
//! |---|---|
//! | `stage` | [`run`]: dataset + params → network, tables, metrics |
//! | `sections` | the params, and the [`Config`](kaslite_nn::Config) they come to |
//! | `keeping` | `Keeping`: what a run that is stopped goes on from |
//! | `live` | `Live`: tells the engine while the network trains |
//! | `analytics` | `Analytics`: how it goes, and what goes wrong |
//! | `sign` | `Sign`: by what it shows that it goes badly |
//! | `recorder` | `Recorder`: keeps what the tables and the log need |
//! | `trouble` | what it tells of a run in which something went wrong |
//! | `epochs`, `slots`, `dense`, `events` | the rows of one table each; the columns stand in `telemetry` |
//! | `episode` | `episode.json`: what the run started from |
//! | `metrics` | `metrics.json` |
//! | `validation` | `Validation`: what accuracies are measured on, and what to know of it |
//! | `predictions` | what the trained network says of samples, and of the plane |
//! | `resolved_config` | `config.json`: the params as they were resolved |

mod analytics;
mod dense;
mod episode;
mod epochs;
mod events;
mod keeping;
mod live;
mod metrics;
mod predictions;
mod recorder;
mod resolved_config;
mod sections;
mod sign;
mod slots;
mod stage;
mod trouble;
mod validation;

#[cfg(test)]
mod tests;

pub(crate) use metrics::Metrics;
pub use stage::run;
