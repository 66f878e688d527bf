//! Params given for one run, beside the params files.

use crate::support::Space;

/// A stage that has a param in its command, and one that reads what it makes.
fn trained() -> Space {
    let space = Space::new(
        "stages:
  train: {cmd: 'tick && echo ${train.lr} > model', params: [train], outs: [model]}
  test: {cmd: tick && cp model score, deps: [model], outs: [score]}
",
    );
    space.write("params.yaml", PARAMS);
    space
}

const PARAMS: &str = "train:\n  lr: 0.5 # a comment\n  name: net\n  layers: [8, 4]\n  deep: null\n  fast: false\n  steps: 3\n";

/// The same, reading its params from the file it is told of.
fn told() -> Space {
    let space = trained();
    space.edit(
        "pipeline.yaml",
        "echo ${train.lr} > model",
        "grep -h lr: $KASLITE_PARAMS > model",
    );
    space
}

fn config(space: &Space) -> String {
    let run = space.records().pop().expect("a run");
    space.read(&format!("results/runs/{run}/config.yaml"))
}

#[test]
fn a_given_param_holds_for_one_run_and_is_restored_after() {
    let space = told();
    assert_eq!(space.repro(), ["train", "test"]);
    let before = space.read("params.yaml");
    space.kaslite("repro --set train.lr=0.25").ok();
    assert_eq!(space.ran(), ["train", "test"]);
    assert_eq!(space.read("model").trim(), "lr: 0.25");
    assert_eq!(space.read("params.yaml"), before);
    space
        .kaslite("status")
        .ok()
        .prints("train.lr")
        .prints("0.25 → 0.5");
    space.kaslite("repro").ok().says("2 restored");
    assert_eq!(space.read("model").trim(), "lr: 0.5 # a comment");
    space
        .kaslite("status --set train.lr=0.25")
        .ok()
        .prints("stale, in the cache")
        .prints("0.5 → 0.25");
    space.kaslite("status").ok().prints("all fresh");
    assert_eq!(space.ran(), [""; 0]);
}

#[test]
fn fresh_with_a_given_param_is_not_fresh_without_it() {
    let space = told();
    for _ in 0..3 {
        space.kaslite("repro --set train.lr=0.25").ok();
        space.kaslite("status --set train.lr=0.25").ok();
    }
    space.ran();
    space.kaslite("status --check").exits(3);
    assert_eq!(space.repro(), ["train", "test"]);
}

#[test]
fn a_command_that_would_not_see_a_given_param_is_refused() {
    let space = trained();
    space
        .kaslite("repro --set train.steps=4")
        .exits(2)
        .says("stage `train` reads `train.steps` from `params.yaml` itself")
        .says("KASLITE_PARAMS");
    // What it would see is what it has.
    space.kaslite("repro --set train.steps=3").ok();
}

#[test]
fn a_param_that_stands_in_the_command_can_be_given() {
    let space = trained();
    space.edit("pipeline.yaml", "params: [train], ", "");
    space.kaslite("repro --set train.lr=0.125").ok();
    assert_eq!(space.read("model"), "0.125\n");
}

#[test]
fn a_given_param_has_the_type_of_what_it_stands_for() {
    let space = told();
    for (given, recorded) in [
        ("train.lr=1e-4", "lr: 0.0001"),
        ("train.name=7", "name: '7'"),
        ("train.name=null", "name: null"),
        ("train.layers=[1, 2.5]", "- 1\n  - 2.5"),
        ("train.layers.1=6", "- 8\n  - 6"),
        ("train.deep={a: {b: x}}", "deep:\n    a:\n      b: x"),
        ("train.fast=true", "fast: true"),
    ] {
        space.run(&["repro", "train", "--set", given]).ok();
        let config = config(&space);
        assert!(config.contains(recorded), "{given}:\n{config}");
    }
    for (given, message) in [
        ("train.lr=0.1=", "`train.lr` is a number, not text"),
        ("train.fast=yes", "`train.fast` is true or false, not text"),
        ("train.layers=3", "`train.layers` is a list, not a number"),
        ("train.layers=[1", "`[1` is no value that YAML knows"),
        ("train.lrr=1", "no param `train.lrr` in `params.yaml`"),
        ("train.layers.2=1", "no param `train.layers.2`"),
        ("train.lr", "write KEY=VALUE"),
        ("other.yaml:x=1", "no stage reads `x`"),
    ] {
        space.run(&["repro", "--set", given]).exits(2).says(message);
    }
    space
        .kaslite("repro --set train.lrr=1")
        .exits(2)
        .says("did you mean `train.lr`?");
}

