//! `kaslite repro`: makes stages fresh.

use crate::cli::error::{CliError, Exit};
use crate::cli::experiment::Experiment;
use crate::cli::given::{Given, ParamsOfRun};
use crate::cli::handover::{hand_over, needs_torch};
use crate::cli::session::Session;
use crate::ui::{Bars, JsonLines, Lines, Terminal, Traces, describe, summary};
use kaslite_engine::cancel::Cancel;
use kaslite_engine::certificate::Certificate;
use kaslite_engine::event::{Decided, Event, EventSink, Outcome, Summary, Tee};
use kaslite_engine::repro::{ReproOptions, RunLock, can_trace, repro};
use kaslite_engine::stage::Action;
use kaslite_engine::workspace::{Judged, Selection, Workspace};
use kaslite_track::record::Recorder;
use std::process::ExitCode;
use std::thread::available_parallelism;
use std::time::Instant;

/// Arguments of `repro`.
#[derive(Debug, clap::Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag that can be typed"
)]
pub(crate) struct Args {
    /// Stages, groups, patterns (`'build@*'`) or paths of outs; none is the whole pipeline
    #[arg(value_name = "STAGE")]
    targets: Vec<String>,
    /// Only these stages, not those they need
    #[arg(short, long, requires = "targets")]
    single: bool,
    /// Run them even if they are fresh
    #[arg(short, long)]
    force: bool,
    /// Stages, and trials of a sweep, that run at once [default: the number of cores]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
    /// Only say what would run
    #[arg(long)]
    dry: bool,
    /// After a failure, go on with what does not depend on it
    #[arg(short, long)]
    keep_going: bool,
    /// These stages and those that need them, instead of those they need
    #[arg(long, requires = "targets", conflicts_with = "single")]
    downstream: bool,
    /// Tell which files of the project commands read that their stages do not declare, and which
    /// declared deps they never opened (needs strace)
    #[arg(long, conflicts_with = "dry")]
    trace: bool,
    /// Targets may be patterns; they always may, this is for those who know it from DVC
    #[arg(long, hide = true)]
    glob: bool,
    /// Print every event as a line of JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    given: Given,
    #[command(flatten)]
    experiment: Experiment,
}

pub(crate) fn run(session: &Session, args: &Args) -> Result<ExitCode, CliError> {
    let began = Instant::now();
    let selection = Selection {
        targets: args.targets.clone(),
        single: args.single,
        downstream: args.downstream,
    };
    if args.dry {
        let workspace = session.workspace_with(&args.given)?;
        let plan = workspace.plan(&selection, args.force)?;
        show_plan(session, args, &workspace, &plan);
        return Ok(ExitCode::SUCCESS);
    }
    let whole = args.targets.is_empty() && !args.force && args.given.is_nothing();
    if whole && let Some(certificate) = session.certificate()? {
        return Ok(all_fresh(session, args, &certificate, began));
    }
    let lock = RunLock::take(&session.project()?)?;
    let workspace = session.workspace_with(&args.given)?;
    if needs_torch(&workspace, &selection, args.force)? {
        drop(lock);
        return Err(hand_over(session));
    }
    execute(session, args, &workspace, selection)
}

fn execute(
    session: &Session,
    args: &Args,
    workspace: &Workspace,
    selection: Selection,
) -> Result<ExitCode, CliError> {
    let cores = available_parallelism().map_or(1, usize::from);
    let options = ReproOptions {
        selection,
        force: args.force,
        keep_going: args.keep_going,
        jobs: args.jobs.map_or(cores, usize::from),
        trace: args.trace && traceable(session),
    };
    let cancel = Cancel::default();
    let on_signal = cancel.clone();
    // Without a handler Ctrl-C still ends the run, less gently.
    let _ = ctrlc::set_handler(move || on_signal.cancel());
    let recorder = Recorder::new(workspace, args.experiment.header("repro", workspace));
    let _params = ParamsOfRun::write(workspace)?;
    let (watcher, traces) = (watcher(session, args), Traces::default());
    let result = repro(
        workspace,
        &options,
        &Tee(vec![&recorder, &*watcher, &traces]),
        &cancel,
    );
    drop(watcher);
    let done = result?;
    let run_id = recorder.finish(workspace, &done)?;
    if !args.json {
        report(session, &done, run_id.as_deref());
        if options.trace {
            traces.show(session.terminal);
        }
    }
    Ok(exit(&done))
}

/// Nothing has changed since everything was found fresh.
fn all_fresh(
    session: &Session,
    args: &Args,
    certificate: &Certificate,
    began: Instant,
) -> ExitCode {
    let fresh = |stage: &String| (stage.clone(), Outcome::Fresh);
    let done = Summary {
        stages: certificate.stages.iter().map(fresh).collect(),
        duration: began.elapsed(),
    };
    if args.json {
        JsonLines(session.terminal).emit(&Event::RunFinished(done));
    } else {
        report(session, &done, None);
        if args.trace {
            Traces::default().show(session.terminal);
        }
    }
    ExitCode::SUCCESS
}

fn traceable(session: &Session) -> bool {
    let can = can_trace();
    if !can {
        session
            .terminal
            .warning("strace is not on the PATH, or may not trace here: nothing is traced");
    }
    can
}

fn watcher(session: &Session, args: &Args) -> Box<dyn EventSink> {
    if args.json {
        Box::new(JsonLines(session.terminal))
    } else if Terminal::is_watched() {
        Box::new(Bars::default())
    } else {
        Box::new(Lines::new(session.terminal))
    }
}

fn report(session: &Session, done: &Summary, run_id: Option<&str>) {
    session.terminal.note(summary(done));
    if let Some(run_id) = run_id {
        session
            .terminal
            .note(format_args!("run {run_id} (`kaslite runs show {run_id}`)"));
    }
}

fn exit(done: &Summary) -> ExitCode {
    if done.cancelled() {
        Exit::Interrupted.into()
    } else if done.failed() {
        Exit::Stage.into()
    } else {
        ExitCode::SUCCESS
    }
}

fn show_plan(session: &Session, args: &Args, workspace: &Workspace, plan: &[(usize, Judged)]) {
    for (index, judged) in plan {
        let stage = &workspace.pipeline.stages[*index];
        if args.json {
            let line = serde_json::json!({
                "stage": stage.name,
                "decision": judged.decision.what,
                "reasons": judged.decision.reasons,
            });
            session.terminal.data(line);
            continue;
        }
        let what = match judged.decision.what {
            Decided::Fresh => "fresh",
            Decided::Frozen => "frozen",
            Decided::Restore => "would be restored from the cache",
            Decided::Run => "would run",
            Decided::Unknown => "may run",
        };
        session
            .terminal
            .data(format_args!("{}: {what}", stage.name));
        for reason in &judged.decision.reasons {
            session
                .terminal
                .data(format_args!("  {}", describe(reason)));
        }
        if let (Action::Command(commands), Decided::Run | Decided::Unknown) =
            (&stage.action, judged.decision.what)
        {
            for command in commands {
                session
                    .terminal
                    .data(format_args!("  $ {}", command.trim_end()));
            }
        }
    }
}
