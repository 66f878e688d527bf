//! `kaslite git-merge-lock`: merges `pipeline.lock` by stage.

use crate::cli::error::CliError;
use crate::cli::session::Session;
use kaslite_engine::fs;
use kaslite_engine::lock_merge::LockMerge;
use kaslite_engine::pipeline_files::PipelineFiles;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Arguments of `git-merge-lock`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What both sides come from (git's %O); without it, the conflict markers in the lock are resolved
    #[arg(requires = "ours")]
    base: Option<PathBuf>,
    /// Our side, which is overwritten (git's %A)
    #[arg(requires = "theirs")]
    ours: Option<PathBuf>,
    /// Their side (git's %B)
    theirs: Option<PathBuf>,
    /// The path in the repository, for messages (git's %P)
    path: Option<String>,
}

pub(crate) fn run(session: &Session, args: &Args) -> Result<ExitCode, CliError> {
    let Args {
        base: Some(base),
        ours: Some(ours),
        theirs: Some(theirs),
        path,
    } = args
    else {
        return resolve(session);
    };
    let read = |path: &Path| -> Result<String, CliError> {
        Ok(fs::read_if_exists(&session.folder.join(path))?.unwrap_or_default())
    };
    let name = path.as_deref().unwrap_or("pipeline.lock");
    let merge = LockMerge::of(name, &read(base)?, &read(ours)?, &read(theirs)?)?;
    fs::write_atomic(&session.folder.join(ours), merge.text.as_bytes())?;
    tell(session, name, &merge);
    Ok(ExitCode::SUCCESS)
}

/// Resolves the conflict markers that git left.
fn resolve(session: &Session) -> Result<ExitCode, CliError> {
    let project = session.project()?;
    let files = PipelineFiles::find(&project);
    let mut merged = Vec::new();
    for file in files.all() {
        let (path, name) = (file.lock().under(&project.root), file.lock().to_string());
        let conflict = fs::read_if_exists(&path)?.unwrap_or_default();
        if let Some(merge) = LockMerge::of_conflict(&name, &conflict)? {
            fs::write_atomic(&path, merge.text.as_bytes())?;
            tell(session, &name, &merge);
            merged.push(name);
        }
    }
    session
        .terminal
        .note(match (files.all(), merged.as_slice()) {
            ([file], []) => format!("{} holds no conflict: nothing to do", file.lock()),
            (_, []) => "no lock holds a conflict: nothing to do".to_owned(),
            (_, [name]) => {
                format!("{name} is merged; `git add {name}` and `kaslite status` come next")
            }
            (_, names) => {
                let names = names.join(" ");
                format!("merged: {names}; `git add {names}` and `kaslite status` come next")
            }
        });
    Ok(ExitCode::SUCCESS)
}

fn tell(session: &Session, name: &str, merge: &LockMerge) {
    for stage in &merge.dropped {
        session.terminal.note(format_args!(
            "{name}: both sides made `{stage}` anew: its entry is dropped, `kaslite repro` restores or runs it"
        ));
    }
}
