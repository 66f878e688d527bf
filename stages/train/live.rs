use std::cell::RefCell;

use kaslite_engine::context::StageContext;
use kaslite_nn::{EpochStats, Event, Observer, SeedStats};

use crate::train::recorder::{Recorder, active, row};

/// Tells the engine how the training goes, and has the recorder keep it.
pub(super) struct Live<'a> {
    pub(super) context: &'a StageContext<'a>,
    pub(super) total_epochs: usize,
    pub(super) recorder: &'a mut Recorder,
    /// Keeps every event for the next checkpoint, where there are any.
    pub(super) events: Option<&'a RefCell<Vec<Event>>>,
}

impl Observer for Live<'_> {
    fn observe(&mut self, event: &Event) {
        if let Event::EpochFinished { stats, seeds } = event {
            self.finish_epoch(stats, seeds);
        }
        if let Some(row) = row(event) {
            self.context.log(format!("epoch {}: {row}", row.epoch));
        }
        self.recorder.observe(event);
        if let Some(events) = self.events {
            events.borrow_mut().push(event.clone());
        }
    }
}

impl Live<'_> {
    fn finish_epoch(&self, stats: &EpochStats, seeds: &[SeedStats]) {
        let step = stats.epoch as u64;
        let metric = |name: &str, value: Option<f64>| {
            let finite = value.filter(|value| value.is_finite());
            self.context.metric(name, step, finite);
        };
        metric("loss.train", stats.train_loss);
        metric("loss.val", Some(stats.val_loss));
        metric("metric.accuracy.val", Some(stats.val_accuracy));
        metric("metric.accuracy.best", Some(stats.best_accuracy));
        for seed in seeds.iter().filter(|seed| seed.state.is_grown()) {
            metric(&format!("seed.{}.alpha", seed.seed), seed.alpha);
            metric(&format!("seed.{}.drift", seed.seed), seed.drift);
        }
        let message = format!(
            "{} loss {:.3} acc {:.3} seeds {}",
            stats.phase,
            stats.val_loss,
            stats.val_accuracy,
            active(seeds)
        );
        self.context
            .progress(step, self.total_epochs as u64, message);
    }
}
