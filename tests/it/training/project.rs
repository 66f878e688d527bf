//! A whole pipeline, every built-in stage in it, small enough to train in a second.

use crate::support::{Space, kaslite_torch};

const PIPELINE: &str = "\
stages:
  generate_data:
    uses: generate_data
    params: [data]
    outs:
      - data/${data.problem_type}.parquet
  train:
    uses: train
    deps:
      - data/${data.problem_type}.parquet
    params: [train, seeds, telemetry]
    outs: [results/train/]
    metrics: [results/train/metrics.json]
  counterfactual:
    uses: counterfactual
    deps:
      - data/${data.problem_type}.parquet
      - results/train/
    params: [counterfactual]
    outs: [results/counterfactual/]
    metrics: [results/counterfactual/metrics.json]
  sweep:
    uses: sweep
    deps:
      - data/${data.problem_type}.parquet
    params: [sweep, train, seeds, telemetry]
    outs: [results/sweep/]
    metrics: [results/sweep/metrics.json]
  report:
    uses: report
    deps:
      - data/${data.problem_type}.parquet
      - results/train/
      - results/counterfactual/
      - results/sweep/
    params: [report]
    outs: [results/REPORT.md, results/figures/]
";

const PARAMS: &str = "\
data: {problem_type: moons, n_samples: 200, input_dim: 2, moon_noise: 0.3}
train:
  hidden_dim: 16
  num_layers: 2
  warm_up_epochs: 12
  adaptation_epochs: 30
  patience: 3
  acc_threshold: 1.0
  lr: 0.003
seeds: {seeds_per_layer: 2, progress_thresh: 0.2, blend_steps: 5}
sweep:
  parameters:
    lr: [0.003, 0.01]
    warm_up_epochs: 6
    adaptation_epochs: 6
";

/// A project with the pipeline; nothing has run.
pub(super) fn small() -> Space {
    kaslite_torch();
    let space = Space::new(PIPELINE);
    space.write("params.yaml", PARAMS);
    space
}

/// The stages `control` and `size_curve`.
pub(super) const CONTROL: &str = "  control:
    uses: control
    deps:
      - data/${data.problem_type}.parquet
    params: [control, train, seeds, telemetry]
    outs: [results/control/]
    metrics: [results/control/metrics.json]
  size_curve:
    uses: size_curve
    deps:
      - data/${data.problem_type}.parquet
    params: [size_curve, train, seeds, telemetry]
    outs: [results/size_curve/]
    metrics: [results/size_curve/metrics.json]
";

/// The same with control runs and a size curve, gates that learn, and every epoch looked at closely.
pub(super) fn thorough() -> Space {
    let space = small();
    space.edit(
        "pipeline.yaml",
        "  sweep:\n",
        &format!("{CONTROL}  sweep:\n"),
    );
    space.edit(
        "pipeline.yaml",
        "      - results/sweep/\n    params: [report]",
        "      - results/control/\n      - results/size_curve/\n      - results/sweep/\n    params: [report]",
    );
    let telemetry = "control: {rng_seeds: 2}\nsize_curve: {widths: [4, 32], rng_seeds: 2}\ntelemetry: {mode: research}\nseeds: {operator: gate, ";
    space.edit("params.yaml", "seeds: {", telemetry);
    space
}

/// The outs that must have the same bytes in every run: all but the report, which names the commit.
pub(super) fn outs(space: &Space) -> Vec<(String, String)> {
    space
        .files()
        .into_iter()
        .filter(|(name, _, _)| {
            name.starts_with("data/") || name.starts_with("results/") || name == "pipeline.lock"
        })
        .map(|(name, _, bytes)| (name, bytes))
        .collect()
}

/// Says which files differ, not their bytes.
#[track_caller]
pub(super) fn assert_equal(found: &[(String, String)], wanted: &[(String, String)], when: &str) {
    let names = |list: &[(String, String)]| {
        list.iter()
            .map(|(name, _)| name.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(found), names(wanted), "{when}");
    let differ: Vec<&String> = found
        .iter()
        .zip(wanted)
        .filter(|(a, b)| a.1 != b.1)
        .map(|(a, _)| &a.0)
        .collect();
    assert!(differ.is_empty(), "{when}: {differ:?} differ");
}
