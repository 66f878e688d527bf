//! [`commit`]: what lies in the workspace now is what the stages make.

use crate::error::EngineError;
use crate::event::Decided;
use crate::keep::keep;
use crate::problem::Problem;
use crate::snapshot::PathState;
use crate::stage::{Out, Stage};
use crate::workspace::{Judged, Selection, Workspace};
use std::sync::Arc;

/// Records the present outs of the selected stages as made from the present deps, params and code;
/// nothing runs. The stages that were not fresh before, or whose outs the cache did not have, in the order
/// they run.
///
/// # Errors
/// A dep or out that is not there, before anything is recorded; a cache or lock that cannot be written.
pub fn commit(workspace: &Workspace, selection: &Selection) -> Result<Vec<String>, EngineError> {
    let Workspace {
        pipeline,
        lock,
        snapshot,
        ..
    } = workspace;
    let chosen = workspace.select(selection)?;
    lock.fold()?;
    workspace.look(&chosen)?;
    let stages: Vec<&Stage> = chosen
        .iter()
        .map(|&index| &pipeline.stages[index])
        .collect();
    all_there(workspace, &stages)?;
    let mut committed = Vec::new();
    for stage in stages {
        let judged = workspace.judge(stage, false)?;
        if judged.decision.what != Decided::Fresh || !is_cached(workspace, stage, &judged) {
            let fingerprint = Arc::unwrap_or_clone(judged.fingerprint);
            keep(workspace, stage, fingerprint, &[])?;
            committed.push(stage.name.clone());
        }
    }
    lock.fold()?;
    snapshot.save();
    Ok(committed)
}

/// Whether the cache has every out that belongs in it.
fn is_cached(workspace: &Workspace, stage: &Stage, judged: &Judged) -> bool {
    let made = |out: &Out| judged.entry.as_ref()?.outs.get(out.path.as_str());
    let mut cached = stage.outs.iter().filter(|out| out.cache);
    cached.all(|out| made(out).is_some_and(|content| workspace.cache.has(content)))
}

fn all_there(workspace: &Workspace, stages: &[&Stage]) -> Result<(), EngineError> {
    let mut problems = Vec::new();
    for stage in stages {
        let deps = stage.deps.iter().map(|dep| (&dep.path, dep.place, "dep"));
        let outs = stage.outs.iter().map(|out| (&out.path, out.place, "out"));
        for (path, place, what) in deps.chain(outs) {
            if workspace.snapshot.get(path)? == PathState::Missing {
                let message = format!("the {what} `{path}` is not there");
                let problem = Problem::at(workspace.pipeline.source(stage), place, message);
                problems.push(problem.hint("`commit` records what lies there: nothing to record"));
            }
        }
    }
    EngineError::of_any(problems)
}
