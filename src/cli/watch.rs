//! `kaslite watch`: reruns what becomes stale as files change.
//!
//! Each cycle is a `kaslite repro` of its own, so that it hands over to `kaslite-torch` where it must
//! and is, to the last byte, what would have been typed. Whether there is something to do is asked of
//! the workspace, not of the file system's events: those only say when to ask, and not what changed for
//! the stages.

use crate::cli::error::{CliError, Exit};
use crate::cli::session::Session;
use crate::cli::watched::{Happened, Watched};
use crate::ui::{Talk, describe, plural};
use kaslite_engine::event::Decided;
use kaslite_engine::fingerprint::Fingerprint;
use kaslite_engine::rel_path::RelPath;
use kaslite_engine::stale::StaleReason;
use kaslite_engine::workspace::{Judged, Selection, Workspace};
use rustix::process::{Pid, Signal, kill_process};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::time::Duration;

/// How often a cycle looks whether it has ended.
const TICK: Duration = Duration::from_millis(20);

/// Arguments of `watch`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Ctrl-C ends it: with exit code 0, or 130 where it ended a run.")]
pub(crate) struct Args {
    /// Stages, pipeline files or paths of outs, with all they need; none is everything, or in a folder
    /// below the root its own pipeline file
    #[arg(value_name = "STAGE")]
    targets: Vec<String>,
    /// Stages, and trials of a sweep, that run at once [default: the number of cores]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
    /// Look every second: where the file system tells of no changes, and for deps outside of the project
    #[arg(long)]
    poll: bool,
}

/// Changes that are named one by one.
const NAMED: usize = 3;

/// What there is to do.
enum Work {
    Nothing,
    /// Stages are stale.
    Stale {
        /// All they are made from that no stage makes: while it stays, what failed fails again.
        sources: String,
        /// What changed, in words.
        cause: String,
    },
    /// The pipeline cannot be read, for this reason.
    Wrong(String),
}

pub(crate) fn run(session: &Session, args: &Args) -> Result<ExitCode, CliError> {
    let project = session.project()?;
    let workspace = session.workspace()?;
    let count = workspace.select(&selection(session, args)?)?.len();
    let mut watched = Watched::start(&project, args.poll);
    if let Some(reason) = watched.polls() {
        session
            .terminal
            .note(format_args!("looks every second: {reason}"));
    }
    session.terminal.note(format_args!(
        "watching {} in `{}`; Ctrl-C ends it",
        plural(count, "stage"),
        project.root.display()
    ));
    drop(workspace);
    let (mut failed, mut wrong) = (None, None);
    let mut is_first = true;
    loop {
        match look(session, args) {
            Work::Nothing => wrong = None,
            Work::Wrong(message) => {
                if wrong.as_ref() != Some(&message) {
                    session.terminal.note(&message);
                }
                wrong = Some(message);
            }
            Work::Stale { sources, .. } if failed.as_ref() == Some(&sources) => {}
            Work::Stale { sources, cause } => {
                let cause = if is_first { "start".to_owned() } else { cause };
                let status = cycle(session, args, &cause, &watched)?;
                if watched.stopped() && !ended_by_itself(status) {
                    return Ok(Exit::Interrupted.into());
                }
                (failed, wrong) = ((!status.success()).then_some(sources), None);
            }
        }
        is_first = false;
        if watched.wait() == Happened::Stop {
            return Ok(ExitCode::SUCCESS);
        }
    }
}

/// A run that was over when Ctrl-C came.
fn ended_by_itself(status: ExitStatus) -> bool {
    status
        .code()
        .is_some_and(|code| code != Exit::Interrupted as i32)
}

fn selection(session: &Session, args: &Args) -> Result<Selection, CliError> {
    Ok(Selection {
        targets: session.targets(&args.targets, false)?,
        ..Selection::default()
    })
}

