//! `kaslite runs checkout`: outs, params and, on request, the sources of a run.

use crate::cli::checkout;
use crate::cli::error::{CliError, Exit};
use crate::cli::runs::params_files::params_files;
use crate::cli::session::Session;
use crate::cli::side::Side;
use crate::ui::plural;
use kaslite_engine::cache::RestoreError;
use kaslite_engine::fs;
use kaslite_engine::pipeline_files::PipelineFile;
use kaslite_engine::rel_path::RelPath;
use kaslite_engine::workspace::Workspace;
use kaslite_track::record::{RunRecord, RunStore};
use kaslite_track::sources::{Gathered, Lies, Sources, Uncommitted};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Arguments of `runs checkout`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The run: its name or its beginning, `latest`, `latest~1`
    run: String,
    /// Only the outs of these stages
    stages: Vec<String>,
    /// Also the very sources: pipeline, code and data as they were, what was not committed too
    #[arg(long, conflicts_with = "stages")]
    sources: bool,
    /// All of it into a new folder instead of this project
    #[arg(long, value_name = "DIR", conflicts_with = "stages")]
    into: Option<PathBuf>,
    /// Put aside outs that are in the way, though the lock does not know them
    #[arg(short, long)]
    force: bool,
}

pub(crate) fn run(session: &Session, store: &RunStore, args: &Args) -> Result<ExitCode, CliError> {
    let run = store.find(&args.run)?;
    let workspace = session.workspace()?;
    let (sources, gathered) = gathered(&workspace, &run)?;
    let files = Files {
        session,
        workspace: &workspace,
        run: &run,
        gathered: &gathered,
        params: params_files(&workspace, &run, &gathered)?,
    };
    if let Some(folder) = &args.into {
        return files.give(&session.folder.join(folder));
    }
    if args.stages.is_empty() {
        files.in_place(store, &sources, args.sources)?;
    }
    let outs = checkout::Args::of_run(&run.run_id, &args.stages, args.force);
    checkout::run(session, &outs)
}

/// The sources of a run, with a word on those that are not as they were.
pub(crate) fn gathered(
    workspace: &Workspace,
    run: &RunRecord,
) -> Result<(Sources, Gathered), CliError> {
    let id = &run.run_id;
    let Some(sources) = Sources::load(&run.folder).map_err(CliError::usage)? else {
        let message = format!("the record `{id}` has no sources: an older kaslite made it");
        return Err(
            CliError::usage(message).hint(format!("`kaslite checkout {id}` brings back its outs"))
        );
    };
    if !sources.has_commit(&workspace.project.root) {
        let commit = sources.commit.as_deref().unwrap_or_default();
        let message = format!("git does not know the commit `{commit}` of the run `{id}` here");
        return Err(CliError::usage(message).hint("`git fetch` may bring it"));
    }
    let gathered = Gathered::of(&sources, &run.folder, workspace)?;
    Ok((sources, gathered))
}

struct Files<'a> {
    session: &'a Session,
    workspace: &'a Workspace,
    run: &'a RunRecord,
    gathered: &'a Gathered,
    params: BTreeMap<String, Vec<u8>>,
}

