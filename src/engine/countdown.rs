//! [`Countdown`]: how long a run will still take, as its stages end.

use crate::estimate::{Estimate, Work};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// How long people go without another estimate, at least: thousands of stages may end in a second.
const PAUSE: Duration = Duration::from_secs(1);

/// What is left of the work of a run.
pub(crate) struct Countdown<'a> {
    left: Work<'a>,
    running: BTreeMap<usize, Instant>,
    /// When the last estimate was given.
    told: Instant,
}

impl<'a> Countdown<'a> {
    pub(crate) fn new(work: Work<'a>) -> Self {
        Self {
            left: work,
            running: BTreeMap::new(),
            told: Instant::now(),
        }
    }

    /// A stage starts.
    pub(crate) fn begin(&mut self, index: usize) {
        self.running.insert(index, Instant::now());
    }

    /// A stage has ended, in whatever way; how long the others take, unless that was told just now.
    pub(crate) fn end(&mut self, index: usize) -> Option<Estimate> {
        self.running.remove(&index);
        self.left.times.remove(&index);
        self.left.unknown.remove(&index);
        if self.told.elapsed() < PAUSE {
            return None;
        }
        self.told = Instant::now();
        self.estimate()
    }

    /// How long it will still take from now on.
    pub(crate) fn estimate(&self) -> Option<Estimate> {
        let mut left = self.left.clone();
        for (index, began) in &self.running {
            if let Some(time) = left.times.get_mut(index) {
                *time = time.saturating_sub(began.elapsed());
            }
        }
        left.estimate()
    }
}
