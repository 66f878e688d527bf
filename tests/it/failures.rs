//! Stages that fail.

use crate::freshness::chain;
use crate::support::Space;

/// `a` fails while the file `bad` lies there; `b` reads it, `free` does not.
fn fragile() -> Space {
    let space = Space::new(
        "stages:
  a:
    cmd: tick && cp in.txt a.txt && test ! -e bad && cp in.txt a2.txt
    deps: [in.txt]
    outs: [a.txt, a2.txt]
  b: {cmd: tick && cp a.txt b.txt, deps: [a.txt], outs: [b.txt]}
  free: {cmd: tick && cp other.txt free.txt, deps: [other.txt], outs: [free.txt]}
",
    );
    space.write("in.txt", "one\n");
    space.write("other.txt", "one\n");
    space
}

/// The lines of one stage in the lock.
fn entry(lock: &str, stage: &str) -> String {
    let start = lock.find(&format!("\n  {stage}:\n")).expect("an entry") + 1;
    let lines = lock[start..].lines().enumerate();
    let own = lines.take_while(|(index, line)| *index == 0 || line.starts_with("    "));
    own.map(|(_, line)| line).collect::<Vec<_>>().join("\n")
}

#[test]
fn b111_a_failing_stage_exits_with_1_and_says_what_failed() {
    let space = fragile();
    space.write("bad", "");
    insta::assert_snapshot!(space.kaslite("repro a b -j1").text());
}

#[test]
fn b112_a_failing_stage_keeps_its_last_good_outs_and_its_entry() {
    let space = fragile();
    space.repro();
    let (a, lock) = (space.read("a.txt"), space.lock());
    space.write("bad", "");
    space.write("in.txt", "two\n");
    space
        .kaslite("repro")
        .exits(1)
        .says("a: failed")
        .says("b: skipped, because `a` failed");
    assert_eq!(space.read("a.txt"), a);
    assert_eq!(space.read("a2.txt"), a);
    assert_eq!(space.lock(), lock);
    space.kaslite("status --check").exits(3).prints("in.txt");
    space.write("in.txt", "one\n");
    space.kaslite("status --check").ok();
    space.ran();
    assert!(space.repro().is_empty());
}

#[test]
fn the_next_repro_after_a_failure_completes() {
    let space = fragile();
    space.write("bad", "");
    space.kaslite("repro -j1").exits(1);
    space.remove("bad");
    space.ran();
    assert_eq!(space.kaslite("repro -j1").ok().code, Some(0));
    assert_eq!(space.ran(), ["a", "b", "free"]);
    assert_eq!(space.read("b.txt"), "one\n");
}

#[test]
fn b117_what_was_done_before_a_failure_is_kept() {
    let space = Space::new(
        "stages:
  good: {cmd: tick && cp in.txt good, deps: [in.txt], outs: [good]}
  bad: {cmd: tick && false, deps: [good], outs: [bad]}
",
    );
    space.write("in.txt", "one\n");
    space.kaslite("repro").exits(1);
    assert_eq!(space.ran(), ["good", "bad"]);
    assert!(space.lock().contains("good:"));
    space.kaslite("repro").exits(1);
    assert_eq!(space.ran(), ["bad"]);
}

#[test]
fn b119_keep_going_runs_what_does_not_depend_on_the_failure() {
    let space = fragile();
    space.write("bad", "");
    let ran = space.kaslite("repro -j1").exits(1).says("free: skipped");
    assert_eq!(ran.stderr.matches("skipped, because `a` failed").count(), 2);
    assert_eq!(space.ran(), ["a"]);
    space
        .kaslite("repro -j1 --keep-going")
        .exits(1)
        .says("b: skipped")
        .never_says("free: skipped");
    assert_eq!(space.ran(), ["a", "free"]);
    let lock = space.lock();
    assert!(entry(&lock, "free").contains("free.txt"));
    assert!(!lock.contains("\n  a:\n"));
    space.kaslite("repro -k -j1").exits(1);
    assert_eq!(space.ran(), ["a"]);
}

#[test]
fn b114_f088_a_declared_out_that_is_not_made_fails_the_stage() {
    let space = Space::new(
        "stages:
  a: {cmd: tick && cp in.txt a.txt, deps: [in.txt], outs: [a.txt, more.txt]}
",
    );
    space.write("in.txt", "one\n");
    space
        .kaslite("repro")
        .exits(1)
        .says("did not make `more.txt`");
    assert!(!space.has("pipeline.lock") || !space.lock().contains("\n  a:\n"));
    space
        .kaslite("status --check")
        .exits(3)
        .prints("a: stale\n");
}

#[test]
fn b115_what_a_failing_stage_left_is_never_cached() {
    let space = fragile();
    space.repro();
    space.write("bad", "");
    space.write("in.txt", "two\n");
    space.kaslite("repro").exits(1);
    space.remove("bad");
    space.ran();
    // Had the half of the outs been recorded, it would be restored now.
    assert_eq!(space.repro()[0], "a");
    assert_eq!(space.read("a2.txt"), "two\n");
}

#[test]
fn what_a_failing_stage_left_is_not_called_edited_by_hand() {
    let space = fragile();
    space.repro();
    space.remove("a.txt");
    space.write("bad", "");
    space.write("in.txt", "two\n");
    space.kaslite("repro").exits(1);
    space.remove("bad");
    space.kaslite("repro").ok().never_says("edited by hand");
    assert_eq!(space.read("a.txt"), "two\n");
}

#[test]
fn a_command_that_is_not_there_says_so() {
    let space = Space::new("stages:\n  a: {cmd: no-such-program, deps: [in.txt], outs: [a.txt]}\n");
    space.write("in.txt", "one\n");
    space
        .kaslite("repro")
        .exits(1)
        .says("`no-such-program` was not found (exit code 127)");
}

#[test]
fn a_command_killed_by_a_signal_says_so() {
    let space = Space::new("stages:\n  a: {cmd: kill -s KILL $$, deps: [in.txt], outs: [a.txt]}\n");
    space.write("in.txt", "one\n");
    space
        .kaslite("repro")
        .exits(1)
        .says("was killed by signal 9");
}

#[test]
fn a_dep_that_nobody_makes_is_an_error_before_anything_runs() {
    let space = chain();
    space.remove("in.txt");
    let ran = space
        .kaslite("repro")
        .exits(2)
        .says("pipeline.yaml:4")
        .says("`in.txt` is not there");
    assert!(space.ran().is_empty());
    // What the stage itself makes is no suggestion for what it reads.
    ran.never_says("`a.txt`");
}
