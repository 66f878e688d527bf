//! What is on disk: digests of files and folders, taken in parallel, through the stat cache.

mod ignores;
mod path_state;
mod stamp;
mod stat_cache;
mod taken;
mod walk;

pub use ignores::IgnoredBy;
pub(crate) use ignores::{IGNORE_FILES, is_rules};
pub use path_state::{FileState, PathState, Tree};
pub use stamp::Stamp;
pub(crate) use stamp::now;
pub(crate) use stat_cache::Seen;
pub use taken::Snapshot;
