//! [`Schedule`]: which stage starts when.
//!
//! Of the stages that are ready, the one with the longest work behind it starts first, as far as earlier
//! runs tell; then the order of the file. One that does not fit beside what runs lets others go first.

use crate::cancel::Cancel;
use crate::claim::Claim;
use crate::countdown::Countdown;
use crate::durations::Durations;
use crate::error::EngineError;
use crate::estimate::{Work, ranks};
use crate::event::{Decided, Event, EventSink, Outcome};
use crate::machine::{Room, Share};
use crate::obstacle::{InTheWay, Obstacle};
use crate::presence::{Held, Others, Presence};
use crate::queue::Queue;
use crate::repro::ReproOptions;
use crate::run_stage::StageRun;
use crate::stage::Stage;
use crate::turn::Turn;
use crate::workers::{Job, Report, Workers};
use crate::workspace::{Judged, Workspace};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, mpsc};
use std::time::Duration;
use tracing::debug;

/// How often a stage that waits for another process is tried again.
pub(crate) const PATIENCE: Duration = Duration::from_millis(50);

/// The stages of one run, and how far they are.
pub(crate) struct Schedule<'a> {
    workspace: &'a Workspace,
    options: &'a ReproOptions,
    sink: &'a dyn EventSink,
    cancel: &'a Cancel,
    presence: &'a Presence,
    room: Room<'a>,
    durations: Durations,
    /// Stages not yet judged.
    queue: Queue<'a>,
    chosen: BTreeSet<usize>,
    ended: BTreeMap<usize, Outcome>,
    failed: Option<usize>,
    /// Stages that are known to wait for another process, and what for.
    held_up: BTreeMap<usize, Obstacle>,
    /// Stages that a person agreed to run.
    wanted: BTreeSet<usize>,
    /// Whether a stage waits for another process now.
    polls: bool,
    estimated: bool,
    /// Stages that a killed run left unfinished.
    pub(crate) killed: BTreeSet<String>,
    countdown: Option<Countdown<'a>>,
}

/// A stage that starts: what is decided, and what it holds while it runs.
struct Start {
    index: usize,
    judged: Judged,
    held: Held,
    share: Share,
}

/// A stage that was looked at.
enum Next {
    Starts(Box<Start>),
    HasEnded,
    Waits,
}

impl<'a> Schedule<'a> {
    pub(crate) fn new(
        workspace: &'a Workspace,
        options: &'a ReproOptions,
        (sink, cancel): (&'a dyn EventSink, &'a Cancel),
        presence: &'a Presence,
        chosen: &[usize],
    ) -> Self {
        let durations = Durations::load(&workspace.project);
        let pipeline = &workspace.pipeline;
        let time = |index: &usize| Some((*index, durations.of(&pipeline.stages[*index])?));
        let times: BTreeMap<usize, Duration> = chosen.iter().filter_map(time).collect();
        let mut waiting = chosen.to_vec();
        if !times.is_empty() {
            let ranks = ranks(&pipeline.graph, &times);
            // Less than a second is not worth another order.
            waiting.sort_by_key(|index| Reverse(ranks[index].as_secs()));
        }
        Self {
            workspace,
            options,
            sink,
            cancel,
            presence,
            room: Room::new(options.jobs, &options.machine, &pipeline.pools),
            estimated: times.is_empty(),
            killed: BTreeSet::new(),
            countdown: None,
            durations,
            queue: Queue::new(&pipeline.stages, &pipeline.graph, waiting),
            chosen: chosen.iter().copied().collect(),
            ended: BTreeMap::new(),
            failed: None,
            held_up: BTreeMap::new(),
            wanted: BTreeSet::new(),
            polls: false,
        }
    }

