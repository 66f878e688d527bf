//! The box that shows how a training goes, while it runs and somebody watches.
//!
//! | file | holds |
//! |---|---|
//! | `course` | [`Course`]: events of a training → where it stands |
//! | `picture` | `picture`: that and a width → the lines of the box |
//! | `row` | `Row`: fields of a line, in wordings of several lengths |
//! | `monitor` | [`Monitor`]: the trainings that run, and the box on the terminal |

mod course;
#[expect(
    clippy::module_inception,
    reason = "the file is named after its main type"
)]
mod monitor;
mod picture;
mod row;
#[cfg(test)]
mod tests;

pub(crate) use monitor::{Monitor, Named};
