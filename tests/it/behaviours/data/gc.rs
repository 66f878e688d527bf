//! Behaviour 165: what `gc` removes, and what it never does.

use crate::behaviours::data::{cached, maker};
use crate::support::{Space, has_git};
use std::fs::File;
use std::path::Path;
use std::time::{Duration, SystemTime};

/// Runs with each of these inputs, the last one last.
fn after(space: &Space, inputs: &[&str]) {
    for input in inputs {
        space.write("in.txt", format!("{input}\n"));
        space.repro();
    }
}

/// What a change back to this input runs.
fn back(space: &Space, input: &str) -> usize {
    space.write("in.txt", format!("{input}\n"));
    space.repro().len()
}

fn age(path: &Path, days: u64) {
    let file = File::options().append(true).open(path).expect("a file");
    let then = SystemTime::now() - Duration::from_secs(days * 86400);
    file.set_modified(then).expect("a time");
}

#[test]
fn b165_without_a_scope_gc_refuses() {
    let space = maker();
    space.repro();
    space.kaslite("gc").exits(2).says("--workspace").says("-T");
    space.kaslite("gc --dry").exits(2);
    assert!(!cached(&space, "blobs").is_empty());
}

#[test]
fn b165_gc_keeps_what_the_workspace_needs() {
    let space = maker();
    after(&space, &["one", "two"]);
    let before = cached(&space, "blobs").len();
    let json = space.kaslite("gc -w --json").ok().json();
    let gone = json["contents"].as_array().expect("a list").len();
    assert!(gone > 0);
    assert_eq!(cached(&space, "blobs").len(), before - gone);
    space.remove("out.txt");
    space.remove("d");
    assert!(space.repro().is_empty());
    assert_eq!(space.read("d/x"), "two\n");
    assert_eq!(back(&space, "one"), 1);
    // And again there is nothing to do.
    space.kaslite("gc -w").ok();
    space.kaslite("gc -w").ok().says("freed 0 bytes");
}

#[test]
fn b165_dry_lists_and_removes_nothing() {
    let space = maker();
    after(&space, &["one", "two"]);
    let before = (
        cached(&space, "blobs"),
        cached(&space, "runs"),
        cached(&space, "logs"),
    );
    space
        .kaslite("gc -w --dry")
        .ok()
        .prints("past run ")
        .prints("of make")
        .prints("content ")
        .says("would free");
    let now = (
        cached(&space, "blobs"),
        cached(&space, "runs"),
        cached(&space, "logs"),
    );
    assert_eq!(now, before);
}

#[test]
fn b165_gc_keeps_what_the_last_runs_left() {
    let space = maker();
    after(&space, &["one", "two", "three"]);
    space.kaslite("gc --keep-runs 2").ok();
    assert_eq!(back(&space, "two"), 0);
    assert_eq!(back(&space, "one"), 1);
    assert_eq!(space.read("d/x"), "one\n");
}

#[test]
fn b165_gc_by_git_keeps_tags_branches_or_all() {
    if !has_git() {
        return;
    }
    for (flag, kept) in [
        ("-a", [0, 0, 1]),
        ("-T", [1, 0, 0]),
        ("-A", [1, 1, 1]),
        ("-aT", [1, 0, 1]),
    ] {
        let space = maker();
        space.write(".gitignore", ".kaslite/\nresults/\nout.txt\nd/\n");
        space.git("init -q");
        for input in ["tagged", "between", "branch"] {
            after(&space, &[input]);
            space.git("add .");
            space.git(&format!("commit -qm {input}"));
            if input == "tagged" {
                space.git("tag v1");
            }
        }
        after(&space, &["workspace"]);
        space.kaslite(&format!("gc {flag}")).ok();
        let found = ["tagged", "between", "branch"].map(|input| 1 - back(&space, input));
        assert_eq!(found, kept, "gc {flag}");
        assert_eq!(back(&space, "workspace"), 0, "gc {flag}");
    }
}

#[test]
fn b165_gc_by_age_removes_what_was_not_used_for_long() {
    let space = maker();
    after(&space, &["one", "two", "three"]);
    for path in cached(&space, "runs") {
        age(&path, 40);
    }
    // Used again: young.
    assert_eq!(back(&space, "one"), 0);
    assert_eq!(back(&space, "three"), 0);
    space
        .kaslite("gc --older-than 30d")
        .ok()
        .says("1 past run;");
    assert_eq!(back(&space, "one"), 0);
    assert_eq!(back(&space, "two"), 1);
}

