//! The arguments of `train`, and which of the others they mean.

use crate::cli::error::CliError;
use crate::cli::experiment::Experiment;
use crate::cli::session::Session;
use crate::cli::train::flags::Flags;
use crate::cli::train::{begin, replay, resume};
use kaslite_engine::params::Override;
use std::process::ExitCode;

/// Arguments of `train`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Another value for a param, by its key: `seeds.landing=reference` (`kaslite stages train` lists them)
    #[arg(long, value_name = "KEY=VALUE", value_parser = Override::parse)]
    pub(super) set: Vec<Override>,
    /// Start from the params of this file, params.yaml or the config.yaml of a run, instead of from the
    /// script's defaults
    #[arg(long, value_name = "FILE")]
    pub(super) params: Option<String>,
    /// Epochs from one checkpoint to the next
    #[arg(long, value_name = "N", default_value = "10", value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) checkpoint_every: u32,
    /// Go on with a run that was stopped or killed; it ends as if it never had been
    #[arg(long, value_name = "RUN", conflicts_with_all = ["set", "params", "replay", "name", "tag", "description", "status"])]
    resume: Option<String>,
    /// Train once more as a run did that is done, and compare every file byte for byte
    #[arg(long, value_name = "RUN", conflicts_with_all = ["set", "params", "checkpoint_every", "name", "tag", "description", "status"])]
    replay: Option<String>,
    /// Print every event as a line of JSON
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) experiment: Experiment,
    #[command(flatten)]
    pub(super) flags: Flags,
    /// The original's sweeps
    #[arg(
        short,
        long = "sweep_config",
        alias = "sweep-config",
        value_name = "PATH",
        hide = true
    )]
    sweep_config: Option<String>,
}

pub(crate) fn run(session: &Session, args: &Args) -> Result<ExitCode, CliError> {
    if args.sweep_config.is_some() {
        let error = CliError::usage("`--sweep_config` is not supported: `train` trains once");
        return Err(error.hint("a stage `uses: sweep` trains every combination of some params (`kaslite stages sweep`)"));
    }
    let past = args.resume.as_ref().or(args.replay.as_ref());
    if let (Some(_), Some(flag)) = (past, args.flags.given().first()) {
        let flag = flag.flag.unwrap_or_default();
        let error = CliError::usage(format!("`--{flag}` cannot be given for a run of the past"));
        return Err(error.hint("its params are those that it has in its config.yaml"));
    }
    match (&args.resume, &args.replay) {
        (Some(run), _) => resume::resume(session, args, run),
        (None, Some(run)) => replay::replay(session, args, run),
        (None, None) => begin::begin(session, args),
    }
}
