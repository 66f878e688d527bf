//! `kaslite repro --trace`.

use crate::freshness::chain;
use crate::support::Space;
use serde_json::json;
use std::process::Command;

/// Whether there is strace, and it may trace; says so where not.
#[expect(clippy::print_stderr, reason = "a test that checks nothing says so")]
fn has_strace() -> bool {
    let mut probe = Command::new("strace");
    let has = probe
        .args(["-qq", "-o", "/dev/null", "true"])
        .status()
        .is_ok_and(|status| status.success());
    if !has {
        eprintln!("skipped: there is no strace that may trace");
    }
    has
}

const PIPELINE: &str = "\
stages:
  careful:
    cmd: tick && cp in.txt careful.txt
    deps: [in.txt]
    outs: [careful.txt]
  careless:
    cmd:
    - tick && cat ../in.txt ../ä.txt folder/* | cat > out
    - tick && ./tool && cat made >> out && test ! -e ../nothing
    wdir: sub
    deps: [../in.txt, ../old.csv, folder]
    outs: [out]
";

fn space() -> Space {
    let space = Space::new(PIPELINE);
    for name in [
        "in.txt",
        "ä.txt",
        "old.csv",
        "sub/folder/a",
        "sub/folder/b",
        "sub/lib.txt",
    ] {
        space.write(name, "x\n");
    }
    space.write("sub/tool", "#!/bin/sh\ncat lib.txt > made\n");
    let tool = space.path("sub/tool");
    let mut chmod = space.program("chmod");
    space.finish(chmod.arg("+x").arg(tool)).ok();
    space
}

#[test]
fn what_is_read_and_not_declared_is_told_with_the_lines_for_deps() {
    if !has_strace() {
        return;
    }
    let space = space();
    let ran = space.kaslite("repro --trace -j1").ok();
    let at = ran.stderr.find("Stage ").expect("a table");
    insta::assert_snapshot!(&ran.stderr[at..]);
    space
        .kaslite("repro --trace")
        .ok()
        .says("nothing was traced");
    space
        .kaslite("repro --trace -s -f careful")
        .ok()
        .says("1 stage traced: what was read is declared");
}

#[test]
fn as_json_it_is_an_event_and_the_result_is_that_of_an_untraced_run() {
    if !has_strace() {
        return;
    }
    let (space, plain) = (space(), space());
    let ran = space.kaslite("repro --trace -j1 --json").ok();
    let events = ran.json_lines();
    let traced: Vec<_> = events
        .iter()
        .filter(|event| event["event"] == "stage-traced")
        .collect();
    let careless = json!({
        "event": "stage-traced",
        "stage": "careless",
        "undeclared": ["lib.txt", "tool", "../ä.txt"],
        "unopened": ["../old.csv"],
    });
    assert_eq!(traced.len(), 2);
    assert!(traced.contains(&&careless), "{traced:?}");
    plain.kaslite("repro -j1").ok();
    assert_eq!(space.files(), plain.files());
    assert!(!space.has(".kaslite/tmp"));
}

#[test]
fn a_traced_command_fails_and_is_interrupted_as_any_other() {
    if !has_strace() {
        return;
    }
    let space = Space::new("stages:\n  a: {cmd: exit 7, deps: [in.txt]}\n");
    space.write("in.txt", "");
    space
        .kaslite("repro --trace")
        .exits(1)
        .says("failed with exit code 7");
    space.write(
        "pipeline.yaml",
        "stages:\n  a: {cmd: touch begun; sleep 60, deps: [in.txt]}\n",
    );
    let running = space.start("repro --trace");
    space.wait_for("begun");
    running.signal("INT");
    running.wait().exits(130);
}

#[test]
fn without_strace_it_says_so_and_runs() {
    let mut space = chain();
    let bin = space.beside("bin");
    for name in ["sh", "cp", "tick"] {
        let mut which = space.program("sh");
        let found = space
            .finish(which.args(["-c", &format!("command -v {name}")]))
            .ok();
        std::os::unix::fs::symlink(found.stdout.trim(), bin.join(name)).expect("a link");
    }
    space.set("PATH", &bin.display().to_string());
    space
        .kaslite("repro --trace")
        .ok()
        .says("warning: strace is not on the PATH")
        .says("3 ran");
}
