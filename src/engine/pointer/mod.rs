//! Pointers: a small file in git that stands for data which is not.
//!
//! `data.csv.kaslite` names the content of `data.csv`, which the cache keeps and git ignores. DVC's
//! pointers (`data.csv.dvc`) are read too: what they name is brought back from DVC's own cache.
//!
//! | file | holds |
//! |---|---|
//! | `written.rs` | [`Pointer`]: the file, read and written |
//! | `add.rs` | [`add`]: a path gets its pointer |
//! | `changed.rs` | [`DataChange`]: data that is not what its pointer names |
//! | `dvc.rs` | [`DvcPointer`]: DVC's |
//! | `dvc_digest.rs` | [`DvcDigest`]: the digest by which DVC knows a content |
//! | `found.rs` | [`Pointers`]: all pointers of a project |

mod add;
mod changed;
mod dvc;
mod dvc_digest;
mod found;
mod written;

pub use add::{Added, Change, add};
pub use changed::DataChange;
pub(crate) use changed::{Data, is_pointer};
pub use dvc::DvcPointer;
pub use dvc_digest::DvcDigest;
pub(crate) use dvc_digest::DvcDigests;
pub use found::Pointers;
pub use written::Pointer;

/// The ending of a pointer.
pub(crate) const ENDING: &str = ".kaslite";
/// The ending of one of DVC's.
pub(crate) const DVC_ENDING: &str = ".dvc";
