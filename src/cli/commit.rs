//! `kaslite commit`: what lies in the workspace now is what the stages make.

use crate::cli::error::CliError;
use crate::cli::session::Session;
use crate::ui::plural;
use kaslite_engine::commit::commit;
use kaslite_engine::run_lock::RunLock;
use kaslite_engine::workspace::Selection;
use std::process::ExitCode;

/// Arguments of `commit`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Stages, or paths of outs; none is the whole pipeline
    #[arg(value_name = "STAGE")]
    targets: Vec<String>,
}

pub(crate) fn run(session: &Session, args: &Args) -> Result<ExitCode, CliError> {
    let project = session.project()?;
    let _lock = RunLock::take(&project)?;
    let workspace = session.workspace()?;
    let selection = Selection {
        targets: args.targets.clone(),
        single: true,
        ..Selection::default()
    };
    let committed = commit(&workspace, &selection)?;
    for stage in &committed {
        session.terminal.data(format_args!("{stage}: committed"));
    }
    session.terminal.note(if committed.is_empty() {
        "everything was fresh".to_owned()
    } else {
        format!(
            "{} committed, nothing ran",
            plural(committed.len(), "stage")
        )
    });
    Ok(ExitCode::SUCCESS)
}