#[test]
fn b165_gc_by_size_removes_the_longest_unused_first() {
    let space = Space::new(
        "stages:
  make: {cmd: tick && cp in.txt out.txt, deps: [in.txt], outs: [out.txt]}
",
    );
    let big = |letter: &str| letter.repeat(100_000);
    for (letter, days) in [("a", 3), ("b", 2), ("c", 1)] {
        let before = cached(&space, "runs");
        after(&space, &[&big(letter)]);
        let new = cached(&space, "runs")
            .into_iter()
            .find(|path| !before.contains(path));
        age(&new.expect("a record"), days);
    }
    space
        .kaslite("gc --max-size 200KiB")
        .ok()
        .says("1 past run;");
    assert_eq!(back(&space, &big("b")), 0);
    assert_eq!(back(&space, &big("a")), 1);
    // What the workspace needs stays, however little room there is.
    space.kaslite("gc --max-size 1B").ok();
    space.remove("out.txt");
    assert!(space.repro().is_empty());
}

#[test]
fn b165_gc_keeps_what_another_pipeline_beside_needs() {
    let space = maker();
    space.write(
        "other.yaml",
        "stages:
  other: {cmd: tick && echo other > other.txt, deps: [in.txt], outs: [other.txt]}
",
    );
    space.kaslite("--file other.yaml repro").ok();
    space.repro();
    space.kaslite("gc -w").ok();
    space.remove("other.txt");
    space.ran();
    space.kaslite("--file other.yaml repro").ok();
    assert!(space.ran().is_empty());
    assert_eq!(space.read("other.txt"), "other\n");
}

#[test]
fn b165_ages_and_sizes_are_checked() {
    let space = maker();
    for wrong in [
        "gc --older-than 30",
        "gc --older-than d",
        "gc --max-size ten",
        "gc --max-size 10XB",
        "gc --max-size -1",
    ] {
        space.kaslite(wrong).exits(2);
    }
}

#[test]
fn f050_gc_waits_its_turn() {
    let space = Space::new(
        "stages:
  slow:
    cmd: touch started; while [ ! -e go ]; do sleep 0.01; done; echo > out.txt
    deps: [in.txt]
    outs: [out.txt]
",
    );
    space.write("in.txt", "one\n");
    let running = space.start("repro");
    space.wait_for("started");
    space.kaslite("gc -w").exits(5);
    space.write("go", "");
    running.wait().ok();
    space.kaslite("gc -w").ok();
}

#[test]
fn f001_gc_after_a_kill_keeps_what_the_killed_stage_had_made_before() {
    let space = Space::new(
        "stages:
  slow:
    cmd: tick; touch started; while [ ! -e go ]; do sleep 0.01; done; cp in.txt out.txt
    deps: [in.txt]
    outs: [out.txt]
",
    );
    space.write("go", "");
    after(&space, &["one"]);
    space.remove("go");
    space.remove("started");
    space.write("in.txt", "two\n");
    let running = space.start("repro");
    space.wait_for("started");
    running.kill_all();
    running.wait();
    space.kaslite("gc -w").ok();
    space.write("go", "");
    space.ran();
    space.write("in.txt", "one\n");
    let _ = std::fs::remove_file(space.path("out.txt"));
    assert!(space.repro().is_empty());
    assert_eq!(space.read("out.txt"), "one\n");
}

#[test]
fn b165_what_was_put_aside_goes_by_its_age() {
    let space = maker();
    space.repro();
    space.write("out.txt", "mine\n");
    space.repro();
    space.edit("pipeline.yaml", "echo y > d/y", "false");
    space.kaslite("repro").exits(1);
    let kept = || {
        let find = space.finish(space.program("find").args([".kaslite/trash", "-type", "f"]));
        find.stdout.lines().count()
    };
    let all = kept();
    assert!(all >= 2);
    space.kaslite("gc -w").ok().never_says("put aside");
    assert_eq!(kept(), all);
    let all_paths = space.finish(space.program("find").arg(".kaslite/trash"));
    for path in all_paths.stdout.lines() {
        let then = SystemTime::now() - Duration::from_secs(20 * 86400);
        let file = File::open(space.path(path)).expect("the trash");
        file.set_modified(then).expect("a time");
    }
    space.kaslite("gc -w").ok();
    assert_eq!(kept(), all);
    let dry = space.kaslite("gc --older-than 10d --dry").ok();
    dry.prints("put aside .kaslite/trash/")
        .prints("put aside .kaslite/trash/unfinished/make");
    assert_eq!(kept(), all);
    space
        .kaslite("gc --older-than 10d")
        .ok()
        .says("2 put aside");
    assert_eq!(kept(), 0);
}

#[test]
fn b165_gc_keeps_what_runs_worth_keeping_left() {
    let space = maker();
    after(&space, &["one", "two", "three"]);
    let ids = space.records();
    space.kaslite(&format!("runs status {} keep", ids[0])).ok();
    space.kaslite("gc -w").ok();
    space.kaslite(&format!("checkout {}", ids[0])).ok();
    assert_eq!(space.read("d/x"), "one\n");
    space.kaslite(&format!("checkout {}", ids[1])).exits(4);
}
