//! `.kaslite/cache`: contents by digest, and past runs by run key. Losing it costs time only.

mod blobs;
mod logs;
mod run_cache;
mod store;
mod sweep;

pub(crate) use logs::CappedLog;
pub use logs::LogLine;
pub use run_cache::RunEntry;
pub use store::{Cache, RestoreError};
pub use sweep::{Limits, Swept};
