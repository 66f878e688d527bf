//! `kaslite why`: each reason a stage can have.

use crate::freshness::chain;
use crate::support::Space;

const PIPELINE: &str = "\
stages:
  prepare:
    cmd: tick && mkdir data && cp raw/* data
    deps: [raw]
    outs: [data]
  train:
    cmd: tick && cat data/* > model
    deps: [data, train.py]
    params: [train]
    outs: [model]
  plot:
    cmd: tick && cp model plot
    deps: [model]
    outs: [plot]
";

fn trained() -> Space {
    let space = Space::new(PIPELINE);
    for (name, text) in [
        ("raw/a.csv", "a\n"),
        ("raw/b.csv", "b\n"),
        ("raw/c.csv", "c\n"),
        ("train.py", "print()\n"),
        ("params.yaml", "train: {lr: 0.001, epochs: 10}\n"),
    ] {
        space.write(name, text);
    }
    space.repro();
    space
}

#[track_caller]
fn why(space: &Space, stage: &str) -> String {
    space.run(&["why", stage]).ok().text()
}

#[test]
fn fresh() {
    insta::assert_snapshot!(why(&trained(), "train"));
}

#[test]
fn b154_a_param() {
    let space = trained();
    space.write("params.yaml", "train: {lr: 0.01, epochs: 10, seed: 1}\n");
    insta::assert_snapshot!(why(&space, "train"));
}

#[test]
fn b154_a_command() {
    let space = trained();
    space.edit(
        "pipeline.yaml",
        "cat data/* > model",
        "cat data/* | sort > model",
    );
    insta::assert_snapshot!(why(&space, "train"));
}

#[test]
fn the_files_of_a_folder() {
    let space = trained();
    space.write("raw/a.csv", "A\n");
    space.remove("raw/b.csv");
    space.write("raw/sub/d.csv", "d\n");
    insta::assert_snapshot!(why(&space, "prepare"));
}

#[test]
fn an_out_edited_inside() {
    let space = trained();
    space.write("data/a.csv", "edited\n");
    insta::assert_snapshot!(why(&space, "prepare"));
}

#[test]
fn b154_a_cause_upstream() {
    let space = trained();
    space.write("raw/a.csv", "A\n");
    insta::assert_snapshot!(why(&space, "plot"));
}

#[test]
fn the_nearest_past_run() {
    let space = trained();
    space.write("params.yaml", "train: {lr: 0.01, epochs: 20}\n");
    space.repro();
    // Nearer to the first run (one param) than to the second (two).
    space.write("params.yaml", "train: {lr: 0.001, epochs: 11}\n");
    insta::assert_snapshot!(why(&space, "train"));
}

#[test]
fn in_the_run_cache() {
    let space = trained();
    space.write("params.yaml", "train: {lr: 0.01, epochs: 10}\n");
    space.repro();
    space.write("params.yaml", "train: {lr: 0.001, epochs: 10}\n");
    insta::assert_snapshot!(why(&space, "train"));
}

#[test]
fn never_run() {
    let space = chain();
    insta::assert_snapshot!(why(&space, "a"));
}

#[test]
fn a_stage_by_the_path_of_its_out() {
    let space = trained();
    assert_eq!(why(&space, "model"), why(&space, "train"));
}
