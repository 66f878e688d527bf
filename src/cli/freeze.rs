//! `kaslite freeze` and `kaslite unfreeze`: stages that are left alone.

use crate::cli::error::CliError;
use crate::cli::session::Session;
use kaslite_engine::freeze::freeze;
use std::process::ExitCode;

/// Arguments of `freeze` and `unfreeze`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Sets the key `frozen` in the pipeline file; all else in it stays as it is."
)]
pub(crate) struct Args {
    /// Stages and groups
    #[arg(required = true, value_name = "STAGE")]
    stages: Vec<String>,
}

pub(crate) fn run(session: &Session, args: &Args, frozen: bool) -> Result<ExitCode, CliError> {
    let workspace = session.workspace()?;
    let word = if frozen { "frozen" } else { "not frozen" };
    for (name, changed) in freeze(&workspace, &args.stages, frozen)? {
        let now = if changed { "now" } else { "already" };
        session.terminal.data(format_args!("{name}: {now} {word}"));
    }
    Ok(ExitCode::SUCCESS)
}
