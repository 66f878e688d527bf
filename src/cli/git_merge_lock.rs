//! `kaslite git-merge-lock`: merges `pipeline.lock` by stage.

use crate::cli::error::CliError;
use crate::cli::session::Session;
use kaslite_engine::fs;
use kaslite_engine::lock_merge::LockMerge;
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
    let path = session.project()?.lock_path();
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let conflict = fs::read_if_exists(&path)?.unwrap_or_default();
    let Some(merge) = LockMerge::of_conflict(&name, &conflict)? else {
        let note = format!("{name} holds no conflict: nothing to do");
        session.terminal.note(note);
        return Ok(ExitCode::SUCCESS);
    };
    fs::write_atomic(&path, merge.text.as_bytes())?;
    tell(session, &name, &merge);
    session.terminal.note(format_args!(
        "{name} is merged; `git add {name}` and `kaslite status` come next"
    ));
    Ok(ExitCode::SUCCESS)
}

fn tell(session: &Session, name: &str, merge: &LockMerge) {
    for stage in &merge.dropped {
        session.terminal.note(format_args!(
            "{name}: both sides made `{stage}` anew: its entry is dropped, `kaslite repro` restores or runs it"
        ));
    }
}
