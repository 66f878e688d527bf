use std::path::Path;

use kaslite_engine::registry::StageError;
use kaslite_nn::{Data, Outcome};

use crate::shared::fail;
use crate::telemetry::{BOUNDARY, BoundaryRow, PREDICTIONS, PredictionRow};

/// Points along each side of the grid.
const POINTS: u16 = 96;
/// Room around the samples, as a share of their range.
const MARGIN: f64 = 0.05;

/// Writes what the trained network says of the validation samples, and, where there are two features,
/// of the plane around all samples.
pub(super) fn write(outcome: &Outcome, data: &Data, folder: &Path) -> Result<(), StageError> {
    let rows = &outcome.split.validation;
    let samples = data.select(rows).map_err(fail)?;
    let said = outcome.model.predict(&samples).map_err(fail)?;
    let is_plane = data.input_dim() == 2;
    let place = |at: usize| {
        let features = &samples.features()[at * data.input_dim()..];
        is_plane.then(|| (f64::from(features[0]), f64::from(features[1])))
    };
    let rows = rows.iter().zip(samples.labels()).zip(said).enumerate();
    let rows = rows.map(|(at, ((&row, &label), prediction))| PredictionRow {
        row,
        label,
        prediction,
        place: place(at),
    });
    let table = PREDICTIONS.table(&rows.collect::<Vec<_>>());
    let path = folder.join(PREDICTIONS.file);
    table.write(&path).map_err(fail)?;
    let plane = if is_plane {
        boundary(outcome, data)?
    } else {
        Vec::new()
    };
    let table = BOUNDARY.table(&plane);
    table.write(&folder.join(BOUNDARY.file)).map_err(fail)
}

fn boundary(outcome: &Outcome, data: &Data) -> Result<Vec<BoundaryRow>, StageError> {
    let (across, up) = (range(data, 0), range(data, 1));
    let grid = (0..POINTS).flat_map(|row| (0..POINTS).map(move |column| (column, row)));
    let at = |(low, high): (f32, f32), step: u16| {
        low + (high - low) * f32::from(step) / f32::from(POINTS - 1)
    };
    let places: Vec<[f32; 2]> = grid
        .map(|(column, row)| [at(across, column), at(up, row)])
        .collect();
    let labels = vec![0; places.len()];
    let points = Data::new(places.concat(), labels, 2).map_err(fail)?;
    let said = outcome.model.predict(&points).map_err(fail)?;
    let row = |([x1, x2], prediction): ([f32; 2], _)| BoundaryRow {
        place: (f64::from(x1), f64::from(x2)),
        prediction,
    };
    Ok(places.into_iter().zip(said).map(row).collect())
}

/// From the lowest value of a feature to the highest, with some room around them.
#[expect(
    clippy::cast_possible_truncation,
    reason = "features are float32, and a margin more is one still"
)]
fn range(data: &Data, column: usize) -> (f32, f32) {
    let values = data
        .features()
        .iter()
        .skip(column)
        .step_by(data.input_dim());
    let (low, high) = values.fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), value| {
        (low.min(*value), high.max(*value))
    });
    let (low, high) = (f64::from(low), f64::from(high));
    let margin = if high > low {
        (high - low) * MARGIN
    } else {
        0.5
    };
    let limit = f64::from(f32::MAX);
    (
        (low - margin).max(-limit) as f32,
        (high + margin).min(limit) as f32,
    )
}
