use kaslite_engine::context::StageContext;
use kaslite_engine::registry::StageError;
use kaslite_track::table::Table;

use crate::shared::{fail, trials, write_json};
use crate::size_curve::metrics::Metrics;
use crate::size_curve::plan::Plan;
use crate::size_curve::sizes::Sizes;
use crate::size_curve::tables;

/// Trains the network that may grow, and hosts of several widths in which nothing does, each with
/// several rng seeds, and writes how large a host is as accurate. A run that fails is a row; the stage
/// fails where all do.
///
/// # Errors
/// Widths or params that `train` does not take, no run that succeeded, `interrupted`; a file that cannot
/// be written.
pub fn run(context: &StageContext<'_>) -> Result<(), StageError> {
    let plan = Plan::of(context)?;
    let runs = plan.run(context)?;
    trials::check_success("runs", runs.iter().map(|one| &one.result))?;
    let sizes = Sizes::of(&runs);
    let folder = &context.out("folder")?.file;
    let write = |table: &Table, name: &str| table.write(&folder.join(name)).map_err(fail);
    write(&tables::runs(&runs), "size_curve.parquet")?;
    write(&tables::sizes(&sizes.hosts), "sizes.parquet")?;
    let metrics = Metrics::new(&plan, &runs, &sizes);
    write_json(&folder.join("metrics.json"), &metrics)?;
    context.log(metrics.summary());
    Ok(())
}
