use std::cell::RefCell;
use std::collections::BTreeMap;

use kaslite_engine::context::StageContext;
use kaslite_nn::{EpochStats, Event, Observer, Phase, SeedId, SeedStats};

use crate::train::recorder::{Recorder, active, row};

/// Tells the engine how the training goes, and has the recorder keep it.
pub(super) struct Live<'a> {
    pub(super) context: &'a StageContext<'a>,
    pub(super) total_epochs: usize,
    pub(super) recorder: &'a mut Recorder,
    /// Keeps every event for the next checkpoint, where there are any.
    pub(super) events: Option<&'a RefCell<Vec<Event>>>,
    /// What the accuracy loses without each seed, as the epoch under way has measured it.
    pub(super) worth: BTreeMap<SeedId, f64>,
}

impl Observer for Live<'_> {
    fn observe(&mut self, event: &Event) {
        if let Event::EpochFinished { stats, seeds } = event {
            self.finish_epoch(stats, seeds);
        }
        if let Event::Matrix { matrix } = event {
            let full = matrix.full.accuracy;
            let worth = matrix.seeds.iter();
            self.worth
                .extend(worth.map(|one| (one.seed, full - one.without.accuracy)));
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
    fn finish_epoch(&mut self, stats: &EpochStats, seeds: &[SeedStats]) {
        let worth = std::mem::take(&mut self.worth);
        let gain = self.gain(stats);
        let step = stats.epoch as u64;
        let metric = |name: &str, value: Option<f64>| {
            let finite = value.filter(|value| value.is_finite());
            self.context.metric(name, step, finite);
        };
        metric("loss.train", stats.train_loss);
        metric("loss.val", Some(stats.val_loss));
        metric("metric.accuracy.val", Some(stats.val_accuracy));
        metric("metric.accuracy.best", Some(stats.best_accuracy));
        if gain.is_some() {
            metric("metric.accuracy.gain", gain);
        }
        for seed in seeds.iter().filter(|seed| seed.state.is_grown()) {
            metric(&format!("seed.{}.alpha", seed.seed), seed.alpha);
            metric(&format!("seed.{}.drift", seed.seed), seed.drift);
            let worth = worth.get(&seed.seed).copied().or_else(|| judged(seed));
            if worth.is_some() {
                metric(&format!("seed.{}.contribution", seed.seed), worth);
            }
        }
        let gain = gain.map_or(String::new(), |gain| format!(" ({gain:+.3})"));
        let message = format!(
            "{} loss {:.3} acc {:.3}{gain} seeds {}",
            stats.phase,
            stats.val_loss,
            stats.val_accuracy,
            active(seeds)
        );
        self.context
            .progress(step, self.total_epochs as u64, message);
    }

    /// What the accuracy is above that of the host alone. The host is frozen while seeds grow: without
    /// them, a run stays where its warm-up ended, or where it began if it had none.
    fn gain(&self, stats: &EpochStats) -> Option<f64> {
        if stats.phase != Phase::Adaptation {
            return None;
        }
        let recorder = &self.recorder;
        let warmed_up = recorder.epochs.end_of_warm_up();
        let host = warmed_up.map(|stats| stats.val_accuracy);
        let host = host.or_else(|| recorder.initial.map(|(_, accuracy)| accuracy))?;
        Some(stats.val_accuracy - host)
    }
}

/// What the accuracy loses without the seed, where the controller has measured it in this epoch.
fn judged(seed: &SeedStats) -> Option<f64> {
    let metrics = seed.life.seed()?.metrics();
    let fresh = metrics.contribution_age == Some(0);
    metrics
        .contribution
        .filter(|_| fresh)
        .map(|points| points / 100.0)
}
