//! `kaslite gc`: removes from the cache what is no longer needed.

use crate::cli::error::CliError;
use crate::cli::session::Session;
use crate::ui::{plural, size};
use kaslite_engine::cache::{Limits, Swept};
use kaslite_engine::entry::Entry;
use kaslite_engine::fingerprint::Contents;
use kaslite_engine::lock::{self, Lock};
use kaslite_engine::pipeline_files::PipelineFile;
use kaslite_engine::pointer::{Pointer, Pointers};
use kaslite_engine::rel_path::RelPath;
use kaslite_engine::run_lock::RunLock;
use kaslite_engine::trash::{Emptied, Trash};
use kaslite_engine::workspace::Workspace;
use kaslite_track::history::{Commits, versions};
use kaslite_track::record::RunStore;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// How long what was put aside stays, where `--older-than` does not say it.
const KEPT: Duration = Duration::from_secs(30 * 86400);

/// Arguments of `gc`.
#[derive(Debug, clap::Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag that can be typed"
)]
#[command(after_help = "\
What always stays: what the lock of the workspace needs, what runs with the status keep or
baseline left, what pointers name. At least one of the options must say what goes:
without --older-than and --max-size, every past run that nothing named here needs.
What lies in .kaslite/trash goes after 30 days, or as old as --older-than says.")]
pub(crate) struct Args {
    /// Keep only what the workspace needs
    #[arg(short, long)]
    workspace: bool,
    /// Keep what the newest commit of each branch needs
    #[arg(short = 'a', long)]
    all_branches: bool,
    /// Keep what the tagged commits need
    #[arg(short = 'T', long)]
    all_tags: bool,
    /// Keep what any commit needs
    #[arg(short = 'A', long)]
    all_commits: bool,
    /// Keep what the last N recorded runs left
    #[arg(long, value_name = "N")]
    keep_runs: Option<usize>,
    /// Past runs go that were not used for so long: 30d, 12h, 4w
    #[arg(long, value_name = "AGE", value_parser = age)]
    older_than: Option<Duration>,
    /// Past runs go, the longest unused first, until the cache is no larger: 10GiB, 500MB
    #[arg(long, value_name = "SIZE", value_parser = bytes)]
    max_size: Option<u64>,
    /// Only list what would go
    #[arg(long)]
    dry: bool,
    /// Print what went as JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(session: &Session, args: &Args) -> Result<ExitCode, CliError> {
    let commits = Commits {
        branches: args.all_branches,
        tags: args.all_tags,
        all: args.all_commits,
    };
    let by_git = commits.branches || commits.tags || commits.all;
    let limited = args.older_than.is_some() || args.max_size.is_some();
    if !(args.workspace || by_git || limited || args.keep_runs.is_some()) {
        return Err(CliError::usage("say what `gc` may remove").hint(
            "`--older-than 30d` or `--max-size 10GiB` drops past runs; `--workspace` keeps only what the workspace needs, `-a` also that of branches, `-T` of tags, `-A` of all commits, `--keep-runs N` of the last runs",
        ));
    }
    let project = session.project()?;
    let _lock = RunLock::take(&project)?;
    let workspace = session.workspace()?;
    let mut roots = locks(&workspace)?;
    let pointers = Pointers::find(&workspace.project.root)?.own;
    roots.extend(pointers.into_iter().map(needed));
    roots.extend(runs(&workspace, args.keep_runs.unwrap_or(0))?);
    if by_git {
        roots.extend(history(session, &workspace, commits)?);
        roots.extend(past_pointers(&workspace, commits)?);
    }
    let limits = Limits {
        older_than: args.older_than,
        max_size: args.max_size,
    };
    let now = SystemTime::now();
    let swept = workspace.cache.sweep(&roots, &limits, now, args.dry)?;
    let age = args.older_than.unwrap_or(KEPT);
    let emptied = Trash::new(&workspace.project).empty(age, now, args.dry)?;
    report(session, args, &swept, &emptied);
    Ok(ExitCode::SUCCESS)
}

/// What the locks of the workspace need: this pipeline's and those of others beside it.
fn locks(workspace: &Workspace) -> Result<Vec<Entry>, CliError> {
    let mut entries: Vec<Entry> = workspace.lock.needed();
    for other in workspace.project.beside() {
        let lock = Lock::load(&other);
        let lock = lock.map_err(|error| {
            CliError::from(error).hint("that lock says what another pipeline needs")
        })?;
        entries.extend(lock.needed());
    }
    Ok(entries)
}

/// What the last runs left, and those that are worth keeping.
fn runs(workspace: &Workspace, count: usize) -> Result<Vec<Entry>, CliError> {
    let store = RunStore::new(&workspace.project.root);
    let mut entries = Vec::new();
    for (age, id) in store.ids().iter().rev().enumerate() {
        let run = store.load(id)?;
        if age >= count && !run.experiment.status.is_kept() {
            continue;
        }
        if let Some(text) = run.lock()? {
            entries.extend(lock::parse(&format!("{id}/pipeline.lock"), &text)?.into_values());
        }
    }
    Ok(entries)
}

