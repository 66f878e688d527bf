//! What happened: run records, tables, metrics, provenance.
//!
//! | module | holds |
//! |---|---|
//! | [`record`] | `results/runs/<run_id>/`: written while a run goes on, read back later |
//! | [`metrics`], [`metric_names`] | metrics files; what metrics are called here and elsewhere |
//! | [`sources`] | what a run read and no stage made, kept and found again |
//! | [`provenance`] | commit and changes of the code, files at a git revision |
//! | [`history`] | every version of a file in git |
//! | [`table`] | Parquet; the only user of arrow2 and parquet2 |

pub mod history;
pub mod metric_names;
pub mod metrics;
pub mod provenance;
pub mod record;
pub mod sources;
pub mod table;
