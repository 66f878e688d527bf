//! `kaslite status`.

use crate::freshness::chain;
use crate::support::Space;

#[test]
fn status_names_each_stage_that_is_not_fresh_and_why() {
    let space = chain();
    insta::assert_snapshot!("never_run", space.kaslite("status").text());
    space.repro();
    insta::assert_snapshot!("all_fresh", space.kaslite("status").text());
    space.write("in.txt", "two\n");
    space.remove("c.txt");
    insta::assert_snapshot!("some_stale", space.kaslite("status").text());
}

#[test]
fn b150_check_exits_with_3_where_a_stage_is_stale() {
    let space = chain();
    space.kaslite("status --check").exits(3);
    space.repro();
    space.kaslite("status --check").ok();
    space.write("in.txt", "two\n");
    space.kaslite("status --check").exits(3);
    space.kaslite("status").ok();
}

#[test]
fn b152_status_of_a_target_is_about_it_and_what_it_needs() {
    let space = chain();
    space.repro();
    space.edit("pipeline.yaml", "cp b.txt c.txt", "cat b.txt > c.txt");
    space
        .kaslite("status --check b")
        .ok()
        .prints("all fresh (2 stages)");
    space.kaslite("status --check c").exits(3);
}

#[test]
fn status_changes_nothing_but_the_stat_cache() {
    let space = chain();
    space.repro();
    space.write("in.txt", "two\n");
    let (files, records) = (space.files(), space.records());
    space.kaslite("status").ok();
    assert_eq!((space.files(), space.records()), (files, records));
    assert!(space.ran().is_empty());
}

#[test]
fn an_early_cutoff_that_can_be_foreseen_from_the_cache_is() {
    let space = chain();
    space.repro();
    space.write("in.txt", "two\n");
    space.repro();
    space.write("in.txt", "one\n");
    // All three would be restored: nothing is unknown.
    let status = space.kaslite("status").ok();
    assert!(
        !status.stdout.contains("may become stale"),
        "{}",
        status.text()
    );
}

#[test]
fn several_problems_are_told_at_once_each_with_its_line() {
    let space = Space::new(
        "stages:
  a:
    cmd: echo ${nothing}
    depz: [in.txt]
  b:
    deps: [x]
",
    );
    let ran = space
        .kaslite("status")
        .exits(2)
        .says("pipeline.yaml:3")
        .says("pipeline.yaml:4");
    assert!(ran.stderr.contains("pipeline.yaml:5"), "{}", ran.text());
}

#[test]
fn what_is_not_there_is_told_and_no_error() {
    let space = chain();
    space.repro();
    for name in ["in.txt", "a.txt", "b.txt", "c.txt", ".kaslite"] {
        space.remove(name);
    }
    insta::assert_snapshot!(space.kaslite("status").text());
    space.kaslite("status --check").exits(3);
    space.kaslite("why a").ok().prints("in.txt  is not there");
    let ran = space.kaslite("status --json a").ok();
    let reason = &ran.json()[0]["reasons"][0];
    assert_eq!(reason["change"], "missing", "{reason}");
    space
        .kaslite("repro")
        .exits(2)
        .says("`in.txt` is not there");
}

#[test]
fn a_folder_to_run_in_that_is_not_there_is_told_and_no_error() {
    let space = Space::new("stages: {a: {wdir: data, cmd: tick, deps: [../in.txt]}}");
    space.write("in.txt", "one\n");
    space.write("data/x", "");
    space.repro();
    space.remove("data");
    let status = space.kaslite("status --check").exits(3);
    status.prints("a: stale\n  dep      data                     is not there\n");
    space
        .kaslite("repro")
        .exits(2)
        .says("`wdir: data` is not a folder");
}

#[test]
fn a_dep_that_is_nowhere_never_counts_as_before_it_was_declared() {
    let space = Space::new(
        "stages:
  old: {cmd: tick && cp in.txt old, deps: [in.txt], outs: [old], frozen: true}
  new: {cmd: tick && cp in.txt new, deps: [in.txt], outs: [new]}
",
    );
    space.write("in.txt", "one\n");
    space.repro();
    space.edit(
        "pipeline.yaml",
        "cp in.txt new, deps: [in.txt]",
        "cp in.txt new, deps: [in.txt, old]",
    );
    space
        .kaslite("status --check")
        .exits(3)
        .prints("new: stale");
    space
        .kaslite("repro")
        .exits(1)
        .says("its dep `old`, which stage `old` makes, is not there");
    space.kaslite("repro new -s --force").exits(2);
}

#[test]
fn b152_status_of_a_single_target_is_about_it_alone() {
    let space = chain();
    space.repro();
    space.write("in.txt", "two\n");
    space
        .kaslite("status --check -s b")
        .ok()
        .prints("all fresh (1 stage)");
    space.kaslite("status --check b").exits(3);
    space.kaslite("status -s").exits(2);
}
