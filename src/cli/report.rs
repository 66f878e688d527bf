//! `kaslite report`: renders the report from what lies in the workspace.

use crate::cli::error::{CliError, Exit};
use crate::cli::session::Session;
use crate::report::{Sources, link, write};
use kaslite_engine::fs;
use kaslite_engine::stage::Stage;
use std::path::PathBuf;
use std::process::ExitCode;

/// Arguments of `report`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The stage that uses `report`; needed only where there are several
    #[arg(value_name = "STAGE")]
    stage: Option<String>,
    /// Where to write; its figures go beside it [default: the stage's own outs]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(crate) fn run(session: &Session, args: &Args) -> Result<ExitCode, CliError> {
    let workspace = session.workspace()?;
    let is_report = |stage: &&Stage| stage.spec().is_some_and(|spec| spec.name == "report");
    let stage = match &args.stage {
        Some(name) => {
            let index = workspace.pipeline.index(name);
            index
                .map(|index| &workspace.pipeline.stages[index])
                .filter(is_report)
        }
        None => workspace.pipeline.stages.iter().find(is_report),
    };
    let Some(stage) = stage else {
        return Err(
            CliError::usage("no such stage that `uses: report` in the pipeline")
                .hint("add one: `kaslite stages report` says what it reads and makes"),
        );
    };
    let root = &workspace.project.root;
    let (report, figures, link) = if let Some(file) = &args.output {
        let file = session.folder.join(file);
        let figures = file.with_file_name("figures");
        (file, figures, "figures".to_owned())
    } else {
        let (report, figures) = (&stage.outs[0].path, &stage.outs[1].path);
        let link = link(report.as_str(), figures.as_str());
        (report.under(root), figures.under(root), link)
    };
    let sources = Sources::of_workspace(&workspace, stage)?;
    fs::create_parent(&report)?;
    fs::create_dir(&figures)?;
    write(&sources, &report, &figures, &link)
        .map_err(|error| CliError::from_error(&error, Exit::Stage))?;
    session.terminal.data(report.display());
    Ok(ExitCode::SUCCESS)
}
