//! Every optional part of a run is found there, not asked for, and failed, each time with its reason.

use crate::support::Space;
use crate::training::project::{CONTROL, small};
use std::collections::BTreeMap;

const CURVE: &str = "  curve:
    cmd: 'echo epoch,loss > curve.csv && cat points >> curve.csv'
    deps: [points]
    plots: [curve.csv]
";

/// The figures of each part of the report, and what else can be missing of it.
const FIGURES: [(&str, &[&str]); 5] = [
    (
        "training",
        &[
            "learning_curve",
            "seed_timeline",
            "drift",
            "confusion",
            "boundary",
            "validation",
        ],
    ),
    (
        "counterfactual",
        &[
            "configurations",
            "contributions",
            "waterfall",
            "attribution",
        ],
    ),
    ("control", &["causes", "trajectories", "runs", "slots"]),
    ("size_curve", &["size_curve"]),
    ("sweep", &["trials", "parameter_space"]),
];

/// With every stage that a report can tell of.
fn whole() -> Space {
    let space = small();
    space.edit(
        "pipeline.yaml",
        "  report:\n",
        &format!("{CONTROL}{CURVE}  report:\n"),
    );
    space.edit(
        "pipeline.yaml",
        "      - results/sweep/\n    params: [report]",
        "      - results/control/\n      - results/size_curve/\n      - results/sweep/\n    params: [report]",
    );
    let params = space.read("params.yaml");
    space.write(
        "params.yaml",
        format!(
            "{params}control: {{rng_seeds: 2}}\nsize_curve: {{widths: [4, 32], rng_seeds: 2}}\n"
        ),
    );
    space.write("points", "1,3\n2,1\n");
    space
}

/// Status, reason and what to do, by component, of the last run.
type States = BTreeMap<String, (String, String, String)>;

fn states(space: &Space) -> States {
    let run = space.records().pop().expect("a run");
    let summary = space.read(&format!("results/runs/{run}/summary.json"));
    let summary: serde_json::Value = serde_json::from_str(&summary).expect("JSON");
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let all = summary["components"].as_object().expect("components");
    let state = |(name, it): (&String, &serde_json::Value)| {
        let state = (
            text(&it["status"]),
            text(&it["reason"]),
            text(&it["to_enable"]),
        );
        (name.clone(), state)
    };
    all.iter().map(state).collect()
}

/// A part of the report and its figures.
fn part(name: &str) -> Vec<String> {
    let own = FIGURES.iter().find(|(part, _)| *part == name);
    let figures = own.into_iter().flat_map(|(_, figures)| figures.iter());
    let figures = figures.map(|figure| format!("report.{name}.{figure}"));
    std::iter::once(format!("report.{name}"))
        .chain(figures)
        .collect()
}

/// Demands that these, and of the rest none, have this status, with a reason (and a way out where it is
/// disabled).
#[track_caller]
fn assert_status(states: &States, wanted: &[String], status: &str) {
    for name in wanted {
        let (found, reason, to_enable) = &states[name];
        assert_eq!(found, status, "{name}: {reason}");
        assert!(!reason.is_empty(), "{name}");
        assert_eq!(!to_enable.is_empty(), status == "disabled", "{name}");
    }
    for (name, (found, reason, _)) in states.iter().filter(|(name, _)| !wanted.contains(name)) {
        assert_ne!(found, status, "{name}: {reason}");
    }
}

fn without(space: &Space, dep: &str) {
    let text = space.read("pipeline.yaml");
    let (stages, report) = text.split_once("  report:\n").expect("a report");
    let report = report.replacen(&format!("      - {dep}\n"), "", 1);
    space.write("pipeline.yaml", format!("{stages}  report:\n{report}"));
}

#[test]
fn criterion_1_whatever_is_toggled_says_so() {
    let space = whole();
    space.kaslite("repro").ok();
    let all = states(&space);
    let metrics = ["train", "counterfactual", "sweep", "control", "size_curve"];
    let metrics = metrics.map(|stage| format!("metrics.results/{stage}/metrics.json"));
    let mut names: Vec<String> = metrics.to_vec();
    names.push("plots.curve.csv".to_owned());
    let parts = FIGURES.iter().map(|(name, _)| *name);
    for name in parts.chain(["provenance", "data", "params", "files"]) {
        names.extend(part(name));
    }
    names.sort();
    assert_eq!(all.keys().cloned().collect::<Vec<_>>(), names);
    assert_status(&all, &[], "failed");
    assert_status(&all, &[], "disabled");
    // Not asked for, one after the other; the report says so at once.
    let mut gone: Vec<String> = Vec::new();
    for (dep, name) in [
        ("results/sweep/", "sweep"),
        ("results/control/", "control"),
        ("results/size_curve/", "size_curve"),
        ("results/counterfactual/", "counterfactual"),
        ("results/train/", "training"),
    ] {
        without(&space, dep);
        space.kaslite("repro").ok();
        gone.extend(part(name));
        assert_status(&states(&space), &gone, "disabled");
        let report = space.read("results/REPORT.md");
        for name in part(name) {
            let name = name.trim_start_matches("report.");
            assert!(
                report.contains(&format!("| `{name}` | disabled | ")),
                "{name}"
            );
        }
    }
    without(&space, "data/${data.problem_type}.parquet");
    space.edit("pipeline.yaml", "    plots: [curve.csv]\n", "");
    space.edit(
        "pipeline.yaml",
        "    deps:\n    params: [report]",
        "    deps: []\n    params: [report]",
    );
    space.kaslite("repro curve report -f").ok();
    gone.extend(
        ["data", "params", "files"]
            .iter()
            .flat_map(|name| part(name)),
    );
    gone.push("plots".to_owned());
    gone.extend(metrics);
    assert_status(&states(&space), &gone, "disabled");
}