impl Files<'_> {
    /// Outs, params, sources and lock in a folder of their own.
    fn give(&self, folder: &Path) -> Result<ExitCode, CliError> {
        let is_empty =
            |folder: &Path| std::fs::read_dir(folder).is_ok_and(|mut all| all.next().is_none());
        if folder.exists() && !is_empty(folder) {
            let message = format!("`{}` is there, and not empty", folder.display());
            return Err(CliError::usage(message).hint("name a folder that is not there yet"));
        }
        let entries = Side::Run(Box::new(self.run.clone())).lock(self.workspace)?;
        self.gathered.write_all(folder)?;
        for (path, bytes) in &self.params {
            fs::write_atomic(&folder.join(path), bytes)?;
        }
        let mut lost = Vec::new();
        for (out, content) in entries.values().flat_map(|entry| &entry.outs) {
            let place = RelPath::root().join(out).under(folder);
            fs::remove(&place)?;
            match self.workspace.cache.fetch(content, &place, out) {
                Ok(()) => {}
                Err(RestoreError::Fs(error)) => return Err(error.into()),
                Err(RestoreError::Lost(_) | RestoreError::Damaged(_)) => lost.push(out.clone()),
            }
        }
        if let ([file], Some(lock)) = (self.workspace.pipeline.files.all(), self.run.lock()?) {
            fs::write_atomic(&file.lock().under(folder), lock.as_bytes())?;
        }
        self.tell_amiss();
        self.session.terminal.data(folder.display());
        if lost.is_empty() {
            return Ok(ExitCode::SUCCESS);
        }
        let message = format!("the cache has not: {}", quoted(&lost));
        let hint = "`kaslite repro` in that folder makes them".to_owned();
        self.session.terminal.error(&message, &[hint]);
        Ok(Exit::Cache.into())
    }

    /// Params, and with `all` the other sources, in the project itself; nothing is lost by it.
    fn in_place(&self, store: &RunStore, sources: &Sources, all: bool) -> Result<(), CliError> {
        let root = &self.workspace.project.root;
        let changes = Uncommitted::of(root, 0);
        let mut wanted: Vec<(String, Option<Vec<u8>>)> = Vec::new();
        if all {
            let others = self.gathered.paths().filter(|path| !self.is_made(path));
            wanted.extend(
                others.filter_map(|path| Some((path.to_owned(), Some(self.gathered.read(path)?)))),
            );
            let unknown = |path: &&str| self.gathered.read(path).is_none() && !self.is_made(path);
            if sources.commit.is_some() {
                let gone = changes
                    .tracked()
                    .filter(unknown)
                    .filter(|path| root.join(path).exists());
                wanted.extend(gone.map(|path| (path.to_owned(), None)));
            }
            wanted.retain(|(path, _)| !self.params.contains_key(path));
        }
        let params = self.params.iter();
        wanted.extend(params.map(|(path, bytes)| (path.clone(), Some(bytes.clone()))));
        wanted.retain(|(path, bytes)| std::fs::read(root.join(path)).ok() != *bytes);
        let is_loss = |path: &&String| {
            root.join(path).exists()
                && !changes.has_unchanged(path)
                && !is_recorded(store, root, path)
        };
        let in_the_way: Vec<String> = wanted
            .iter()
            .map(|(path, _)| path)
            .filter(is_loss)
            .cloned()
            .collect();
        if !in_the_way.is_empty() {
            let message = format!(
                "{} would be overwritten, and neither git nor a run has it: {}",
                plural(in_the_way.len(), "file"),
                quoted(&in_the_way)
            );
            return Err(CliError::usage(message)
                .hint("commit it, or move it away")
                .hint("`--into DIR` brings the run back in a folder of its own"));
        }
        for (path, bytes) in &wanted {
            let place = root.join(path);
            let letter = if place.exists() { "M" } else { "A" };
            match bytes {
                Some(_) if !self.params.contains_key(path) => self.gathered.write(path, root)?,
                Some(bytes) => fs::write_atomic(&place, bytes)?,
                None => fs::remove(&place)?,
            }
            let letter = if bytes.is_none() { "D" } else { letter };
            self.session.terminal.data(format_args!("{letter} {path}"));
        }
        if all {
            self.tell_amiss();
        }
        Ok(())
    }

    /// Whether a stage or kaslite makes it.
    fn is_made(&self, path: &str) -> bool {
        let path = RelPath::root().join(path);
        !self.workspace.pipeline.makers.of(&path).is_empty()
            || PipelineFile::of_lock(&self.workspace.project, &path).is_some()
    }

    fn tell_amiss(&self) {
        for amiss in &self.gathered.amiss {
            self.session
                .terminal
                .warning(&format!("`{}` {}", amiss.path, amiss.why));
        }
    }
}

/// Whether a record has a file as it lies there now.
fn is_recorded(store: &RunStore, root: &Path, path: &str) -> bool {
    let Ok(bytes) = std::fs::read(root.join(path)) else {
        return false;
    };
    let digest = kaslite_engine::digest::Digest::of(&bytes);
    store.ids().iter().rev().any(|id| {
        let kept = Sources::load(&store.folder().join(id)).ok().flatten();
        let file = kept.and_then(|kept| kept.files.get(path).cloned());
        file.is_some_and(|file| file.lies == Lies::Record && file.content.digest == digest)
    })
}

fn quoted(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}
