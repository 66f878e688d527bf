//! Stages that are frozen, run always, or read nothing.

use crate::support::Space;
use std::collections::BTreeSet;

fn flagged(flag: &str) -> Space {
    let space = Space::new(&format!(
        "stages:
  a: {{cmd: tick && cp in.txt a.txt, deps: [in.txt], outs: [a.txt]{flag}}}
  b: {{cmd: tick && cp a.txt b.txt, deps: [a.txt], outs: [b.txt]}}
"
    ));
    space.write("in.txt", "one\n");
    space
}

/// Stage `a` is frozen once it has run.
fn frozen_when_made() -> Space {
    let space = flagged("");
    space.repro();
    space.edit(
        "pipeline.yaml",
        "outs: [a.txt]}",
        "outs: [a.txt], frozen: true}",
    );
    space
}

#[test]
fn b127_a_frozen_stage_is_left_alone_even_when_it_is_stale() {
    let space = frozen_when_made();
    assert!(space.repro().is_empty());
    space.write("in.txt", "two\n");
    space
        .kaslite("status")
        .ok()
        .prints("a: frozen, though stale");
    space
        .kaslite("repro")
        .ok()
        .says("warning: a: it is stale, but frozen")
        .says("1 frozen");
    assert!(space.ran().is_empty());
    assert_eq!(space.read("b.txt"), "one\n");
    space.edit("pipeline.yaml", ", frozen: true", "");
    assert_eq!(space.repro(), ["a", "b"]);
}

#[test]
fn a_frozen_stage_runs_when_it_is_forced() {
    let space = flagged(", frozen: true");
    space.kaslite("repro -f a").ok();
    assert_eq!(space.ran(), ["a"]);
}

#[test]
fn a_frozen_stage_that_is_up_to_date_is_not_stale() {
    let space = frozen_when_made();
    space.kaslite("status --check").ok().prints("all fresh");
}

#[test]
fn b128_a_reader_of_a_frozen_stage_that_never_ran_says_what_is_missing() {
    let space = flagged(", frozen: true");
    let ran = space.kaslite("repro");
    assert!(space.ran().is_empty(), "a command ran without its dep");
    assert!(
        ran.code != Some(0) && ran.stderr.contains("a.txt"),
        "{}",
        ran.text()
    );
}

#[test]
fn b128_a_frozen_out_that_is_gone_is_named_and_can_be_brought_back() {
    let space = frozen_when_made();
    space.remove("a.txt");
    let ran = space.kaslite("repro");
    assert_eq!(ran.code, Some(1), "{}", ran.text());
    ran.says("`a.txt`");
    assert!(space.ran().is_empty());
    space.kaslite("checkout a").ok();
    space.kaslite("repro").ok();
    assert!(space.ran().is_empty());
}

#[test]
fn b129_freeze_and_unfreeze_edit_the_file_in_place() {
    let space = Space::new(
        "# mine
stages:
  a: # first
    cmd: tick && cp in.txt   a.txt # copies
    deps:   [in.txt]
    outs: [a.txt]
  each:
    foreach: [x, y]
    do: {cmd: 'tick && cp a.txt ${item}', deps: [a.txt], outs: ['${item}']}
",
    );
    space.write("in.txt", "one\n");
    space.repro();
    let before = space.read("pipeline.yaml");
    space
        .kaslite("freeze a each")
        .ok()
        .prints("a: now frozen\neach: now frozen\n");
    let frozen = before
        .replace("# first\n", "# first\n    frozen: true\n")
        .replace("do: {", "do: {frozen: true, ");
    assert_eq!(space.read("pipeline.yaml"), frozen);
    space
        .kaslite("freeze a.txt")
        .ok()
        .prints("a: already frozen");
    space.write("in.txt", "two\n");
    assert!(space.repro().is_empty());
    space
        .kaslite("unfreeze each@x")
        .exits(2)
        .says("`each@x` is written as one with `each@y`");
    space.kaslite("unfreeze each a").ok();
    assert_eq!(space.read("pipeline.yaml"), before);
    // What runs at once ends in any order.
    let ran: BTreeSet<String> = space.repro().into_iter().collect();
    assert_eq!(ran, ["a", "each@x", "each@y"].map(str::to_owned).into());
    space.kaslite("freeze b").exits(2).says("`b`");
}

#[test]
fn a_stage_that_always_changes_runs_each_time_and_what_reads_equal_bytes_does_not() {
    let space = flagged(", always_changed: true");
    assert_eq!(space.repro(), ["a", "b"]);
    assert_eq!(space.repro(), ["a"]);
    space.kaslite("why a").ok().prints("it runs every time");
    space.kaslite("status --check").exits(3);
}

#[test]
fn b021_a_stage_that_always_changes_is_not_restored() {
    let space = flagged(", always_changed: true");
    space.repro();
    space.remove("a.txt");
    assert_eq!(space.repro(), ["a"]);
}

#[test]
fn b020_a_command_that_declares_nothing_runs_each_time() {
    let space = Space::new(
        "stages:
  tell: {cmd: tick}
  use: {cmd: tick && cp in.txt used.txt, deps: [in.txt], outs: [used.txt]}
",
    );
    space.write("in.txt", "one\n");
    space.kaslite("repro -j1").ok();
    assert_eq!(space.ran(), ["tell", "use"]);
    space.kaslite("status").ok().prints("it runs every time");
    assert_eq!(space.repro(), ["tell"]);
}

#[test]
fn b020_a_command_that_only_makes_something_runs_until_that_is_there() {
    let space = Space::new(
        "stages:
  fetch: {cmd: tick && echo fetched > raw.txt, outs: [raw.txt]}
  draw: {cmd: 'tick && echo x,y > p.csv', plots: [p.csv]}
",
    );
    space.kaslite("repro -j1").ok();
    assert_eq!(space.ran(), ["fetch", "draw"]);
    assert!(space.repro().is_empty());
    space.edit("pipeline.yaml", "echo fetched", "echo fetched again");
    assert_eq!(space.repro(), ["fetch"]);
    space.remove("raw.txt");
    assert!(space.repro().is_empty());
    assert_eq!(space.read("raw.txt"), "fetched again\n");
}

#[test]
fn a_command_with_params_alone_runs_when_they_change() {
    let space = Space::new(
        "stages:\n  a: {cmd: 'tick && echo ${n} > a.txt', params: [n], outs: [a.txt]}\n",
    );
    space.write("params.yaml", "n: 1\n");
    assert_eq!(space.repro(), ["a"]);
    assert!(space.repro().is_empty());
    space.write("params.yaml", "n: 2\n");
    assert_eq!(space.repro(), ["a"]);
}

#[test]
fn b022_a_stage_without_outs_runs_when_its_deps_change() {
    let space = Space::new("stages:\n  check: {cmd: tick && grep -q one in.txt, deps: [in.txt]}\n");
    space.write("in.txt", "one\n");
    assert_eq!(space.repro(), ["check"]);
    assert!(space.repro().is_empty());
    space.write("in.txt", "one two\n");
    assert_eq!(space.repro(), ["check"]);
    space.write("in.txt", "three\n");
    space.kaslite("repro").exits(1);
}
