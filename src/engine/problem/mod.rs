//! What is wrong in a file that a person wrote: where, why, and what to do.
//!
//! | file | what it holds |
//! |---|---|
//! | `problem.rs` | [`Problem`]: one thing that is wrong, with the place, the text and a hint |
//! | `source.rs` | [`Source`]: a text file that problems point into |
//! | `place.rs` | [`Place`]: line, column and width |
//! | `excerpt.rs` | the line that is shown, with marks under the text that is meant |
//! | `shown.rs` | text of a file as it can be put before a person |
//! | `closest.rs` | [`closest()`]: the name that was meant |

mod closest;
mod excerpt;
mod place;
#[expect(
    clippy::module_inception,
    reason = "a file is named after its main type"
)]
mod problem;
mod shown;
mod source;

pub use closest::closest;
pub use place::Place;
pub use problem::Problem;
pub(crate) use shown::{brief, shown};
pub use source::Source;
