//! Behaviour 166: `.kasliteignore`.

use crate::support::Space;

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
    let ran = space.kaslite("repro");
    assert_ne!(ran.code, Some(0));
    ran.says(".kasliteignore").says("line 2");
}
