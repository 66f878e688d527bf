//! Behaviour 166: `.kasliteignore`.

use crate::support::Space;
use std::fs;
use std::os::unix::ffi::OsStrExt;

/// A stage that reads a folder and makes one.
fn folders() -> Space {
    let space = Space::new(
        "stages:
  make: {cmd: tick && mkdir out && cp src/a.txt out/a.txt && echo log > out/run.log, deps: [src], outs: [out]}
",
    );
    space.write("src/a.txt", "one\n");
    space.write("src/sub/b.txt", "two\n");
    space
}

#[test]
fn b166_what_is_ignored_in_a_dep_makes_nothing_stale() {
    let space = folders();
    space.write(".kasliteignore", "*.tmp\n/src/sub/cache/\n");
    assert_eq!(space.repro(), ["make"]);
    space.write("src/x.tmp", "1");
    space.write("src/sub/y.tmp", "1");
    space.write("src/sub/cache/z.txt", "1");
    space.kaslite("status --check").ok();
    space.write("src/x.tmp", "2");
    space.write("src/sub/cache/z.txt", "2");
    assert!(space.repro().is_empty());
    space.write("src/sub/c.txt", "3");
    assert_eq!(space.repro(), ["make"]);
}

#[test]
fn b166_editing_the_ignore_file_lets_folders_be_seen_anew() {
    let space = folders();
    space.write("src/x.tmp", "1");
    assert_eq!(space.repro(), ["make"]);
    // All is known to be fresh, by a certificate.
    assert!(space.repro().is_empty());
    assert!(space.repro().is_empty());
    space.write(".kasliteignore", "*.tmp\n");
    space.kaslite("status --check").exits(3).prints("src");
    assert_eq!(space.repro(), ["make"]);
    assert!(space.repro().is_empty());
    space.write(".kasliteignore", "*.other\n");
    space.kaslite("status --check").exits(3);
    // As it was seen first: restored.
    assert!(space.repro().is_empty());
    assert!(space.repro().is_empty());
    space.write("src/.kasliteignore", "*.tmp\n");
    space.kaslite("status --check").exits(3);
    assert!(space.repro().is_empty());
    assert!(space.repro().is_empty());
    space.write("src/.kasliteignore", "");
    space.kaslite("status --check").exits(3);
}

#[test]
fn b166_a_deeper_file_goes_first_and_takes_back() {
    let space = folders();
    space.write(".kasliteignore", "*.tmp\n");
    space.write("src/sub/.kasliteignore", "!keep.tmp\nb.txt\n");
    space.write("src/sub/keep.tmp", "1");
    space.write("src/keep.tmp", "1");
    assert_eq!(space.repro(), ["make"]);
    space.write("src/keep.tmp", "2");
    space.write("src/sub/b.txt", "other");
    assert!(space.repro().is_empty());
    space.write("src/sub/keep.tmp", "2");
    assert_eq!(space.repro(), ["make"]);
}

#[test]
fn b166_a_rule_between_the_root_and_the_dep_counts() {
    let space = Space::new(
        "stages:
  make: {cmd: tick && cp data/raw/a.txt out.txt, deps: [data/raw], outs: [out.txt]}
",
    );
    space.write("data/raw/a.txt", "one\n");
    space.write("data/raw/x.tmp", "1");
    assert_eq!(space.repro(), ["make"]);
    assert!(space.repro().is_empty());
    space.write("data/.kasliteignore", "*.tmp");
    space.kaslite("status --check").exits(3);
    assert_eq!(space.repro(), ["make"]);
    space.write("data/raw/x.tmp", "2");
    assert!(space.repro().is_empty());
}

#[test]
fn b166_what_is_ignored_in_an_out_is_no_part_of_it() {
    let space = folders();
    space.write(".kasliteignore", "*.log\n");
    assert_eq!(space.repro(), ["make"]);
    assert!(space.has("out/run.log"));
    space.write("out/run.log", "more\n");
    assert!(space.repro().is_empty());
    space.remove("out");
    assert!(space.repro().is_empty());
    assert!(space.has("out/a.txt") && !space.has("out/run.log"));
}

#[test]
fn b166_an_ignored_dep_or_out_is_an_error() {
    let space = Space::new(
        "stages:
  make: {cmd: tick && cp in.txt d/out.txt, deps: [in.txt], outs: [d/out.txt]}
",
    );
    space.write("in.txt", "one\n");
    for (rules, what) in [
        (
            "*.txt\n",
            "the dep `in.txt` is left out by `*.txt` of `.kasliteignore`",
        ),
        (
            "/d/\n",
            "the out `d/out.txt` is left out by `/d/` of `.kasliteignore`",
        ),
    ] {
        space.write(".kasliteignore", rules);
        space
            .kaslite("repro")
            .exits(2)
            .says(what)
            .says("pipeline.yaml:2");
    }
    assert!(space.ran().is_empty());
    space.write(".kasliteignore", "*.txt\n!in.txt\n!out.txt\n");
    assert_eq!(space.repro(), ["make"]);
}

