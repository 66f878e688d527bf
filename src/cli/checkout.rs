//! `kaslite checkout`: brings back outs without running anything.

use crate::cli::error::{CliError, Exit};
use crate::cli::session::Session;
use crate::cli::side::Side;
use crate::ui::plural;
use kaslite_engine::checkout::{CheckedOut, CheckoutOptions, bring_back, checkout};
use kaslite_engine::entry::Entry;
use kaslite_engine::pointer::{Pointer, Pointers};
use kaslite_engine::rel_path::RelPath;
use kaslite_engine::run_lock::RunLock;
use kaslite_engine::workspace::{Selection, Workspace};
use kaslite_track::provenance;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

/// Arguments of `checkout`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A run or git revision, instead of the current lock, and stages, outs or data that was added; none
    /// is all
    #[arg(value_name = "RUN|REVISION|STAGE")]
    names: Vec<String>,
    /// Put aside what is in the way, though the lock does not know it
    #[arg(short, long)]
    force: bool,
    /// Print what was done as JSON
    #[arg(long)]
    json: bool,
}

impl Args {
    /// What a run left: all of it, or of these stages.
    pub(crate) fn of_run(run_id: &str, stages: &[String], force: bool) -> Self {
        let mut names = vec![run_id.to_owned()];
        names.extend(stages.iter().cloned());
        Self {
            names,
            force,
            json: false,
        }
    }
}

pub(crate) fn run(session: &Session, args: &Args) -> Result<ExitCode, CliError> {
    let project = session.project()?;
    let _lock = RunLock::take(&project)?;
    let workspace = session.workspace()?;
    let (pointers, names) = pointers(&workspace, &args.names)?;
    let mut done = bring_back(&workspace, &pointers, args.force)?;
    // Where only data of pointers was named, no stage is meant.
    if args.names.is_empty() || !names.is_empty() {
        let (entries, targets) = source(&workspace, &names)?;
        let options = CheckoutOptions {
            targets: targets.to_vec(),
            force: args.force,
        };
        done.extend(checkout(&workspace, &entries, &options)?);
    }
    if args.json {
        print_json(session, &done);
    } else {
        print(session, &done);
    }
    Ok(if done.lost.is_empty() {
        ExitCode::SUCCESS
    } else {
        Exit::Cache.into()
    })
}

/// The pointers that are meant, and the names that are none's. With a revision they are as it has them;
/// a run knows none.
fn pointers(workspace: &Workspace, names: &[String]) -> Result<(Pointers, Vec<String>), CliError> {
    let root = &workspace.project.root;
    let all = Pointers::find(root)?;
    if names.is_empty() {
        return Ok((all, Vec::new()));
    }
    let path = |name: &String| RelPath::root().join(name);
    let (data, others): (Vec<String>, Vec<String>) =
        names.iter().cloned().partition(|name| all.has(&path(name)));
    let paths: Vec<RelPath> = data.iter().map(path).collect();
    let revision = match others.as_slice() {
        [only] if !is_stage(workspace, only) => match Side::find(workspace, only)? {
            Side::Revision(revision) => Some(revision),
            Side::Workspace | Side::Run(_) => None,
        },
        _ => None,
    };
    Ok(match revision {
        None => (all.only(&paths), others),
        Some(revision) if data.is_empty() => (at(root, &all, &revision)?, others),
        Some(revision) => (at(root, &all.only(&paths), &revision)?, Vec::new()),
    })
}

/// The pointers as a revision has them.
fn at(root: &Path, pointers: &Pointers, revision: &str) -> Result<Pointers, CliError> {
    let mut then = Pointers::default();
    for file in pointers.own.iter().map(Pointer::file) {
        let bytes = provenance::read_at(root, revision, Path::new(file.as_str()))?;
        if let Some(bytes) = bytes {
            then.own
                .push(Pointer::parse(&file, &String::from_utf8_lossy(&bytes))?);
        }
    }
    Ok(then)
}

/// Whether a name is a stage's or an out's, now or in the lock.
fn is_stage(workspace: &Workspace, name: &str) -> bool {
    let selection = Selection {
        targets: vec![name.to_owned()],
        single: true,
        ..Selection::default()
    };
    workspace.select(&selection).is_ok() || workspace.lock.get(name).is_some()
}

/// What is to be brought back, and the stages that are meant. A name of a stage or out goes before one
/// of a run or revision.
fn source<'a>(
    workspace: &Workspace,
    names: &'a [String],
) -> Result<(BTreeMap<String, Entry>, &'a [String]), CliError> {
    let current = || workspace.lock.entries();
    let Some((first, rest)) = names.split_first() else {
        return Ok((current(), names));
    };
    if is_stage(workspace, first) {
        return Ok((current(), names));
    }
    match Side::find(workspace, first)? {
        Side::Workspace => Ok((current(), rest)),
        side @ (Side::Run(_) | Side::Revision(_)) => Ok((side.lock(workspace)?, rest)),
    }
}

fn print(session: &Session, done: &CheckedOut) {
    let lists = [
        ("A", &done.added),
        ("M", &done.modified),
        ("D", &done.deleted),
    ];
    for (letter, paths) in lists {
        for path in paths {
            session.terminal.data(format_args!("{letter} {path}"));
        }
    }
    warn(session, done);
    let counts = [
        (done.added.len(), "added"),
        (done.modified.len(), "modified"),
        (done.deleted.len(), "deleted"),
        (done.lost.len(), "lost"),
    ];
    let parts: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    session.terminal.note(if parts.is_empty() {
        "everything is in place".to_owned()
    } else {
        parts.join(", ")
    });
}

fn warn(session: &Session, done: &CheckedOut) {
    let terminal = session.terminal;
    for (path, kept) in &done.kept {
        terminal.warning(&format!("`{path}`: what lay there is kept as `{kept}`"));
    }
    for path in &done.uncached {
        terminal.warning(&format!(
            "`{path}` is not kept in the cache (`cache: false`): its stage makes it"
        ));
    }
    if !done.lost.is_empty() {
        let count = plural(done.lost.len(), "content");
        let names: Vec<String> = done.lost.iter().map(|path| format!("`{path}`")).collect();
        let message = format!("the cache has lost {count}: {}", names.join(", "));
        let hint = "`kaslite repro` makes anew what the workspace asks for".to_owned();
        terminal.error(&message, &[hint]);
    }
}

fn print_json(session: &Session, done: &CheckedOut) {
    let kept: BTreeMap<&str, &str> = done
        .kept
        .iter()
        .map(|(path, kept)| (path.as_str(), kept.as_str()))
        .collect();
    session.terminal.data(serde_json::json!({
        "added": done.added,
        "modified": done.modified,
        "deleted": done.deleted,
        "kept": kept,
        "lost": done.lost,
        "uncached": done.uncached,
    }));
}
