//! [`repro`]: makes every selected stage fresh, with as little work as that takes.

use crate::cancel::Cancel;
use crate::certificate::Certificate;
use crate::durations::Durations;
use crate::error::EngineError;
use crate::event::{Decided, Event, EventSink, Outcome, Summary};
pub use crate::execute::can_trace;
use crate::machine::Machine;
use crate::presence::Presence;
use crate::schedule::Schedule;
use crate::standing::Standing;
use crate::turn::Turn;
use crate::workspace::{Selection, Workspace};
use std::collections::BTreeSet;
use std::time::Instant;

/// What to make, and how.
#[derive(Clone, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a wish of its own, and any may come with any other"
)]
pub struct ReproOptions {
    /// Which stages.
    pub selection: Selection,
    /// Run them though they are fresh.
    pub force: bool,
    /// Run what reads the outs of a stage that ran, though they are as before.
    pub force_downstream: bool,
    /// After a failure, go on with what does not depend on it.
    pub keep_going: bool,
    /// After a failure, go on with all.
    pub ignore_errors: bool,
    /// Where another process is in the way: stop instead of waiting for it.
    pub no_wait: bool,
    /// Stages, and trials of a sweep, that run at once; at least 1.
    pub jobs: usize,
    /// What else they share.
    pub machine: Machine,
    /// Asked before each stage that has work to do; the answer no ends the run.
    pub confirm: Option<fn(&str) -> bool>,
    /// Record what is made in the lock alone: neither contents nor the run go into the cache.
    pub no_commit: bool,
    /// Note which files commands open, with strace; where [`can_trace`] is true.
    pub trace: bool,
}

/// Makes the selected stages fresh. Stages start when all they read is final, so a stage whose inputs
/// were made again with equal bytes stays fresh. Several processes may do so in one project at once:
/// no two make one stage, or read what the other is making.
///
/// # Errors
/// Wrong targets, missing deps, the cache or the lock cannot be written. A stage that fails is no
/// error: the summary tells.
pub fn repro(
    workspace: &Workspace,
    options: &ReproOptions,
    sink: &dyn EventSink,
    cancel: &Cancel,
) -> Result<Summary, EngineError> {
    let started = Instant::now();
    let chosen = workspace.select(&options.selection)?;
    let whole = options.selection.targets.is_empty();
    let (presence, entered) = enter(workspace)?;
    let stages = &workspace.pipeline.stages;
    let fresh = if whole && entered.is_alone && !options.force {
        known_fresh(workspace)
    } else {
        BTreeSet::new()
    };
    let is_open = |index: &usize| !fresh.contains(index);
    let open: Vec<usize> = chosen.iter().copied().filter(is_open).collect();
    workspace.look(&open)?;
    let names = chosen
        .iter()
        .map(|&index| stages[index].name.clone())
        .collect();
    sink.emit(&Event::RunStarted {
        stages: names,
        jobs: options.jobs,
    });
    for &index in &fresh {
        sink.emit(&Event::StageDecided {
            stage: stages[index].name.clone(),
            decision: Decided::Fresh,
            reasons: Vec::new(),
        });
    }
    let mut schedule = Schedule::new(workspace, options, (sink, cancel), &presence, &open);
    schedule.killed = entered.killed;
    let result = schedule.run();
    let (ended, durations) = schedule.into_ended();
    let left = leave(workspace, presence, &durations, whole);
    // What failed first is said, not what failed after it.
    let lacks = match result {
        Ok(()) => None,
        Err(EngineError::Lacks(stage)) => Some(stage),
        Err(error) => return Err(error),
    };
    left?;
    let outcome = |index: &usize| match ended.get(index) {
        Some(outcome) => outcome.clone(),
        None if fresh.contains(index) => Outcome::Fresh,
        None => Outcome::Cancelled,
    };
    let summary = Summary {
        stages: chosen
            .iter()
            .map(|index| (stages[*index].name.clone(), outcome(index)))
            .collect(),
        duration: started.elapsed(),
        lacks,
    };
    // A certificate tells of all that was looked at.
    if whole && fresh.is_empty() && summary.stages.iter().all(|(_, end)| *end == Outcome::Fresh) {
        Certificate::of_fresh(workspace);
    }
    if summary.lacks.is_none() {
        sink.emit(&Event::RunFinished(summary.clone()));
    }
    Ok(summary)
}

/// The stages that are fresh as long as nobody else makes anything here: what they look at is as it was.
fn known_fresh(workspace: &Workspace) -> BTreeSet<usize> {
    let standing = Standing::find(&workspace.project, workspace.registry.specs());
    let Some(standing) = standing else {
        return BTreeSet::new();
    };
    let stages = standing.stages();
    let fresh = stages.filter(|(_, judged)| judged.is_none());
    fresh
        .filter_map(|(name, _)| workspace.pipeline.index(name))
        .collect()
}

/// What one finds who enters the project.
struct Entered {
    /// Stages that a killed run left unfinished.
    killed: BTreeSet<String>,
    /// Whether nobody else is there, and nothing was left unfinished.
    is_alone: bool,
}

/// Enters the project; the first one in folds what a killed run left.
fn enter(workspace: &Workspace) -> Result<(Presence, Entered), EngineError> {
    let Workspace {
        project,
        lock,
        snapshot,
        ..
    } = workspace;
    let turn = Turn::take(project)?;
    let (presence, others) = Presence::enter(project, &turn)?;
    let recovered = others.recovered.iter();
    recovered.for_each(|path| snapshot.forget(path));
    if others.count > 0 {
        // Whether a stage that has begun is theirs is seen when its turn comes.
        let entered = Entered {
            killed: BTreeSet::new(),
            is_alone: false,
        };
        return Ok((presence, entered));
    }
    lock.refresh()?;
    let killed = lock.begun();
    lock.fold_beside(&BTreeSet::new(), |_| true, &turn)?;
    let clean = others.claims.is_empty() && others.recovered.is_empty();
    let is_alone = clean && killed.is_empty();
    Ok((presence, Entered { killed, is_alone }))
}

/// Leaves the project: what was made stands in the lock, whoever goes on beside.
fn leave(
    workspace: &Workspace,
    presence: Presence,
    durations: &Durations,
    whole: bool,
) -> Result<(), EngineError> {
    let Workspace {
        project,
        pipeline,
        lock,
        snapshot,
        ..
    } = workspace;
    let turn = Turn::take(project)?;
    let others = presence.others(&turn)?;
    let others: BTreeSet<String> = others
        .stages(project.pipeline_name())
        .map(str::to_owned)
        .collect();
    lock.fold_beside(&others, |name| !whole || !pipeline.is_orphan(name), &turn)?;
    durations.save();
    presence.leave(&turn);
    drop(turn);
    snapshot.save();
    Ok(())
}
