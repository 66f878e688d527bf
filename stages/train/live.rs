use std::cell::RefCell;
use std::collections::BTreeMap;

use kaslite_engine::context::StageContext;
use kaslite_engine::event::Alert;
use kaslite_nn::{EpochStats, Event, LifeStage, Observer, SeedId, SeedStats};

use crate::train::analytics::{Analytics, Notice};
use crate::train::events::What;
use crate::train::recorder::{Recorder, active, row};

/// Tells the engine how the training goes, and has the recorder keep it.
pub(super) struct Live<'a> {
    pub(super) context: &'a StageContext<'a>,
    pub(super) total_epochs: usize,
    pub(super) recorder: &'a mut Recorder,
    /// Keeps every event for the next checkpoint, where there are any.
    pub(super) events: Option<&'a RefCell<Vec<Event>>>,
    /// How it goes.
    pub(super) analytics: Analytics,
    /// What the accuracy loses without each seed, as the epoch under way has measured it.
    pub(super) worth: BTreeMap<SeedId, f64>,
    /// What was told to be in which state last.
    pub(super) states: BTreeMap<String, String>,
}

impl Observer for Live<'_> {
    fn observe(&mut self, event: &Event) {
        let notices = self.analytics.observe(event);
        if let Event::PhaseStarted {
            phase, first_epoch, ..
        } = event
        {
            self.state("phase", *first_epoch, phase.to_string());
        }
        if let Event::EpochFinished { stats, seeds } = event {
            self.finish_epoch(stats, seeds);
        }
        if let Event::Matrix { matrix } = event {
            let full = matrix.full.accuracy;
            let worth = matrix.seeds.iter();
            self.worth
                .extend(worth.map(|one| (one.seed, full - one.without.accuracy)));
        }
        for notice in &notices {
            self.tell(notice);
        }
        self.recorder.warned(notices);
        // Of what went wrong, those warn.
        let told = row(event).filter(|row| !matches!(row.what, What::Anomaly { .. }));
        if let Some(row) = told {
            self.context.log(format!("epoch {}: {row}", row.epoch));
        }
        self.recorder.observe(event);
        if let Some(events) = self.events {
            events.borrow_mut().push(event.clone());
        }
    }
}

impl Live<'_> {
    /// Tells a state where it is another one than before.
    fn state(&mut self, name: impl Into<String>, epoch: usize, value: String) {
        let (name, step) = (name.into(), epoch as u64);
        if self.states.get(&name) != Some(&value) {
            self.context.state(name.as_str(), step, value.as_str());
            self.states.insert(name, value);
        }
    }

    fn tell_states(&mut self, stats: &EpochStats, seeds: &[SeedStats]) {
        self.state("phase", stats.epoch, stats.phase.to_string());
        for seed in seeds {
            let (name, stage) = (format!("seed.{}.stage", seed.seed), seed.life.stage());
            // A slot is empty until something else is told of it.
            if stage != LifeStage::Dormant || self.states.contains_key(&name) {
                self.state(name, stats.epoch, stage.to_string());
            }
        }
    }

    fn finish_epoch(&mut self, stats: &EpochStats, seeds: &[SeedStats]) {
        self.tell_states(stats, seeds);
        let worth = std::mem::take(&mut self.worth);
        let vitals = &self.analytics.vitals;
        let gain = vitals.gain;
        let step = stats.epoch as u64;
        let metric = |name: &str, value: Option<f64>| {
            let finite = value.filter(|value| value.is_finite());
            self.context.metric(name, step, finite);
        };
        metric("loss.train", stats.train_loss);
        metric("loss.val", Some(stats.val_loss));
        metric("metric.accuracy.val", Some(stats.val_accuracy));
        metric("metric.accuracy.best", Some(stats.best_accuracy));
        let stagnant = vitals.stagnant as f64;
        metric("health.stagnation", Some(stagnant));
        if gain.is_some() {
            metric("metric.accuracy.gain", gain);
            metric("metric.accuracy.efficiency", vitals.efficiency);
            metric("metric.weights.ratio", vitals.ratio);
            metric("health.gradients.unsound", vitals.unsound);
            metric("health.seed_failures", vitals.failures);
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

    fn tell(&self, notice: &Notice) {
        let (epoch, sign) = (notice.epoch, notice.sign.name());
        let message = match &notice.what {
            Some(what) => format!("epoch {epoch}: {sign}: {what}"),
            None => format!("epoch {epoch}: {sign} is over"),
        };
        let alert = Alert {
            sign: sign.to_owned(),
            step: epoch as u64,
            over: notice.what.is_none(),
        };
        self.context.alert(alert, message);
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
