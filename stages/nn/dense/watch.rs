use serde::{Deserialize, Serialize};

use crate::dense::{DenseParams, Trigger};
use crate::report::{EpochStats, Event};

/// What of a new value goes into a running mean.
const SHARE: f64 = 0.1;
/// The least that a running mean of gradient norms begins with.
const LEAST_NORM: f64 = 0.01;

/// Looks out for epochs that are worth a close look, and knows until when it goes on. A value that
/// opens a window does not go into the mean that the next ones are compared with.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Watch {
    loss: Option<f64>,
    /// The loss before anything was trained, which that of the first epoch is compared with; none once it
    /// was.
    initial: Option<f64>,
    gradient: Option<f64>,
    accuracy: Option<f64>,
    /// The last epoch of the window that is open, or was.
    until: usize,
    /// What the epoch under way has brought.
    found: Vec<Trigger>,
}

impl Watch {
    /// Whether `epoch`, which begins, is to be looked at closely.
    pub(crate) fn is_open(&self, epoch: usize, params: &DenseParams) -> bool {
        params.always || epoch <= self.until
    }

    /// Takes note of what happens in the epoch under way.
    pub(crate) fn note(&mut self, event: &Event, params: &DenseParams) {
        match event {
            Event::Passage { slot, passage } if params.stage_transition => {
                let (slot, stage) = (*slot, passage.to);
                self.found.push(Trigger::StageTransition { slot, stage });
            }
            Event::GateAsked { slot, gate } if params.gate_failure && !gate.passed => {
                let (slot, gate) = (*slot, gate.gate);
                self.found.push(Trigger::GateFailure { slot, gate });
            }
            Event::Initial { loss, .. } => self.initial = Some(*loss),
            Event::Passage { .. }
            | Event::GateAsked { .. }
            | Event::PhaseStarted { .. }
            | Event::Transition { .. }
            | Event::Decided { .. }
            | Event::Germination { .. }
            | Event::DriftWarning { .. }
            | Event::Triggered { .. }
            | Event::Dense { .. }
            | Event::Matrix { .. }
            | Event::EpochFinished { .. } => {}
        }
    }

    /// The epoch is over: what is worth a close look, and until which epoch.
    pub(crate) fn finish(
        &mut self,
        stats: &EpochStats,
        params: &DenseParams,
    ) -> (Vec<Trigger>, usize) {
        let mut found = std::mem::take(&mut self.found);
        let times = self.loss_spike(stats.val_loss, params.loss_spike);
        found.extend(times.map(|times| Trigger::LossSpike { times }));
        let before = self.accuracy.replace(stats.val_accuracy);
        let points = before.map(|before| 100.0 * (before - stats.val_accuracy));
        let points = points.filter(|&points| points > params.accuracy_drop);
        found.extend(points.map(|points| Trigger::AccuracyDrop { points }));
        if let Some(norm) = stats.host_gradient_norm {
            let limit = params.gradient_explosion;
            let times = spike(&mut self.gradient, norm, LEAST_NORM, limit);
            found.extend(times.map(|times| Trigger::GradientExplosion { times }));
        }
        self.extend(&mut found, stats.epoch, params);
        (found, self.until)
    }

    /// A loss of `epoch` is no number.
    pub(crate) fn fail(
        &mut self,
        epoch: usize,
        batch: usize,
        params: &DenseParams,
    ) -> (Vec<Trigger>, usize) {
        let mut found = std::mem::take(&mut self.found);
        found.push(Trigger::NotFinite { batch });
        self.extend(&mut found, epoch, params);
        (found, self.until)
    }

    /// The first loss opens a window where it is far above that before anything was trained, which the
    /// next ones are compared with then; else the mean begins with it.
    fn loss_spike(&mut self, loss: f64, limit: f64) -> Option<f64> {
        if self.initial.is_some() {
            self.loss = self.initial.take();
            let times = spike(&mut self.loss, loss, 0.0, limit);
            if times.is_some() {
                return times;
            }
            self.loss = None;
        }
        spike(&mut self.loss, loss, 0.0, limit)
    }

    /// A window that is open stays so for longer.
    fn extend(&mut self, found: &mut Vec<Trigger>, epoch: usize, params: &DenseParams) {
        if found.is_empty() && params.always {
            found.push(Trigger::Forced);
        }
        if !found.is_empty() {
            self.until = self.until.max(epoch + params.window);
        }
    }
}

