//! `kaslite add`: data that git does not keep gets a pointer that it does.

use crate::cli::error::CliError;
use crate::cli::session::Session;
use kaslite_engine::pointer::{Change, add};
use kaslite_engine::rel_path::RelPath;
use kaslite_engine::run_lock::RunLock;
use kaslite_engine::workspace::Workspace;
use kaslite_track::provenance;
use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;

/// Arguments of `add`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
`kaslite add data.csv` keeps data.csv in the cache and writes data.csv.kaslite, which belongs
in git; .gitignore leaves data.csv out. `kaslite checkout` brings it back, also by the pointers
of DVC (data.csv.dvc) from DVC's cache.")]
pub(crate) struct Args {
    /// Files and folders
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
}

pub(crate) fn run(session: &Session, args: &Args) -> Result<ExitCode, CliError> {
    let project = session.project()?;
    let _lock = RunLock::take(&project)?;
    let workspace = session.workspace()?;
    for path in &args.paths {
        let path = in_project(session, &workspace, path)?;
        let added = add(&workspace, &path)?;
        let file = added.pointer.file();
        session.terminal.note(match added.change {
            Change::New => format!("{path}: kept; `{file}` and .gitignore belong in git"),
            Change::Other => format!("{path}: kept; `{file}` belongs in git"),
            Change::Nothing => format!("{path}: unchanged"),
        });
        let root = &workspace.project.root;
        let tracked = provenance::read_at(root, "HEAD", Path::new(path.as_str()));
        if matches!(tracked, Ok(Some(_))) {
            let message = format!("git keeps `{path}` too; `git rm --cached {path}` ends that");
            session.terminal.warning(&message);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A path that was typed, as one of the project.
pub(crate) fn in_project(
    session: &Session,
    workspace: &Workspace,
    path: &Path,
) -> Result<RelPath, CliError> {
    let root = absolute(&workspace.project.root);
    let typed = absolute(&session.folder.join(path));
    let inside = typed.strip_prefix(&root).ok().and_then(Path::to_str);
    inside
        .map(|inside| RelPath::root().join(inside))
        .ok_or_else(|| {
            CliError::usage(format!("`{}` does not lie in this project", path.display()))
        })
}

/// Absolute, `.` and `..` resolved by text.
fn absolute(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(clean.pop()),
            Component::CurDir => {}
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => clean.push(part),
        }
    }
    clean
}
