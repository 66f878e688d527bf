//! [`repro`]: makes every selected stage fresh, with as little work as that takes.

use crate::cancel::Cancel;
use crate::certificate::Certificate;
use crate::error::EngineError;
use crate::event::{Decided, Event, EventSink, Outcome, Summary};
pub use crate::execute::can_trace;
use crate::execute::recover;
use crate::fs::{self, FsError};
use crate::project::Project;
use crate::run_stage::StageRun;
use crate::workspace::{Judged, Selection, Workspace};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, TryLockError};
use std::sync::mpsc;
use std::time::Instant;

/// What to make, and how.
#[derive(Clone, Debug)]
pub struct ReproOptions {
    /// Which stages.
    pub selection: Selection,
    /// Run them though they are fresh.
    pub force: bool,
    /// After a failure, go on with what does not depend on it.
    pub keep_going: bool,
    /// Stages, and trials of a sweep, that run at once; at least 1.
    pub jobs: usize,
    /// Note which files commands open, with strace; where [`can_trace`] is true.
    pub trace: bool,
}

/// Holds the project for one run; the system lets go of it when the process ends, however it ends.
#[derive(Debug)]
pub struct RunLock(#[expect(dead_code, reason = "holding the file is holding the lock")] File);

impl RunLock {
    /// Takes the lock.
    ///
    /// # Errors
    /// [`EngineError::Busy`] where another process has it.
    pub fn take(project: &Project) -> Result<Self, EngineError> {
        let path = project.state_dir().join("lock");
        fs::create_parent(&path)?;
        let file = File::options().create(true).append(true).open(&path);
        let file = fs::at("open", &path, file)?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(EngineError::Busy),
            Err(TryLockError::Error(error)) => Err(FsError::new("lock", &path, error).into()),
        }
    }
}

/// Makes the selected stages fresh. Stages start when all they read is final, so a stage whose inputs
/// were made again with equal bytes stays fresh.
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
    workspace.look(&chosen)?;
    let stages = &workspace.pipeline.stages;
    recover(&workspace.project, stages, |stage| {
        workspace.lock.get(stage).is_some()
    })?;
    // A journal with a torn end must not be appended to.
    workspace.lock.fold()?;
    let names = chosen
        .iter()
        .map(|&index| stages[index].name.clone())
        .collect();
    sink.emit(&Event::RunStarted {
        stages: names,
        jobs: options.jobs,
    });
    let mut loop_ = Loop {
        workspace,
        options,
        sink,
        cancel,
        waiting: chosen.clone(),
        chosen: chosen.iter().copied().collect(),
        ended: BTreeMap::new(),
    };
    let result = loop_.run();
    if options.selection.targets.is_empty() {
        workspace
            .lock
            .retain(|name| workspace.pipeline.index(name).is_some());
    }
    let folded = workspace.lock.fold();
    let cleared = fs::remove(&workspace.project.temp_dir());
    workspace.snapshot.save();
    // What failed first is said, not what failed after it.
    result?;
    folded.and(cleared)?;
    let outcome = |index: &usize| {
        loop_
            .ended
            .get(index)
            .cloned()
            .unwrap_or(Outcome::Cancelled)
    };
    let summary = Summary {
        stages: chosen
            .iter()
            .map(|index| (stages[*index].name.clone(), outcome(index)))
            .collect(),
        duration: started.elapsed(),
    };
    if options.selection.targets.is_empty()
        && summary.stages.iter().all(|(_, end)| *end == Outcome::Fresh)
    {
        Certificate::of_fresh(workspace);
    }
    sink.emit(&Event::RunFinished(summary.clone()));
    Ok(summary)
}

struct Loop<'a> {
    workspace: &'a Workspace,
    options: &'a ReproOptions,
    sink: &'a dyn EventSink,
    cancel: &'a Cancel,
    /// Stages not yet judged, in the order they may start.
    waiting: Vec<usize>,
    chosen: BTreeSet<usize>,
    ended: BTreeMap<usize, Outcome>,
}

type Report = (usize, Result<Outcome, EngineError>);

