use kaslite_engine::context::StageContext;
use kaslite_engine::registry::StageError;

use crate::shared::{fail, trials, write_json};
use crate::sweep::metrics::Metrics;
use crate::sweep::search_space::SearchSpace;
use crate::sweep::summary::Summary;
use crate::sweep::trial_row::TrialRow;

/// Runs `train` once for every point of the grid, each through the run cache, and writes what became
/// of each. A trial that fails is a row; the stage fails where all do.
///
/// # Errors
/// An empty grid, params that `train` does not take, no trial that succeeded, `interrupted`; a file
/// that cannot be written.
pub fn run(context: &StageContext<'_>) -> Result<(), StageError> {
    let space = SearchSpace::of(context)?;
    let folder = &context.out("folder")?.file;
    let trial_folders = folder.join("trials");
    let tried = context.trials("train", &space.trials, &trial_folders)?;
    context.log(trials::counts("trials", &tried));
    let rows: Vec<TrialRow> = (1..)
        .zip(space.trials.iter().zip(&tried))
        .map(|(number, (trial, tried))| {
            let folder = trial_folders.join(&trial.name);
            TrialRow::of(number, trial, tried, &space.varied, &folder)
        })
        .collect::<Result<_, _>>()?;
    trials::check_success("trials", rows.iter().map(|one| &one.result))?;
    let summary = Summary {
        varied: &space.varied,
        rows: &rows,
    };
    let parquet = folder.join("sweep.parquet");
    summary.table().write(&parquet).map_err(fail)?;
    summary.write_csv(&folder.join("sweep_summary.csv"))?;
    let metrics = Metrics::new(&space.varied, &rows);
    write_json(&folder.join("metrics.json"), &metrics)
}
