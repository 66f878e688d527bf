//! Ctrl-C, kill -9: nothing is damaged, and the next repro completes.

use crate::freshness::chain;
use crate::schedule::waiting;
use crate::support::{Running, Space, kaslite, wait_until};
use std::time::{Duration, Instant};

#[test]
fn f012_ctrl_c_exits_with_130_and_the_next_repro_completes() {
    let space = waiting();
    let running = space.start("repro");
    space.wait_for("started");
    running.signal_group("INT");
    running
        .wait()
        .exits(130)
        .says("first: done")
        .says("slow: not done, the run was interrupted");
    assert!(space.lock().contains("\n  first:\n"));
    assert!(!space.lock().contains("\n  slow:\n"));
    space.kaslite("runs list").ok().prints("interrupted");
    space.ran();
    space.write("go", "");
    assert_eq!(space.repro(), ["slow", "last"]);
    assert_eq!(space.read("last"), "one\n");
}

#[test]
fn a_command_that_ctrl_c_ends_is_never_called_a_failure() {
    for _ in 0..10 {
        let space = waiting();
        let running = space.start("repro");
        space.wait_for("started");
        running.signal_group("INT");
        running.wait().exits(130).never_says("failed");
    }
}

#[test]
fn ctrl_c_puts_the_last_good_out_back() {
    let space = waiting();
    space.write("go", "");
    space.repro();
    let lock = space.lock();
    for name in ["go", "started"] {
        space.remove(name);
    }
    space.kaslite("repro -s first").ok();
    space.write("in.txt", "two\n");
    let running = space.start("repro");
    space.wait_for("started");
    running.signal_group("INT");
    running.wait().exits(130);
    assert_eq!(space.read("slow"), "one\n");
    space.write("in.txt", "one\n");
    space.ran();
    assert!(space.repro().is_empty(), "everything is in the cache");
    assert_eq!(space.lock(), lock);
}

#[test]
fn f012_an_interrupt_of_kaslite_alone_ends_the_command_too() {
    let space = Space::new(
        "stages:\n  a: {cmd: 'touch started; exec sleep 8', deps: [in.txt], outs: [a.txt]}\n",
    );
    space.write("in.txt", "one\n");
    let running = space.start("repro");
    space.wait_for("started");
    let start = Instant::now();
    running.signal("INT");
    running.wait().exits(130);
    assert!(
        start.elapsed() < Duration::from_secs(5),
        "it waited for the command"
    );
}

#[test]
fn f012_a_request_to_terminate_ends_a_run_as_gently_as_ctrl_c() {
    let space = waiting();
    let running = space.start("repro");
    space.wait_for("started");
    running.signal_group("TERM");
    running.wait().exits(130);
    space.write("go", "");
    assert_eq!(space.kaslite("repro").ok().code, Some(0));
}

#[test]
fn f012_a_command_that_is_asked_to_end_before_kaslite_hears_of_it_has_not_failed() {
    for signal in ["TERM", "INT"] {
        let space = waiting();
        let running = space.start("repro");
        space.wait_for("started");
        // While kaslite stands still, the command ends first for certain.
        running.signal("STOP");
        running.signal_commands(signal);
        running.signal(signal);
        running.signal("CONT");
        running
            .wait()
            .exits(130)
            .says("slow: not done, the run was interrupted");
    }
}

#[test]
fn a_command_that_ends_itself_by_a_signal_has_failed() {
    let space = Space::new("stages:\n  a: {cmd: kill -TERM $$, outs: [a.txt]}\n");
    space
        .kaslite("repro")
        .exits(1)
        .says("was killed by signal 15");
}

#[test]
fn a_run_under_nohup_outlives_its_terminal() {
    let space = waiting();
    let mut command = space.program("nohup");
    command.arg(kaslite()).arg("repro");
    let running = Running::start(&mut command, space.root().to_owned());
    space.wait_for("started");
    running.signal_all("HUP");
    space.write("go", "");
    running.wait().exits(0);
    assert_eq!(space.read("last"), "one\n");
}

#[test]
fn a_run_ends_with_its_terminal() {
    let space = waiting();
    // Whoever runs the tests may have had them ignore it.
    let env = || {
        let mut env = space.program("env");
        env.arg("--default-signal=HUP");
        env
    };
    if !env()
        .arg("true")
        .status()
        .is_ok_and(|status| status.success())
    {
        return eprintln!("skipped: env cannot set signals back");
    }
    let mut command = env();
    command.arg(kaslite());
    let running = Running::start(command.arg("repro"), space.root().to_owned());
    space.wait_for("started");
    running.signal("HUP");
    running.wait().exits(130);
}

/// Of files, what can be read in a message.
fn names(files: &[(String, u32, String)]) -> Vec<&str> {
    files.iter().map(|(name, _, _)| name.as_str()).collect()
}