#[test]
fn a_figure_for_which_there_is_nothing_is_disabled_alone() {
    let space = whole();
    space.edit("params.yaml", "input_dim: 2", "input_dim: 3");
    space.edit(
        "params.yaml",
        "seeds: {seeds_per_layer",
        "seeds: {controller: none, seeds_per_layer",
    );
    space.edit("params.yaml", "lr: [0.003, 0.01]", "lr: [0.003]");
    space.kaslite("repro").ok();
    let disabled = [
        "report.training.drift",
        "report.training.boundary",
        "report.counterfactual.contributions",
        "report.counterfactual.waterfall",
        "report.counterfactual.attribution",
        "report.control.slots",
        "report.sweep.parameter_space",
    ];
    assert_status(&states(&space), &disabled.map(str::to_owned), "disabled");
    let (_, reason, to_enable) = &states(&space)["report.training.boundary"];
    assert!(reason.contains("two features") && to_enable.contains("`data.input_dim: 2`"));
}

/// Damages a file of a stage that is left alone, and runs what reads it.
fn damage(space: &Space, stage: &str, file: &str) -> States {
    space.kaslite(&format!("freeze {stage}")).ok();
    let before = std::fs::read(space.path(file)).expect(file);
    space.remove(file);
    space.write(file, "PAR1 this is nothing PAR1");
    space.kaslite("repro report -s -f").ok();
    let found = states(space);
    space.write(file, before);
    space.kaslite(&format!("unfreeze {stage}")).ok();
    found
}

#[test]
fn what_is_damaged_fails_alone_and_the_run_goes_on() {
    let space = whole();
    space.kaslite("repro").ok();
    let figures = |name: &str, figures: &[&str]| -> Vec<String> {
        let full = |figure: &&str| format!("report.{name}.{figure}");
        figures.iter().map(full).collect()
    };
    let cases: Vec<(&str, &str, Vec<String>)> = vec![
        (
            "train",
            "predictions.parquet",
            figures("training", &["confusion", "boundary"]),
        ),
        (
            "train",
            "boundary.parquet",
            figures("training", &["boundary"]),
        ),
        ("train", "epochs.parquet", part("training")),
        ("counterfactual", "seeds.parquet", part("counterfactual")),
        ("control", "contributions.parquet", part("control")),
        (
            "control",
            "trials/host_only_42/epochs.parquet",
            figures("control", &["trajectories"]),
        ),
        ("size_curve", "sizes.parquet", part("size_curve")),
        ("sweep", "sweep.parquet", part("sweep")),
    ];
    for (stage, file, failed) in cases {
        let found = damage(&space, stage, &format!("results/{stage}/{file}"));
        assert_status(&found, &failed, "failed");
        let (_, reason, _) = &found[&failed[0]];
        let name = file.rsplit('/').next().expect("a name");
        assert!(reason.contains(name), "{reason}");
    }
    let found = damage(&space, "generate_data", "data/moons.parquet");
    let failed = [part("data"), part("params")].concat();
    assert_status(&found, &failed, "failed");
}

#[test]
fn metrics_and_plots_that_cannot_be_read_fail_alone() {
    let space = whole();
    space.kaslite("repro").ok();
    for (stage, file) in [
        ("train", "results/train/metrics.json"),
        ("curve", "curve.csv"),
    ] {
        space.kaslite(&format!("freeze {stage}")).ok();
        space.remove(file);
        space.write(file, "{");
    }
    space
        .kaslite("repro -s train curve report --set report.title=x")
        .ok();
    let found = states(&space);
    for name in ["metrics.results/train/metrics.json", "plots.curve.csv"] {
        assert_eq!(found[name].0, "failed", "{found:?}");
    }
    // Of a stage that failed, and of one that was skipped for it.
    space.kaslite("unfreeze train").ok();
    space.kaslite("repro train --set train.lr=1e30").exits(1);
    let found = states(&space);
    let (status, reason, _) = &found["metrics.results/train/metrics.json"];
    assert_eq!(
        (status.as_str(), reason.as_str()),
        ("failed", "the stage `train` failed")
    );
}
