//! The stage `counterfactual`: switches every combination of grown seeds on and off, and measures
//! what each is worth.
//!
//! | file | holds |
//! |---|---|
//! | `stage` | [`run`]: network + dataset → a study → tables, metrics |
//! | `section` | its params |
//! | `evaluator` | `Evaluator`: configurations → what the network gives for each |
//! | `measured` | `Measured`: loss and accuracies of one configuration |
//! | `study` | `Study`: which configurations are evaluated, and what follows from them |
//! | `quantity` | `Quantity`: Shapley values and plainer shares, as weighted sums over configurations |
//! | `game` | `Game`: what follows from the values of all configurations |
//! | `sampling` | `Sampling`: Shapley values where there are too many configurations |
//! | `per_sample` | `PerSample`: intervals over the validation samples |
//! | `finding` | `Findings`: the quantities as they were found |
//! | `configurations`, `contributions`, `interactions` | the tables |
//! | `metrics` | `metrics.json` |
//! | `validation_rows` | the samples that validated a network |
//! | `trained_config` | what must be known of the run that trained the network |

mod configurations;
mod contributions;
mod evaluator;
mod finding;
mod game;
mod interactions;
mod measured;
mod metrics;
mod per_sample;
mod quantity;
mod sampling;
mod section;
mod stage;
mod study;
mod trained_config;
mod validation_rows;

#[cfg(test)]
mod tests;

pub use quantity::Quantity;
pub use sampling::{Budget, Round, Sampled, Sampling, Values};
pub use stage::run;
pub(crate) use validation_rows::validation_rows;
