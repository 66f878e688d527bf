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
    space.write(
        "sub/pipeline.yaml",
        "stages: {d: {cmd: tick && cp ../b d, deps: [../b], outs: [d]}}",
    );
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
fn b098_what_is_left_is_said_as_stages_end() {
    let space = chain();
    space.edit(
        "pipeline.yaml",
        "cp in.txt a.txt",
        "sleep 1.1 && cp in.txt a.txt",
    );
    let known = r#"{"a": 360.0, "b": 540.0, "c": 240.0}"#;
    space.write(".kaslite/durations-pipeline.yaml", known);
    let run = space.kaslite("repro").ok();
    let run = run.says("about 19 min, 9 min of them in b\na: running");
    run.says("a: done")
        .says("\nabout 13 min left, 9 min of them in b\nb: running");
}

#[test]
fn b099_interactive_asks_before_it_runs() {
    let space = chain();
    space.kaslite("repro -i").exits(130).says("run `a`?");
    assert!(space.ran().is_empty());
}

#[test]
fn b102_no_commit_records_without_the_cache_and_commit_fills_it() {
    let space = Space::new(
        "stages:
  a: {cmd: tick && cp in.txt a.txt && mkdir d && cp in.txt d/x, deps: [in.txt], outs: [a.txt, d]}
",
    );
    space.write("in.txt", "one\n");
    space.kaslite("repro --no-commit").ok();
    assert_eq!(space.ran(), ["a"]);
    assert!(!space.has(".kaslite/cache/blobs"));
    space.kaslite("status --check").ok();
    assert!(space.repro().is_empty());
    space.kaslite("commit").ok().prints("a: committed");
    space.kaslite("commit").ok().says("everything was fresh");
    space.remove("a.txt");
    space.remove("d");
    assert!(space.repro().is_empty(), "restored");
    assert_eq!(space.read("d/x"), "one\n");
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

/// `a` → `b`, both made; then what `a` reads and makes is gone, here and from the cache.
fn without_data() -> Space {
    let space = Space::new(
        "stages:
  a: {cmd: tick && cp raw.txt a.txt, deps: [raw.txt], outs: [a.txt]}
  b: {cmd: tick && cp a.txt b.txt, deps: [a.txt], params: [n], outs: [b.txt]}
",
    );
    space.write("params.yaml", "n: 1\n");
    space.write("raw.txt", "one\n");
    space.repro();
    for name in ["raw.txt", "a.txt", ".kaslite"] {
        space.remove(name);
    }
    space
}

#[test]
fn b104_what_is_missing_is_skipped_where_nothing_else_changed() {
    let space = without_data();
    space
        .kaslite("repro")
        .exits(2)
        .says("`raw.txt` is not there");
    space
        .kaslite("repro --allow-missing")
        .ok()
        .says("2 stages: 2 fresh");
    space
        .kaslite("repro --dry --allow-missing")
        .ok()
        .never_says("raw.txt");
    assert!(space.ran().is_empty() && !space.has("a.txt"));
    // That is no word that all is fresh.
    space.kaslite("status --check").exits(3);
    space.kaslite("repro").exits(2);
}

#[test]
fn b104_a_changed_param_runs_its_stage_and_what_that_lacks_is_named() {
    let space = without_data();
    space.write("params.yaml", "n: 2\n");
    let ran = space.kaslite("repro --allow-missing").exits(1);
    ran.says("its dep `a.txt`, which stage `a` makes, is not there");
    space.write("a.txt", "one\n");
    space.kaslite("repro --allow-missing").ok();
    assert_eq!(space.ran(), ["b"]);
}

#[test]
fn b104_what_another_stage_left_otherwise_still_counts() {
    let space = without_data();
    let lock = space.lock();
    let lock: Vec<&str> = lock.split("\n  b:\n").collect();
    // The lock of `a` is that of another run.
    let (mine, other) = (lock[0], "0".repeat(64));
    let digest = |text: &str| {
        let (_, from) = text.rsplit_once("digest: ").expect("a digest");
        from.lines().next().expect("a line").to_owned()
    };
    let changed = mine.replace(&digest(mine), &other);
    space.write(
        "pipeline.lock",
        [changed.as_str(), lock[1]].join("\n  b:\n"),
    );
    let dry = space.kaslite("repro --dry --allow-missing b").ok();
    dry.prints("b: would run");
}

#[test]
fn b104_what_the_cache_has_is_restored() {
    let space = without_data();
    space.write("raw.txt", "one\n");
    space.repro();
    space.remove("raw.txt");
    space.remove("a.txt");
    space
        .kaslite("repro --allow-missing")
        .ok()
        .says("a: restored");
    assert!(space.ran().is_empty() && space.has("a.txt"));
}

#[test]
fn b105_pull_is_refused() {
    chain().kaslite("repro --pull").exits(2).says("--pull");
}
