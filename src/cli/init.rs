//! `kaslite init`: a small project that runs.

use crate::cli::error::CliError;
use crate::cli::git_driver;
use crate::cli::session::Session;
use kaslite_engine::fs;
use kaslite_engine::project::Project;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// File → content. What is there already is never overwritten.
const FILES: &[(&str, &str)] = &[
    ("pipeline.yaml", include_str!("init/pipeline.yaml")),
    ("params.yaml", include_str!("init/params.yaml")),
    (".gitignore", include_str!("init/gitignore")),
];

/// Arguments of `init`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The folder; made where it is not there
    #[arg(value_name = "DIR", default_value = ".")]
    folder: PathBuf,
    /// Let git merge the lock by stage; also in a project that is there already
    #[arg(long)]
    git: bool,
}

pub(crate) fn run(session: &Session, args: &Args) -> Result<ExitCode, CliError> {
    let here = args.folder == std::path::Path::new(".");
    let folder = if here {
        session.folder.clone()
    } else {
        session.folder.join(&args.folder)
    };
    let pipeline = folder.join("pipeline.yaml");
    if args.git {
        git_driver::require(&folder)?;
        let known = here.then(|| session.project().ok()).flatten();
        if known.is_some() || pipeline.exists() {
            let project =
                known.unwrap_or_else(|| Project::of_file(&pipeline, session.environment.clone()));
            git_driver::install(session, &project, &project.root)?;
            return Ok(ExitCode::SUCCESS);
        }
    }
    if pipeline.exists() {
        return Err(
            CliError::usage(format!("`{}` is there already", pipeline.display())).hint(
                "`kaslite init DIR` makes the project in another folder; `--git` adds to this one",
            ),
        );
    }
    make(session, &folder)?;
    if args.git {
        let project = Project::of_file(&pipeline, session.environment.clone());
        git_driver::install(session, &project, &folder)?;
    }
    session
        .terminal
        .note("`kaslite repro` runs it and ends with results/REPORT.md");
    Ok(ExitCode::SUCCESS)
}

fn make(session: &Session, folder: &Path) -> Result<(), CliError> {
    fs::create_dir(folder)?;
    for (name, content) in FILES {
        let path = folder.join(name);
        if path.exists() {
            session.terminal.note(format_args!("kept    {name}"));
        } else {
            fs::write_atomic(&path, content.as_bytes())?;
            session.terminal.note(format_args!("created {name}"));
        }
    }
    Ok(())
}
