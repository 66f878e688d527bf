use kaslite_nn::Openness;

use crate::shared::int;
use crate::telemetry::{Field, Schema};

/// How far one gate is open.
#[derive(Debug)]
pub(crate) struct OpennessRow {
    pub(crate) epoch: usize,
    pub(crate) seen: Openness,
}

/// `dense_openness.parquet`.
pub(crate) const OPENNESS: Schema<OpennessRow> = Schema {
    file: "dense_openness.parquet",
    rows: "a seed that joins through a gate of its own, at the end of an epoch that was looked at closely",
    fields: &[
        Field::int("epoch", "", "from 1, through both phases", |row| {
            Some(int(row.epoch))
        }),
        Field::text("seed", "the slot: seed<layer>_<index>", |row| {
            Some(row.seen.seed.to_string())
        }),
        Field::real(
            "mean",
            "share",
            "how far the gate is open, over the validation rows",
            |row| Some(row.seen.mean),
        ),
        Field::real(
            "deviation",
            "share",
            "standard deviation over the rows: 0 where the gate does not tell them apart",
            |row| Some(row.seen.deviation),
        ),
        Field::real("lowest", "share", "of all rows", |row| {
            Some(row.seen.quartiles[0])
        }),
        Field::real(
            "lower_quartile",
            "share",
            "a quarter of the rows is below",
            |row| Some(row.seen.quartiles[1]),
        ),
        Field::real("median", "share", "half of the rows is below", |row| {
            Some(row.seen.quartiles[2])
        }),
        Field::real(
            "upper_quartile",
            "share",
            "a quarter of the rows is above",
            |row| Some(row.seen.quartiles[3]),
        ),
        Field::real("highest", "share", "of all rows", |row| {
            Some(row.seen.quartiles[4])
        }),
    ],
};
