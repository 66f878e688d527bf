//! Pointers: a small file in git that stands for data which is not.
//!
//! `data.csv.kaslite` names the content of `data.csv`, which the cache keeps and git ignores. DVC's
//! pointers (`data.csv.dvc`) are read too: what they name is brought back from DVC's own cache.
//!
//! | file | holds |
//! |---|---|
//! | `written.rs` | [`Pointer`]: the file, read and written |
//! | `add.rs` | [`add`]: a path gets its pointer |
//! | `dvc.rs` | [`DvcPointer`]: DVC's |
//! | `dvc_digest.rs` | [`DvcDigest`]: the digest by which DVC knows a content |
//! | `found.rs` | [`Pointers`]: all pointers of a project |

mod add;
mod dvc;
mod dvc_digest;
mod found;
mod written;

pub use add::{Added, Change, add};
pub use dvc::DvcPointer;
pub use dvc_digest::DvcDigest;
pub use found::Pointers;
pub use written::Pointer;

/// The ending of a pointer.
pub(crate) const ENDING: &str = ".kaslite";
/// The ending of one of DVC's.
pub(crate) const DVC_ENDING: &str = ".dvc";
