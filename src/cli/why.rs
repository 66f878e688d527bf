//! `kaslite why`: explains stages.

use crate::cli::error::CliError;
use crate::cli::given::Given;
use crate::cli::session::Session;
use crate::cli::status::state;
use crate::ui::{Table, command_lines, describe, plural};
use kaslite_engine::event::Decided;
use kaslite_engine::fingerprint::{Content, Fingerprint};
use kaslite_engine::lock;
use kaslite_engine::snapshot::{PathState, Tree};
use kaslite_engine::stale::{Change, StaleReason};
use kaslite_engine::workspace::{Judged, Selection, Workspace};
use kaslite_track::record::RunStore;
use std::collections::BTreeSet;
use std::process::ExitCode;

/// Files of a folder that are named one by one.
const NAMED: usize = 10;
/// The newest recorded runs, among which the one is looked for that left a result.
const LOOKED_AT: usize = 100;

/// Arguments of `why`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Stages, groups, patterns or paths of outs; none is every stage that is not fresh
    #[arg(value_name = "STAGE")]
    stages: Vec<String>,
    /// Print JSON: an object for one stage, a list for several
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    given: Given,
}

/// What the run cache knows of a stage that is not fresh.
struct Past {
    /// How the past run that comes nearest differs, where the stage must run.
    nearest: Option<Vec<StaleReason>>,
    /// The recorded run that left that result, or the one to be restored.
    run: Option<String>,
}

pub(crate) fn run(session: &Session, args: &Args) -> Result<ExitCode, CliError> {
    let workspace = session.workspace_with(&args.given)?;
    let only = Selection {
        targets: args.stages.clone(),
        single: true,
        ..Selection::default()
    };
    let wanted = workspace.select(&only)?;
    let upstream = Selection {
        single: false,
        ..only
    };
    let plan = workspace.survey(&upstream)?;
    let is_asked = |(index, judged): &&(usize, Judged)| {
        let is_named = !args.stages.is_empty();
        wanted.contains(index) && (is_named || judged.decision.what != Decided::Fresh)
    };
    let asked: Vec<&(usize, Judged)> = plan.iter().filter(is_asked).collect();
    let mut objects = Vec::new();
    for (index, judged) in &asked {
        let name = &workspace.pipeline.stages[*index].name;
        let past = past(&workspace, name, judged);
        if args.json {
            objects.push(object(name, judged, &past));
        } else {
            explain(session, &workspace, &plan, name, judged, &past);
        }
    }
    if args.json {
        let is_one = args.stages.len() == 1 && objects.len() == 1;
        let value = if is_one {
            objects.remove(0)
        } else {
            objects.into()
        };
        let text = serde_json::to_string_pretty(&value).unwrap_or_default();
        session.terminal.data(text);
    } else if asked.is_empty() {
        let total = plural(plan.len(), "stage");
        session.terminal.data(format_args!("all fresh ({total})"));
    }
    Ok(ExitCode::SUCCESS)
}

fn object(name: &str, judged: &Judged, past: &Past) -> serde_json::Value {
    serde_json::json!({
        "stage": name,
        "state": state(judged),
        "cached": judged.cached,
        "run_key": judged.fingerprint.run_key(),
        "reasons": judged.decision.reasons,
        "nearest_past_run": past.nearest,
        "past_run": past.run,
    })
}

fn past(workspace: &Workspace, name: &str, judged: &Judged) -> Past {
    match judged.decision.what {
        Decided::Run => {
            let Some((entry, reasons)) = workspace.nearest(name, &judged.fingerprint) else {
                let (nearest, run) = (None, None);
                return Past { nearest, run };
            };
            let run = left_by(workspace, name, &entry.fingerprint);
            let nearest = Some(reasons);
            Past { nearest, run }
        }
        Decided::Restore => Past {
            nearest: None,
            run: left_by(workspace, name, &judged.fingerprint),
        },
        Decided::Fresh | Decided::Unknown | Decided::Frozen => Past {
            nearest: None,
            run: None,
        },
    }
}

/// The newest recorded run that left a stage as made from `fingerprint`.
fn left_by(workspace: &Workspace, stage: &str, fingerprint: &Fingerprint) -> Option<String> {
    let store = RunStore::new(&workspace.project.root);
    let left = |id: &String| {
        let text = store.load(id).ok()?.lock().ok()??;
        let entries = lock::parse(id, &text).ok()?;
        entries
            .get(stage)
            .map(|entry| *entry.fingerprint == *fingerprint)
    };
    let ids = store.ids().into_iter().rev().take(LOOKED_AT);
    ids.into_iter().find(|id| left(id) == Some(true))
}