    /// Runs until no stage is left that can.
    pub(crate) fn run(&mut self) -> Result<(), EngineError> {
        let (reports, receiver) = mpsc::channel();
        let (jobs, todo) = mpsc::channel();
        let todo = Mutex::new(todo);
        std::thread::scope(|scope| {
            let mut workers = Workers {
                scope,
                jobs,
                todo: &todo,
                reports,
                count: 0,
            };
            let mut running = 0;
            let mut error = None;
            loop {
                while error.is_none() {
                    let start = match self.next_to_run() {
                        Ok(Some(start)) => start,
                        Ok(None) => break,
                        Err(failure) => {
                            error = Some(failure);
                            break;
                        }
                    };
                    self.estimate(start.index);
                    workers.start(self.job(*start), running);
                    running += 1;
                }
                if running == 0 && (error.is_some() || !self.polls) {
                    return error.map_or(Ok(()), Err);
                }
                let report = if self.polls {
                    receiver.recv_timeout(PATIENCE).ok()
                } else {
                    receiver.recv().ok()
                };
                if let Some(report) = report {
                    running -= 1;
                    error = self.take(report).err().or(error);
                }
            }
        })
    }

    /// How the stages ended, and how long those that ran took.
    pub(crate) fn into_ended(self) -> (BTreeMap<usize, Outcome>, Durations) {
        (self.ended, self.durations)
    }

    fn take(&mut self, report: Report) -> Result<(), EngineError> {
        let Report {
            index,
            result,
            time,
        } = report;
        self.room.give_back(index);
        match result {
            Ok(outcome) => {
                if outcome == Outcome::Done {
                    self.durations.measure(&self.stage(index).name, time);
                }
                self.end(index, outcome);
                Ok(())
            }
            Err(failure) => {
                let outcome = if matches!(failure, EngineError::Lacks(_)) {
                    Outcome::Cancelled
                } else {
                    Outcome::Failed(failure.to_string())
                };
                self.end(index, outcome);
                Err(failure)
            }
        }
    }

