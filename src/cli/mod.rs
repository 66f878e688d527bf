//! The command line: one file a command, each with its arguments and what it does.

mod add;
mod arguments;
mod checkout;
mod commit;
mod completions;
mod dag;
mod diff;
mod error;
mod experiment;
mod freeze;
mod gc;
mod git_driver;
mod git_merge_lock;
mod given;
mod handover;
mod import_dvc;
mod init;
mod machine;
mod metrics;
mod params;
mod plots;
mod program;
mod report;
mod repro;
mod runs;
mod session;
mod side;
mod signals;
mod stage;
mod stages;
mod status;
mod train;
mod watch;
mod watched;
mod why;

pub use program::main;
