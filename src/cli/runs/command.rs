//! [`Args`]: what to do with runs.

use crate::cli::error::CliError;
use crate::cli::runs::{amend, checkout, compare, list, replay, show};
use crate::cli::session::Session;
use kaslite_track::record::{RunStatus, RunStore};
use std::process::ExitCode;

/// What to do with runs.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Args {
    /// List the runs, newest last
    List(list::Args),
    /// Show one run: what is said of it, its stages, params and metrics
    Show {
        /// The run: its name or its beginning, `latest`, `latest~1`
        #[arg(default_value = "latest")]
        run: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Compare runs: what was changed, what that did, and whether it is more than chance
    Compare(compare::Args),
    /// Bring back what a run left: outs and params, on request its sources
    Checkout(checkout::Args),
    /// Build a run again from its record, in a folder of its own, and say what is equal
    Replay(replay::Args),
    /// Give a run tags
    Tag {
        /// The run
        run: String,
        /// The tags
        #[arg(required = true)]
        tags: Vec<String>,
        /// Take them from it instead
        #[arg(long)]
        remove: bool,
    },
    /// Say what a run is worth
    Status {
        /// The run
        run: String,
        /// exploratory, keep, baseline or failed
        status: RunStatus,
    },
    /// Note something about a run, in place of what was noted before
    Note {
        /// The run
        run: String,
        /// The note; an empty one removes it
        text: String,
    },
    /// Put records of runs into the trash; outs, lock and cache stay
    Rm(amend::Removal),
}

pub(crate) fn run(session: &Session, args: &Args) -> Result<ExitCode, CliError> {
    let store = RunStore::new(&session.recorded()?.root);
    match args {
        Args::List(args) => list::run(session, &store, args)?,
        Args::Show { run, json } => show::run(session, &store.find(run)?, *json),
        Args::Compare(args) => compare::run(session, &store, args)?,
        Args::Checkout(args) => return checkout::run(session, &store, args),
        Args::Replay(args) => return replay::run(session, &store, args),
        Args::Tag { run, tags, remove } => amend::tag(session, &store, run, tags, *remove)?,
        Args::Status { run, status } => amend::status(session, &store, run, *status)?,
        Args::Note { run, text } => amend::note(session, &store, run, text)?,
        Args::Rm(removal) => amend::remove(session, &store, removal)?,
    }
    Ok(ExitCode::SUCCESS)
}
