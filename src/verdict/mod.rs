//! The five questions that telemetry of growth has to answer (`telemetry design`, success criteria),
//! answered from metrics alone: those of a run, a git revision or the workspace.
//!
//! | file | holds |
//! |---|---|
//! | `verdict` | [`Verdict`]: the five answers |
//! | `answer` | [`Answer`], [`Finding`], [`Evidence`] |
//! | `basis` | `Basis`: what they rest on, and what of it is missing |
//! | `equivalent_size` | [`EquivalentSize`]: how large a network without growth is as accurate |
//! | `found` | the metrics by the stage that makes them |

mod answer;
mod basis;
mod equivalent_size;
mod found;
#[expect(
    clippy::module_inception,
    reason = "the file is named after its main type"
)]
mod verdict;

pub use answer::{Answer, Evidence, Finding};
pub use equivalent_size::EquivalentSize;
pub use verdict::Verdict;

#[cfg(test)]
mod tests;
