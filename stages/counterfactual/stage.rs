use kaslite_engine::context::StageContext;
use kaslite_engine::registry::StageError;
use kaslite_nn::{Data, Model};
use kaslite_track::table::Table;

use crate::counterfactual::evaluator::Evaluator;
use crate::counterfactual::metrics::Metrics;
use crate::counterfactual::section::CounterfactualSection;
use crate::counterfactual::study::Study;
use crate::counterfactual::trained_config::TrainedConfig;
use crate::counterfactual::validation_rows::validation_rows;
use crate::counterfactual::{configurations, contributions, interactions};
use crate::shared::{fail, files, write_json};

/// Evaluates the network that `train` made with every combination of its grown seeds, on the
/// samples that validated it, and writes what each seed is worth.
///
/// # Errors
/// Another dataset than the network's, a model that cannot be read, `interrupted`; a file that cannot
/// be written.
pub fn run(context: &StageContext<'_>) -> Result<(), StageError> {
    let section: CounterfactualSection = context.section("counterfactual")?;
    let trained = &context.dep("trained")?.file;
    let model = Model::load(&trained.join(files::MODEL)).map_err(|error| {
        let told = StageError::from_error(&error).to_string();
        // The path as the pipeline names it.
        StageError::new(told.replace(&format!("{}/", context.root().display()), ""))
    })?;
    let rows = validation_rows(context.dep("dataset")?, trained)?;
    check_width(context, &model, &rows)?;
    TrainedConfig::read(trained)?.check_model(&model, &context.dep("trained")?.path)?;
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

/// Refuses a model that takes another number of features than the samples have.
fn check_width(context: &StageContext<'_>, model: &Model, rows: &Data) -> Result<(), StageError> {
    let (takes, has) = (model.architecture().input_dim, rows.input_dim());
    if takes == has {
        return Ok(());
    }
    let (trained, dataset) = (&context.dep("trained")?.path, &context.dep("dataset")?.path);
    let file = trained.join(files::MODEL);
    Err(StageError::new(format!(
        "`{file}` takes {takes} features, but `{dataset}` has {has}: it is of another training"
    )))
}
