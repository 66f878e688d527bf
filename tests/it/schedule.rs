//! Several stages at once, and two programs at once.

use crate::support::{Space, wait_until};

/// Waits for the file of the other stage: together they end only if both run at once.
fn barrier() -> String {
    let stage = |own: &str, other: &str| {
        format!(
            "  {own}:
    cmd: |
      tick
      touch at-{own}
      n=0
      until test -e at-{other}; do n=$((n+1)); test $n -lt 1500; sleep 0.01; done
      cp in.txt {own}.txt
    deps: [in.txt]
    outs: [{own}.txt]
"
        )
    };
    format!(
        "stages:\n{}{}",
        stage("left", "right"),
        stage("right", "left")
    )
}

#[test]
fn independent_stages_run_at_once() {
    let space = Space::new(&barrier());
    space.write("in.txt", "one\n");
    space.kaslite("repro -j2").ok().says("2 ran");
}

/// Ten stages in three layers.
const LAYERS: &str = "\
stages:
  a0: {cmd: tick && (cat in.txt; echo 0) > a0, deps: [in.txt], outs: [a0]}
  b0: {cmd: tick && cat a0 a1 > b0, deps: [a0, a1], outs: [b0]}
  a1: {cmd: tick && (cat in.txt; echo 1) > a1, deps: [in.txt], outs: [a1]}
  b1: {cmd: tick && cat a1 a2 > b1, deps: [a1, a2], outs: [b1]}
  a2: {cmd: tick && (cat in.txt; echo 2) > a2, deps: [in.txt], outs: [a2]}
  b2: {cmd: tick && cat a2 a3 > b2, deps: [a2, a3], outs: [b2]}
  a3: {cmd: tick && (cat in.txt; echo 3) > a3, deps: [in.txt], outs: [a3]}
  b3: {cmd: tick && cat a3 a0 > b3, deps: [a3, a0], outs: [b3]}
  c0: {cmd: tick && cat b0 b2 > c0, deps: [b0, b2], outs: [c0]}
  c1: {cmd: tick && cat b1 b3 > c1, deps: [b1, b3], outs: [c1]}
";

fn layers() -> Space {
    let space = Space::new(LAYERS);
    space.write("in.txt", "one\n");
    space
}

#[test]
fn four_jobs_make_the_same_bytes_as_one() {
    let (one, four) = (layers(), layers());
    one.kaslite("repro -j1").ok();
    four.kaslite("repro -j4").ok();
    assert_eq!(one.lock(), four.lock());
    assert_eq!(one.files(), four.files());
    assert_eq!(one.ran().len(), 10);
    assert_eq!(four.ran().len(), 10);
}

#[test]
fn one_job_runs_each_stage_as_early_in_the_order_of_the_file_as_its_deps_let_it() {
    let space = layers();
    space.kaslite("repro -j1").ok();
    let order = ["a0", "a1", "b0", "a2", "b1", "a3", "b2", "b3", "c0", "c1"];
    assert_eq!(space.ran(), order);
}

#[test]
fn zero_jobs_are_refused() {
    layers().kaslite("repro -j0").exits(2).says("-j");
}

/// A stage that goes on until the file `go` is there.
pub(crate) fn waiting() -> Space {
    let space = Space::new(
        "stages:
  first: {cmd: tick && cp in.txt first, deps: [in.txt], outs: [first]}
  slow:
    cmd: |
      tick
      echo half > slow
      touch started
      until test -e go; do sleep 0.01; done
      cp first slow
    deps: [first]
    outs: [slow]
  last: {cmd: tick && cp slow last, deps: [slow], outs: [last]}
",
    );
    space.write("in.txt", "one\n");
    space
}

#[test]
fn f048_a_second_repro_that_shall_not_wait_exits_with_5() {
    let space = waiting();
    let mut running = space.start("repro");
    space.wait_for("started");
    let second = space.kaslite("repro --no-wait").exits(5);
    assert!(!running.has_ended());
    space.write("go", "");
    running.wait().ok();
    assert_eq!(space.ran(), ["first", "slow", "last"]);
    assert!(space.repro().is_empty());
    insta::assert_snapshot!(second.text());
}

#[test]
fn f056_status_and_the_like_work_while_a_repro_runs() {
    let space = waiting();
    let mut running = space.start("repro");
    space.wait_for("started");
    space
        .kaslite("status")
        .ok()
        .prints("slow: ")
        .prints("last: ");
    for line in [
        "status --json",
        "why slow",
        "dag",
        "repro --dry",
        "runs list",
        "params diff workspace",
    ] {
        space.kaslite(line).ok();
    }
    assert!(!running.has_ended());
    space.write("go", "");
    running.wait().ok();
    space.kaslite("status --check").ok();
}

#[test]
fn projects_in_different_folders_do_not_wait_for_each_other() {
    let (one, two) = (waiting(), waiting());
    let running = [one.start("repro"), two.start("repro")];
    wait_until("both to run", || one.has("started") && two.has("started"));
    for space in [&one, &two] {
        space.write("go", "");
    }
    for running in running {
        running.wait().ok();
    }
}
