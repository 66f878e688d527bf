//! What the engine promises whatever it is given: laws over random values, tables over all cases.
//!
//! `PROPTEST_CASES` sets how many random cases each law is tried on (64 where it is not set).

mod fingerprint;
mod graph;
mod lock;
mod pipeline;
mod plan;
mod rel_path;
mod scalars;
mod standing;
mod support;
mod value;
mod yaml;
