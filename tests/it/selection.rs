//! Which stages a command is about.

use crate::freshness::chain;
use crate::support::Space;

const BRANCHES: &str = "\
stages:
  a: {cmd: tick && cp in.txt a.txt, deps: [in.txt], outs: [a.txt]}
  b: {cmd: tick && cp a.txt b.txt, deps: [a.txt], outs: [b.txt]}
  c: {cmd: tick && cp b.txt c.txt, deps: [b.txt], outs: [c.txt]}
  other: {cmd: tick && mkdir d && cp in.txt d/x, deps: [in.txt], outs: [d]}
";

fn branches() -> Space {
    let space = Space::new(BRANCHES);
    space.write("in.txt", "one\n");
    space
}

#[track_caller]
fn runs(arguments: &str, stages: &[&str]) {
    let space = branches();
    space.kaslite(&format!("repro -j1 {arguments}")).ok();
    assert_eq!(space.ran(), stages, "{arguments}");
}

#[test]
fn a_target_runs_with_all_it_needs() {
    runs("b", &["a", "b"]);
    runs("c", &["a", "b", "c"]);
    runs("other", &["other"]);
}

#[test]
fn b100_several_targets_run_with_all_they_need_and_each_stage_once() {
    runs("a other", &["a", "other"]);
    runs("other b", &["a", "b", "other"]);
}

#[test]
fn b101_a_target_can_be_an_out() {
    runs("b.txt", &["a", "b"]);
    runs("./b.txt", &["a", "b"]);
    runs("d", &["other"]);
    runs("d/x", &["other"]);
}

#[test]
fn b093_single_runs_only_the_target() {
    let space = branches();
    space.repro();
    space.write("in.txt", "two\n");
    space.kaslite("repro -s b").ok();
    assert!(space.ran().is_empty(), "its dep is as it was");
    space.kaslite("repro --single a").ok();
    assert_eq!(space.ran(), ["a"]);
    assert_eq!(space.read("b.txt"), "one\n");
}

#[test]
fn single_without_its_dep_is_an_error_that_names_the_maker() {
    let space = branches();
    let ran = space.kaslite("repro -s b").exits(2);
    assert!(
        ran.stderr.contains("a.txt") && ran.stderr.contains("`a`"),
        "{}",
        ran.text()
    );
    assert!(space.ran().is_empty(), "its command ran without its dep");
}

#[test]
fn b094_force_runs_what_is_fresh() {
    let space = branches();
    space.repro();
    let lock = space.lock();
    space.kaslite("repro --force b").ok();
    assert_eq!(space.ran(), ["a", "b"]);
    space.kaslite("repro -f -s b").ok();
    assert_eq!(space.ran(), ["b"]);
    assert_eq!(space.lock(), lock);
}

#[test]
fn downstream_runs_the_target_and_what_needs_it() {
    let space = branches();
    space.repro();
    space.write("in.txt", "two\n");
    space.kaslite("repro -s a").ok();
    space.ran();
    space.kaslite("repro --downstream b").ok();
    assert_eq!(space.ran(), ["b", "c"]);
    assert!(!space.kaslite("status").ok().stdout.contains("b:"));
    space.kaslite("status").ok().prints("other: stale");
}

#[test]
fn a_repro_of_some_keeps_what_is_known_of_the_others() {
    let space = branches();
    space.repro();
    space.write("in.txt", "two\n");
    space.kaslite("repro other").ok();
    assert_eq!(space.ran(), ["other"]);
    for stage in ["a", "b", "c", "other"] {
        assert!(space.lock().contains(&format!("\n  {stage}:\n")), "{stage}");
    }
}

#[test]
fn b098_a_dry_run_says_what_would_run_and_changes_nothing() {
    let space = branches();
    let before = space.files();
    let dry = space.kaslite("repro --dry").text();
    let trimmed: Vec<&str> = dry.lines().map(str::trim_end).collect();
    insta::assert_snapshot!(trimmed.join("\n"));
    assert!(
        dry.lines().eq(trimmed),
        "spaces at the end of a line: {dry:?}"
    );
    assert!(space.ran().is_empty());
    assert_eq!(space.files(), before);
    assert!(!space.has(".kaslite") && !space.has("results"));
    space.repro();
    space.write("in.txt", "two\n");
    let (before, lock) = (space.files(), space.lock());
    space
        .kaslite("repro --dry")
        .ok()
        .prints("a: would run")
        .prints("b: may run");
    space
        .kaslite("repro --dry -f c")
        .ok()
        .prints("c: would run");
    assert_eq!((space.files(), space.lock()), (before, lock));
    assert_eq!(space.records().len(), 1);
    assert!(space.ran().is_empty());
}

#[test]
fn an_unknown_target_is_an_error_with_a_suggestion() {
    let space = branches();
    space
        .kaslite("repro othr")
        .exits(2)
        .says("`othr`")
        .says("did you mean `other`?");
    space
        .kaslite("repro nothing-like-it")
        .exits(2)
        .says("`kaslite dag` lists the stages");
    space
        .kaslite("status othr")
        .exits(2)
        .says("did you mean `other`?");
    space
        .kaslite("why othr")
        .exits(2)
        .says("did you mean `other`?");
    assert!(!space.has("pipeline.lock"));
}

#[test]
fn an_unknown_out_is_suggested_too() {
    let space =
        Space::new("stages:\n  make: {cmd: x, deps: [in.txt], outs: [results/table.csv]}\n");
    space
        .kaslite("repro results/tabel.csv")
        .exits(2)
        .says("did you mean `results/table.csv`?");
}

#[test]
fn a_source_is_no_target() {
    let space = chain();
    space
        .kaslite("repro in.txt")
        .exits(2)
        .says("no stage and no out");
}

#[test]
fn single_and_downstream_need_a_target_and_exclude_each_other() {
    let space = chain();
    for line in [
        "repro -s",
        "repro --downstream",
        "repro --single --downstream a",
    ] {
        space.kaslite(line).exits(2);
    }
    assert!(space.ran().is_empty());
}
