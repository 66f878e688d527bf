//! What runs, and what need not.

use crate::support::Space;

/// `a` → `b` → `c`, each a copy of the one before.
pub(crate) const CHAIN: &str = "\
stages:
  a:
    cmd: tick && cp in.txt a.txt
    deps: [in.txt]
    outs: [a.txt]
  b:
    cmd: tick && cp a.txt b.txt
    deps: [a.txt]
    outs: [b.txt]
  c:
    cmd: tick && cp b.txt c.txt
    deps: [b.txt]
    outs: [c.txt]
";

/// [`CHAIN`] with its input.
pub(crate) fn chain() -> Space {
    let space = Space::new(CHAIN);
    space.write("in.txt", "one\n");
    space
}

#[test]
fn b001_a_second_repro_runs_nothing_and_changes_no_byte() {
    let space = chain();
    assert_eq!(space.repro(), ["a", "b", "c"]);
    let (files, lock) = (space.files(), space.lock());
    assert!(space.repro().is_empty());
    assert_eq!(space.lock(), lock);
    assert_eq!(space.files(), files);
}

#[test]
fn b002_a_chain_runs_in_order_and_passes_the_bytes_on() {
    let space = chain();
    assert_eq!(space.repro(), ["a", "b", "c"]);
    assert_eq!(space.read("c.txt"), "one\n");
    space.write("in.txt", "two\n");
    assert_eq!(space.repro(), ["a", "b", "c"]);
    assert_eq!(space.read("c.txt"), "two\n");
}

#[test]
fn the_order_of_the_file_does_not_matter_for_a_chain() {
    let space = Space::new(
        "stages:
  last: {cmd: tick && cp mid last, deps: [mid], outs: [last]}
  first: {cmd: tick && cp in.txt mid, deps: [in.txt], outs: [mid]}
",
    );
    space.write("in.txt", "one\n");
    assert_eq!(space.repro(), ["first", "last"]);
    assert_eq!(space.read("last"), "one\n");
}

const DIAMOND: &str = "\
stages:
  top: {cmd: tick && cp in.txt top, deps: [in.txt], outs: [top]}
  left: {cmd: tick && head -n 1 top > left, deps: [top], outs: [left]}
  right: {cmd: tick && tail -n 1 top > right, deps: [top], outs: [right]}
  join: {cmd: tick && cat left right > join, deps: [left, right], outs: [join]}
";

#[test]
fn in_a_diamond_each_stage_runs_once_and_the_join_last() {
    let space = Space::new(DIAMOND);
    space.write("in.txt", "1\n2\n3\n");
    let ran = space.repro();
    assert_eq!(ran.first().map(String::as_str), Some("top"));
    assert_eq!(ran.last().map(String::as_str), Some("join"));
    assert_eq!(ran.len(), 4);
    assert_eq!(space.read("join"), "1\n3\n");
}

#[test]
fn one_side_of_a_diamond_that_stays_equal_is_not_run() {
    let space = Space::new(DIAMOND);
    space.write("in.txt", "1\n2\n3\n");
    space.repro();
    // The first line stays: `left` reads a changed file and makes the same bytes.
    space.write("in.txt", "1\n2\n4\n");
    let mut ran = space.repro();
    ran.sort();
    assert_eq!(ran, ["join", "left", "right", "top"]);
    // Neither end changes: only those that read the changed file run.
    space.write("in.txt", "1\n5\n4\n");
    let mut ran = space.repro();
    ran.sort();
    assert_eq!(ran, ["left", "right", "top"]);
}

#[test]
fn b005_a_stage_that_made_the_same_bytes_leaves_those_after_it_fresh() {
    let space = Space::new(
        "stages:
  clean: {cmd: tick && grep -v '^#' in.txt > clean, deps: [in.txt], outs: [clean]}
  count: {cmd: tick && wc -l < clean > count, deps: [clean], outs: [count]}
",
    );
    space.write("in.txt", "# a comment\nx\n");
    assert_eq!(space.repro(), ["clean", "count"]);
    space.write("in.txt", "# another comment\nx\n");
    space
        .kaslite("status")
        .ok()
        .prints("count: may become stale");
    assert_eq!(space.repro(), ["clean"]);
    assert!(space.repro().is_empty());
}

#[test]
fn a_dep_edited_while_its_stage_runs_makes_the_stage_stale_again() {
    let space = Space::new(
        "stages:
  a: {cmd: tick && cp in.txt a.txt && echo late > in.txt, deps: [in.txt], outs: [a.txt]}
",
    );
    space.write("in.txt", "early\n");
    assert_eq!(space.repro(), ["a"]);
    assert_eq!(space.read("a.txt"), "early\n");
    space.kaslite("status --check").exits(3);
    assert_eq!(space.repro(), ["a"]);
    assert_eq!(space.read("a.txt"), "late\n");
    assert!(space.repro().is_empty());
}
