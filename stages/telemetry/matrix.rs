use kaslite_nn::{Evaluation, Matrix, SeedWorth};

use crate::shared::int;
use crate::telemetry::{Field, Schema};

/// What one seed was worth at one moment.
#[derive(Debug)]
pub(crate) struct MatrixRow {
    epoch: usize,
    /// The moments, with `+` between them.
    moment: String,
    full: Evaluation,
    host: Evaluation,
    worth: SeedWorth,
}

impl MatrixRow {
    /// A row for each seed that shows.
    pub(crate) fn of(matrix: &Matrix) -> impl Iterator<Item = Self> {
        let moments: Vec<String> = matrix.moments.iter().map(ToString::to_string).collect();
        let moment = moments.join("+");
        matrix.seeds.iter().map(move |&worth| Self {
            epoch: matrix.epoch,
            moment: moment.clone(),
            full: matrix.full,
            host: matrix.host,
            worth,
        })
    }
}

/// Shares to percentage points.
const POINTS: f64 = 100.0;

/// `matrix.parquet`.
pub(crate) const MATRIX: Schema<MatrixRow> = Schema {
    file: "matrix.parquet",
    rows: "a seed that shows, each time that seeds were switched off while the network learned: where the controller judges by it, or `telemetry.mode` is research",
    fields: &[
        Field::int("epoch", "", "from 1, through both phases", |row| {
            Some(int(row.epoch))
        }),
        Field::text(
            "moment",
            "germination or blended (of any seed), gate (before G5 may be asked) or end, with + between those of one epoch",
            |row| Some(row.moment.clone()),
        ),
        Field::text("seed", "the slot", |row| Some(row.worth.seed.to_string())),
        Field::text("stage", "where the seed stood in its life", |row| {
            Some(row.worth.stage.to_string())
        }),
        Field::real("alpha", "share", "how far the seed showed", |row| {
            Some(row.worth.alpha)
        }),
        Field::real("accuracy", "share", "of the network as it was", |row| {
            Some(row.full.accuracy)
        }),
        Field::real(
            "accuracy_without",
            "share",
            "with this seed switched off",
            |row| Some(row.worth.without.accuracy),
        ),
        Field::real(
            "accuracy_alone",
            "share",
            "with all other seeds switched off",
            |row| Some(row.worth.alone.accuracy),
        ),
        Field::real(
            "accuracy_host",
            "share",
            "with all seeds switched off",
            |row| Some(row.host.accuracy),
        ),
        Field::real(
            "removal_cost",
            "percentage points",
            "accuracy - accuracy_without: the contribution that G5 and tamiyo go by",
            |row| Some(POINTS * (row.full.accuracy - row.worth.without.accuracy)),
        ),
        Field::real(
            "solo",
            "percentage points",
            "accuracy_alone - accuracy_host",
            |row| Some(POINTS * (row.worth.alone.accuracy - row.host.accuracy)),
        ),
        Field::real("loss", "nats", "of the network as it was", |row| {
            Some(row.full.loss)
        }),
        Field::real(
            "loss_without",
            "nats",
            "with this seed switched off",
            |row| Some(row.worth.without.loss),
        ),
        Field::real(
            "loss_alone",
            "nats",
            "with all other seeds switched off",
            |row| Some(row.worth.alone.loss),
        ),
        Field::real("loss_host", "nats", "with all seeds switched off", |row| {
            Some(row.host.loss)
        }),
    ],
};
