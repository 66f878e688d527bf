//! `kaslite repro`: makes stages fresh.

use crate::cli::components::components;
use crate::cli::error::{CliError, Exit};
use crate::cli::experiment::Experiment;
use crate::cli::given::{Given, ParamsOfRun};
use crate::cli::handover::{hand_over, needs_torch};
use crate::cli::machine::machine;
use crate::cli::report::keep_report;
use crate::cli::session::Session;
use crate::cli::signals::on_end;
use crate::ui::{Brief, JsonLines, Traces, brief, describe, expected, summary};
use bytesize::ByteSize;
use kaslite_engine::cancel::Cancel;
use kaslite_engine::estimate::Estimate;
use kaslite_engine::event::{Decided, Event, EventSink, Outcome, Summary, Tee};
use kaslite_engine::rel_path::RelPath;
use kaslite_engine::repro::{ReproOptions, can_trace, repro};
use kaslite_engine::stage::{Action, Stage};
use kaslite_engine::standing::Standing;
use kaslite_engine::workspace::{Judged, Selection, Workspace};
use kaslite_track::record::{Left, Recorder, RunStore};
use std::io::Write;
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
    /// Stages (`train`, `sub/dvc.yaml:train`), groups, patterns (`'build@*'`), pipeline files or paths
    /// of outs; none is everything, or in a folder below the root its own pipeline file
    #[arg(value_name = "STAGE")]
    targets: Vec<String>,
    /// Everything, also in a folder below the root
    #[arg(short = 'P', long, conflicts_with = "targets")]
    all_pipelines: bool,
    /// These stages and all that hangs together with them
    #[arg(short, long, conflicts_with_all = ["single", "downstream", "all_pipelines"])]
    pipeline: bool,
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
    /// After a failure, go on with all the rest, and exit with 0
    #[arg(long)]
    ignore_errors: bool,
    /// Also run what reads the outs of a stage that ran, though they are as before
    #[arg(long)]
    force_downstream: bool,
    /// Ask before each stage that has work to do
    #[arg(short, long, conflicts_with_all = ["json", "jobs"])]
    interactive: bool,
    /// Do not restore the outs of past runs: run instead
    #[arg(long)]
    no_run_cache: bool,
    /// Record what is made in the lock alone; `kaslite commit` puts it into the cache later
    #[arg(long)]
    no_commit: bool,
    /// Take what is not there, and in no cache, to be as it was when its stage was made
    #[arg(long)]
    allow_missing: bool,
    /// Where another kaslite is in the way, exit with 5 instead of waiting for it
    #[arg(long)]
    no_wait: bool,
    /// GPUs there are [default: `KASLITE_GPUS`, else what the machine has]
    #[arg(long, value_name = "N")]
    gpus: Option<u16>,
    /// Memory there is, as `16GiB` [default: `KASLITE_MEMORY`, else what the machine has]
    #[arg(long, value_name = "SIZE")]
    memory: Option<ByteSize>,
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
    /// For `watch`: one line, which begins with this
    #[arg(long, hide = true, value_name = "TEXT", conflicts_with = "json")]
    brief: Option<String>,
    #[command(flatten)]
    given: Given,
    #[command(flatten)]
    experiment: Experiment,
}

pub(crate) fn run(session: &Session, args: &Args) -> Result<ExitCode, CliError> {
    let began = Instant::now();
    let selection = Selection {
        targets: session.targets(&args.targets, args.all_pipelines)?,
        single: args.single,
        downstream: args.downstream,
        connected: args.pipeline,
    };
    if args.dry {
        let mut workspace = session.workspace_with(&args.given)?;
        workspace.run_cache = !args.no_run_cache;
        workspace.allow_missing = args.allow_missing;
        let plan = workspace.plan(&selection, args.force)?;
        show_plan(session, args, &workspace, &plan);
        let estimate = Estimate::of(&workspace, &plan, jobs(args)).filter(|_| !args.json);
        if let Some(estimate) = estimate {
            session.terminal.note(expected(&estimate));
            let path: Vec<&str> = estimate
                .path
                .iter()
                .map(|(name, _)| name.as_str())
                .collect();
            session
                .terminal
                .note(format_args!("longest path: {}", path.join(" → ")));
        }
        return Ok(ExitCode::SUCCESS);
    }
    let whole = selection.targets.is_empty() && !args.force && args.given.is_nothing();
    if whole
        && let Some(standing) = session.standing()?
        && standing.is_fresh()
    {
        return Ok(all_fresh(session, args, &standing, began));
    }
    let mut workspace = session.workspace_with(&args.given)?;
    workspace.run_cache = !args.no_run_cache;
    workspace.allow_missing = args.allow_missing;
    if needs_torch(&workspace, &selection, args.force)? {
        return Err(hand_over(session));
    }
    execute(session, args, &workspace, selection)
}

