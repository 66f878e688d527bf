use kaslite_nn::Prediction;

use crate::shared::int;
use crate::telemetry::{Field, Schema};

/// What the trained network says of one validation sample.
#[derive(Debug)]
pub(crate) struct PredictionRow {
    /// Row of the dataset, from 0.
    pub(crate) row: usize,
    pub(crate) label: i64,
    pub(crate) prediction: Prediction,
    /// Its features, where there are two.
    pub(crate) place: Option<(f64, f64)>,
}

/// What the trained network says of one point of the plane.
#[derive(Debug)]
pub(crate) struct BoundaryRow {
    pub(crate) place: (f64, f64),
    pub(crate) prediction: Prediction,
}

/// `predictions.parquet`.
pub(crate) const PREDICTIONS: Schema<PredictionRow> = Schema {
    file: "predictions.parquet",
    rows: "a validation sample, as the trained network sees it with all its seeds",
    fields: &[
        Field::int("row", "", "of the dataset, from 0", |row| {
            Some(int(row.row))
        }),
        Field::int("label", "", "its class", |row| Some(row.label)),
        Field::int("predicted", "", "the class that it is taken for", |row| {
            Some(row.prediction.class)
        }),
        Field::real(
            "probability",
            "share",
            "how sure the network is of that",
            |row| Some(f64::from(row.prediction.probability)),
        ),
        Field::real(
            "x0",
            "",
            "its first feature; null unless there are two",
            |row| row.place.map(|place| place.0),
        ),
        Field::real(
            "x1",
            "",
            "its second feature; null unless there are two",
            |row| row.place.map(|place| place.1),
        ),
    ],
};

/// `boundary.parquet`.
pub(crate) const BOUNDARY: Schema<BoundaryRow> = Schema {
    file: "boundary.parquet",
    rows: "a point of an even grid over the samples, row by row from below; no row unless there are two features",
    fields: &[
        Field::real("x0", "", "its first feature", |row| Some(row.place.0)),
        Field::real("x1", "", "its second feature", |row| Some(row.place.1)),
        Field::int("predicted", "", "the class that it is taken for", |row| {
            Some(row.prediction.class)
        }),
        Field::real(
            "probability",
            "share",
            "how sure the network is of that",
            |row| Some(f64::from(row.prediction.probability)),
        ),
    ],
};
