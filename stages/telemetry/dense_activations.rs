use kaslite_nn::Activations;

use crate::shared::int;
use crate::telemetry::{Field, Schema};

/// What passes one place of the host.
#[derive(Debug)]
pub(crate) struct ActivationRow {
    pub(crate) epoch: usize,
    pub(crate) seen: Activations,
}

/// `dense_activations.parquet`.
pub(crate) const ACTIVATIONS: Schema<ActivationRow> = Schema {
    file: "dense_activations.parquet",
    rows: "a place of the host with slots, at the end of an epoch that was looked at closely",
    fields: &[
        Field::int("epoch", "", "from 1, through both phases", |row| {
            Some(int(row.epoch))
        }),
        Field::text("place", "of the slots", |row| Some(row.seen.place.clone())),
        Field::real(
            "mean",
            "",
            "over the validation rows and the units",
            |row| Some(row.seen.mean),
        ),
        Field::real(
            "deviation",
            "",
            "standard deviation over the same, each unit about its mean over all",
            |row| Some(row.seen.deviation),
        ),
        Field::int("dead_units", "units", "that give 0 for every row", |row| {
            Some(int(row.seen.dead))
        }),
        Field::int("units", "units", "in all", |row| Some(int(row.seen.units))),
    ],
};
