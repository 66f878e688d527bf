//! `kaslite params`: compares params.

use crate::cli::diff::{Diff, Form};
use crate::cli::error::CliError;
use crate::cli::session::Session;
use crate::cli::side::Side;
use std::process::ExitCode;

/// What to do with params.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Args {
    /// Compare the params that the stages read, between two runs, git revisions or the workspace
    Diff(Form),
}

pub(crate) fn run(session: &Session, args: &Args) -> Result<ExitCode, CliError> {
    let Args::Diff(form) = args;
    let workspace = session.workspace()?;
    let Some((a, b)) = Side::pair(&workspace, form.a.as_deref(), form.b.as_deref())? else {
        form.nothing(session.terminal);
        return Ok(ExitCode::SUCCESS);
    };
    let diff = Diff::new(
        &a.params(session, &workspace)?,
        &b.params(session, &workspace)?,
        (a.title(), b.title()),
    );
    diff.show(session.terminal, form, None);
    Ok(ExitCode::SUCCESS)
}
