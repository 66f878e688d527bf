//! Group G: the run cache.

use crate::behaviours::data::{cached, fickle, lose, maker};
use crate::freshness::chain;
use crate::support::{Space, has_git};

#[test]
fn b132_a_param_changed_back_restores() {
    let space = Space::new(
        "stages:
  make: {cmd: tick && cp params.yaml out.txt, params: [a], outs: [out.txt]}
",
    );
    space.write("params.yaml", "a: 1\n");
    assert_eq!(space.repro(), ["make"]);
    space.write("params.yaml", "a: 2\n");
    assert_eq!(space.repro(), ["make"]);
    space.write("params.yaml", "a: 1\n");
    assert!(space.repro().is_empty());
    assert_eq!(space.read("out.txt"), "a: 1\n");
}

#[test]
fn b133_without_outs_and_lock_all_is_restored() {
    let space = maker();
    space.repro();
    let files = space.files();
    for name in ["out.txt", "d", "pipeline.lock"] {
        space.remove(name);
    }
    assert!(space.repro().is_empty());
    assert_eq!(space.files(), files);
}

#[test]
fn b134_f034_of_two_runs_of_the_same_inputs_the_newest_is_restored() {
    let space = fickle();
    space.repro();
    space.write("../value", "second\n");
    space.kaslite("repro --force").ok();
    space.remove("out.txt");
    space.remove("pipeline.lock");
    space.ran();
    assert!(space.repro().is_empty());
    assert_eq!(space.read("out.txt"), "second\n");
}

#[test]
fn b135_a_renamed_out_is_not_restored() {
    let space = Space::new(
        "stages:
  make: {cmd: tick && cp in.txt a.txt && cp in.txt b.txt, deps: [in.txt], outs: [a.txt]}
",
    );
    space.write("in.txt", "one\n");
    space.repro();
    space.edit("pipeline.yaml", "outs: [a.txt]", "outs: [b.txt]");
    space.remove("b.txt");
    assert_eq!(space.repro(), ["make"]);
    assert_eq!(space.read("b.txt"), "one\n");
}

#[test]
fn b136_metrics_are_restored_with_the_outs() {
    let space = Space::new(
        "stages:
  make:
    cmd: tick && cp in.txt out.txt && echo '{\"a\":1}' > m.json
    deps: [in.txt]
    outs: [out.txt]
    metrics: [m.json]
",
    );
    space.write("in.txt", "one\n");
    space.repro();
    space.remove("m.json");
    space.remove("out.txt");
    assert!(space.repro().is_empty());
    assert_eq!(space.read("m.json"), "{\"a\":1}\n");
}

#[test]
fn b137_equal_stages_in_two_folders_have_an_entry_each() {
    let space = Space::new(
        "stages:
  one: {wdir: a, cmd: tick && pwd > out.txt, deps: [in.txt], outs: [out.txt]}
  two: {wdir: b, cmd: tick && pwd > out.txt, deps: [in.txt], outs: [out.txt]}
",
    );
    space.write("a/in.txt", "same\n");
    space.write("b/in.txt", "same\n");
    space.kaslite("repro -j1").ok();
    assert_eq!(space.ran(), ["one", "two"]);
    for name in ["a/out.txt", "b/out.txt", "pipeline.lock"] {
        space.remove(name);
    }
    assert!(space.repro().is_empty());
    assert!(space.read("a/out.txt").ends_with("/a\n"));
    assert!(space.read("b/out.txt").ends_with("/b\n"));
}

#[test]
fn b138_f032_a_lost_content_is_a_miss() {
    let space = maker();
    space.repro();
    lose(&space, "y\n");
    space.remove("d");
    assert_eq!(space.repro(), ["make"]);
    assert_eq!(space.read("d/y"), "y\n");
}

fn talker() -> Space {
    let space = Space::new(
        "stages:
  talk: {cmd: tick && cat in.txt && echo beware >&2 && cp in.txt out.txt, deps: [in.txt], outs: [out.txt]}
",
    );
    space.write("in.txt", "one\n");
    space
}

#[test]
fn b139_a_restored_stage_says_again_what_it_said() {
    let space = talker();
    space.kaslite("repro").ok().says("talk | one\n");
    space.write("in.txt", "two\n");
    space.kaslite("repro").ok().says("talk | two\n");
    space.write("in.txt", "one\n");
    space
        .kaslite("repro")
        .ok()
        .says("talk (replayed) | one\n")
        .says("talk (replayed) | beware\n")
        .never_says("two");
    let last = space.records().pop().expect("a run");
    assert!(
        space
            .read(&format!("results/runs/{last}/logs/stages/talk.log"))
            .contains("one\n")
    );
    // Nothing to restore, nothing to say.
    space.kaslite("repro").ok().never_says("replayed");
}

#[test]
fn b139_replayed_lines_are_marked_for_machines() {
    let space = talker();
    let marks = |line: &str| -> Vec<(String, String, bool)> {
        let events = space.kaslite(line).ok().json_lines();
        let logs = events.iter().filter(|event| event["event"] == "log");
        let text =
            |event: &serde_json::Value, key: &str| event[key].as_str().expect("text").to_owned();
        let mut marks: Vec<_> = logs
            .map(|event| {
                let replayed = event["replayed"].as_bool().unwrap_or(false);
                (text(event, "stream"), text(event, "line"), replayed)
            })
            .collect();
        marks.sort();
        marks
    };
    let said = |replayed| {
        [("stderr", "beware"), ("stdout", "one")]
            .map(|(stream, line)| (stream.to_owned(), line.to_owned(), replayed))
    };
    assert_eq!(marks("repro --json"), said(false));
    space.remove("out.txt");
    assert_eq!(marks("repro --json"), said(true));
}

#[test]
fn b139_a_long_log_is_kept_in_part() {
    let space = Space::new(
        "stages:
  talk: {cmd: tick && seq 1 200000 && cp in.txt out.txt, deps: [in.txt], outs: [out.txt]}
",
    );
    space.write("in.txt", "one\n");
    space.repro();
    let logs = cached(&space, "logs");
    assert_eq!(logs.len(), 1);
    let size = logs[0].metadata().expect("a file").len();
    assert!(size < 4 << 20, "{size}");
    space.remove("out.txt");
    space
        .kaslite("repro")
        .ok()
        .says("talk (replayed) | 1\n")
        .says("lines left out")
        .says("talk (replayed) | 200000\n");
}

#[test]
fn b140_with_the_cache_of_another_machine_a_clone_runs_nothing() {
    if !has_git() {
        return eprintln!("skipped: git is not here");
    }
    let space = chain();
    space.repro();
    space.git("init -q -b main");
    space.git("add pipeline.yaml pipeline.lock in.txt");
    space.git("commit -qm one");
    let clone = space.beside("clone");
    let clone = clone.to_str().expect("a path");
    space.git(&format!("clone -q . {clone}"));
    let mut copy = space.program("cp");
    let cache = space.path(".kaslite/cache");
    std::fs::create_dir(format!("{clone}/.kaslite")).expect("a folder");
    space
        .finish(copy.arg("-r").arg(cache).arg(format!("{clone}/.kaslite/")))
        .ok();
    space.ran();
    space
        .kaslite(&format!("-C {clone} repro"))
        .ok()
        .says("3 restored");
    assert!(space.ran().is_empty());
    space.kaslite(&format!("-C {clone} status --check")).ok();
}
