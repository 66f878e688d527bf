//! The five questions that telemetry of growth has to answer (`telemetry design`, success criteria),
//! answered from metrics, and from what they were made: those of a run, a git revision or the workspace.
//!
//! | file | holds |
//! |---|---|
//! | `verdict` | [`Verdict`]: the five answers |
//! | `winning`, `why`, `failures`, `reproducible`, `without_seeds` | one of them each |
//! | `answer` | [`Answer`], [`Finding`], [`Evidence`] |
//! | `question` | `Question`: the questions, and words for their answers |
//! | `basis` | `Basis`: what they rest on, and what of it is missing |
//! | `equivalent_size` | [`EquivalentSize`]: how large a network without growth is as accurate |
//! | `found` | the metrics by the stage that makes them |

mod answer;
mod basis;
mod equivalent_size;
mod failures;
mod found;
mod question;
mod reproducible;
#[expect(
    clippy::module_inception,
    reason = "the file is named after its main type"
)]
mod verdict;
mod why;
mod winning;
mod without_seeds;

pub use answer::{Answer, Evidence, Finding, Unit};
pub use equivalent_size::EquivalentSize;
pub use verdict::Verdict;

#[cfg(test)]
mod tests;
