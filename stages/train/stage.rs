use std::cell::RefCell;
use std::collections::BTreeMap;

use kaslite_engine::context::StageContext;
use kaslite_engine::registry::StageError;
use kaslite_nn::{Config, Data, NnError, Observer, Outcome, fit, fit_from};

use crate::shared::files::{EPISODE, METRICS, MODEL};
use crate::shared::{Samples, fail, write_json};
use crate::train::analytics::Analytics;
use crate::train::keeping::{self, Keeping};
use crate::train::live::Live;
use crate::train::recorder::Recorder;
use crate::train::sections::{SeedsSection, TelemetrySection, TrainSection};
use crate::train::validation::Validation;
use crate::train::{Metrics, episode, predictions, resolved_config, trouble};

/// Trains a network on the dataset and writes the network and what happened into the folder.
///
/// # Errors
/// A dataset that cannot be trained on; a loss that became NaN or infinite, with its epoch and
/// batch; `interrupted`; a file that cannot be written.
pub fn run(context: &StageContext<'_>) -> Result<(), StageError> {
    let section: TrainSection = context.section("train")?;
    let seeds: SeedsSection = context.section("seeds")?;
    let telemetry: TelemetrySection = context.section("telemetry")?;
    let dataset = context.dep("dataset")?;
    let samples = Samples::of_dep(dataset)?;
    let folder = &context.out("folder")?.file;
    resolved_config::write(context, dataset, &samples, folder)?;
    let config = section.config(&seeds, &telemetry, samples.classes);
    let data = Data::new(samples.features, samples.labels, samples.input_dim).map_err(fail)?;
    let validation = Validation::of(&data, &config);
    if let Some(validation) = &validation {
        validation.warn(context);
    }
    let mut recorder = Recorder::new(config.warm_up_epochs + config.adaptation_epochs);
    let ended = train(context, &data, &config, &mut recorder);
    if let (Err(error), true) = (&ended, context.checkpoints().is_some()) {
        // What led to it is not lost where nothing else comes in its place.
        if !matches!(error, NnError::Cancelled { .. }) {
            recorder.write(folder)?;
            trouble::tell(context, &recorder, Some(error))?;
        }
    }
    let outcome = ended.map_err(reason)?;
    recorder.write(folder)?;
    trouble::tell(context, &recorder, None)?;
    outcome.model.save(&folder.join(MODEL)).map_err(fail)?;
    predictions::write(&outcome, &data, folder)?;
    let metrics = Metrics::new(&outcome, &recorder, validation);
    if let Some(episode) = episode::of(context, dataset, &config, &outcome, &recorder) {
        write_json(&folder.join(EPISODE), &episode)?;
    }
    write_json(&folder.join(METRICS), &metrics)?;
    context.log(summary(&metrics));
    Ok(())
}

/// Trains from the beginning, or from the checkpoint that lies there; leaves others on the way.
fn train(
    context: &StageContext<'_>,
    data: &Data,
    config: &Config,
    recorder: &mut Recorder,
) -> Result<Outcome, NnError> {
    let total_epochs = config.warm_up_epochs + config.adaptation_epochs;
    let mut analytics = Analytics::default();
    let Some(place) = context.checkpoints() else {
        let mut live = Live {
            context,
            total_epochs,
            recorder,
            events: None,
            analytics,
            worth: BTreeMap::new(),
            states: BTreeMap::new(),
        };
        return fit(data, config, &mut live, &|| context.is_cancelled());
    };
    let found = keeping::find(context, &place.folder);
    let found = found.map_err(|error| NnError::Checkpoint(error.to_string()))?;
    if let Some(found) = &found {
        let epoch = found.checkpoint.epoch();
        context.log(format!("goes on after epoch {epoch}"));
        for event in &found.events {
            recorder.observe(event);
            // What began or ended by then was told then.
            recorder.warned(analytics.observe(event));
        }
    }
    let events = RefCell::default();
    let mut live = Live {
        context,
        total_epochs,
        recorder,
        events: Some(&events),
        analytics,
        worth: BTreeMap::new(),
        states: BTreeMap::new(),
    };
    let mut keeping = Keeping::new(context, place, total_epochs, found.as_ref(), &events);
    let start = found.as_ref().map(|found| &found.checkpoint);
    // An epoch is finished and kept before the run stops, unless it is asked again.
    let at_once = || context.must_end_now();
    let ended = fit_from(start, data, config, &mut live, &at_once, &mut keeping);
    keeping.finish()?;
    ended
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
