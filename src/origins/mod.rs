//! Where results come from: of each stage what it was made from (the lock), and the run that made it (the
//! run records), however the workspace and HEAD look today.
//!
//! | file | holds |
//! |---|---|
//! | `origins` | [`Origins`]: of the workspace, a run, a revision or the stage that reports |
//! | `origin` | [`Origin`]: of one stage, and in what two of them differ |
//! | `made_by` | [`MadeBy`], [`Code`]: the run that made a stage's outs, and the code it had |
//! | `records` | `Records`: run records, looked through for it |

mod made_by;
mod origin;
#[expect(
    clippy::module_inception,
    reason = "the file is named after its main type"
)]
mod origins;
mod records;

pub use made_by::{Code, MadeBy};
pub use origin::Origin;
pub use origins::{Origins, Scope};