    fn stage(&self, index: usize) -> &'a Stage {
        &self.workspace.pipeline.stages[index]
    }

    fn job(&self, start: Start) -> Job<'a> {
        let stage = self.stage(start.index);
        let jobs = self.options.jobs.max(1);
        let cpus = stage
            .limits
            .cpus
            .and_then(|cpus| usize::try_from(cpus).ok());
        let run = StageRun {
            workspace: self.workspace,
            stage,
            jobs: cpus.map_or(jobs, |cpus| cpus.min(jobs)),
            trace: self.options.trace,
            no_commit: self.options.no_commit,
            gpus: start.share.gpus,
            held: start.held,
            was_killed: self.killed.contains(&stage.name),
            sink: self.sink,
            cancel: self.cancel,
        };
        Job {
            index: start.index,
            run,
            judged: start.judged,
        }
    }

    /// A stage starts; before the first one, how long all will take.
    fn estimate(&mut self, index: usize) {
        if !std::mem::replace(&mut self.estimated, true) {
            let (workspace, options) = (self.workspace, self.options);
            let order = workspace.pipeline.graph.order();
            let chosen = order.iter().filter(|index| self.chosen.contains(index));
            let chosen: Vec<usize> = chosen.copied().collect();
            let plan = workspace.plan_of(&chosen, options.force);
            // What is wrong with a stage is said when its turn comes.
            let countdown = plan
                .ok()
                .map(|plan| Countdown::new(Work::of(workspace, &plan, options.jobs)));
            if let Some(estimate) = countdown.as_ref().and_then(Countdown::estimate) {
                self.sink.emit(&Event::Estimate(estimate));
                self.countdown = countdown;
            }
        }
        if let Some(countdown) = &mut self.countdown {
            countdown.begin(index);
        }
    }

    /// The next stage that has work to do and fits; fresh ones on the way are done at once.
    fn next_to_run(&mut self) -> Result<Option<Box<Start>>, EngineError> {
        let mut waits = Vec::new();
        let found = loop {
            self.end_blocked();
            if self.room.is_full() {
                break None;
            }
            let Some(index) = self.queue.pop_ready(|limits| self.room.fits(limits)) else {
                break None;
            };
            match self.look_at(index)? {
                Next::Waits => waits.push(index),
                Next::HasEnded => {}
                Next::Starts(start) => break Some(start),
            }
        };
        self.polls = !waits.is_empty();
        for index in waits {
            self.queue.put_back(index);
        }
        Ok(found)
    }

    /// Ends the stages that cannot run any more.
    fn end_blocked(&mut self) {
        loop {
            let goes_on = self.options.ignore_errors || self.options.keep_going;
            let all = self.cancel.is_cancelled() || (self.failed.is_some() && !goes_on);
            let next = if all {
                self.queue.pop()
            } else {
                self.queue.pop_blocked()
            };
            let Some(index) = next else { return };
            let outcome = self.blocked(index).unwrap_or(Outcome::Cancelled);
            self.finish(index, outcome);
        }
    }

    /// Judges a stage all of whose inputs are final, and takes what it needs to run.
    fn look_at(&mut self, index: usize) -> Result<Next, EngineError> {
        let stage = self.stage(index);
        let Workspace { lock, snapshot, .. } = self.workspace;
        lock.refresh()?;
        if !self.held_up.contains_key(&index)
            && !lock.has_begun(&stage.name)
            && let Ok(judged) = self.workspace.judge(stage, self.force(index))
        {
            // What another process began meanwhile was not seen as it will be.
            lock.refresh()?;
            if !lock.has_begun(&stage.name) && self.is_at_rest(index, &judged) {
                return Ok(Next::HasEnded);
            }
        }
        if !self.is_wanted(index) {
            self.cancel.cancel();
            self.finish(index, Outcome::Cancelled);
            return Ok(Next::HasEnded);
        }
        let (held, share) = match self.claim(index)? {
            Ok(claimed) => claimed,
            Err(obstacle) => return self.wait_for(index, obstacle),
        };
        // Nobody else touches the stage now, nor what it reads: what was seen before may be old.
        lock.refresh()?;
        let paths = stage.deps.iter().map(|dep| &dep.path);
        for path in paths.chain(stage.outs.iter().map(|out| &out.path)) {
            snapshot.forget(path);
        }
        let judged = self.workspace.judge(stage, self.force(index))?;
        if self.is_at_rest(index, &judged) {
            return Ok(Next::HasEnded);
        }
        let runs = judged.decision.what != Decided::Restore;
        if let Some(reason) = self.room.refusal(&stage.limits).filter(|_| runs) {
            self.finish(index, Outcome::Failed(reason));
            return Ok(Next::HasEnded);
        }
        self.decided(stage, &judged);
        self.room.take(index, share.clone());
        Ok(Next::Starts(Box::new(Start {
            index,
            judged,
            held,
            share,
        })))
    }

    /// Whether a person wants the stage to run. Asked once, before anything is claimed.
    fn is_wanted(&mut self, index: usize) -> bool {
        let Some(ask) = self.options.confirm else {
            return true;
        };
        self.wanted.contains(&index) || {
            let wanted = ask(&self.stage(index).name);
            wanted && self.wanted.insert(index)
        }
    }

    /// Claims all that a stage needs, or tells what is in the way.
    fn claim(&self, index: usize) -> Result<Result<(Held, Share), Obstacle>, EngineError> {
        let stage = self.stage(index);
        let project = &self.workspace.project;
        let turn = Turn::take(project)?;
        let others = self.presence.others(&turn)?;
        self.forget(&others);
        let mut claim = Claim {
            process: std::process::id(),
            pipeline: project.pipeline_name().to_owned(),
            stage: Some(stage.name.clone()),
            makes: stage.outs.iter().map(|out| out.path.clone()).collect(),
            reads: stage.deps.iter().map(|dep| dep.path.clone()).collect(),
            ..Claim::default()
        };
        if let Some(obstacle) = others.forbid(&claim, self.presence) {
            return Ok(Err(obstacle));
        }
        let share = match self.room.share_beside(&stage.limits, &others) {
            Ok(share) => share,
            Err(obstacle) => return Ok(Err(obstacle)),
        };
        Share {
            cpus: claim.cpus,
            memory: claim.memory,
            gpus: claim.gpus,
            pool: claim.pool,
        } = share.clone();
        let held = self.presence.claim(&claim, &turn)?;
        debug!(stage = stage.name, makes = ?claim.makes, reads = ?claim.reads, "claimed");
        Ok(Ok((held, share)))
    }

    /// What was put right after others is not as it was seen.
    fn forget(&self, others: &Others) {
        let paths = others.recovered.iter();
        paths.for_each(|path| self.workspace.snapshot.forget(path));
    }

    fn wait_for(&mut self, index: usize, obstacle: Obstacle) -> Result<Next, EngineError> {
        if self.options.no_wait || obstacle.what == InTheWay::Above {
            return Err(EngineError::Busy {
                stage: Some(self.stage(index).name.clone()),
                on: Box::new(obstacle),
            });
        }
        if self.held_up.get(&index) != Some(&obstacle) {
            debug!(stage = self.stage(index).name, process = obstacle.process, %obstacle, "waits for a claim");
            self.sink.emit(&Event::StageWaits {
                stage: self.stage(index).name.clone(),
                on: obstacle.clone(),
            });
            self.held_up.insert(index, obstacle);
        }
        Ok(Next::Waits)
    }

    /// Ends a stage that needs nothing.
    fn is_at_rest(&mut self, index: usize, judged: &Judged) -> bool {
        let outcome = match judged.decision.what {
            Decided::Fresh => Outcome::Fresh,
            Decided::Frozen => Outcome::Frozen,
            Decided::Run | Decided::Restore | Decided::Unknown => return false,
        };
        self.decided(self.stage(index), judged);
        self.end(index, outcome);
        true
    }

    fn decided(&self, stage: &Stage, judged: &Judged) {
        self.sink.emit(&Event::StageDecided {
            stage: stage.name.clone(),
            decision: judged.decision.what,
            reasons: judged.decision.reasons.clone(),
        });
    }

    fn force(&self, index: usize) -> bool {
        let ran = |up: usize| self.ended.get(&up) == Some(&Outcome::Done);
        self.options.force || (self.options.force_downstream && self.upstream(index).any(ran))
    }

    fn upstream(&self, index: usize) -> impl Iterator<Item = usize> {
        let upstream = self.workspace.pipeline.graph.upstream(index);
        upstream.into_iter().filter(|up| self.chosen.contains(up))
    }

    /// How a stage ends that cannot run.
    fn blocked(&self, index: usize) -> Option<Outcome> {
        if self.cancel.is_cancelled() {
            return Some(Outcome::Cancelled);
        }
        let name = |index: usize| self.stage(index).name.clone();
        let ignored = self.options.ignore_errors;
        let by_upstream = self
            .upstream(index)
            .find_map(|up| match self.ended.get(&up) {
                Some(Outcome::Failed(_)) => (!ignored).then(|| Outcome::Skipped(name(up))),
                Some(outcome @ (Outcome::Skipped(_) | Outcome::Cancelled)) => Some(outcome.clone()),
                Some(Outcome::Fresh | Outcome::Restored | Outcome::Done | Outcome::Frozen)
                | None => None,
            });
        let goes_on = ignored || self.options.keep_going;
        by_upstream.or_else(|| {
            let failed = self.failed.filter(|_| !goes_on)?;
            Some(Outcome::Skipped(name(failed)))
        })
    }

    /// Ends a stage that never started.
    fn finish(&mut self, index: usize, outcome: Outcome) {
        self.sink.emit(&Event::StageFinished {
            stage: self.stage(index).name.clone(),
            outcome: outcome.clone(),
            duration: Duration::ZERO,
        });
        self.end(index, outcome);
    }

    fn end(&mut self, index: usize, outcome: Outcome) {
        let blocks = match outcome {
            Outcome::Failed(_) => {
                self.failed.get_or_insert(index);
                !self.options.ignore_errors
            }
            Outcome::Skipped(_) | Outcome::Cancelled => true,
            Outcome::Fresh | Outcome::Restored | Outcome::Done | Outcome::Frozen => false,
        };
        self.ended.insert(index, outcome);
        let countdown = self.countdown.as_mut();
        if let Some(estimate) = countdown.and_then(|countdown| countdown.end(index)) {
            self.sink.emit(&Event::Estimate(estimate));
        }
        self.queue.end(index, blocks);
    }
}
