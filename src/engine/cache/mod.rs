//! `.kaslite/cache`: contents by digest, and past runs by run key. Losing it costs time only.

mod blobs;
mod run_cache;
mod store;

pub use run_cache::RunEntry;
pub use store::{Cache, RestoreError};
