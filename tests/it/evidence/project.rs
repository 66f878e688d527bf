//! A project with training, counterfactual and a report, with control runs or not: a second in all.

use crate::support::{Ran, Space, kaslite_torch};

const PIPELINE: &str = "\
stages:
  generate_data: {uses: generate_data, params: [data], outs: [data/samples.parquet]}
  train:
    uses: train
    deps: [data/samples.parquet]
    params: [train, seeds, telemetry]
    outs: [results/train/]
    metrics: [results/train/metrics.json]
  counterfactual:
    uses: counterfactual
    deps: [data/samples.parquet, results/train/]
    params: [counterfactual]
    outs: [results/counterfactual/]
    metrics: [results/counterfactual/metrics.json]
  report:
    uses: report
    deps: [data/samples.parquet, results/train/, results/counterfactual/]
    params: [report]
    outs: [results/REPORT.md, results/figures/]
";

const CONTROL: &str = "  control:
    uses: control
    deps: [data/samples.parquet]
    params: [control, train, seeds, telemetry]
    outs: [results/control/]
    metrics: [results/control/metrics.json]
";

const PARAMS: &str = "\
data: {problem_type: moons, n_samples: 120, input_dim: 2}
train:
  hidden_dim: 8
  num_layers: 2
  batch_size: 16
  lr: 0.01
  warm_up_epochs: 3
  adaptation_epochs: 9
  acc_threshold: 1.0
  patience: 2
  delta: 10.0
  rng_seed: 7
seeds: {seeds_per_layer: 2, blend_steps: 4, progress_thresh: 0.05}
";

/// The project without control runs, texts of its params replaced; nothing has run.
pub(super) fn project(changes: &[(&str, &str)]) -> Space {
    kaslite_torch();
    let space = Space::new(PIPELINE);
    space.write("params.yaml", PARAMS);
    for (from, to) in changes {
        space.edit("params.yaml", from, to);
    }
    space
}

/// The same with control runs.
pub(super) fn controlled(changes: &[(&str, &str)]) -> Space {
    let space = project(changes);
    let deps = "results/counterfactual/]\n    params: [report]";
    space.edit(
        "pipeline.yaml",
        deps,
        &deps.replace("/]", "/, results/control/]"),
    );
    space.edit(
        "pipeline.yaml",
        "  report:\n",
        &format!("{CONTROL}  report:\n"),
    );
    space.edit(
        "params.yaml",
        "seeds: {",
        "control: {rng_seeds: 2}\nseeds: {",
    );
    space
}

/// The network of [`with_a_model_from_outside`].
pub(super) const MODEL: &str = "model/model.safetensors";

/// The project without control runs after its training; its counterfactual reads a copy of the network
/// in `model/`, for the test to change.
pub(super) fn with_a_model_from_outside(changes: &[(&str, &str)]) -> Space {
    let space = project(changes);
    space.kaslite("repro train").ok();
    for file in ["model.safetensors", "config.json"] {
        let bytes = std::fs::read(space.path(&format!("results/train/{file}")));
        space.write(&format!("model/{file}"), bytes.expect("an out of train"));
    }
    let deps = "deps: [data/samples.parquet, results/train/]";
    space.edit(
        "pipeline.yaml",
        deps,
        "deps: [data/samples.parquet, model/]",
    );
    space
}

/// What `kaslite verdict` and its JSON say of the stages, and what REPORT.md does: the answers, and how
/// every part went.
pub(super) fn told(space: &Space) -> String {
    let verdict = space.kaslite("verdict").ok();
    let json = space.kaslite("verdict --json").ok().json();
    let components = serde_json::to_string_pretty(&json["components"]).expect("JSON");
    space.kaslite("report").ok();
    let report = space.read("results/REPORT.md");
    let parts = report.lines().filter(|line| {
        let of = |part: &str| line.starts_with(&format!("| `{part}"));
        of("training") || of("counterfactual") || of("control")
    });
    let parts: Vec<&str> = parts.collect();
    format!(
        "{}\n\n{components}\n\n{}",
        numberless(&verdict),
        parts.join("\n")
    )
}

/// The answers without the tables below them, whose numbers depend on the processor, and without the
/// names of runs.
fn numberless(verdict: &Ran) -> String {
    let lines = verdict.stdout.lines();
    let answers =
        lines.filter(|line| !line.contains("  results/") && !line.starts_with("   Evidence  "));
    let text: Vec<&str> = answers.collect();
    let number = regex::Regex::new(r"[+-]?\d+\.\d\d+").expect("a sound pattern");
    let text = number.replace_all(&text.join("\n"), "[n]").into_owned();
    let runs = regex::Regex::new(r"see it: [^.]*\scompares\.").expect("a sound pattern");
    runs.replace_all(&text, "see it: [commands].").into_owned()
}
