//! `kaslite status`: which stages are stale, and why.

use crate::cli::error::{CliError, Exit};
use crate::cli::given::Given;
use crate::cli::session::Session;
use crate::ui::{describe, plural};
use kaslite_engine::certificate::Certificate;
use kaslite_engine::event::Decided;
use kaslite_engine::pointer::DataChange;
use kaslite_engine::stale::{Change, StaleReason};
use kaslite_engine::workspace::{Judged, Selection, Workspace};
use serde::Serialize;
use std::process::ExitCode;

/// Arguments of `status`.
#[derive(Debug, clap::Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag that can be typed"
)]
pub(crate) struct Args {
    /// Stages, pipeline files or paths of outs, with all they need; none is everything, or in a folder
    /// below the root its own pipeline file
    #[arg(value_name = "STAGE")]
    targets: Vec<String>,
    /// Everything, also in a folder below the root
    #[arg(short = 'P', long, conflicts_with = "targets")]
    all_pipelines: bool,
    /// Only these stages, not those they need
    #[arg(short, long, requires = "targets")]
    single: bool,
    /// Print JSON: a list of objects with `stage`, `state` (`fresh`, `stale`, `unknown`, `frozen`),
    /// `cached` and `reasons`; or, for data that is not what its pointer names, with `data`, `pointer` and
    /// `state` (`modified`, `missing`)
    #[arg(long)]
    json: bool,
    /// Exit with 3 if a stage is stale, or data not what its pointer names
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    given: Given,
}

/// What `status --json` has of a stage.
#[derive(Serialize)]
struct Line<'a> {
    stage: &'a str,
    /// `fresh`, `stale`, `unknown` (a stage before it will run) or `frozen`.
    state: &'static str,
    /// Whether the run cache holds what it would make.
    cached: bool,
    reasons: &'a [StaleReason],
}

#[derive(Serialize)]
#[serde(untagged)]
enum Entry<'a> {
    Stage(Line<'a>),
    /// Data that is not what its pointer names.
    Data {
        data: &'a str,
        pointer: &'a str,
        state: Change,
    },
}

/// A stage and how it stands; `None` where it is fresh, and nothing else is known of it.
type Row<'a> = (&'a str, Option<&'a Judged>);

pub(crate) fn run(session: &Session, args: &Args) -> Result<ExitCode, CliError> {
    let targets = session.targets(&args.targets, args.all_pipelines)?;
    if targets.is_empty()
        && args.given.is_nothing()
        && let Some(standing) = session.standing()?
    {
        return Ok(show(
            session,
            args,
            &standing.stages().collect::<Vec<_>>(),
            &[],
        ));
    }
    let workspace = session.workspace_with(&args.given)?;
    let is_whole = targets.is_empty();
    let selection = Selection {
        targets,
        single: args.single,
        ..Selection::default()
    };
    let plan = workspace.survey(&selection)?;
    let data: &[DataChange] = if is_whole {
        workspace.data_changes()?
    } else {
        &[]
    };
    workspace.snapshot.save();
    let orphans = orphans(&workspace);
    // The next whole run has an entry to drop.
    if is_whole && orphans.is_empty() {
        Certificate::keep(&workspace, &plan);
    }
    let stages = &workspace.pipeline.stages;
    let rows: Vec<Row<'_>> = plan
        .iter()
        .map(|(index, judged)| (stages[*index].name.as_str(), Some(judged)))
        .collect();
    let code = show(session, args, &rows, data);
    for name in orphans {
        session.terminal.note(format_args!(
            "the lock has an entry of `{name}`, which the pipeline does not have; `kaslite repro` drops it"
        ));
    }
    Ok(code)
}

fn show(session: &Session, args: &Args, rows: &[Row<'_>], data: &[DataChange]) -> ExitCode {
    if args.json {
        json(session, rows, data);
    } else {
        text(session, rows);
        data_text(session, data);
    }
    let stale = !data.is_empty() || rows.iter().any(|(_, judged)| !judged.is_none_or(is_fine));
    if args.check && stale {
        Exit::Stale.into()
    } else {
        ExitCode::SUCCESS
    }
}

/// Entries of the lock that no stage of the pipeline has.
fn orphans(workspace: &Workspace) -> Vec<String> {
    let names = workspace.lock.names().into_iter();
    names
        .filter(|name| workspace.pipeline.is_orphan(name))
        .collect()
}

/// Fresh, or frozen and as it was made.
fn is_fine(judged: &Judged) -> bool {
    match judged.decision.what {
        Decided::Fresh => true,
        Decided::Frozen => judged.decision.reasons.is_empty(),
        Decided::Run | Decided::Restore | Decided::Unknown => false,
    }
}

/// The state of a stage in a word.
pub(crate) fn state(judged: &Judged) -> &'static str {
    match judged.decision.what {
        Decided::Fresh => "fresh",
        Decided::Run | Decided::Restore => "stale",
        Decided::Unknown => "unknown",
        Decided::Frozen => "frozen",
    }
}

fn json(session: &Session, rows: &[Row<'_>], data: &[DataChange]) {
    let stages = rows.iter().map(|&(stage, judged)| {
        Entry::Stage(Line {
            stage,
            state: judged.map_or("fresh", state),
            cached: judged.is_some_and(|judged| judged.cached),
            reasons: judged.map_or(&[], |judged| &judged.decision.reasons),
        })
    });
    let data = data.iter().map(|data| Entry::Data {
        data: data.path.as_str(),
        pointer: data.pointer.as_str(),
        state: data.change,
    });
    let lines: Vec<Entry<'_>> = stages.chain(data).collect();
    // Plain data always serialises.
    session
        .terminal
        .data(serde_json::to_string_pretty(&lines).unwrap_or_default());
}

/// Each with what can be done.
fn data_text(session: &Session, data: &[DataChange]) {
    let terminal = session.terminal;
    for DataChange {
        path,
        pointer,
        change,
    } in data
    {
        let (headline, way) = match change {
            Change::Missing => (
                "is not there",
                format!("`kaslite checkout {path}` brings it back"),
            ),
            Change::Added | Change::Removed | Change::Modified => (
                "is not what its pointer names",
                format!("`kaslite add {path}` takes it in"),
            ),
        };
        terminal.data(format_args!("{path}: {headline}"));
        terminal.data(format_args!(
            "  {:<8} {:<24} {way}",
            "pointer",
            pointer.as_str()
        ));
    }
}

fn text(session: &Session, rows: &[Row<'_>]) {
    let terminal = session.terminal;
    let mut stale = 0;
    for (name, judged) in rows {
        let Some(judged) = judged else {
            continue;
        };
        let headline = match judged.decision.what {
            Decided::Fresh => continue,
            Decided::Run => "stale",
            Decided::Restore => "stale, in the cache",
            Decided::Unknown => "may become stale",
            Decided::Frozen if judged.decision.reasons.is_empty() => continue,
            Decided::Frozen => "frozen, though stale",
        };
        stale += 1;
        terminal.data(format_args!("{name}: {headline}"));
        for reason in &judged.decision.reasons {
            let reason = describe(reason);
            terminal.data(
                format_args!(
                    "  {:<8} {:<24} {}",
                    reason.kind, reason.subject, reason.detail
                )
                .to_string()
                .trim_end(),
            );
        }
    }
    let total = plural(rows.len(), "stage");
    if stale == 0 {
        terminal.data(format_args!("all fresh ({total})"));
    } else {
        terminal.note(format_args!(
            "{stale} of {total} not fresh; `kaslite repro` makes them so"
        ));
    }
}
