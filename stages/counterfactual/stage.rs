use std::path::Path;

use kaslite_engine::context::{BoundDep, StageContext};
use kaslite_engine::registry::StageError;
use kaslite_nn::{Data, Model, Split};
use kaslite_random::TorchGenerator;
use serde::Deserialize;

use crate::counterfactual::configurations::Configurations;
use crate::counterfactual::contributions;
use crate::counterfactual::metrics::Metrics;
use crate::counterfactual::trained_config::TrainedConfig;
use crate::shared::{Samples, fail, files, write_json};

/// The section `counterfactual` of the params.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct CounterfactualSection {
    max_seeds: usize,
}

/// Evaluates the network that `train` made with every combination of its grown seeds, on the
/// samples that validated it, and writes what each seed is worth.
///
/// # Errors
/// Another dataset than the network's, too many grown seeds, a model that cannot be read,
/// `interrupted`; a file that cannot be written.
pub fn run(context: &StageContext<'_>) -> Result<(), StageError> {
    let section: CounterfactualSection = context.section("counterfactual")?;
    let trained = &context.dep("trained")?.file;
    let model = Model::load(&trained.join(files::MODEL)).map_err(fail)?;
    check_count(model.grown_seeds().len(), section.max_seeds)?;
    let rows = validation_rows(context.dep("dataset")?, trained)?;
    let configurations = Configurations::evaluate(context, &model, &rows)?;
    let folder = &context.out("folder")?.file;
    let write = |table: &kaslite_track::table::Table, name: &str| {
        table.write(&folder.join(name)).map_err(fail)
    };
    write(&configurations.table(), "counterfactual.parquet")?;
    write(&contributions::table(&configurations), "seeds.parquet")?;
    let metrics = Metrics::new(&configurations);
    write_json(&folder.join("metrics.json"), &metrics)?;
    context.log(metrics.summary());
    Ok(())
}

fn check_count(grown: usize, max: usize) -> Result<(), StageError> {
    if grown <= max {
        return Ok(());
    }
    Err(StageError::new(format!(
        "{grown} seeds have grown, and all their combinations would be evaluated, 2^{grown}; \
         `counterfactual.max_seeds` allows {max} seeds, 16 at the most"
    )))
}

/// The samples that validated the network: the run's split, drawn again.
fn validation_rows(dataset: &BoundDep, trained: &Path) -> Result<Data, StageError> {
    let config = TrainedConfig::read(trained)?;
    config.check_dataset(dataset)?;
    let samples = Samples::of_dep(dataset)?;
    let data = Data::new(samples.features, samples.labels, samples.input_dim).map_err(fail)?;
    let mut generator = TorchGenerator::new(config.rng_seed);
    let split = Split::draw(data.rows(), config.train_frac, &mut generator).map_err(fail)?;
    data.select(&split.validation).map_err(fail)
}
