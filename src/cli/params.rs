//! `kaslite params`: compares params.

use crate::cli::diff::{Diff, Form};
use crate::cli::effects::Effects;
use crate::cli::error::CliError;
use crate::cli::runs::index::RunIndex;
use crate::cli::session::Session;
use crate::cli::side::Side;
use kaslite_track::record::RunStore;
use std::process::ExitCode;

/// What to do with params.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Args {
    /// Compare the params that the stages read, between two runs, git revisions or the workspace
    Diff {
        #[command(flatten)]
        form: Form,
        /// Beside each change, what happened to the metrics (these, or those that differ): by recorded
        /// runs that differ in that param alone, and by both sides
        #[arg(
            long,
            value_name = "KEY,…",
            value_delimiter = ',',
            num_args = 0..=1,
            require_equals = true
        )]
        metrics: Option<Vec<String>>,
    },
}

pub(crate) fn run(session: &Session, args: &Args) -> Result<ExitCode, CliError> {
    let Args::Diff { form, metrics } = args;
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
    let Some(named) = metrics else {
        diff.show(session.terminal, form, None);
        return Ok(ExitCode::SUCCESS);
    };
    let (old, new) = (a.metrics(&workspace)?, b.metrics(&workspace)?);
    let of_metrics = Diff::new(&old, &new, (a.title(), b.title()));
    let project = &workspace.project;
    let index = RunIndex::load(&RunStore::new(&project.root), &project.state_dir())?;
    let effects = Effects::new(&diff, &of_metrics, form, named, &index)?;
    if diff.rows(form).is_empty() && !form.is_json() {
        diff.nothing(session.terminal);
    } else {
        effects.show(session.terminal, form, diff.titles(), named);
    }
    Ok(ExitCode::SUCCESS)
}
