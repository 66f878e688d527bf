//! [`Workers`]: threads that run one stage after another.

use crate::error::EngineError;
use crate::event::Outcome;
use crate::run_stage::StageRun;
use crate::workspace::Judged;
use std::sync::mpsc::{Receiver, Sender};
use std::sync::{Mutex, PoisonError};
use std::thread::Scope;
use std::time::{Duration, Instant};

/// A stage that is to run.
pub(crate) struct Job<'a> {
    pub(crate) index: usize,
    pub(crate) run: StageRun<'a>,
    pub(crate) judged: Judged,
}

/// How a stage ended.
pub(crate) struct Report {
    pub(crate) index: usize,
    pub(crate) result: Result<Outcome, EngineError>,
    pub(crate) time: Duration,
}

/// Threads that run stages: to start one takes longer than to restore a small out.
pub(crate) struct Workers<'scope, 'env, 'a> {
    pub(crate) scope: &'scope Scope<'scope, 'env>,
    pub(crate) jobs: Sender<Job<'a>>,
    pub(crate) todo: &'scope Mutex<Receiver<Job<'a>>>,
    pub(crate) reports: Sender<Report>,
    pub(crate) count: usize,
}

impl<'scope, 'a: 'scope> Workers<'scope, '_, 'a> {
    /// Runs a stage, while `busy` others run.
    pub(crate) fn start(&mut self, job: Job<'a>, busy: usize) {
        let reports = self.reports.clone();
        // Code that is compiled in may leave marks on its thread.
        if job.run.stage.spec().is_some() {
            self.scope.spawn(move || job.go(&reports));
            return;
        }
        if busy >= self.count {
            self.count += 1;
            let todo = self.todo;
            self.scope.spawn(move || work(todo, &reports));
        }
        // The receiver outlives all senders.
        let _ = self.jobs.send(job);
    }
}

fn work(todo: &Mutex<Receiver<Job<'_>>>, reports: &Sender<Report>) {
    loop {
        let job = todo.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        job.go(reports);
    }
}

impl Job<'_> {
    fn go(self, reports: &Sender<Report>) {
        let Self { index, run, judged } = self;
        let began = Instant::now();
        let result = run.go(judged);
        // Whoever waits for the stage need not wait for its report.
        drop(run);
        let time = began.elapsed();
        let report = Report {
            index,
            result,
            time,
        };
        // The receiver outlives all senders.
        let _ = reports.send(report);
    }
}
