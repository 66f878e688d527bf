//! Comparing numbers that were measured with several random seeds: intervals and tests, with what their
//! number of values allows them to show.
//!
//! | file | holds |
//! |---|---|
//! | `summary.rs` | [`Summary`]: mean, spread and interval of one group |
//! | `comparison.rs` | [`Comparison`]: two groups, paired by their seeds or not |
//! | `sign_flip.rs` | the permutation test of paired differences |
//! | `rank_sum.rs` | Mann-Whitney's test, and how often one group is better |
//! | `student.rs` | what needs Student's distribution |
//! | `holm.rs` | p-values of several comparisons |

mod comparison;
mod holm;
mod rank_sum;
mod sign_flip;
mod student;
mod summary;

#[cfg(test)]
mod tests;

pub use comparison::{Comparison, Test};
pub use holm::holm;
pub use summary::Summary;
