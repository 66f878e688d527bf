//! The five questions that telemetry of growth has to answer (`telemetry design`, success criteria),
//! answered from metrics alone: those of a run, a git revision or the workspace.
//!
//! | file | holds |
//! |---|---|
//! | `verdict` | [`Verdict`]: the five answers |
//! | `answer` | [`Answer`], [`Finding`], [`Evidence`] |
//! | `found` | the metrics by the stage that makes them |

mod answer;
mod found;
#[expect(
    clippy::module_inception,
    reason = "the file is named after its main type"
)]
mod verdict;

pub use answer::{Answer, Evidence, Finding};
pub use verdict::Verdict;

#[cfg(test)]
mod tests;
