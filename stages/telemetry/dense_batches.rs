use kaslite_nn::DenseBatch;

use crate::shared::int;
use crate::telemetry::{Field, Schema};

/// One batch of an epoch that was looked at closely.
#[derive(Debug)]
pub(crate) struct BatchRow {
    pub(crate) epoch: usize,
    pub(crate) batch: DenseBatch,
}

/// `dense_batches.parquet`.
pub(crate) const BATCHES: Schema<BatchRow> = Schema {
    file: "dense_batches.parquet",
    rows: "a batch of an epoch in a window, or of the epoch whose end opened it",
    fields: &[
        Field::int("epoch", "", "from 1, through both phases", |row| {
            Some(int(row.epoch))
        }),
        Field::int("batch", "", "within the epoch, from 1", |row| {
            Some(int(row.batch.batch))
        }),
        Field::real("loss", "nats", "mean cross-entropy of the rows", |row| {
            Some(row.batch.loss)
        }),
        Field::real(
            "accuracy",
            "share",
            "rows that were classified rightly, before the step",
            |row| Some(row.batch.accuracy),
        ),
        Field::real(
            "host_gradient_norm",
            "",
            "norm of the host's gradient, frozen or not; of a frozen one, unless `telemetry.mode` is research, in the first batch of an epoch, every n-th after it and the last, n as small as eight of them an epoch allow; null in the others, in an epoch that a window began with, and where no module learnt",
            |row| row.batch.host_gradient_norm,
        ),
        Field::real(
            "seed_gradient_norm",
            "",
            "norm of the gradients of all seeds that learn the task together; null where none does",
            |row| {
                let norms = &row.batch.seed_gradient_norms;
                let squares = norms.iter().map(|(_, norm)| norm * norm);
                (!norms.is_empty()).then(|| squares.sum::<f64>().sqrt())
            },
        ),
        Field::text(
            "seed_gradient_norms",
            "the same seed by seed, as JSON; null where none learns",
            |row| {
                let norms = &row.batch.seed_gradient_norms;
                let named = norms.iter().map(|(seed, norm)| (seed.to_string(), *norm));
                let named: std::collections::BTreeMap<_, _> = named.collect();
                (!named.is_empty()).then(|| serde_json::to_string(&named).ok())?
            },
        ),
        Field::real(
            "gradient_leakage",
            "share",
            "as in epochs.parquet, in the batch where it is measured; null elsewhere",
            |row| row.batch.leakage,
        ),
    ],
};
