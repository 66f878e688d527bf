//! Run records: `results/runs/<run_id>/`, one folder for each run that made or restored something.
//!
//! | file | holds |
//! |---|---|
//! | `config.yaml` | `experiment`: who, when, which code, which command, what is said of the run; below it every param |
//! | `summary.json` | how each stage ended and why it ran, seconds, metrics, components and their status |
//! | `events.jsonl` | every event but the stages' output, one JSON object a line |
//! | `logs/train.log` | all that was said, with time and level, whatever the terminal showed |
//! | `logs/stages/STAGE.log` | what the stage printed |
//! | `logs/metrics.csv` | the numbers that stages told by steps |
//! | `REPORT.md`, `figures/` | all of it for people |
//! | `sources/` | what it read and no stage made: [`crate::sources`] |
//! | `pipeline.lock` | the lock as the run left it |
//!
//! A run that was killed has no `summary.json`.

mod component;
mod experiment;
mod left;
mod platform;
mod recorder;
mod run_log;
mod run_record;
mod run_status;
mod run_store;
mod said;
mod speaker;
mod spoken;
mod step_metrics;
mod words;

pub use component::{Component, Components};
pub use experiment::{Experiment, check_name};
pub use left::Left;
pub use platform::Platform;
pub use recorder::{Recorder, RunHeader};
pub use run_record::{RunRecord, RunSummary, StageSummary};
pub use run_status::RunStatus;
pub use run_store::{RecordError, RunStore};
pub use spoken::Spoken;
pub use step_metrics::StepMetric;
pub use words::{decided, epoch_line};
