//! The runner of kaslite: no ML, no terminal.
//!
//! The way of the data, in the order of the modules:
//!
//! | module | does |
//! |---|---|
//! | [`yaml`], [`problem`] | text → tree with places; what is wrong, where, and what to do |
//! | [`project`], [`pipeline_files`] | where things lie; the files that make one graph |
//! | [`manifest`], [`params`], [`spec`] | tree → resolved [`stage::Stage`]s; every problem at once |
//! | [`graph`], [`makers`] | who reads what whom makes |
//! | [`plot`](mod@plot) | what people look at as a picture |
//! | [`config`] | how kaslite works here: nothing in it changes a result |
//! | [`snapshot`], [`digest`] | what is on disk, hashed in parallel, through the stat cache |
//! | [`fingerprint`], [`stale`], [`plan`] | what a stage is made from; how it differs; what to do (pure) |
//! | [`cache`], [`lock`], [`lock_files`], [`lock_merge`] | contents by digest, past runs by run key; what was last made |
//! | [`judge`] | how a stage stands by all of these |
//! | [`certificate`], [`standing`] | all was fresh, and this is what it looked like; what changed since |
//! | [`workspace`], `sources` | all of the above, opened for one project; what its stages read and none makes |
//! | [`repro`], [`context`], [`trial`] | running: stages, what they see, stages run many times |
//! | [`lone`] | built-in stages without a pipeline |
//! | [`run_lock`], [`obstacle`] | several kaslites in one project |
//! | [`limits`], [`machine`], [`estimate`] | what stages take of the machine, and how long it takes |
//! | [`checkout`](mod@checkout), [`commit`](mod@commit) | outs brought back, outs accepted, without running |
//! | [`mod@freeze`] | stages that are left alone, by a key of the pipeline file |
//! | [`mod@pointer`] | data that git does not keep, and the small files that stand for it |
//! | [`trash`] | what was in the way and nobody else has |
//! | [`event`] | what people and trackers learn of it |
//!
//! Invariants: a stage is judged when its deps are final. Its entry leaves the lock before it runs and
//! comes back after its outs are in place and in the cache. A stage is fresh only when its fingerprint
//! and the digests of its outs equal the lock's. Nothing here prints, reads the environment or the
//! clock into a result. Why it did what it did goes out as `tracing` events with the level DEBUG.

mod attempts;
pub mod cache;
mod cache_file;
pub mod cancel;
pub mod certificate;
pub mod checkout;
mod claim;
pub mod commit;
pub mod config;
pub mod context;
mod countdown;
pub mod digest;
mod durations;
pub mod entry;
pub mod error;
pub mod estimate;
pub mod event;
mod execute;
pub mod fingerprint;
pub mod freeze;
pub mod fs;
pub mod graph;
pub mod judge;
mod keep;
mod kept_stages;
mod large_file;
mod left_out;
pub mod limits;
pub mod lock;
pub mod lock_files;
pub mod lock_merge;
mod lock_text;
mod logged;
pub mod lone;
pub mod machine;
pub mod makers;
pub mod manifest;
mod memo;
pub mod obstacle;
mod orphans;
pub mod params;
pub mod pipeline_files;
pub mod plan;
pub mod plot;
pub mod pointer;
mod presence;
pub mod problem;
pub mod project;
mod queue;
pub mod registry;
pub mod rel_path;
pub mod repro;
pub mod run_lock;
mod run_stage;
mod schedule;
pub mod snapshot;
mod sources;
pub mod spec;
pub mod stage;
pub mod stale;
pub mod standing;
mod stored_stage;
mod surroundings;
mod targets;
pub mod trash;
pub mod trial;
mod turn;
pub mod value;
mod workers;
pub mod workspace;
pub mod yaml;
