use serde::Serialize;

use crate::counterfactual::configurations::Configurations;
use crate::counterfactual::game::Game;

/// `metrics.json`: the network without its grown seeds and with them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Metrics {
    metric: Measures,
    /// Cross-entropy in nats, mean of the validation samples.
    loss: Comparison,
    seeds: Seeds,
}

/// What is measured beside losses.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Measures {
    /// Share of the validation samples, 0 to 1.
    accuracy: Comparison,
}

/// One measure of the network.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Comparison {
    /// All grown seeds off: the host alone.
    baseline: f64,
    /// All of them on.
    full: f64,
    /// `full` − `baseline`.
    gain: f64,
    /// The sum of the seeds' Shapley values, which is the gain.
    shapley_sum: f64,
}

/// How much there was to evaluate.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Seeds {
    grown: usize,
    configurations: usize,
}

impl Metrics {
    pub(super) fn new(configurations: &Configurations) -> Self {
        Self {
            metric: Measures {
                accuracy: Comparison::of(&configurations.by_accuracy()),
            },
            loss: Comparison::of(&configurations.by_loss()),
            seeds: Seeds {
                grown: configurations.seeds.len(),
                configurations: configurations.count(),
            },
        }
    }

    /// As a line of the log.
    pub(super) fn summary(&self) -> String {
        let accuracy = &self.metric.accuracy;
        if self.seeds.grown == 0 {
            let full = accuracy.full;
            return format!(
                "no seed has grown, so there is none to switch off: accuracy {full:.4}"
            );
        }
        format!(
            "accuracy {:.4} with all grown seeds on, {:.4} with all off (seeds: {}, configurations: {})",
            accuracy.full, accuracy.baseline, self.seeds.grown, self.seeds.configurations
        )
    }
}

impl Comparison {
    fn of(game: &Game) -> Self {
        Self {
            baseline: game.nobody(),
            full: game.everybody(),
            gain: game.gain(),
            // An empty sum of floats is −0, which JSON would show.
            shapley_sum: game.shapley().iter().sum::<f64>() + 0.0,
        }
    }
}