#[test]
fn f001_killed_at_any_moment_the_next_repro_makes_what_an_undisturbed_run_makes() {
    let undisturbed = chain();
    undisturbed.repro();
    let (files, lock) = (undisturbed.files(), undisturbed.lock());
    for moment in 0..15 {
        let space = chain();
        let running = space.start("repro");
        std::thread::sleep(Duration::from_millis(4 * moment));
        running.kill_all();
        running.wait();
        space.kaslite("status").ok();
        space.kaslite("repro").ok();
        let made = space.files();
        assert_eq!(
            names(&made),
            names(&files),
            "killed after {} ms",
            4 * moment
        );
        assert_eq!(made, files, "killed after {} ms", 4 * moment);
        assert_eq!(space.lock(), lock, "killed after {} ms", 4 * moment);
    }
}

#[test]
fn f001_killed_during_a_rerun_at_any_moment_the_next_repro_completes_or_the_old_outs_are_back() {
    let space = chain();
    for moment in 0..10 {
        let text = format!("text {moment}\n");
        space.write("in.txt", &text);
        let running = space.start("repro");
        std::thread::sleep(Duration::from_millis(5 * moment));
        running.kill_all();
        running.wait();
        space.kaslite("repro").ok().never_says("edited by hand");
        for name in ["a.txt", "b.txt", "c.txt"] {
            assert_eq!(space.read(name), text);
        }
        space.kaslite("status --check").ok();
    }
}

#[test]
fn killed_while_a_command_runs_its_half_made_out_is_not_believed() {
    let space = waiting();
    space.write("go", "");
    space.repro();
    for name in ["go", "started"] {
        space.remove(name);
    }
    space.write("in.txt", "two\n");
    let running = space.start("repro");
    space.wait_for("started");
    running.kill_all();
    running.wait();
    assert_eq!(space.read("slow"), "half\n");
    space
        .kaslite("status --check")
        .exits(3)
        .prints("slow: stale");
    // Back to the old input: the old out comes back and nothing runs.
    space.write("in.txt", "one\n");
    space.ran();
    space.kaslite("repro").ok().never_says("edited by hand");
    assert!(space.ran().is_empty());
    assert_eq!(space.read("slow"), "one\n");
    space.kaslite("status --check").ok();
}

#[test]
fn what_a_killed_first_run_left_half_made_is_called_that() {
    let space = waiting();
    let running = space.start("repro");
    space.wait_for("started");
    running.kill_all();
    running.wait();
    space.write("go", "");
    space
        .kaslite("repro")
        .ok()
        .says("`slow` was left by a run that was killed: that version is kept as")
        .never_says("was there before");
    assert_eq!(space.read("slow"), "one\n");
}

#[test]
fn killed_while_a_command_runs_its_last_good_out_comes_back_though_it_is_not_cached() {
    let space = waiting();
    space.edit(
        "pipeline.yaml",
        "outs: [slow]",
        "outs: [{slow: {cache: false}}]",
    );
    space.write("go", "");
    space.repro();
    for name in ["go", "started"] {
        space.remove(name);
    }
    space.write("in.txt", "two\n");
    let running = space.start("repro");
    space.wait_for("started");
    running.kill_all();
    running.wait();
    space.write("in.txt", "one\n");
    space.ran();
    assert!(space.repro().is_empty());
    assert_eq!(space.read("slow"), "one\n");
}

#[test]
fn a_killed_run_is_listed_as_unfinished_and_leaves_no_unfinished_work() {
    let space = waiting();
    let running = space.start("repro");
    space.wait_for("started");
    running.kill_all();
    running.wait();
    space.kaslite("runs list").ok().prints("unfinished");
    space.write("go", "");
    space.repro();
    space
        .kaslite("runs list")
        .ok()
        .prints("unfinished")
        .prints("done");
    assert!(!space.has(".kaslite/tmp"));
    assert!(!space.has(".kaslite/journal-pipeline.yaml"));
}

#[test]
fn f004_a_journal_cut_off_by_a_crash_is_read_up_to_there() {
    let space = waiting();
    let running = space.start("repro");
    space.wait_for("started");
    running.kill_all();
    running.wait();
    let journal = space.read(".kaslite/journal-pipeline.yaml");
    space.write(
        ".kaslite/journal-pipeline.yaml",
        format!("{journal}{{\"done\":{{\"stage\":\"sl"),
    );
    // Killed again: what the second run noted must not be lost behind the torn line.
    space.remove("started");
    let running = space.start("repro");
    space.wait_for("started");
    running.kill_all();
    running.wait();
    space.write("go", "");
    space.ran();
    assert_eq!(space.repro(), ["slow", "last"]);
    assert_eq!(space.read("last"), "one\n");
}

#[test]
fn f052_the_lock_of_a_killed_kaslite_does_not_stay() {
    let space = waiting();
    let running = space.start("repro");
    space.wait_for("started");
    running.signal("KILL");
    running.wait();
    space.write("go", "");
    wait_until("the orphaned command to end", || {
        space.read("slow") == "one\n"
    });
    space.kaslite("repro").ok();
    assert_eq!(space.read("last"), "one\n");
}
