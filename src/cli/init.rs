//! `kaslite init`: a small project that runs.

use crate::cli::error::CliError;
use crate::cli::session::Session;
use kaslite_engine::fs;
use std::path::PathBuf;
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
}

pub(crate) fn run(session: &Session, args: &Args) -> Result<ExitCode, CliError> {
    let here = args.folder == std::path::Path::new(".");
    let folder = if here {
        session.folder.clone()
    } else {
        session.folder.join(&args.folder)
    };
    let pipeline = folder.join("pipeline.yaml");
    if pipeline.exists() {
        return Err(
            CliError::usage(format!("`{}` is there already", pipeline.display()))
                .hint("`kaslite init DIR` makes the project in another folder"),
        );
    }
    fs::create_dir(&folder)?;
    for (name, content) in FILES {
        let path = folder.join(name);
        if path.exists() {
            session.terminal.note(format_args!("kept    {name}"));
        } else {
            fs::write_atomic(&path, content.as_bytes())?;
            session.terminal.note(format_args!("created {name}"));
        }
    }
    session
        .terminal
        .note("`kaslite repro` runs it and ends with results/REPORT.md");
    Ok(ExitCode::SUCCESS)
}
