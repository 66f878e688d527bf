use std::path::Path;

use kaslite_engine::context::{BoundDep, StageContext};
use kaslite_engine::registry::StageError;
use kaslite_nn::{Data, Model, Split};
use kaslite_random::TorchGenerator;
use kaslite_track::table::Table;

use crate::counterfactual::evaluator::Evaluator;
use crate::counterfactual::metrics::Metrics;
use crate::counterfactual::section::CounterfactualSection;
use crate::counterfactual::study::Study;
use crate::counterfactual::trained_config::TrainedConfig;
use crate::counterfactual::{configurations, contributions, interactions};
use crate::shared::{Samples, fail, files, write_json};

/// Evaluates the network that `train` made with every combination of its grown seeds, on the
/// samples that validated it, and writes what each seed is worth.
///
/// # Errors
/// Another dataset than the network's, a model that cannot be read, `interrupted`; a file that cannot
/// be written.
pub fn run(context: &StageContext<'_>) -> Result<(), StageError> {
    let section: CounterfactualSection = context.section("counterfactual")?;
    let trained = &context.dep("trained")?.file;
    let model = Model::load(&trained.join(files::MODEL)).map_err(fail)?;
    let rows = validation_rows(context.dep("dataset")?, trained)?;
    let evaluator = Evaluator {
        context,
        model: &model,
        rows: &rows,
    };
    let study = Study::make(&evaluator, &section)?;
    let classes = if section.per_class {
        model.architecture().classes
    } else {
        0
    };
    let folder = &context.out("folder")?.file;
    let write = |table: &Table, name: &str| table.write(&folder.join(name)).map_err(fail);
    write(
        &configurations::table(&study, classes),
        "counterfactual.parquet",
    )?;
    write(&contributions::table(&study), "seeds.parquet")?;
    write(&interactions::table(&study), "interactions.parquet")?;
    let metrics = Metrics::new(&study, &rows);
    write_json(&folder.join("metrics.json"), &metrics)?;
    context.log(metrics.summary());
    Ok(())
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