fn jobs(args: &Args) -> usize {
    let cores = available_parallelism().map_or(1, usize::from);
    match args.jobs {
        // One question after the other.
        _ if args.interactive => 1,
        Some(jobs) => usize::from(jobs),
        None => cores,
    }
}

/// Asks before a stage runs; no answer is no.
fn confirm(stage: &str) -> bool {
    let mut answer = String::new();
    let asked = write!(std::io::stderr(), "run `{stage}`? [y/N] ");
    let read = asked.and_then(|()| std::io::stdin().read_line(&mut answer));
    read.is_ok() && matches!(answer.trim().to_lowercase().as_str(), "y" | "yes")
}

fn execute(
    session: &Session,
    args: &Args,
    workspace: &Workspace,
    selection: Selection,
) -> Result<ExitCode, CliError> {
    let options = ReproOptions {
        selection,
        force: args.force,
        force_downstream: args.force_downstream,
        keep_going: args.keep_going,
        ignore_errors: args.ignore_errors,
        no_wait: args.no_wait,
        jobs: jobs(args),
        machine: machine(session, args.gpus, args.memory)?,
        confirm: args.interactive.then_some(confirm),
        no_commit: args.no_commit,
        trace: args.trace && traceable(session),
    };
    let cancel = Cancel::default();
    let on_signal = cancel.clone();
    on_end(move || on_signal.cancel());
    let recorder = Recorder::of(workspace, args.experiment.header("repro", workspace));
    let _params = ParamsOfRun::write(workspace)?;
    let (watcher, traces) = (watcher(session, args, &recorder), Traces::default());
    let spoken = recorder.spoken();
    let result = repro(
        workspace,
        &options,
        &Tee(vec![&recorder, &spoken, &*watcher, &traces]),
        &cancel,
    );
    drop(watcher);
    let done = result?;
    let run_id = recorder.finish(
        || Left::by(workspace, components(workspace, &done), &done),
        &done,
    )?;
    if let Some(run_id) = &run_id {
        let store = RunStore::new(&workspace.project.root);
        keep_report(session.terminal, &store, run_id);
    }
    if done.lacks.is_some() {
        // What was to be restored or fresh has to run after all.
        return Err(hand_over(session));
    }
    if !args.json {
        report(session, args, &done, run_id.as_deref());
        tell_of_earlier_report(session, args, workspace, &done);
        if options.trace {
            traces.show(session.terminal);
        }
    }
    Ok(exit(&done, args.ignore_errors))
}

/// Nothing has changed since everything was found fresh.
fn all_fresh(session: &Session, args: &Args, standing: &Standing, began: Instant) -> ExitCode {
    let fresh = |(stage, _): (&str, _)| (stage.to_owned(), Outcome::Fresh);
    let done = Summary {
        stages: standing.stages().map(fresh).collect(),
        duration: began.elapsed(),
        lacks: None,
    };
    if args.json {
        JsonLines(session.terminal).emit(&Event::RunFinished(done));
    } else {
        report(session, args, &done, None);
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

fn watcher<'a>(
    session: &Session,
    args: &Args,
    recorder: &'a Recorder<'_>,
) -> Box<dyn EventSink + 'a> {
    if args.brief.is_some() && !args.json {
        Box::new(Brief::new(session.terminal))
    } else {
        crate::ui::watcher(session.terminal, args.json, || recorder.run_id())
    }
}

fn report(session: &Session, args: &Args, done: &Summary, run_id: Option<&str>) {
    if let Some(cause) = &args.brief {
        let line = format_args!("{cause}: {}", brief(done));
        return session.terminal.note(line);
    }
    session.terminal.note(summary(done));
    if let Some(run_id) = run_id {
        session
            .terminal
            .note(format_args!("run {run_id} (`kaslite runs show {run_id}`)"));
    }
}

/// After a failure, that the report which lies there is not of this run.
fn tell_of_earlier_report(session: &Session, args: &Args, workspace: &Workspace, done: &Summary) {
    let is_report = |stage: &&Stage| stage.spec().is_some_and(|spec| spec.name == "report");
    let Some(stage) = workspace.pipeline.stages.iter().find(is_report) else {
        return;
    };
    let made = done.stages.iter().any(|(name, end)| match end {
        Outcome::Fresh | Outcome::Restored | Outcome::Done | Outcome::Frozen => *name == stage.name,
        Outcome::Failed(_) | Outcome::Skipped(_) | Outcome::Cancelled => false,
    });
    let lies = |path: &&RelPath| path.under(&workspace.project.root).is_file();
    let own = stage.outs.first().map(|out| &out.path);
    if let Some(path) = own.filter(lies)
        && done.failed()
        && !made
        && args.brief.is_none()
    {
        session.terminal.note(format_args!(
            "hint: `{path}` is of an earlier run; `kaslite report` writes it anew, with what failed"
        ));
    }
}

fn exit(done: &Summary, ignore_errors: bool) -> ExitCode {
    if done.cancelled() {
        Exit::Interrupted.into()
    } else if done.failed() && !ignore_errors {
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
