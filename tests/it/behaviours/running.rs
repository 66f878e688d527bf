//! 107–122, 127–131: running a stage, and what becomes of it.

use crate::schedule::waiting;
use crate::support::{Space, commands};
use std::time::{Duration, Instant};

/// A stage with more keys.
pub(super) fn one(keys: &str) -> Space {
    let space = Space::new(&format!(
        "stages:\n  a: {{cmd: tick && cp in.txt a.txt, deps: [in.txt], outs: [a.txt], {keys}}}\n"
    ));
    space.write("in.txt", "one\n");
    space
}

#[test]
fn b109_a_folder_that_is_not_there_is_an_error_before_anything_starts() {
    let space = one("wdir: gone");
    space
        .kaslite("repro")
        .exits(2)
        .says("`wdir: gone` is not a folder");
    assert!(space.ran().is_empty());
}

#[test]
fn b113_after_a_failure_the_last_good_out_is_there_and_can_be_brought_back() {
    let space = Space::new(
        "stages:
  a: {cmd: tick && rm -f a.txt && cp in.txt a.txt && grep -q one in.txt, deps: [in.txt], outs: [a.txt]}
",
    );
    space.write("in.txt", "one\n");
    space.repro();
    space.write("in.txt", "two\n");
    space.kaslite("repro").exits(1);
    assert_eq!(space.read("a.txt"), "one\n");
    space.remove("a.txt");
    space.kaslite("checkout a").ok().prints("A a.txt");
    assert_eq!(space.read("a.txt"), "one\n");
}

#[test]
fn b118_a_failure_takes_nothing_back_of_what_git_ignores() {
    let space = Space::new(
        "stages:
  good: {cmd: tick && cp in.txt good && echo /good >> .gitignore, deps: [in.txt], outs: [good]}
  bad: {cmd: tick && false, deps: [good], outs: [bad]}
",
    );
    space.write("in.txt", "one\n");
    space.write("data.csv", "1\n");
    space.kaslite("add data.csv").ok();
    let ignored = space.read(".gitignore");
    space.kaslite("repro").exits(1);
    assert_eq!(space.read(".gitignore"), format!("{ignored}/good\n"));
    assert!(space.has("good") && space.has("data.csv.kaslite"));
}

#[test]
fn b120_ignore_errors_runs_what_reads_the_failed_stage_too_and_exits_with_0() {
    let space = Space::new(
        "stages:
  bad: {cmd: tick && touch made && false, deps: [in.txt], outs: [{made: {persist: true}}]}
  below: {cmd: tick && cp made below, deps: [made], outs: [below]}
  free: {cmd: tick && cp in.txt free, deps: [in.txt], outs: [free]}
",
    );
    space.write("in.txt", "one\n");
    space.kaslite("repro --ignore-errors -j1").ok();
    assert_eq!(space.ran(), ["bad", "below", "free"]);
}

#[test]
fn b121_ctrl_c_reaches_a_command_once_and_lets_it_end() {
    let space = Space::new(
        "stages:
  a:
    cmd: |
      trap 'echo x >> ../interrupts' INT
      touch started
      n=0
      until test -e ../interrupts -a $n -gt 30; do n=$((n+1)); sleep 0.02 || true; done
      touch ../tidied; exit 1
    deps: [in.txt]
    outs: [a]
",
    );
    space.write("in.txt", "one\n");
    let running = space.start("repro");
    space.wait_for("started");
    running.signal_group("INT");
    running.wait().exits(130);
    let interrupts = std::fs::read_to_string(space.beside("interrupts")).expect("a file");
    assert_eq!(interrupts, "x\n");
    assert!(space.beside("tidied").exists());
    assert!(!space.has(".kaslite/tmp"));
}

#[test]
fn b121_a_second_ctrl_c_ends_a_command_that_does_not_listen() {
    let space = Space::new(
        "stages:
  a: {cmd: 'trap : INT TERM; touch started; while :; do sleep 0.05 || true; done', deps: [in.txt], outs: [a]}
",
    );
    space.write("in.txt", "one\n");
    for signal in ["INT", "TERM"] {
        let mut running = space.start("repro");
        space.wait_for("started");
        space.remove("started");
        running.signal_group(signal);
        std::thread::sleep(Duration::from_millis(1300));
        assert!(!running.has_ended());
        running.signal_group(signal);
        running
            .wait()
            .exits(130)
            .says("Ctrl-C again ends it at once");
        assert_eq!(commands(space.root()), [""; 0]);
        assert!(!space.has(".kaslite/tmp"));
    }
}

#[test]
fn b122_what_a_killed_kaslite_left_running_is_waited_for() {
    let space = waiting();
    let first = space.start("repro");
    space.wait_for("started");
    first.signal("KILL");
    first.wait();
    space
        .kaslite("repro --no-wait")
        .exits(5)
        .says("which was killed, had started for `slow`")
        .says("hint: `kill -- -");
    space.kaslite("commit slow").exits(5);
    // What others make is not in the way.
    space.kaslite("repro --no-wait first").ok();
    space.kaslite("status").ok();
    let mut second = space.start("repro");
    std::thread::sleep(Duration::from_millis(300));
    assert!(!second.has_ended());
    assert_eq!(space.read("slow"), "half\n");
    space.write("go", "");
    second.wait().ok().says("slow: waits for what process ");
    assert_eq!(space.ran(), ["first", "slow", "slow", "last"]);
    assert!(!space.has(".kaslite/tmp"));
}

