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

#[test]
fn b154_every_stage_that_is_not_fresh_is_explained() {
    let space = trained();
    space.kaslite("why").ok().prints("all fresh (3 stages)");
    space.write("params.yaml", "train: {lr: 0.01, epochs: 10}\n");
    insta::assert_snapshot!(space.kaslite("why").ok().text());
    let json = space.kaslite("why --json").ok().json();
    let names: Vec<_> = json
        .as_array()
        .expect("a list")
        .iter()
        .map(|it| &it["stage"])
        .collect();
    assert_eq!(names, ["train", "plot"]);
    assert_eq!(
        space.kaslite("why train --json").ok().json()["stage"],
        "train"
    );
}

#[test]
fn a_frozen_stage_is_stale_or_not() {
    let space = chain();
    space.repro();
    space.edit("pipeline.yaml", "  b:\n", "  b:\n    frozen: true\n");
    assert!(why(&space, "b").contains("b is frozen, and fresh\n"));
    space.write("in.txt", "two\n");
    space.kaslite("repro a").ok();
    let said = why(&space, "b");
    assert!(said.contains("b is frozen, though stale: it does not run\n  dep  a.txt  modified\n"));
}

#[test]
fn a_first_cause_is_upstream() {
    let space = Space::new(
        "stages:
  fetch: {cmd: tick && echo 1 > raw, outs: [raw], always_changed: true}
  use: {cmd: tick && cp raw used, deps: [raw], outs: [used]}
  show: {cmd: tick && cp used shown, deps: [used], outs: [shown]}
  apart: {cmd: tick && cp in.txt apart, deps: [in.txt], outs: [apart]}
",
    );
    space.write("in.txt", "in\n");
    let all = space.kaslite("why").ok().text();
    let shown = all.split("show may become stale\n").nth(1).expect("show");
    assert!(
        shown.contains("  first cause: `fetch` (it runs every time)\n"),
        "{all}"
    );
    assert_eq!(shown.matches("first cause").count(), 1, "{all}");
}

#[test]
fn b154_of_a_long_command_the_lines_that_changed() {
    let space = Space::new(
        "stages:
  a:
    cmd: |
      echo one > a.txt
      echo two >> a.txt
      echo three >> a.txt
    deps: [in.txt]
    outs: [a.txt]
",
    );
    space.write("in.txt", "in\n");
    space.kaslite("repro").ok();
    space.edit("pipeline.yaml", "echo two", "echo TWO");
    let said = why(&space, "a");
    assert!(said.contains("  command  cmd  changed\n"), "{said}");
    assert!(said.contains("- echo two >> a.txt\n"), "{said}");
    assert!(said.contains("+ echo TWO >> a.txt\n"), "{said}");
    assert!(!said.contains("three"), "{said}");
}

#[test]
fn a_param_of_another_file_is_named_with_it() {
    let space = trained();
    space.write("conf.yaml", "depth: 3\n");
    space.edit(
        "pipeline.yaml",
        "params: [train]",
        "params: [train, {conf.yaml: [depth]}]",
    );
    space.repro();
    space.write("conf.yaml", "depth: 4\n");
    space
        .kaslite("status")
        .ok()
        .prints("conf.yaml:depth          3 → 4");
    assert!(why(&space, "train").contains("conf.yaml:depth  3 → 4"));
}

#[test]
fn the_past_run_is_named_that_left_what_will_be_restored() {
    let space = trained();
    let first = space.records().remove(0);
    space.write("params.yaml", "train: {lr: 0.01, epochs: 10}\n");
    space.repro();
    space.write("params.yaml", "train: {lr: 0.001, epochs: 10}\n");
    let ran = space.kaslite("why train").ok();
    ran.prints(&format!(
        "the run cache has it ({first}): `kaslite repro` restores it"
    ));
}
