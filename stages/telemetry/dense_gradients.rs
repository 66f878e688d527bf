use kaslite_nn::{GradientSpread, SeedId};

use crate::shared::int;
use crate::telemetry::{Field, Schema};

/// One bucket of the gradients of one module.
#[derive(Debug)]
pub(crate) struct BucketRow {
    epoch: usize,
    seed: Option<SeedId>,
    /// None is exactly 0.
    bucket: Option<usize>,
    weights: usize,
}

impl BucketRow {
    /// A row for each bucket.
    pub(crate) fn of(epoch: usize, spread: &GradientSpread) -> Vec<Self> {
        let row = |bucket, weights| Self {
            epoch,
            seed: spread.seed,
            bucket,
            weights,
        };
        let powers = spread.powers.iter().enumerate();
        let powers = powers.map(|(at, &weights)| row(Some(at), weights));
        std::iter::once(row(None, spread.zeros))
            .chain(powers)
            .collect()
    }

    /// From which magnitude on; none where the bucket has no lower end.
    fn from(&self) -> Option<f64> {
        let bucket = self.bucket?.checked_sub(1)?;
        Some(10_f64.powi(GradientSpread::LOWEST + i32::try_from(bucket).unwrap_or_default()))
    }

    /// Below which; none where it has no upper end.
    fn below(&self) -> Option<f64> {
        let Some(bucket) = self.bucket else {
            return Some(0.0);
        };
        let bucket = i32::try_from(bucket).unwrap_or_default();
        let is_last = self.bucket == Some(GradientSpread::BUCKETS - 1);
        (!is_last).then(|| 10_f64.powi(GradientSpread::LOWEST + bucket))
    }
}

/// `dense_gradients.parquet`.
pub(crate) const GRADIENTS: Schema<BucketRow> = Schema {
    file: "dense_gradients.parquet",
    rows: "a bucket of the magnitudes of a module's gradient, in the last batch of an epoch in a window",
    fields: &[
        Field::int("epoch", "", "from 1, through both phases", |row| {
            Some(int(row.epoch))
        }),
        Field::text("module", "host, or the seed", |row| {
            let seed = row.seed.map(|seed| seed.to_string());
            Some(seed.unwrap_or_else(|| "host".to_owned()))
        }),
        Field::real(
            "from",
            "",
            "magnitude from which on; null in the bucket of zeros and in the lowest",
            BucketRow::from,
        ),
        Field::real(
            "below",
            "",
            "magnitude below which; 0 in the bucket of zeros, null in the highest",
            BucketRow::below,
        ),
        Field::int("weights", "weights", "whose gradient lies there", |row| {
            Some(int(row.weights))
        }),
    ],
};
