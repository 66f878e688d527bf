//! [`METRIC_NAMES`]: what a metric is called here and elsewhere.

use serde::Serialize;

/// What a metric is called here and elsewhere; `{id}` is a seed's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct MetricName {
    /// Here: in events, logs, metrics files, `runs list`.
    pub kaslite: &'static str,
    /// What it measures.
    pub meaning: &'static str,
    /// In the Python original.
    pub original: Option<&'static str>,
    /// As a tag of TensorBoard.
    pub tensorboard: Option<&'static str>,
    /// As a metric of Prometheus; the seed's id is the label `seed_id`.
    pub prometheus: Option<&'static str>,
}

/// All of them: those told epoch by epoch, then those told at the end.
pub const METRIC_NAMES: &[MetricName] = &[
    row(
        "loss.train",
        "loss of the training batches",
        ["train_loss", "train/loss", "kaslite_training_loss"],
    ),
    row(
        "loss.val",
        "loss of the validation samples",
        ["val_loss", "validation/loss", "kaslite_validation_loss"],
    ),
    row(
        "metric.accuracy.val",
        "share of the validation samples classified rightly",
        [
            "val_acc",
            "validation/accuracy",
            "kaslite_validation_accuracy",
        ],
    ),
    row(
        "metric.accuracy.best",
        "the highest of it so far",
        ["best_acc", "validation/best_acc", "kaslite_best_accuracy"],
    ),
    own(
        "metric.accuracy.gain",
        "what the validation accuracy is above that of the host alone, which is frozen while seeds grow",
    ),
    own(
        "metric.accuracy.efficiency",
        "the gain for each 10,000 weights that seeds have added",
    ),
    own(
        "metric.weights.ratio",
        "the weights that seeds have added, for each weight of the host",
    ),
    own(
        "health.gradients.unsound",
        "share of the tensors of a seed whose gradient vanishes, explodes or is not finite: mean over the seeds that learnt",
    ),
    own(
        "health.stagnation",
        "epochs in which the network learnt since the validation loss or accuracy was last better",
    ),
    own(
        "health.seed_failures",
        "share of the seeds that germinated that were removed",
    ),
    row(
        "seed.{id}.alpha",
        "how far a seed is blended in",
        ["seed/{id}/alpha", "seed/{id}/alpha", "kaslite_seed_alpha"],
    ),
    row(
        "seed.{id}.drift",
        "how much a seed changes its input",
        ["drift", "seed/{id}/drift", "kaslite_seed_drift"],
    ),
    own(
        "seed.{id}.contribution",
        "what the validation accuracy loses without a seed, in the epochs that switched it off",
    ),
    at_end("metric.accuracy.final", "accuracy after the last epoch", ""),
    at_end(
        "metric.accuracy.best_epoch",
        "the first epoch with the best accuracy",
        "",
    ),
    at_end(
        "metric.accuracy.host_only",
        "accuracy before any seed grew",
        "acc_pre",
    ),
    at_end("loss.train.final", "training loss of the last epoch", ""),
    at_end("loss.val.final", "validation loss of the last epoch", ""),
    at_end("loss.val.best", "the lowest validation loss", ""),
    at_end("seeds.slots", "places where a seed can grow", "total_seeds"),
    at_end("seeds.grown", "seeds that germinated", ""),
    at_end(
        "seeds.active",
        "those of them that became active",
        "active_seeds",
    ),
    at_end(
        "germinations.dip",
        "accuracy lost by a germination",
        "accuracy_dip",
    ),
    at_end(
        "germinations.recovery_epochs",
        "epochs until it was back",
        "recovery_time",
    ),
];

const fn row(
    kaslite: &'static str,
    meaning: &'static str,
    [original, tensorboard, prometheus]: [&'static str; 3],
) -> MetricName {
    MetricName {
        kaslite,
        meaning,
        original: Some(original),
        tensorboard: Some(tensorboard),
        prometheus: Some(prometheus),
    }
}

/// Not known elsewhere.
const fn own(kaslite: &'static str, meaning: &'static str) -> MetricName {
    at_end(kaslite, meaning, "")
}

/// Told once; nothing but its own name in the original, where it has one.
const fn at_end(
    kaslite: &'static str,
    meaning: &'static str,
    original: &'static str,
) -> MetricName {
    MetricName {
        kaslite,
        meaning,
        original: if original.is_empty() {
            None
        } else {
            Some(original)
        },
        tensorboard: None,
        prometheus: None,
    }
}
