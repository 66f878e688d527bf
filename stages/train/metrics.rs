use std::collections::BTreeSet;

use kaslite_nn::{GerminationRecord, Outcome, ParameterCounts, SeedId, SeedState};
use serde::{Deserialize, Serialize};

use crate::train::recorder::Recorder;
use crate::train::validation::Validation;

/// `metrics.json`: what a run comes to. What was not measured is null; accuracies are shares, 0 to
/// 1, of the validation samples.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Metrics {
    pub(crate) metric: Measures,
    pub(crate) loss: Losses,
    pub(crate) seeds: SeedCounts,
    pub(crate) anomalies: Anomalies,
    /// None where it could not be told before the run.
    pub(crate) validation: Option<Validation>,
    /// Numbers of weights.
    pub(crate) parameters: ParameterCounts,
    /// In the order in which they happened.
    pub(crate) germinations: Vec<Germination>,
}

/// What went wrong, by the triggers of close looks that stand for trouble.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Anomalies {
    /// How often one fired.
    count: usize,
    /// The epoch of the first, from 1; none where nothing went wrong.
    first_epoch: Option<usize>,
    /// Its name.
    first_trigger: Option<String>,
}

/// What is measured beside losses.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Measures {
    pub(crate) accuracy: Accuracy,
}

/// Validation accuracy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Accuracy {
    /// Of the best epoch.
    pub(crate) best: f64,
    /// The first epoch that was so good, from 1.
    pub(crate) best_epoch: Option<usize>,
    /// Of the last epoch.
    #[serde(rename = "final")]
    pub(crate) last: f64,
    /// At the end of the warm-up, before any seed grew.
    pub(crate) host_only: Option<f64>,
}

/// Cross-entropy, in nats.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Losses {
    pub(crate) train: TrainLoss,
    pub(crate) val: ValidationLoss,
}

/// Mean of the training batches' means.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct TrainLoss {
    /// Of the last epoch in which something was trained.
    #[serde(rename = "final")]
    pub(crate) last: Option<f64>,
}

/// Mean over the validation rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ValidationLoss {
    /// Lowest of all epochs.
    pub(crate) best: Option<f64>,
    /// Of the last epoch.
    #[serde(rename = "final")]
    pub(crate) last: f64,
}

/// Numbers of seeds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct SeedCounts {
    /// Seed slots of the host.
    pub(crate) slots: usize,
    /// Seeds that germinated.
    pub(crate) grown: usize,
    /// Those of them that became active.
    pub(crate) active: usize,
}

/// What one germination did to the accuracy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Germination {
    seed: SeedId,
    /// At whose end it germinated, from 1.
    epoch: usize,
    accuracy_before: f64,
    /// Lowest while its child blended in and landed.
    accuracy_after: Option<f64>,
    /// `accuracy_before` − `accuracy_after`.
    dip: Option<f64>,
    /// Epochs from the first fall below `accuracy_before` to the return; 0 without a fall.
    recovery_epochs: Option<usize>,
}

impl Metrics {
    /// The epochs after which a seed germinated, and what learns started anew.
    pub(crate) fn germination_epochs(&self) -> BTreeSet<usize> {
        self.germinations.iter().map(|one| one.epoch).collect()
    }

    pub(super) fn new(
        outcome: &Outcome,
        recorder: &Recorder,
        validation: Option<Validation>,
    ) -> Self {
        let epochs = &recorder.epochs;
        let best = outcome.best_accuracy;
        let is_best = |stats: &&kaslite_nn::EpochStats| stats.val_accuracy >= best;
        let accuracy = Accuracy {
            best,
            best_epoch: epochs.stats().find(is_best).map(|stats| stats.epoch),
            last: outcome.final_accuracy,
            host_only: epochs.end_of_warm_up().map(|stats| stats.val_accuracy),
        };
        let train = epochs.stats().rev().find_map(|stats| stats.train_loss);
        let val = epochs.stats().map(|stats| stats.val_loss);
        Self {
            metric: Measures { accuracy },
            loss: Losses {
                train: TrainLoss { last: train },
                val: ValidationLoss {
                    best: val.reduce(f64::min),
                    last: outcome.final_loss,
                },
            },
            seeds: SeedCounts::of(outcome),
            anomalies: Anomalies::of(recorder),
            validation,
            parameters: outcome.parameters,
            germinations: outcome.germinations.iter().map(Germination::of).collect(),
        }
    }
}

impl Anomalies {
    fn of(recorder: &Recorder) -> Self {
        let first = recorder.dense.anomalies().next();
        Self {
            count: recorder.dense.anomalies().count(),
            first_epoch: first.map(|(epoch, _)| epoch),
            first_trigger: first.map(|(_, trigger)| trigger.name().to_owned()),
        }
    }
}

impl SeedCounts {
    fn of(outcome: &Outcome) -> Self {
        let architecture = outcome.model.architecture();
        let grown = outcome.model.grown_seeds();
        let active = grown.iter().filter(|seed| seed.state == SeedState::Active);
        Self {
            slots: architecture.num_layers * architecture.seeds_per_layer,
            grown: grown.len(),
            active: active.count(),
        }
    }
}

impl Germination {
    fn of(record: &GerminationRecord) -> Self {
        Self {
            seed: record.seed,
            epoch: record.epoch,
            accuracy_before: record.accuracy_before,
            accuracy_after: record.accuracy_after,
            dip: record.dip(),
            recovery_epochs: record.recovery_epochs,
        }
    }
}
