//! Pictures of what the trained network says of samples.

use crate::report::chart::{Boundary, Confusion, PlanePoint, PlaneSample};
use crate::report::gather::component::GatherError;
use kaslite_track::table::Table;
use std::path::Path;

/// Which classes are taken for which.
pub(super) fn confusion(folder: &Path) -> Result<String, GatherError> {
    let table = Table::read(&folder.join("predictions.parquet"))?;
    let (labels, predicted) = (
        table.values::<i64>("label")?,
        table.values::<i64>("predicted")?,
    );
    let samples = labels.into_iter().zip(predicted).collect();
    Ok(Confusion { samples }.svg()?)
}

/// Where the classes part, if there are two features.
pub(super) fn boundary(folder: &Path) -> Result<String, GatherError> {
    let grid = Table::read(&folder.join("boundary.parquet"))?;
    if grid.rows() == 0 {
        return Err(GatherError::NotAsked {
            reason: "The samples have not two features, and no plane shows more.".to_owned(),
            to_enable: "Set `data.input_dim: 2`.".to_owned(),
        });
    }
    let places = grid
        .values::<f64>("x0")?
        .into_iter()
        .zip(grid.values::<f64>("x1")?);
    let said = grid.values::<i64>("predicted")?.into_iter();
    let grid_points = places.zip(said).zip(grid.cells::<f64>("probability")?);
    let points = grid_points.map(|((place, class), probability)| PlanePoint {
        place,
        class,
        probability: *probability,
    });
    Ok(Boundary {
        grid: points.collect(),
        samples: samples(&Table::read(&folder.join("predictions.parquet"))?)?,
    }
    .svg()?)
}

fn samples(table: &Table) -> Result<Vec<PlaneSample>, GatherError> {
    let places = table
        .values::<f64>("x0")?
        .into_iter()
        .zip(table.values::<f64>("x1")?);
    let labels = table.values::<i64>("label")?.into_iter();
    let said = labels.zip(table.values::<i64>("predicted")?);
    let sample = |(place, (class, predicted))| PlaneSample {
        place,
        class,
        right: class == predicted,
    };
    Ok(places.zip(said).map(sample).collect())
}