/// What commits need. A lock that cannot be read, of an old version say, needs nothing that is known.
fn history(
    session: &Session,
    workspace: &Workspace,
    commits: Commits,
) -> Result<Vec<Entry>, CliError> {
    let project = &workspace.project;
    let is_lock = |path: &Path| {
        let path = RelPath::root().join(&path.to_string_lossy());
        PipelineFile::of_lock(project, &path).is_some()
    };
    let mut entries = Vec::new();
    for version in versions(&project.root, is_lock, commits)? {
        let shown = format!("{}:{}", &version.commit[..10], version.path.display());
        match lock::parse(&shown, &String::from_utf8_lossy(&version.content)) {
            Ok(found) => entries.extend(found.into_values()),
            Err(_) => session.terminal.warning(&format!(
                "`{shown}` cannot be read: what it needs is not known"
            )),
        }
    }
    Ok(entries)
}

/// What pointers named in commits, those among them that are gone.
fn past_pointers(workspace: &Workspace, commits: Commits) -> Result<Vec<Entry>, CliError> {
    let is_pointer = |path: &Path| path.extension().is_some_and(|ending| ending == "kaslite");
    let mut entries = Vec::new();
    for version in versions(&workspace.project.root, is_pointer, commits)? {
        let file = RelPath::root().join(&version.path.to_string_lossy());
        let text = String::from_utf8_lossy(&version.content);
        entries.extend(Pointer::parse(&file, &text).ok().map(needed));
    }
    Ok(entries)
}

/// The content that a pointer names, as an entry of a lock would have it.
fn needed(pointer: Pointer) -> Entry {
    Entry {
        fingerprint: Arc::default(),
        outs: Contents::from_iter([(pointer.path.to_string(), pointer.content)]),
    }
}

fn report(session: &Session, args: &Args, swept: &Swept, emptied: &Emptied) {
    let terminal = session.terminal;
    if args.json {
        let runs = swept
            .runs
            .iter()
            .map(|(stage, key)| serde_json::json!({"stage": stage, "key": key}));
        let contents = swept
            .contents
            .iter()
            .map(|(digest, size)| serde_json::json!({"digest": digest, "size": size}));
        let put_aside = emptied
            .iter()
            .map(|(path, size)| serde_json::json!({"path": path, "size": size}));
        terminal.data(serde_json::json!({
            "dry": args.dry,
            "put_aside": put_aside.collect::<Vec<_>>(),
            "runs": runs.collect::<Vec<_>>(),
            "contents": contents.collect::<Vec<_>>(),
            "freed": swept.freed(),
            "kept": swept.kept,
        }));
        return;
    }
    if args.dry {
        for (stage, key) in &swept.runs {
            terminal.data(format_args!("past run {} of {stage}", key.short()));
        }
        for (digest, bytes) in &swept.contents {
            terminal.data(format_args!("content {} {}", digest.short(), size(*bytes)));
        }
        for (path, bytes) in emptied {
            terminal.data(format_args!("put aside {path} {}", size(*bytes)));
        }
    }
    let verb = if args.dry { "would free" } else { "freed" };
    let bytes: u64 = emptied.iter().map(|(_, bytes)| bytes).sum();
    let mut parts = vec![
        plural(swept.contents.len(), "content"),
        plural(swept.runs.len(), "past run"),
    ];
    if !emptied.is_empty() {
        parts.push(format!("{} put aside", emptied.len()));
    }
    terminal.note(format_args!(
        "{verb} {}: {}; {} stay",
        size(swept.freed() + bytes),
        parts.join(", "),
        size(swept.kept),
    ));
}

/// A number and a unit; the unit alone is no age and no size.
fn number(text: &str) -> Option<(f64, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.');
    let (number, unit) = text.split_at(end.unwrap_or(text.len()));
    Some((number.parse().ok()?, unit.trim()))
}

fn age(text: &str) -> Result<Duration, String> {
    let units = [("m", 60.0), ("h", 3600.0), ("d", 86400.0), ("w", 604_800.0)];
    number(text)
        .and_then(|(number, unit)| {
            let (_, seconds) = units.iter().find(|(name, _)| *name == unit)?;
            Duration::try_from_secs_f64(number * seconds).ok()
        })
        .ok_or_else(|| "write a number and one of m, h, d, w: `30d`".to_owned())
}

fn bytes(text: &str) -> Result<u64, String> {
    let units: [(&str, u64); 10] = [
        ("", 1),
        ("B", 1),
        ("KiB", 1 << 10),
        ("MiB", 1 << 20),
        ("GiB", 1 << 30),
        ("TiB", 1 << 40),
        ("KB", 1000),
        ("MB", 1_000_000),
        ("GB", 1_000_000_000),
        ("TB", 1_000_000_000_000),
    ];
    let found = number(text).and_then(|(number, unit)| {
        let named = units
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(unit));
        let bytes = number * named?.1 as f64;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a number of bytes that was typed: not negative, checked to be in range"
        )]
        (bytes < 9e15).then_some(bytes as u64)
    });
    found.ok_or_else(|| "write a number and a unit: `10GiB`, `500MB`".to_owned())
}
