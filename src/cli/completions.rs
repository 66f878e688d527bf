//! `kaslite completions`: a completion script for a shell.

use crate::cli::arguments::Arguments;
use crate::cli::error::CliError;
use crate::cli::session::Session;
use clap::CommandFactory;
use clap_complete::Shell;
use std::process::ExitCode;

/// Arguments of `completions`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The shell
    shell: Shell,
}

#[expect(clippy::unnecessary_wraps, reason = "every command has this signature")]
pub(crate) fn run(session: &Session, args: &Args) -> Result<ExitCode, CliError> {
    let mut script = Vec::new();
    clap_complete::generate(
        args.shell,
        &mut Arguments::command(),
        "kaslite",
        &mut script,
    );
    session
        .terminal
        .data(String::from_utf8_lossy(&script).trim_end());
    Ok(ExitCode::SUCCESS)
}
