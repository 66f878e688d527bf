//! [`install`]: git merges the lock by stage.

use crate::cli::error::{CliError, Exit};
use crate::cli::session::Session;
use kaslite_engine::fs;
use kaslite_engine::pipeline_files::PipelineFiles;
use kaslite_engine::project::Project;
use std::collections::BTreeSet;
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
pub(crate) fn install(session: &Session, project: &Project, folder: &Path) -> Result<(), CliError> {
    let files = PipelineFiles::find(project);
    let names: BTreeSet<String> = files
        .all()
        .iter()
        .map(|file| file.lock().name().to_owned())
        .collect();
    let path = folder.join(".gitattributes");
    let before = fs::read_if_exists(&path)?.unwrap_or_default();
    let mut text = before.clone();
    // A name without a slash is meant in every folder.
    let lines = names.iter().map(|name| format!("{name} merge={DRIVER}"));
    let is_new = |line: &String| !before.lines().any(|known| known.trim() == line);
    let lines: Vec<String> = lines.filter(is_new).collect();
    for line in &lines {
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        text.push_str(line);
        text.push('\n');
    }
    if lines.is_empty() {
        session.terminal.note("kept    .gitattributes");
    } else {
        fs::write_atomic(&path, text.as_bytes())?;
        let what = if before.is_empty() {
            "created"
        } else {
            "added to"
        };
        let lines = lines.join(", ");
        session
            .terminal
            .note(format_args!("{what} .gitattributes ({lines})"));
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
