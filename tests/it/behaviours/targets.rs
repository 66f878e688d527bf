//! 92–106: targets and flags of `repro`.

use crate::behaviours::running::one;
use crate::freshness::chain;
use crate::support::Space;

#[test]
fn b092_a_target_runs_with_all_it_needs_and_nothing_below_it() {
    let space = chain();
    space.kaslite("repro b").ok();
    assert_eq!(space.ran(), ["a", "b"]);
}

#[test]
fn b095_downstream_runs_the_target_and_all_below_it_each_before_what_reads_it() {
    let space = Space::new(
        "stages:
  d: {cmd: tick && cat b c > d, deps: [b, c], outs: [d]}
  c: {cmd: tick && cp a c, deps: [a], outs: [c]}
  b: {cmd: tick && cp a b, deps: [a], outs: [b]}
  a: {cmd: tick && cat top in.txt > a, deps: [top, in.txt], outs: [a]}
  top: {cmd: tick && cp first top, deps: [first], outs: [top]}
  free: {cmd: tick && cp in.txt free, deps: [in.txt], outs: [free]}
",
    );
    space.write("in.txt", "one\n");
    space.write("first", "one\n");
    space.repro();
    for name in ["in.txt", "first"] {
        space.write(name, "two\n");
    }
    space.kaslite("repro --downstream a").ok();
    let mut ran = space.ran();
    assert_eq!(
        (ran.first(), ran.last()),
        (Some(&"a".into()), Some(&"d".into()))
    );
    ran.sort();
    assert_eq!(ran, ["a", "b", "c", "d"]);
}

#[test]
fn b096_force_downstream_runs_what_reads_from_a_stage_that_ran() {
    let space = Space::new(
        "stages:
  a: {cmd: tick && echo same > a, deps: [in.txt], outs: [a]}
  b: {cmd: tick && cp a b, deps: [a], outs: [b]}
  c: {cmd: tick && cp b c, deps: [b], outs: [c]}
  free: {cmd: tick && cp other free, deps: [other], outs: [free]}
",
    );
    space.write("in.txt", "one\n");
    space.write("other", "one\n");
    space.repro();
    space.write("in.txt", "two\n");
    space.kaslite("repro --force-downstream").ok();
    assert_eq!(space.ran(), ["a", "b", "c"]);
}

#[test]
fn b097_the_whole_pipeline_of_a_target_runs_and_no_other() {
    let space = Space::new(
        "stages:
  a: {cmd: tick && cp in.txt a, deps: [in.txt], outs: [a]}
  b: {cmd: tick && cp a b, deps: [a], outs: [b]}
  c: {cmd: tick && cat a more > c, deps: [a, more], outs: [c]}
  more: {cmd: tick && cp in.txt more, deps: [in.txt], outs: [more]}
  free: {cmd: tick && cp in.txt free, deps: [in.txt], outs: [free]}
",
    );
    space.write("in.txt", "one\n");
    space.kaslite("repro -j1 --pipeline b").ok();
    assert_eq!(space.ran(), ["a", "b", "more", "c"]);
    space.kaslite("repro -j1 -p free").ok();
    assert_eq!(space.ran(), ["free"]);
    space.kaslite("repro -p -s b").exits(2);
    // In a folder below the root it is the pipeline of that folder's file.
    space.write("sub/pipeline.yaml", "stages: {d: {cmd: tick && cp ../b d, deps: [../b], outs: [d]}}");
    space.write("in.txt", "two\n");
    space.kaslite("-C sub repro -j1 -p").ok();
    assert_eq!(space.ran(), ["a", "b", "more", "c", "sub/pipeline.yaml:d"]);
}

#[test]
fn b098_dry_says_how_long_it_will_take_where_that_is_known() {
    let space = chain();
    space.kaslite("repro --dry").ok().never_says("about");
    let known = r#"{"a": 60.0, "b": 540.0, "c": 240.0}"#;
    space.write(".kaslite/durations-pipeline.yaml", known);
    space
        .kaslite("repro --dry")
        .ok()
        .says("about 14 min, 9 min of them in b")
        .says("longest path: a → b → c");
    space.kaslite("repro").ok().says("about 14 min");
    assert_eq!(space.ran(), ["a", "b", "c"]);
    // Now they were measured.
    space.kaslite("repro --dry -f").ok().never_says("about 14");
}

#[test]
fn b099_interactive_asks_before_it_runs() {
    let space = chain();
    space.kaslite("repro -i").exits(130).says("run `a`?");
    assert!(space.ran().is_empty());
}

#[test]
fn b103_no_run_cache_runs_on_a_hit() {
    let space = one("desc: x");
    space.repro();
    space.write("in.txt", "two\n");
    space.repro();
    space.write("in.txt", "one\n");
    space.kaslite("repro --no-run-cache").ok();
    assert_eq!(space.ran(), ["a"]);
    space.write("in.txt", "two\n");
    assert!(space.repro().is_empty(), "restored");
}

#[test]
fn b105_pull_is_refused() {
    chain().kaslite("repro --pull").exits(2).says("--pull");
}
