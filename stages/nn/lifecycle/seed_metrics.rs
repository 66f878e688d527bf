use serde::{Deserialize, Serialize};

use crate::lifecycle::GradientHealth;

/// What is left of the old average when a gradient norm comes in.
const NORM_DECAY: f64 = 0.9;
/// What is left of the old velocity when a contribution comes in.
const VELOCITY_DECAY: f64 = 0.7;
/// Shares to percentage points.
const POINTS: f64 = 100.0;

/// What is measured of one seed, from its germination on.
///
/// An improvement is what the accuracy gained meanwhile, whoever caused it: the host's learning is
/// in it. What the seed itself is worth is its contribution, for which it is switched off.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SeedMetrics {
    /// Epochs since the germination.
    pub epochs: usize,
    /// Validation accuracy when it germinated.
    pub initial_accuracy: Option<f64>,
    /// Validation accuracy of the last epoch.
    pub accuracy: Option<f64>,
    /// The highest since the germination.
    pub best_accuracy: Option<f64>,
    /// What the accuracy was when its stage began.
    pub accuracy_at_stage_start: Option<f64>,
    /// What the accuracy was when it began to blend.
    pub accuracy_at_blending_start: Option<f64>,
    /// Norm of its gradient, averaged over the epochs that measured one: 0.9 of what was.
    pub gradient_norm: Option<f64>,
    /// How sound its gradients were in the last epoch that measured them.
    pub gradient_health: Option<GradientHealth>,
    /// How much it learnt beside the host in that epoch.
    pub gradient_ratio: Option<f64>,
    /// What the accuracy loses without it, in percentage points, when that was last measured.
    pub contribution: Option<f64>,
    /// How fast the contribution changes, in percentage points a measurement: 0.7 of what was.
    pub contribution_velocity: Option<f64>,
    /// Epochs since the contribution was measured.
    pub contribution_age: Option<usize>,
    /// Number of its weights.
    pub weights: usize,
    /// Number of the host's.
    pub host_weights: usize,
}

impl SeedMetrics {
    pub(super) fn germinated(accuracy: Option<f64>, weights: usize, host_weights: usize) -> Self {
        Self {
            initial_accuracy: accuracy,
            accuracy,
            best_accuracy: accuracy,
            accuracy_at_stage_start: accuracy,
            weights,
            host_weights,
            ..Self::default()
        }
    }

    /// Percentage points that the accuracy gained since the germination.
    pub fn total_improvement(&self) -> Option<f64> {
        Some(POINTS * (self.accuracy? - self.initial_accuracy?))
    }

    /// Percentage points that it gained since the stage began.
    pub fn improvement_in_stage(&self) -> Option<f64> {
        Some(POINTS * (self.accuracy? - self.accuracy_at_stage_start?))
    }

    /// Percentage points that it gained since the blend began.
    pub fn improvement_since_blending(&self) -> Option<f64> {
        Some(POINTS * (self.accuracy? - self.accuracy_at_blending_start?))
    }

    /// An epoch ended with this validation accuracy.
    pub(super) fn record_epoch(&mut self, accuracy: f64) {
        self.epochs += 1;
        self.accuracy = Some(accuracy);
        self.initial_accuracy.get_or_insert(accuracy);
        self.accuracy_at_stage_start.get_or_insert(accuracy);
        let best = self
            .best_accuracy
            .map_or(accuracy, |best| best.max(accuracy));
        self.best_accuracy = Some(best);
        self.contribution_age = self.contribution_age.map(|age| age + 1);
    }

    /// The seed was switched off: the accuracies of the same epoch with and without it.
    pub(super) fn record_contribution(&mut self, with: f64, without: f64) {
        let found = POINTS * (with - without);
        if let Some(before) = self.contribution {
            let velocity = self.contribution_velocity.unwrap_or(0.0);
            let next = VELOCITY_DECAY * velocity + (1.0 - VELOCITY_DECAY) * (found - before);
            self.contribution_velocity = Some(next);
        }
        self.contribution = Some(found);
        self.contribution_age = Some(0);
    }

    /// The gradients of an epoch: the norm of each tensor of the seed, and the ratio to the host
    /// where the host's gradient was measured too.
    pub(super) fn record_gradients(&mut self, norms: &[f64], ratio: Option<f64>) {
        let total = norms.iter().map(|norm| norm * norm).sum::<f64>().sqrt();
        if !norms.is_empty() && total.is_finite() {
            let average = |before| NORM_DECAY * before + (1.0 - NORM_DECAY) * total;
            self.gradient_norm = Some(self.gradient_norm.map_or(total, average));
        }
        self.gradient_health = GradientHealth::of(norms);
        self.gradient_ratio = ratio;
    }

    pub(super) fn enter_stage(&mut self) {
        self.accuracy_at_stage_start = self.accuracy;
    }

    pub(super) fn enter_blending(&mut self) {
        self.accuracy_at_blending_start = self.accuracy;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn close(found: Option<f64>, expected: f64) {
        assert!(
            (found.unwrap() - expected).abs() < 1e-9,
            "{found:?} {expected}"
        );
    }

    #[test]
    fn improvements_are_points_of_accuracy() {
        let mut metrics = SeedMetrics::germinated(Some(0.6), 10, 100);
        metrics.record_epoch(0.65);
        metrics.enter_stage();
        metrics.enter_blending();
        metrics.record_epoch(0.62);
        close(metrics.total_improvement(), 2.0);
        close(metrics.improvement_in_stage(), -3.0);
        close(metrics.improvement_since_blending(), -3.0);
        close(metrics.best_accuracy, 0.65);
        assert_eq!(metrics.epochs, 2);
    }

    #[test]
    fn what_was_not_measured_is_none() {
        let mut metrics = SeedMetrics::germinated(None, 10, 100);
        assert_eq!(metrics.total_improvement(), None);
        metrics.record_epoch(0.5);
        close(metrics.total_improvement(), 0.0);
        assert_eq!(metrics.improvement_since_blending(), None);
        assert_eq!(
            (metrics.contribution, metrics.contribution_age),
            (None, None)
        );
        metrics.record_gradients(&[], None);
        assert_eq!(
            (metrics.gradient_norm, metrics.gradient_health),
            (None, None)
        );
    }

    #[test]
    fn contributions_have_an_age_and_a_velocity() {
        let mut metrics = SeedMetrics::germinated(Some(0.6), 10, 100);
        metrics.record_contribution(0.7, 0.69);
        close(metrics.contribution, 1.0);
        assert_eq!(metrics.contribution_velocity, None);
        metrics.record_epoch(0.7);
        assert_eq!(metrics.contribution_age, Some(1));
        metrics.record_contribution(0.7, 0.67);
        close(metrics.contribution_velocity, 0.6);
        metrics.record_contribution(0.7, 0.67);
        close(metrics.contribution_velocity, 0.42);
    }

    #[test]
    fn norms_are_averaged() {
        let mut metrics = SeedMetrics::default();
        metrics.record_gradients(&[3.0, 4.0], Some(0.5));
        close(metrics.gradient_norm, 5.0);
        metrics.record_gradients(&[15.0], None);
        close(metrics.gradient_norm, 6.0);
        assert_eq!(metrics.gradient_ratio, None);
    }
}
