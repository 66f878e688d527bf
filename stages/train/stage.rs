use kaslite_engine::context::StageContext;
use kaslite_engine::registry::StageError;
use kaslite_nn::{Data, NnError, fit};

use crate::shared::files::{EPISODE, METRICS, MODEL};
use crate::shared::{Samples, fail, write_json};
use crate::train::live::Live;
use crate::train::recorder::Recorder;
use crate::train::sections::{SeedsSection, TrainSection};
use crate::train::{Metrics, episode, resolved_config};

/// Trains a network on the dataset and writes the network and what happened into the folder.
///
/// # Errors
/// A dataset that cannot be trained on; a loss that became NaN or infinite, with its epoch and
/// batch; `interrupted`; a file that cannot be written.
pub fn run(context: &StageContext<'_>) -> Result<(), StageError> {
    let section: TrainSection = context.section("train")?;
    let seeds: SeedsSection = context.section("seeds")?;
    let dataset = context.dep("dataset")?;
    let samples = Samples::of_dep(dataset)?;
    let folder = &context.out("folder")?.file;
    resolved_config::write(context, dataset, &samples, folder)?;
    let config = section.config(&seeds, samples.classes);
    let data = Data::new(samples.features, samples.labels, samples.input_dim).map_err(fail)?;
    let total_epochs = config.warm_up_epochs + config.adaptation_epochs;
    let mut recorder = Recorder::new(total_epochs);
    let mut live = Live {
        context,
        total_epochs,
        recorder: &mut recorder,
    };
    let outcome = fit(&data, &config, &mut live, &|| context.is_cancelled()).map_err(reason)?;
    recorder.write(folder)?;
    outcome.model.save(&folder.join(MODEL)).map_err(fail)?;
    let metrics = Metrics::new(&outcome, &recorder.epochs);
    if let Some(episode) = episode::of(context, dataset, &config, &outcome, &recorder) {
        write_json(&folder.join(EPISODE), &episode)?;
    }
    write_json(&folder.join(METRICS), &metrics)?;
    context.log(summary(&metrics));
    Ok(())
}

fn reason(error: NnError) -> StageError {
    if matches!(error, NnError::Cancelled { .. }) {
        return StageError::new("interrupted");
    }
    fail(error)
}

fn summary(metrics: &Metrics) -> String {
    let accuracy = &metrics.metric.accuracy;
    let seeds = &metrics.seeds;
    format!(
        "best accuracy {:.4}, at the end {:.4}; {} of {} seeds grown",
        accuracy.best, accuracy.last, seeds.grown, seeds.slots
    )
}
