//! Faults 2–4, 10, 11, 13: killed at a set point.

use crate::behaviours::data::maker;
use crate::faults::tools::{
    calls, can_inject, contents_are_whole, kills, with_faults, with_faults_at,
};
use crate::support::{Space, wait_until};
use std::collections::BTreeMap;
use std::fs;

/// How often a run without faults makes a call: the most that one of its threads does.
fn count(call: &str) -> usize {
    let space = maker();
    with_faults(&space, &[&format!("{call}:delay_enter=0")], "repro").ok();
    let mut threads = BTreeMap::new();
    for line in calls(&space) {
        if line.contains(call.trim_start_matches("/^")) {
            let thread = line.split(' ').next().unwrap_or_default().to_owned();
            *threads.entry(thread).or_insert(0) += 1;
        }
    }
    threads.into_values().max().expect("a call")
}

/// Kills a first run and a second one, whose input changed, at one call after the other: what is in the
/// cache is whole, what the lock says holds, and the next run makes what an undisturbed one makes.
#[track_caller]
fn survives_a_kill_at(call: &str) {
    if !can_inject() {
        return;
    }
    let undisturbed = maker();
    undisturbed.repro();
    undisturbed.write("in.txt", "two\n");
    undisturbed.repro();
    let count = count(call);
    let tries = kills(2).min(count);
    for point in (0..tries).map(|try_| 1 + try_ * count / tries) {
        let at = format!("{call} number {point}");
        let fault = format!("{call}:signal=KILL:when={point}");
        let space = maker();
        for input in ["one\n", "two\n"] {
            space.write("in.txt", input);
            with_faults(&space, &[&fault], "repro");
            contents_are_whole(&space);
            space.kaslite("status").ok();
            space.kaslite("repro").ok().never_says("edited by hand");
            space.kaslite("status --check").ok();
            assert_eq!(space.read("d/x"), input, "killed at {at}");
        }
        assert_eq!(space.files(), undisturbed.files(), "killed at {at}");
        assert_eq!(space.lock(), undisturbed.lock(), "killed at {at}");
        assert!(!space.has(".kaslite/tmp"), "killed at {at}");
    }
}

#[test]
fn f002_f003_f004_killed_before_any_file_is_forced_to_the_disk() {
    survives_a_kill_at("fsync");
}

#[test]
fn f002_f003_f004_killed_before_any_file_is_put_in_its_place() {
    survives_a_kill_at("/^rename");
}

#[test]
fn f002_f003_f004_killed_before_anything_is_written() {
    survives_a_kill_at("write");
}

#[test]
fn f002_f003_f004_killed_before_anything_is_removed() {
    survives_a_kill_at("/^unlink");
}

#[test]
fn f010_killed_between_the_record_and_the_lock_the_stage_is_cached() {
    if !can_inject() {
        return;
    }
    let space = maker();
    // The first line says that the stage begins, the second what it made.
    let fault = ["write:signal=KILL:when=2"];
    let ran = with_faults_at(&space, &fault, &[".kaslite/journal-pipeline.yaml"], "repro");
    assert_eq!(ran.code, None, "{}", ran.text());
    assert_eq!(space.ran(), ["make"]);
    space
        .kaslite("status")
        .ok()
        .prints("make: stale, in the cache");
    assert!(space.repro().is_empty());
    assert_eq!(space.read("d/x"), "one\n");
    space.kaslite("status --check").ok();
}

#[test]
fn f011_unfinished_work_of_killed_runs_is_cleared() {
    let space = maker();
    let left = [
        ".kaslite/tmp/backup-of-old/out.txt",
        ".kaslite/cache/tmp/.tmpAbCdEf/blob",
        ".kaslite/cache/runs/ab/.tmpAbCdEf",
        ".kaslite/cache/blobs/ab/.tmpAbCdEf",
        ".kaslite/.tmpAbCdEf",
    ];
    for name in left {
        space.write(name, "half");
    }
    space.repro();
    space.kaslite("gc -w").ok();
    for name in left {
        assert!(!space.has(name), "{name}");
    }
    space.kaslite("status --check").ok();
}

#[test]
fn f013_what_a_command_started_ends_with_it() {
    let space = Space::new(
        "stages:
  make: {cmd: tick; sh child.sh & wait, deps: [in.txt], outs: [out.txt]}
",
    );
    space.write("in.txt", "one\n");
    space.write("child.sh", "sleep 60 &\necho $! > grandchild\nwait\n");
    let running = space.start("repro");
    wait_until("the grandchild", || {
        !space.read_or_nothing("grandchild").trim().is_empty()
    });
    let id = space.read("grandchild").trim().to_owned();
    let lives = || {
        // One that has ended and that nobody has waited for is dead too.
        let status = fs::read_to_string(format!("/proc/{id}/status"));
        status.is_ok_and(|text| !text.contains("State:\tZ"))
    };
    assert!(lives());
    running.signal("INT");
    running.wait().exits(130);
    wait_until("the grandchild to end", || !lives());
}
