//! `kaslite watch`.

use crate::freshness::chain;
use crate::support::{Running, Space, wait_until};
use std::time::Duration;

/// Long enough for a cycle that must not happen.
const WHILE: Duration = Duration::from_millis(700);

fn watch(space: &Space, line: &str) -> Running {
    let running = space.start(line);
    space.wait_for("c.txt");
    settled(space);
    running
}

/// Waits until no run holds the project.
fn settled(space: &Space) {
    wait_until("the end of the run", || {
        space.kaslite("status --check").code == Some(0)
    });
}

fn edited(space: &Space, text: &str) {
    space.write("in.txt", text);
    wait_until("the new result", || space.read_or_nothing("c.txt") == text);
    settled(space);
}

#[test]
fn what_becomes_stale_is_run_and_ctrl_c_ends_it_with_0() {
    for line in ["watch", "watch --poll"] {
        let space = chain();
        let mut running = watch(&space, line);
        assert_eq!(space.ran(), ["a", "b", "c"], "what is stale at the start");
        edited(&space, "two\n");
        edited(&space, "three\n");
        assert_eq!(space.ran(), ["a", "b", "c", "a", "b", "c"]);
        // Not read by any stage, and not changed at all.
        space.write("unread", "x");
        space.write("in.txt", "three\n");
        std::thread::sleep(WHILE);
        assert!(space.ran().is_empty() && !running.has_ended());
        let cycles = || running.said().matches("a, b, c ran in ").count();
        wait_until("the lines of three cycles", || cycles() == 3);
        running.signal("INT");
        let ran = running.wait().exits(0);
        let ran = ran.says("watching 3 stages");
        let cycles: Vec<&str> = ran
            .stderr
            .lines()
            .filter_map(|line| line.split_once(" in ").map(|(what, _)| what))
            .filter(|what| what.contains(" ran"))
            .collect();
        let again = "in.txt modified: a, b, c ran";
        assert_eq!(cycles, ["start: a, b, c ran", again, again]);
        let others = if line.ends_with("--poll") { 2 } else { 1 };
        assert_eq!(ran.stderr.lines().count(), 3 + others, "{}", ran.text());
    }
}

#[test]
fn a_burst_of_changes_is_one_cycle() {
    let space = chain();
    let running = watch(&space, "watch");
    for round in 0..20 {
        space.write("in.txt", format!("{round}\n"));
    }
    edited(&space, "last\n");
    std::thread::sleep(WHILE);
    running.signal_group("INT");
    let ran = running.wait().exits(0);
    let cycles = ran.stderr.matches(" ran in ").count();
    // More than 20 without it; a slow machine may part the burst.
    assert!(cycles <= 5, "{}", ran.text());
}

#[test]
fn what_failed_is_not_run_again_before_something_changes() {
    let space = chain();
    space.edit(
        "pipeline.yaml",
        "tick && cp b.txt c.txt",
        "tick && cp b.txt c.txt && ! grep -q bad b.txt",
    );
    let mut running = watch(&space, "watch");
    space.ran();
    space.write("in.txt", "bad\n");
    wait_until("the failure", || space.ran_so_far() == 3);
    std::thread::sleep(WHILE);
    assert_eq!(space.ran(), ["a", "b", "c"]);
    assert!(!running.has_ended());
    edited(&space, "good\n");
    assert_eq!(space.ran(), ["a", "b", "c"]);
    running.signal("TERM");
    running
        .wait()
        .exits(0)
        .says("a, b ran, c failed (`tick && cp b.txt c.txt && ! grep -q bad b.txt` failed with");
}

#[test]
fn each_cycle_says_what_changed_and_v_says_all() {
    let space = chain();
    space.edit(
        "pipeline.yaml",
        "tick && cp a.txt",
        "tick && echo half way && cp a.txt",
    );
    let running = watch(&space, "watch");
    space.write("b.txt", "edited\n");
    running.wait_for("\nb.txt modified: b restored, 2 fresh in ");
    space.edit("pipeline.yaml", "echo half way", "echo more than half way");
    running.wait_for("\ncommand of b: b ran, 2 fresh in ");
    running.signal("INT");
    running
        .wait()
        .exits(0)
        .says("warning: b: `b.txt` was edited by hand")
        .says("\nb.txt modified: b restored, 2 fresh in ")
        .says("\ncommand of b: b ran, 2 fresh in ")
        .never_says("b | ");
    space.write("in.txt", "two\n");
    let running = space.start("watch --verbose");
    running.wait_for("3 stages: 3 ran");
    running.signal("INT");
    running
        .wait()
        .exits(0)
        .says("\nstart\n")
        .says("b | more than half way")
        .says("3 stages: 3 ran");
}

#[test]
fn a_stage_that_always_changes_makes_no_endless_loop() {
    let space = chain();
    space.edit(
        "pipeline.yaml",
        "  b:\n",
        "  b:\n    always_changed: true\n",
    );
    let running = space.start("watch");
    space.wait_for("c.txt");
    std::thread::sleep(WHILE);
    assert_eq!(space.ran(), ["a", "b", "c"]);
    running.signal("INT");
    running.wait().exits(0);
}

#[test]
fn a_pipeline_with_a_mistake_is_told_and_watched_on() {
    let space = chain();
    let running = watch(&space, "watch");
    let sound = space.read("pipeline.yaml");
    space.edit(
        "pipeline.yaml",
        "cmd: tick && cp a.txt",
        "cmdd: tick && cp a.txt",
    );
    std::thread::sleep(2 * WHILE);
    space.write(
        "pipeline.yaml",
        sound.replace("cp a.txt", "cat a.txt more >"),
    );
    space.write("more", "more\n");
    wait_until("the new result", || {
        space.read_or_nothing("c.txt") == "one\nmore\n"
    });
    settled(&space);
    running.signal("INT");
    running.wait().exits(0).says("unknown key `cmdd`");
}

#[test]
fn ctrl_c_while_a_stage_runs_ends_the_stage_too_with_130() {
    for all in [false, true] {
        let space = Space::new(
            "stages:
  slow: {cmd: tick && touch begun && sleep 60, deps: [in.txt], outs: [out]}
",
        );
        space.write("in.txt", "one\n");
        let running = space.start("watch");
        space.wait_for("begun");
        if all {
            running.signal_group("INT");
        } else {
            running.signal("INT");
        }
        running.wait().exits(130).says("interrupted");
    }
}