impl<'a> Loop<'a> {
    fn run(&mut self) -> Result<(), EngineError> {
        let (sender, receiver) = mpsc::channel::<Report>();
        std::thread::scope(|scope| {
            let mut running = 0;
            let mut error = None;
            loop {
                while running < self.options.jobs && error.is_none() {
                    let Some((index, judged)) = self.next_to_run()? else {
                        break;
                    };
                    running += 1;
                    let (sender, run) = (sender.clone(), self.stage_run(index));
                    scope.spawn(move || {
                        // The receiver outlives all senders: it is dropped after this scope.
                        let _ = sender.send((index, run.go(judged)));
                    });
                }
                if running == 0 {
                    return error.map_or(Ok(()), Err);
                }
                let Ok((index, result)) = receiver.recv() else {
                    return Ok(());
                };
                running -= 1;
                match result {
                    Ok(outcome) => self.end(index, outcome),
                    Err(failure) => {
                        self.end(index, Outcome::Failed(failure.to_string()));
                        error.get_or_insert(failure);
                    }
                }
            }
        })
    }

    fn stage_run(&self, index: usize) -> StageRun<'a> {
        StageRun {
            workspace: self.workspace,
            stage: &self.workspace.pipeline.stages[index],
            jobs: self.options.jobs,
            trace: self.options.trace,
            sink: self.sink,
            cancel: self.cancel,
        }
    }

    /// The next stage that has work to do; fresh ones on the way are done at once.
    fn next_to_run(&mut self) -> Result<Option<(usize, Judged)>, EngineError> {
        let mut position = 0;
        while position < self.waiting.len() {
            let index = self.waiting[position];
            if let Some(outcome) = self.blocked(index) {
                self.waiting.remove(position);
                self.finish(index, outcome);
                position = 0;
                continue;
            }
            if !self.is_ready(index) {
                position += 1;
                continue;
            }
            self.waiting.remove(position);
            let stage = &self.workspace.pipeline.stages[index];
            let judged = self.workspace.judge(stage, self.options.force)?;
            self.sink.emit(&Event::StageDecided {
                stage: stage.name.clone(),
                decision: judged.decision.what,
                reasons: judged.decision.reasons.clone(),
            });
            match judged.decision.what {
                Decided::Fresh => self.end(index, Outcome::Fresh),
                Decided::Frozen => self.end(index, Outcome::Frozen),
                Decided::Run | Decided::Restore | Decided::Unknown => {
                    return Ok(Some((index, judged)));
                }
            }
            position = 0;
        }
        Ok(None)
    }

    fn upstream(&self, index: usize) -> impl Iterator<Item = usize> {
        let upstream = self.workspace.pipeline.graph.upstream(index);
        upstream.into_iter().filter(|up| self.chosen.contains(up))
    }

    fn is_ready(&self, index: usize) -> bool {
        self.upstream(index).all(|up| self.ended.contains_key(&up))
    }

    /// How a stage ends that cannot run.
    fn blocked(&self, index: usize) -> Option<Outcome> {
        if self.cancel.is_cancelled() {
            return Some(Outcome::Cancelled);
        }
        let stages = &self.workspace.pipeline.stages;
        let by_upstream = self
            .upstream(index)
            .find_map(|up| match self.ended.get(&up) {
                Some(Outcome::Failed(_)) => Some(Outcome::Skipped(stages[up].name.clone())),
                Some(outcome @ (Outcome::Skipped(_) | Outcome::Cancelled)) => Some(outcome.clone()),
                Some(Outcome::Fresh | Outcome::Restored | Outcome::Done | Outcome::Frozen)
                | None => None,
            });
        by_upstream.or_else(|| {
            let failed = self
                .ended
                .iter()
                .find(|(_, end)| matches!(end, Outcome::Failed(_)))?;
            (!self.options.keep_going).then(|| Outcome::Skipped(stages[*failed.0].name.clone()))
        })
    }

    /// Ends a stage that never started.
    fn finish(&mut self, index: usize, outcome: Outcome) {
        let stage = self.workspace.pipeline.stages[index].name.clone();
        let duration = std::time::Duration::ZERO;
        self.sink.emit(&Event::StageFinished {
            stage,
            outcome: outcome.clone(),
            duration,
        });
        self.end(index, outcome);
    }

    fn end(&mut self, index: usize, outcome: Outcome) {
        self.ended.insert(index, outcome);
    }
}