fn look(session: &Session, args: &Args) -> Work {
    let plan = session.workspace().and_then(|workspace| {
        let plan = workspace.plan(&selection(session, args)?, false)?;
        workspace.snapshot.save();
        Ok((workspace, plan))
    });
    let (workspace, plan) = match plan {
        Ok(done) => done,
        Err(error) => return Work::Wrong(error.to_string()),
    };
    if !plan.iter().any(|(_, judged)| is_stale(judged)) {
        return Work::Nothing;
    }
    let mut text = String::new();
    for (index, judged) in &plan {
        let mut sources = Fingerprint::clone(&judged.fingerprint);
        let makers = &workspace.pipeline.makers;
        sources
            .deps
            .retain(|path, _| makers.of(&RelPath::root().join(path)).is_empty());
        // A String takes any text.
        let _ = writeln!(text, "{index} {}", sources.run_key());
    }
    Work::Stale {
        sources: text,
        cause: cause(&workspace, &plan),
    }
}

/// What changed, in words.
fn cause(workspace: &Workspace, plan: &[(usize, Judged)]) -> String {
    let mut causes = BTreeSet::new();
    for (index, judged) in plan {
        let stage = &workspace.pipeline.stages[*index].name;
        let reasons = judged.decision.reasons.iter();
        causes.extend(reasons.filter_map(|reason| changed(stage, reason)));
    }
    let mut named: Vec<String> = causes.iter().take(NAMED).cloned().collect();
    if causes.len() > NAMED {
        named.push(format!("and {} more", causes.len() - NAMED));
    }
    named.join(", ")
}

fn changed(stage: &str, reason: &StaleReason) -> Option<String> {
    let text = describe(reason);
    Some(match reason {
        StaleReason::Dep { .. } | StaleReason::Out { .. } | StaleReason::Param { .. } => {
            format!("{} {}", text.subject, text.detail)
        }
        StaleReason::NeverRun => format!("new stage {stage}"),
        StaleReason::Setting { name, .. } => format!("{name} of {stage}"),
        StaleReason::Command { .. }
        | StaleReason::Uses { .. }
        | StaleReason::Code { .. }
        | StaleReason::Makes { .. } => format!("{} of {stage}", text.kind),
        StaleReason::Forced | StaleReason::AlwaysChanged | StaleReason::Upstream { .. } => {
            return None;
        }
    })
}

/// Stale for another reason than that it always is.
fn is_stale(judged: &Judged) -> bool {
    let reasons = &judged.decision.reasons;
    match judged.decision.what {
        Decided::Run | Decided::Restore => reasons
            .iter()
            .any(|reason| *reason != StaleReason::AlwaysChanged),
        Decided::Fresh | Decided::Frozen | Decided::Unknown => false,
    }
}

/// Runs `kaslite repro` to its end.
fn cycle(
    session: &Session,
    args: &Args,
    cause: &str,
    watched: &Watched,
) -> Result<ExitStatus, CliError> {
    let program =
        std::env::current_exe().map_err(|error| CliError::from_error(&error, Exit::Internal))?;
    let mut command = Command::new(program);
    command.args(session.global_arguments()).arg("repro");
    if let Some(jobs) = args.jobs {
        command.arg(format!("--jobs={jobs}"));
    }
    // With -v each run is shown as `kaslite repro` shows it, instead of one line.
    if session.terminal.talk() == Talk::Decisions {
        session.terminal.note(cause);
    } else {
        command.arg(format!("--brief={cause}"));
    }
    command.arg("--").args(&args.targets).stdin(Stdio::null());
    // Ctrl-C is for this program, which passes it on.
    let mut child = command
        .process_group(0)
        .spawn()
        .map_err(|error| CliError::from_error(&error, Exit::Internal))?;
    let mut told = 0;
    loop {
        let ended = child
            .try_wait()
            .map_err(|error| CliError::from_error(&error, Exit::Internal))?;
        if let Some(status) = ended {
            return Ok(status);
        }
        for _ in told..watched.stops() {
            interrupt(&child);
        }
        told = watched.stops();
        std::thread::sleep(TICK);
    }
}

fn interrupt(child: &Child) {
    // A child that has just ended takes no signal; that is fine.
    let _ = kill_process(Pid::from_child(child), Signal::INT);
}
