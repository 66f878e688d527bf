use std::collections::BTreeMap;

use kaslite_engine::context::{BoundDep, StageContext};
use kaslite_engine::digest::Digest;
use kaslite_engine::value::Value;
use kaslite_nn::{Config, Outcome};

use crate::telemetry::{Baseline, Episode};
use crate::train::recorder::Recorder;

/// What a run started from; none where the dataset has no digest or nothing was evaluated, which
/// no run that came to an end knows.
pub(super) fn of(
    context: &StageContext<'_>,
    dataset: &BoundDep,
    config: &Config,
    outcome: &Outcome,
    recorder: &Recorder,
) -> Option<Episode> {
    let dataset = dataset.content.as_ref()?.digest.to_string();
    let (initial_loss, initial_accuracy) = recorder.initial?;
    let warmed_up = recorder.epochs.end_of_warm_up();
    let host_only = warmed_up.map(|stats| (stats.val_loss, stats.val_accuracy));
    let (host_only_loss, host_only_accuracy) =
        host_only.unwrap_or((initial_loss, initial_accuracy));
    let host = outcome.model.architecture();
    Some(Episode {
        id: id(context, &dataset)?,
        task: "classification",
        rng_seed: config.rng_seed,
        dataset,
        train_rows: outcome.split.train.len(),
        validation_rows: outcome.split.validation.len(),
        epochs: config.warm_up_epochs + config.adaptation_epochs,
        host,
        host_parameters: outcome.parameters.host,
        slots: host.seeds().map(|seed| seed.to_string()).collect(),
        baseline: Baseline {
            initial_loss,
            initial_accuracy,
            frozen_after: config.warm_up_epochs,
            host_only_loss,
            host_only_accuracy,
        },
    })
}

/// The digest of every param and the dataset.
fn id(context: &StageContext<'_>, dataset: &str) -> Option<String> {
    let params = context.param_specs().iter();
    let params: BTreeMap<&str, Option<&Value>> = params
        .map(|param| (param.key, context.arguments().get(param.key)))
        .collect();
    let text = serde_json::to_string(&(params, dataset)).ok()?;
    Some(Digest::of(text.as_bytes()).to_string())
}