#[test]
fn b166_a_wrong_pattern_is_shown_with_its_line() {
    let space = folders();
    space.write(".kasliteignore", "*.tmp\na{b\n");
    insta::assert_snapshot!(space.kaslite("repro").exits(2).text());
    assert!(space.ran().is_empty());
    space.remove(".kasliteignore");
    space.write("src/sub/.kasliteignore", "{\n");
    let ran = space.kaslite("status").exits(2);
    ran.says("src/sub/.kasliteignore:1: not a pattern");
    space.write("src/sub/.kasliteignore", b"\xff\n");
    let ran = space.kaslite("status").exits(2);
    ran.says("src/sub/.kasliteignore:1: not UTF-8");
}

/// Files of the user in the folder that [`folders`] makes.
fn notes() -> Space {
    let space = folders();
    space.write(".kasliteignore", "notes*\n*.log\n");
    space.repro();
    space.write("out/notes.txt", "mine\n");
    space.write("out/notes/deep/more.txt", "mine\n");
    space.write("out/.kasliteignore", "*.own\n");
    space.write("out/b.own", "mine\n");
    let odd = std::ffi::OsStr::from_bytes(b"notes\xff");
    fs::write(space.path("out").join(odd), "mine\n").expect("a file");
    space.kaslite("status --check").ok();
    space
}

#[track_caller]
fn are_there(space: &Space, log: &str) {
    assert_eq!(space.read("out/notes.txt"), "mine\n");
    assert_eq!(space.read("out/notes/deep/more.txt"), "mine\n");
    assert_eq!(space.read("out/b.own"), "mine\n");
    let odd = std::ffi::OsStr::from_bytes(b"notes\xff");
    assert!(space.path("out").join(odd).is_file());
    assert_eq!(space.read("out/run.log"), log);
    space.kaslite("status --check").ok();
    assert!(!space.has(".kaslite/trash/replaced/out"));
}

#[test]
fn b166_what_is_ignored_in_an_out_stays_when_its_stage_runs() {
    let space = notes();
    space.write("src/a.txt", "two\n");
    space.write("out/run.log", "old\n");
    assert_eq!(space.repro(), ["make"]);
    assert_eq!(space.read("out/a.txt"), "two\n");
    are_there(&space, "log\n");
}

#[test]
fn b166_what_is_ignored_in_an_out_stays_when_its_stage_fails() {
    let space = notes();
    space.write("src/a.txt", "two\n");
    space.edit("pipeline.yaml", "out/run.log,", "out/run.log && false,");
    space.kaslite("repro").exits(1);
    space.edit("pipeline.yaml", "out/run.log && false,", "out/run.log,");
    space.write("src/a.txt", "one\n");
    are_there(&space, "log\n");
}

#[test]
fn b166_what_is_ignored_in_an_out_stays_when_it_is_restored() {
    let space = notes();
    space.write("src/a.txt", "two\n");
    space.repro();
    space.write("out/run.log", "mine\n");
    space.write("src/a.txt", "one\n");
    assert!(space.repro().len() == 1 || space.read("out/a.txt") == "one\n");
    are_there(&space, "mine\n");
}

#[test]
fn b166_what_is_ignored_in_an_out_stays_when_the_out_was_edited() {
    let space = notes();
    space.write("out/a.txt", "edited\n");
    space.ran();
    space.kaslite("repro").ok().says("edited by hand");
    assert!(space.ran().is_empty());
    assert_eq!(space.read("out/a.txt"), "one\n");
    are_there(&space, "log\n");
}

#[test]
fn b166_what_is_ignored_in_an_out_stays_when_another_version_is_checked_out() {
    let space = notes();
    let lock = space.lock();
    space.write("src/a.txt", "two\n");
    space.repro();
    let first = &space.records()[0];
    space.kaslite(&format!("checkout {first}")).ok();
    assert_eq!(space.read("out/a.txt"), "one\n");
    assert_eq!(space.lock(), lock);
    space.write("src/a.txt", "one\n");
    are_there(&space, "log\n");
    // A version that has no such out: what is not the stage's stays where it is.
    space.git("init -q");
    space.write("pipeline.lock", "version: 1\nstages: {}\n");
    space.git("add pipeline.lock");
    space.git("commit -q -m none");
    space.write("pipeline.lock", &lock);
    space.kaslite("checkout HEAD").ok();
    assert!(!space.has("out/a.txt"));
    assert_eq!(space.read("out/notes.txt"), "mine\n");
    space.repro();
    are_there(&space, "log\n");
}
