//! The stage `generate_data`: draws a synthetic problem and writes it down.
//!
//! | file | does |
//! |---|---|
//! | `stage` | [`run`]: params → samples → file |
//! | `data_section` | the params; which problem takes which of them |
//! | `export` | samples → Parquet or npz |
//! | [`problem`] | the recipes of the problems |

mod data_section;
mod export;
pub mod problem;
mod stage;
#[cfg(test)]
mod tests;

pub use stage::run;
