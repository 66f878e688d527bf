//! `kaslite runs replay`: a run built again from its record.

use crate::cli::error::{CliError, Exit};
use crate::cli::runs::checkout::gathered;
use crate::cli::runs::replayed::Replayed;
use crate::cli::session::Session;
use crate::cli::side::Side;
use kaslite_engine::cache::RestoreError;
use kaslite_engine::fs;
use kaslite_engine::params::DEFAULT_FILE;
use kaslite_engine::project::Project;
use kaslite_engine::rel_path::RelPath;
use kaslite_engine::workspace::Workspace;
use kaslite_track::record::{RunRecord, RunStore, RunSummary};
use kaslite_track::sources::{Gathered, Limits, Sources};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

const EXIT_CODES: &str = "\
Exit codes: 0 all is equal, 3 something differs, 1 a stage failed when it was run again.";

/// Arguments of `runs replay`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Args {
    /// The run: its name or its beginning, `latest`, `latest~1`
    run: String,
    /// With the sources and params files that lie here now, instead of those of the record
    #[arg(long)]
    here: bool,
    /// Build it in this new folder, and leave it there
    #[arg(long, value_name = "DIR")]
    into: Option<PathBuf>,
    /// Stages that run at once
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(session: &Session, store: &RunStore, args: &Args) -> Result<ExitCode, CliError> {
    let run = store.find(&args.run)?;
    let workspace = session.workspace()?;
    let Some(summary) = &run.summary else {
        let message = format!(
            "the run `{}` was killed: nobody knows what it would have made",
            run.run_id
        );
        return Err(CliError::usage(message));
    };
    let old = Side::Run(Box::new(run.clone())).lock(&workspace)?;
    let (_, recorded) = gathered(&workspace, &run)?;
    let scratch = Scratch::new(session, args.into.as_deref())?;
    let now = if args.here {
        Some(sources_of_here(&workspace, summary, &scratch.beside()?)?)
    } else {
        None
    };
    let sources = now.as_ref().unwrap_or(&recorded);
    refuse_missing(&run, sources)?;
    scratch.refuse_inside(&workspace)?;
    sources.write_all(&scratch.folder)?;
    for stage in summary
        .stages
        .iter()
        .filter(|stage| stage.outcome == "frozen")
    {
        let entry = old.get(&stage.stage);
        for (out, content) in entry.iter().flat_map(|entry| &entry.outs) {
            let place = RelPath::root().join(out).under(&scratch.folder);
            match workspace.cache.fetch(content, &place, out) {
                // What is lost shows as a dep that is not there.
                Ok(()) | Err(RestoreError::Lost(_) | RestoreError::Damaged(_)) => {}
                Err(RestoreError::Fs(error)) => return Err(error.into()),
            }
        }
    }
    let code = build(session, args, &run, summary, &workspace, &scratch.folder)?;
    let again = RunStore::new(&scratch.folder).find("latest").ok();
    let Some(again) = again.filter(|again| again.summary.is_some()) else {
        return Ok(ExitCode::from(code));
    };
    let new = Side::Run(Box::new(again.clone())).lock(&workspace)?;
    let mut replayed = Replayed::new(&run, (&old, summary), (&new, &again));
    replayed.sources(&workspace, &recorded, now.as_ref(), &old);
    if args.json {
        session.terminal.data(replayed.json());
    } else {
        replayed.show(session.terminal);
    }
    Ok(match code {
        0 if replayed.is_equal() => ExitCode::SUCCESS,
        0 => Exit::Stale.into(),
        code => ExitCode::from(code),
    })
}

/// What lies in the project now, as a record of it would have it.
fn sources_of_here(
    workspace: &Workspace,
    summary: &RunSummary,
    folder: &Path,
) -> Result<Gathered, CliError> {
    let stages: Vec<String> = summary
        .stages
        .iter()
        .map(|stage| stage.stage.clone())
        .collect();
    let read = workspace.sources(&stages)?;
    let sources = Sources::keep(&workspace.project.root, &read, folder, Limits::NONE)?;
    Ok(Gathered::of(&sources, folder, workspace)?)
}