#[test]
fn b122_it_can_be_ended_as_is_said() {
    let space = waiting();
    let first = space.start("repro");
    space.wait_for("started");
    space.remove("started");
    first.signal("KILL");
    first.wait();
    let second = space.start("repro");
    std::thread::sleep(Duration::from_millis(200));
    let hint = space.kaslite("repro --no-wait").exits(5).stderr;
    let (_, hint) = hint.split_once("hint: `kill -- ").expect("how to end it");
    let (groups, _) = hint.split_once('`').expect("its end");
    let mut kill = std::process::Command::new("kill");
    let killed = kill.arg("--").args(groups.split(' ')).status();
    assert!(killed.expect("the program kill").success());
    space.wait_for("started");
    space.write("go", "");
    second.wait().ok();
    assert_eq!(space.read("last"), "one\n");
}

#[test]
fn b130_a_stage_that_changes_its_own_dep_is_not_taken_as_fresh() {
    let space = Space::new(
        "stages:\n  a: {cmd: tick && cp in.txt a && echo more >> in.txt, deps: [in.txt], outs: [a]}\n",
    );
    space.write("in.txt", "one\n");
    space
        .kaslite("repro")
        .ok()
        .says("`in.txt` changed while it ran");
    space.kaslite("status --check").exits(3);
}

#[test]
fn b131_each_attempt_and_its_log_are_recorded() {
    let space = Space::new(
        "stages:
  a:
    cmd: echo x >> ../tries; wc -l < ../tries; test $(wc -l < ../tries) = 3; cp in.txt a
    deps: [in.txt]
    outs: [a]
    retries: 2
",
    );
    space.write("in.txt", "one\n");
    space
        .kaslite("repro")
        .ok()
        .says("attempt 1 of 3 failed: ")
        .says("attempt 2 of 3 failed: ")
        .never_says("attempt 3");
    let run = space.records().pop().expect("a run");
    let record = |name: &str| space.read(&format!("results/runs/{run}/{name}"));
    for (log, said) in [
        ("attempts/1.log", "1"),
        ("attempts/2.log", "2"),
        ("log", "3"),
    ] {
        assert_eq!(record(&format!("logs/stages/a.{log}")).trim(), said);
    }
    let summary: serde_json::Value = serde_json::from_str(&record("summary.json")).expect("JSON");
    let attempts = summary["stages"][0]["failed_attempts"].as_array();
    let attempts = attempts.expect("a list");
    assert_eq!(attempts.len(), 2);
    let reason = attempts[0]["reason"].as_str().expect("a reason");
    assert!(reason.ends_with("failed with exit code 1"), "{reason}");
    // What is said again when it is restored is what the attempt said that made it.
    space.remove("a");
    let again = space.kaslite("repro").ok().says("(replayed) | 3");
    again.never_says("(replayed) | 2");
}

#[test]
fn b131_a_timeout_ends_all_that_the_command_started() {
    let space = Space::new(
        "stages:
  a:
    cmd: |
      sh -c 'trap : INT TERM; while :; do sleep 0.05; done' &
      setsid sleep 60 &
      sleep 60
    deps: [in.txt]
    outs: [a]
    timeout: 300ms
",
    );
    space.write("in.txt", "one\n");
    let began = Instant::now();
    space
        .kaslite("repro")
        .exits(1)
        .says("it did not end within 300ms");
    assert!(began.elapsed() < Duration::from_secs(30));
    assert_eq!(commands(space.root()), [""; 0]);
}

#[test]
fn b131_a_stage_that_takes_too_long_fails() {
    let space = one("desc: x");
    space.edit("pipeline.yaml", "tick && cp", "sleep 60; cp");
    space.edit("pipeline.yaml", "desc: x", "timeout: 200ms, retries: 1");
    let began = Instant::now();
    space
        .kaslite("repro")
        .exits(1)
        .says("attempt 1 of 2 failed: it did not end within 200ms")
        .says("a: failed: attempt 2 of 2 failed");
    assert!(began.elapsed() < Duration::from_secs(30));
}

#[test]
fn b131_limits_are_no_part_of_what_a_stage_is_made_from() {
    let space = one("desc: x");
    space.repro();
    let keys = "resources: {cpus: 2, gpus: 0, memory: 4GiB, time: 30m}, pool: p, timeout: 2h 30m, retries: 3";
    space.edit("pipeline.yaml", "desc: x", keys);
    space.kaslite("repro").ok().says("1 fresh");
}

#[test]
fn b131_what_is_wrong_with_limits_is_said_with_a_hint() {
    for (keys, says) in [
        ("timeout: 30", "write `45s`, `30m` or `2h 30m`"),
        ("timeout: soon", "must be a length of time with its unit"),
        ("resources: {memory: 4}", "write `512MiB` or `4GiB`"),
        ("resources: {cpus: 0}", "must be a whole number, 1 or more"),
        ("resources: {gpu: 1}", "did you mean `gpus`?"),
        ("resources: 4", "write `resources: {cpus: 2, memory: 4GiB}`"),
        ("retries: -1", "must be a whole number, 0 or more"),
    ] {
        one(keys).kaslite("status").exits(2).says(says);
    }
    let space = one("pool: p");
    let text = space.read("pipeline.yaml");
    space.write("pipeline.yaml", format!("pools: {{p: none}}\n{text}"));
    space
        .kaslite("status")
        .exits(2)
        .says("the depth of the pool `p`");
}