#[test]
fn a_param_of_a_built_in_stage_is_checked() {
    let space = Space::new(
        "stages:\n  data: {uses: generate_data, params: [data], outs: [data.parquet]}\n",
    );
    for (given, message) in [
        ("data.n_samples=-1", "`data.n_samples` must be an int"),
        (
            "data.problem=spirals",
            "no param `data.problem` in `params.yaml`",
        ),
        ("data.noise=null", "must be a float"),
        ("train.lr=0.1", "no param `train.lr` in `params.yaml`"),
    ] {
        space
            .run(&["status", "--set", given])
            .exits(2)
            .says(message);
    }
    // Neither a params file nor the key need be there: it has a default.
    space.run(&["status", "--set", "data.noise=0.5"]).ok();
}

#[test]
fn another_file_stands_for_the_params() {
    let space = told();
    space.repro();
    space.write("big.yaml", "train: {lr: 2, name: big}\n");
    space
        .kaslite("repro --params big.yaml --set train.name=huge")
        .ok();
    assert_eq!(space.read("model").trim(), "lr: 2");
    let text = config(&space);
    assert!(text.contains("base_config: big.yaml"), "{text}");
    assert!(text.contains("train.name: huge"), "{text}");
    assert!(text.contains("\ntrain:\n  lr: 2\n  name: huge"), "{text}");
    space
        .kaslite("repro --params none.yaml")
        .exits(2)
        .says("`none.yaml` is not there");
    // The record of a run is such a file.
    space.repro();
    let run = space.records().remove(1);
    space.ran();
    space
        .kaslite(&format!("repro --params results/runs/{run}/config.yaml"))
        .ok()
        .says("2 restored");
    assert_eq!(space.read("model").trim(), "lr: 2");
}

#[test]
fn the_record_says_what_was_given() {
    let space = told();
    space
        .run(&[
            "repro",
            "--name",
            "ablation_kl",
            "--tag",
            "kl",
            "--tag",
            "2026",
            "--tag",
            "kl",
            "--description",
            "without the term",
            "--status",
            "keep",
            "--set",
            "train.lr=0.25",
        ])
        .ok()
        .says("run ablation_kl_");
    let run = space.records().pop().expect("a run");
    assert!(run.starts_with("ablation_kl_2"), "{run}");
    let text = config(&space);
    for part in [
        "experiment:\n  name: ablation_kl\n  description: without the term\n  tags:\n  - kl\n  - '2026'\n  status: keep\n",
        "  base_config: params.yaml\n  cli_overrides:\n    train.lr: 0.25\n",
        "\ntrain:\n  lr: 0.25\n  name: net\n",
    ] {
        assert!(text.contains(part), "no `{part}` in:\n{text}");
    }
    space.edit("pipeline.yaml", "cp model score", "exit 3");
    space.kaslite("repro --name next --status keep").exits(1);
    assert!(
        config(&space).contains("status: failed"),
        "{}",
        config(&space)
    );
    space
        .kaslite("repro --name a/b")
        .exits(2)
        .says("a name has letters");
    space
        .kaslite("repro --status good")
        .exits(2)
        .says("exploratory, keep, baseline, failed");
}