fn refuse_missing(run: &RunRecord, sources: &Gathered) -> Result<(), CliError> {
    let Some(missing) = sources.amiss.iter().find(|amiss| amiss.missing) else {
        return Ok(());
    };
    let message = format!(
        "the run `{}` cannot be built again: `{}` {}",
        run.run_id, missing.path, missing.why
    );
    Err(CliError::usage(message)
        .hint("put the file in its place: by its digest it is known whether it is the one"))
}

/// Runs the stages of the run in the folder; gives the exit code.
fn build(
    session: &Session,
    args: &Args,
    run: &RunRecord,
    summary: &RunSummary,
    workspace: &Workspace,
    folder: &Path,
) -> Result<u8, CliError> {
    let internal = |error: std::io::Error| CliError::from_error(&error, Exit::Internal);
    let mut command = Command::new(std::env::current_exe().map_err(internal)?);
    command.arg("--directory").arg(folder);
    if let Some(file) = session.named_file(&workspace.project) {
        command.arg("--file").arg(folder.join(file));
    }
    command.arg(session.color_argument());
    command.args(["repro", "--force", "--no-run-cache"]);
    if let Some(jobs) = args.jobs {
        command.arg(format!("--jobs={jobs}"));
    }
    let base = Sources::base(&run.folder);
    if base.is_file() {
        command
            .arg("--params")
            .arg(base.canonicalize().map_err(internal)?);
    }
    for (name, value) in &run.experiment.cli_overrides {
        let name = name
            .strip_prefix(&format!("{DEFAULT_FILE}:"))
            .unwrap_or(name);
        // JSON is YAML, and says of which type a value is.
        let value = serde_json::to_string(value).unwrap_or_default();
        command.arg("--set").arg(format!("{name}={value}"));
    }
    let is_built = |outcome: &str| !matches!(outcome, "frozen" | "cancelled" | "skipped");
    let stages = summary
        .stages
        .iter()
        .filter(|stage| is_built(&stage.outcome));
    command.arg("--").args(stages.map(|stage| &stage.stage));
    // What stages and kaslite say of it goes to people.
    command.stdin(Stdio::null()).stdout(std::io::stderr());
    let status = command.status().map_err(internal)?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.unwrap_or(Exit::Interrupted as u8))
}

/// The folder that the run is built in.
struct Scratch {
    folder: PathBuf,
    /// Removed with this.
    temp: tempfile::TempDir,
}

impl Scratch {
    fn new(session: &Session, into: Option<&Path>) -> Result<Self, CliError> {
        let failed = |error: std::io::Error| CliError::from_error(&error, Exit::Internal);
        let temp = tempfile::Builder::new()
            .prefix("kaslite-replay-")
            .tempdir()
            .map_err(failed)?;
        let folder = match into {
            Some(folder) => session.folder.join(folder),
            None => temp.path().join("run"),
        };
        if std::fs::read_dir(&folder).is_ok_and(|mut all| all.next().is_some()) {
            let message = format!("`{}` is there, and not empty", folder.display());
            return Err(CliError::usage(message).hint("name a folder that is not there yet"));
        }
        fs::create_dir(&folder)?;
        let folder = folder.canonicalize().map_err(failed)?;
        Ok(Self { folder, temp })
    }

    /// Room beside it.
    fn beside(&self) -> Result<PathBuf, CliError> {
        let folder = self.temp.path().join("here");
        fs::create_dir(&folder)?;
        Ok(folder)
    }

    /// The folder must be a project by itself, not a part of one around it: looked at while it is empty.
    fn refuse_inside(&self, workspace: &Workspace) -> Result<(), CliError> {
        let project = Project::discover(&self.folder, workspace.project.environment.clone());
        match project {
            Ok(project) if project.root != self.folder => {
                let message = format!(
                    "`{}` lies in the project `{}`",
                    self.folder.display(),
                    project.root.display()
                );
                Err(CliError::usage(message).hint("name a folder outside of it"))
            }
            // A pipeline with a name of its own is found by `--file` alone.
            Ok(_) | Err(_) => Ok(()),
        }
    }
}