fn explain(
    session: &Session,
    workspace: &Workspace,
    plan: &[(usize, Judged)],
    name: &str,
    judged: &Judged,
    past: &Past,
) {
    let terminal = session.terminal;
    let headline = match judged.decision.what {
        Decided::Fresh => "is fresh: command, code, params, deps and outs are as recorded",
        Decided::Run | Decided::Restore => "is stale",
        Decided::Unknown => "may become stale",
        Decided::Frozen if judged.decision.reasons.is_empty() => "is frozen, and fresh",
        Decided::Frozen => "is frozen, though stale: it does not run",
    };
    terminal.data(format_args!("{name} {headline}"));
    if !judged.decision.reasons.is_empty() {
        terminal.data(rows(workspace, judged));
    }
    for cause in causes(workspace, plan, name, judged) {
        terminal.data(format_args!("  first cause: {cause}"));
    }
    let run = past.run.as_ref();
    let run = run.map_or_else(String::new, |run| format!(" ({run})"));
    match (judged.decision.what, &past.nearest) {
        (Decided::Restore, _) => terminal.data(format_args!(
            "  the run cache has it{run}: `kaslite repro` restores it"
        )),
        (Decided::Run, Some(reasons))
            if !reasons.is_empty() && *reasons != judged.decision.reasons =>
        {
            let list: Vec<String> = reasons
                .iter()
                .map(|reason| describe(reason).to_string())
                .collect();
            terminal.data(format_args!(
                "  not in the run cache; the nearest past run{run} differs in: {}",
                list.join(", ")
            ));
        }
        (Decided::Run, _)
            if judged
                .decision
                .reasons
                .contains(&StaleReason::AlwaysChanged) => {}
        (Decided::Run, _) => terminal.data("  not in the run cache: it will run"),
        (Decided::Fresh | Decided::Unknown | Decided::Frozen, _) => {}
    }
}

fn rows(workspace: &Workspace, judged: &Judged) -> String {
    let reasons = &judged.decision.reasons;
    let mut table = Table::new(&["", "", ""]);
    for reason in reasons {
        let text = describe(reason);
        table.row([text.kind.to_owned(), text.subject, text.detail]);
    }
    let mut insides = reasons
        .iter()
        .map(|reason| inside(workspace, judged, reason));
    let text = table.text();
    // The first line is the empty header.
    let rows: Vec<&str> = text.lines().skip(1).collect();
    // A value of several lines has several: then there is no telling whose they are.
    let is_plain = rows.len() == reasons.len();
    let mut lines = Vec::new();
    for row in rows {
        lines.push(format!("  {row}"));
        let inside = is_plain.then(|| insides.next()).flatten();
        let inside = inside.into_iter().flatten();
        lines.extend(inside.map(|line| format!("    {line}")));
    }
    lines.extend(insides.flatten().map(|line| format!("    {line}")));
    lines.join("\n")
}

/// Which files of a changed folder changed, which lines of a long command.
fn inside(workspace: &Workspace, judged: &Judged, reason: &StaleReason) -> Vec<String> {
    if let StaleReason::Command { old, new } = reason {
        return command_lines(old, new);
    }
    let (path, old) = match reason {
        StaleReason::Dep {
            path,
            change: Change::Modified,
        } => (
            path,
            judged
                .entry
                .as_ref()
                .and_then(|entry| entry.fingerprint.deps.get(path)),
        ),
        StaleReason::Out {
            path,
            change: Change::Modified,
        } => (
            path,
            judged.entry.as_ref().and_then(|entry| entry.outs.get(path)),
        ),
        StaleReason::Dep { .. }
        | StaleReason::Out { .. }
        | StaleReason::NeverRun
        | StaleReason::Forced
        | StaleReason::AlwaysChanged
        | StaleReason::Command { .. }
        | StaleReason::Uses { .. }
        | StaleReason::Code { .. }
        | StaleReason::Setting { .. }
        | StaleReason::Param { .. }
        | StaleReason::Makes { .. }
        | StaleReason::Upstream { .. } => return Vec::new(),
    };
    let old = old
        .filter(|content| content.files.is_some())
        .and_then(|content: &Content| workspace.cache.tree(content));
    let new = workspace
        .snapshot
        .get(&kaslite_engine::rel_path::RelPath::root().join(path));
    let (Some(old), Ok(PathState::Folder(new))) = (old, new) else {
        return Vec::new();
    };
    changed_files(&old, &new)
}

fn changed_files(old: &Tree, new: &Tree) -> Vec<String> {
    let names: BTreeSet<&String> = old.files().keys().chain(new.files().keys()).collect();
    let mut lines: Vec<String> = names
        .into_iter()
        .filter_map(
            |name| match (old.files().get(name), new.files().get(name)) {
                (Some(a), Some(b)) if a == b => None,
                (Some(_), Some(_)) => Some(format!("{name} modified")),
                (Some(_), None) => Some(format!("{name} removed")),
                (None, _) => Some(format!("{name} added")),
            },
        )
        .collect();
    if lines.len() > NAMED {
        let more = lines.len() - NAMED;
        lines.truncate(NAMED);
        lines.push(format!("and {more} more"));
    }
    lines
}

/// The stages upstream of one that are stale of themselves.
fn causes(
    workspace: &Workspace,
    plan: &[(usize, Judged)],
    name: &str,
    judged: &Judged,
) -> Vec<String> {
    let waits = judged
        .decision
        .reasons
        .iter()
        .any(|reason| matches!(reason, StaleReason::Upstream { .. }));
    if !waits {
        return Vec::new();
    }
    let graph = &workspace.pipeline.graph;
    let mut above = BTreeSet::new();
    let mut next: Vec<usize> = workspace.pipeline.index(name).into_iter().collect();
    while let Some(index) = next.pop() {
        let new = graph.upstream(index).into_iter();
        next.extend(new.filter(|up| above.insert(*up)));
    }
    plan.iter()
        .filter(|(index, up)| above.contains(index) && up.decision.what == Decided::Run)
        .map(|(index, up)| {
            let name = &workspace.pipeline.stages[*index].name;
            let reason = up.decision.reasons.first().map(describe);
            format!(
                "`{name}` ({})",
                reason.map_or_else(String::new, |reason| reason.to_string())
            )
        })
        .collect()
}
