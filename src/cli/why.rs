//! `kaslite why`: explains one stage.

use crate::cli::error::CliError;
use crate::cli::given::Given;
use crate::cli::session::Session;
use crate::cli::status::state;
use crate::ui::{Table, describe};
use kaslite_engine::event::Decided;
use kaslite_engine::fingerprint::Content;
use kaslite_engine::snapshot::{PathState, Tree};
use kaslite_engine::stale::{Change, StaleReason};
use kaslite_engine::workspace::{Judged, Selection, Workspace};
use std::collections::BTreeSet;
use std::process::ExitCode;

/// Files of a folder that are named one by one.
const NAMED: usize = 10;

/// Arguments of `why`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The stage, or the path of an out
    stage: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    given: Given,
}

pub(crate) fn run(session: &Session, args: &Args) -> Result<ExitCode, CliError> {
    let workspace = session.workspace_with(&args.given)?;
    let only = Selection {
        targets: vec![args.stage.clone()],
        single: true,
        downstream: false,
    };
    let wanted = workspace.select(&only)?;
    let upstream = Selection {
        single: false,
        ..only
    };
    let plan = workspace.plan(&upstream, false)?;
    for (index, judged) in plan.iter().filter(|(index, _)| wanted.contains(index)) {
        let name = &workspace.pipeline.stages[*index].name;
        let nearest = nearest(&workspace, name, judged);
        if args.json {
            let value = serde_json::json!({
                "stage": name,
                "state": state(judged),
                "cached": judged.cached,
                "run_key": judged.fingerprint.run_key(),
                "reasons": judged.decision.reasons,
                "nearest_past_run": nearest,
            });
            session
                .terminal
                .data(serde_json::to_string_pretty(&value).unwrap_or_default());
        } else {
            explain(session, &workspace, &plan, name, judged, nearest);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// How the past run that comes nearest differs, where the stage must run.
fn nearest(workspace: &Workspace, name: &str, judged: &Judged) -> Option<Vec<StaleReason>> {
    if judged.decision.what != Decided::Run {
        return None;
    }
    workspace
        .nearest(name, &judged.fingerprint)
        .map(|(_, reasons)| reasons)
}

fn explain(
    session: &Session,
    workspace: &Workspace,
    plan: &[(usize, Judged)],
    name: &str,
    judged: &Judged,
    nearest: Option<Vec<StaleReason>>,
) {
    let terminal = session.terminal;
    let headline = match judged.decision.what {
        Decided::Fresh => "is fresh: command, code, params, deps and outs are as recorded",
        Decided::Run | Decided::Restore => "is stale",
        Decided::Unknown => "may become stale",
        Decided::Frozen => "is frozen",
    };
    terminal.data(format_args!("{name} {headline}"));
    if !judged.decision.reasons.is_empty() {
        terminal.data(rows(workspace, judged));
    }
    for cause in causes(workspace, plan, judged) {
        terminal.data(format_args!("  first cause: {cause}"));
    }
    match (judged.decision.what, nearest) {
        (Decided::Restore, _) => {
            terminal.data("  the run cache has it: `kaslite repro` restores it");
        }
        (Decided::Run, Some(reasons))
            if !reasons.is_empty() && reasons != judged.decision.reasons =>
        {
            let list: Vec<String> = reasons
                .iter()
                .map(|reason| describe(reason).to_string())
                .collect();
            terminal.data(format_args!(
                "  not in the run cache; the nearest past run differs in: {}",
                list.join(", ")
            ));
        }
        (Decided::Run, _) => terminal.data("  not in the run cache: it will run"),
        (Decided::Fresh | Decided::Unknown | Decided::Frozen, _) => {}
    }
}

fn rows(workspace: &Workspace, judged: &Judged) -> String {
    let mut table = Table::new(&["", "", ""]);
    for reason in &judged.decision.reasons {
        let text = describe(reason);
        table.row([text.kind.to_owned(), text.subject, text.detail]);
        for line in inside(workspace, judged, reason) {
            table.row([String::new(), format!("  {line}"), String::new()]);
        }
    }
    // The first line is the empty header.
    let lines: Vec<String> = table
        .text()
        .lines()
        .skip(1)
        .map(|line| format!("  {line}"))
        .collect();
    lines.join(
        "
",
    )
}

/// Which files of a changed folder changed.
fn inside(workspace: &Workspace, judged: &Judged, reason: &StaleReason) -> Vec<String> {
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

/// The stages upstream that are stale of themselves.
fn causes(workspace: &Workspace, plan: &[(usize, Judged)], judged: &Judged) -> Vec<String> {
    let waits = judged
        .decision
        .reasons
        .iter()
        .any(|reason| matches!(reason, StaleReason::Upstream { .. }));
    if !waits {
        return Vec::new();
    }
    plan.iter()
        .filter(|(_, up)| up.decision.what == Decided::Run)
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