/// How many times its running mean a value is, if more often than `limit`; else it goes into the mean.
fn spike(mean: &mut Option<f64>, value: f64, least: f64, limit: f64) -> Option<f64> {
    let Some(before) = *mean else {
        *mean = Some(value.max(least)).filter(|value| value.is_finite());
        return None;
    };
    let times = value / before;
    if times > limit {
        return Some(times);
    }
    if value.is_finite() {
        *mean = Some(before + SHARE * (value - before));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Phase;

    fn stats(epoch: usize, loss: f64, accuracy: f64) -> EpochStats {
        EpochStats {
            epoch,
            phase: Phase::WarmUp,
            train_loss: None,
            train_accuracy: None,
            val_loss: loss,
            val_accuracy: accuracy,
            best_accuracy: accuracy,
            plateau: 0,
            learning_rate: None,
            host_gradient_norm: Some(loss),
            host_parameters: 1,
            gradient_leakage: None,
            dense: false,
        }
    }

    fn names(found: &[Trigger]) -> Vec<&'static str> {
        found.iter().map(|trigger| trigger.name()).collect()
    }

    #[test]
    fn the_first_epoch_opens_nothing() {
        let mut watch = Watch::default();
        let (found, until) = watch.finish(&stats(1, 9.0, 0.1), &DenseParams::default());
        assert_eq!((found, until), (Vec::new(), 0));
    }

    #[test]
    fn a_first_epoch_far_above_the_untrained_network_opens_a_window() {
        let (mut watch, params) = (Watch::default(), DenseParams::default());
        let initial = Event::Initial {
            loss: 0.7,
            accuracy: 0.5,
        };
        watch.note(&initial, &params);
        let (found, until) = watch.finish(&stats(1, 7.0, 0.5), &params);
        assert_eq!((names(&found), until), (vec!["loss_spike"], 4));
        // What was ruined is no measure of what is.
        let (found, _) = watch.finish(&stats(2, 7.0, 0.5), &params);
        assert_eq!(names(&found), ["loss_spike"]);
    }

    #[test]
    fn after_a_sound_first_epoch_the_untrained_network_is_no_measure() {
        let (mut watch, params) = (Watch::default(), DenseParams::default());
        let initial = Event::Initial {
            loss: 0.7,
            accuracy: 0.5,
        };
        watch.note(&initial, &params);
        watch.finish(&stats(1, 0.1, 0.9), &params);
        let (found, _) = watch.finish(&stats(2, 0.25, 0.9), &params);
        assert_eq!(names(&found), ["loss_spike"]);
    }

    #[test]
    fn windows_grow_and_close() {
        let (mut watch, params) = (Watch::default(), DenseParams::default());
        watch.finish(&stats(1, 1.0, 0.8), &params);
        let (found, until) = watch.finish(&stats(2, 2.5, 0.8), &params);
        assert_eq!((names(&found), until), (vec!["loss_spike"], 5));
        // The spike is no part of the mean, so the next one is as high above it.
        let (found, until) = watch.finish(&stats(3, 2.5, 0.7), &params);
        assert_eq!(names(&found), ["loss_spike", "accuracy_drop"]);
        assert_eq!(until, 6);
        let (found, _) = watch.finish(&stats(4, 1.0, 0.66), &params);
        assert!(found.is_empty() && watch.is_open(6, &params) && !watch.is_open(7, &params));
    }

    #[test]
    fn a_gradient_explodes() {
        let (mut watch, params) = (Watch::default(), DenseParams::default());
        watch.finish(&stats(1, 0.001, 0.8), &params);
        let exploded = EpochStats {
            host_gradient_norm: Some(1.5),
            ..stats(2, 0.001, 0.8)
        };
        let (found, _) = watch.finish(&exploded, &params);
        assert_eq!(names(&found), ["gradient_explosion"]);
    }

    #[test]
    fn what_is_asked_for_is_looked_at_always() {
        let mut watch = Watch::default();
        let params = DenseParams {
            always: true,
            ..DenseParams::default()
        };
        assert!(watch.is_open(1, &params));
        let (found, _) = watch.finish(&stats(1, 1.0, 0.5), &params);
        assert_eq!(found, [Trigger::Forced]);
    }
}
