//! [`install`]: git merges the lock by stage.

use crate::cli::error::{CliError, Exit};
use crate::cli::session::Session;
use kaslite_engine::fs;
use kaslite_engine::project::Project;
use std::path::Path;
use std::process::Command;

/// The name of the merge driver.
const DRIVER: &str = "kaslite";

/// Whether a folder, or the nearest above it that is there, lies in a working tree of git.
pub(crate) fn require(folder: &Path) -> Result<(), CliError> {
    let there = folder.ancestors().find(|folder| folder.is_dir());
    let inside = git(
        there.unwrap_or(folder),
        &["rev-parse", "--is-inside-work-tree"],
    );
    match inside {
        Ok(answer) if answer == "true" => Ok(()),
        Ok(_) | Err(_) => Err(CliError::usage(format!(
            "`{}` is in no git repository",
            folder.display()
        ))
        .hint("`git init` makes one")),
    }
}

/// Makes git merge the lock with `kaslite git-merge-lock`: a line in `.gitattributes`, which is to be
/// committed, and the driver in the configuration of this clone.
pub(crate) fn install(session: &Session, project: &Project) -> Result<(), CliError> {
    let (folder, lock) = (&project.root, project.lock_path());
    let lock = lock.file_name().unwrap_or_default().to_string_lossy();
    let line = format!("{lock} merge={DRIVER}");
    let path = folder.join(".gitattributes");
    let text = fs::read_if_exists(&path)?.unwrap_or_default();
    if text.lines().any(|known| known.trim() == line) {
        session.terminal.note("kept    .gitattributes");
    } else {
        let gap = if text.is_empty() || text.ends_with('\n') {
            ""
        } else {
            "\n"
        };
        fs::write_atomic(&path, format!("{text}{gap}{line}\n").as_bytes())?;
        let what = if text.is_empty() {
            "created"
        } else {
            "added to"
        };
        session
            .terminal
            .note(format_args!("{what} .gitattributes ({line})"));
    }
    let program = std::env::current_exe()
        .map_err(|error| CliError::from_error(&error, Exit::Internal))?
        .display()
        .to_string();
    // Git gives the command to a shell.
    let quoted = program.replace('\'', r"'\''");
    let command = format!("'{quoted}' git-merge-lock %O %A %B %P");
    let key = |what: &str| format!("merge.{DRIVER}.{what}");
    git(folder, &["config", &key("name"), "pipeline.lock, by stage"])?;
    git(folder, &["config", &key("driver"), &command])?;
    session.terminal.note(
        "git merges the lock by stage in this clone; in others, `kaslite init --git` says so too",
    );
    Ok(())
}

fn git(folder: &Path, arguments: &[&str]) -> Result<String, CliError> {
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(arguments)
        .output()
        .map_err(|error| CliError::usage(format!("cannot start git: {error}")))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    } else {
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        let command = arguments.join(" ");
        Err(CliError::usage(format!("`git {command}` failed: {said}")))
    }
}
