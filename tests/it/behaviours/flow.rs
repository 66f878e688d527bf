//! What makes a stage stale, the lock, and the words about both.

use crate::freshness::chain;
use crate::support::{Space, has_git};
use serde_json::json;

#[test]
fn b003_a_second_dep_in_the_middle_of_a_chain_runs_from_there_on() {
    let space = chain();
    space.edit("pipeline.yaml", "cp a.txt b.txt", "cat a.txt more > b.txt");
    space.edit("pipeline.yaml", "deps: [a.txt]", "deps: [a.txt, more]");
    space.write("more", "1\n");
    assert_eq!(space.repro(), ["a", "b", "c"]);
    space.write("more", "2\n");
    assert_eq!(space.repro(), ["b", "c"]);
    assert_eq!(space.read("c.txt"), "one\n2\n");
}

#[test]
fn b004_one_arm_of_a_diamond_runs_with_the_join_and_without_the_other_arm() {
    let space = Space::new(
        "stages:
  top: {cmd: tick && cp in.txt top, deps: [in.txt], outs: [top]}
  left: {cmd: tick && cat top l > left, deps: [top, l], outs: [left]}
  right: {cmd: tick && cat top r > right, deps: [top, r], outs: [right]}
  join: {cmd: tick && cat left right > join, deps: [left, right], outs: [join]}
",
    );
    for name in ["in.txt", "l", "r"] {
        space.write(name, "1\n");
    }
    space.repro();
    space.write("l", "2\n");
    assert_eq!(space.repro(), ["left", "join"]);
}

#[test]
fn b009_an_out_that_is_nowhere_is_made_again_and_equal_bytes_stop_there() {
    let space = chain();
    space.repro();
    space.remove(".kaslite");
    space.remove("a.txt");
    assert_eq!(space.repro(), ["a"]);
    space.kaslite("status --check").ok();
}

#[test]
fn b012_another_spacing_of_a_command_is_another_command() {
    let space = chain();
    space.repro();
    space.edit("pipeline.yaml", "cp b.txt c.txt", "cp  b.txt c.txt");
    space
        .kaslite("status --check")
        .exits(3)
        .prints("c: stale\n  command");
    assert_eq!(space.repro(), ["c"]);
}

#[test]
fn b013_a_command_wrapped_over_lines_of_yaml_is_the_same_command() {
    let space = chain();
    space.repro();
    space.edit(
        "pipeline.yaml",
        "    cmd: tick && cp a.txt b.txt\n",
        "    cmd: tick &&\n      cp a.txt\n      b.txt\n",
    );
    space.edit(
        "pipeline.yaml",
        "    cmd: tick && cp b.txt c.txt\n",
        "    cmd: >-\n      tick && cp\n      b.txt c.txt\n",
    );
    space.kaslite("status --check").ok();
    assert!(space.repro().is_empty());
}

#[test]
fn b015_a_description_and_meta_make_nothing_stale() {
    let space = chain();
    space.repro();
    space.edit(
        "pipeline.yaml",
        "    cmd: tick && cp a.txt",
        "    desc: copies\n    meta: {owner: [me]}\n    cmd: tick && cp a.txt",
    );
    space.kaslite("status --check").ok();
    assert!(space.repro().is_empty());
}

#[test]
fn b017_a_removed_dep_is_a_reason_and_leaves_the_lock() {
    let space = chain();
    space.edit("pipeline.yaml", "deps: [in.txt]", "deps: [in.txt, unread]");
    space.write("unread", "");
    space.repro();
    assert!(space.lock().contains("unread:"));
    space.edit("pipeline.yaml", ", unread", "");
    space
        .kaslite("status")
        .ok()
        .prints("a: stale\n  dep      unread");
    assert_eq!(space.repro(), ["a"]);
    assert!(!space.lock().contains("unread:"));
}

#[test]
fn b025_a_folder_out_made_again_in_another_order_is_the_same_out() {
    let space = Space::new(
        "stages:
  make: {cmd: 'tick && mkdir d && for n in $(cat in.txt); do echo $n > d/$n; done', deps: [in.txt], outs: [d]}
  read: {cmd: tick && cat d/* > all, deps: [d], outs: [all]}
",
    );
    space.write("in.txt", "a b c\n");
    assert_eq!(space.repro(), ["make", "read"]);
    space.remove("d");
    for name in ["c", "a", "b"] {
        space.write(&format!("d/{name}"), format!("{name}\n"));
    }
    space.kaslite("status --check").ok();
    space.write("in.txt", "c b a\n");
    assert_eq!(space.repro(), ["make"]);
}

#[test]
fn b030_a_link_to_a_file_counts_with_what_it_leads_to() {
    let space = chain();
    space.remove("in.txt");
    space.write("elsewhere/real", "one\n");
    std::os::unix::fs::symlink("elsewhere/real", space.path("in.txt")).expect("a link");
    assert_eq!(space.repro(), ["a", "b", "c"]);
    assert!(space.repro().is_empty());
    space.write("elsewhere/real", "two\n");
    assert_eq!(space.repro(), ["a", "b", "c"]);
    assert_eq!(space.read("c.txt"), "two\n");
}

/// The keys at this indentation of a part of the lock.
fn keys(lock: &str, indent: usize) -> Vec<&str> {
    let begins = |line: &&str| {
        let spaces = line.len() - line.trim_start().len();
        spaces == indent && line.trim_end().ends_with(':')
    };
    let lines = lock.lines().filter(begins);
    lines
        .map(|line| line.trim().trim_end_matches(':'))
        .collect()
}

#[test]
fn b142_an_entry_has_all_that_counts_in_sorted_order() {
    let space = Space::new(
        "stages:
  s:
    cmd: tick && mkdir y && cp b y/f && cp a x
    deps: [b, a]
    params: [q, p]
    outs: [y, x]
",
    );
    for (name, text) in [("a", "a\n"), ("b", "b\n"), ("params.yaml", "p: 1\nq: 2\n")] {
        space.write(name, text);
    }
    space.repro();
    let lock = space.lock();
    assert_eq!(keys(&lock, 4), ["cmd", "params", "deps", "makes", "outs"]);
    assert_eq!(keys(&lock, 6), ["params.yaml", "a", "b", "x", "y"]);
    assert!(lock.contains("    cmd:\n    - tick && mkdir y"), "{lock}");
    assert!(lock.contains("        p: 1\n        q: 2\n"), "{lock}");
    assert!(lock.contains("        files: 1\n"), "{lock}");
    assert_eq!(lock.matches("        digest: ").count(), 4, "{lock}");
}

#[test]
fn b143_one_stage_that_runs_changes_its_entry_alone_and_order_changes_none() {
    let space = chain();
    space.repro();
    let lock = space.lock();
    let pipeline = space.read("pipeline.yaml");
    let b = pipeline.find("  b:").expect("stage b");
    let c = pipeline.find("  c:").expect("stage c");
    let turned = [&pipeline[..b], &pipeline[c..], &pipeline[b..c]];
    space.write("pipeline.yaml", turned.concat());
    assert!(space.repro().is_empty());
    assert_eq!(space.lock(), lock);
    space.edit("pipeline.yaml", "cp a.txt b.txt", "cat a.txt > b.txt");
    assert_eq!(space.repro(), ["b"]);
    let new = space.lock();
    let (old, new): (Vec<&str>, Vec<&str>) = (lock.lines().collect(), new.lines().collect());
    let differ = |(a, b): &(&&str, &&str)| a != b;
    assert_eq!(old.len(), new.len());
    assert_eq!(old.iter().zip(&new).filter(differ).count(), 1);
}

#[test]
fn b145_an_entry_without_a_stage_is_told_and_goes_with_the_next_whole_repro() {
    let space = chain();
    space.repro();
    let pipeline = space.read("pipeline.yaml");
    let c = pipeline.find("  c:").expect("stage c");
    space.write("pipeline.yaml", &pipeline[..c]);
    space
        .kaslite("status --check")
        .ok()
        .says("the lock has an entry of `c`, which the pipeline does not have");
    space.kaslite("repro b").ok();
    assert!(space.lock().contains("  c:"), "only a part was looked at");
    space.kaslite("repro").ok();
    assert!(!space.lock().contains("  c:"));
    space
        .kaslite("status")
        .ok()
        .never_says("the lock has an entry");
}

#[test]
fn b148_the_lock_is_written_once_a_run() {
    let stage = |index: usize| {
        let cmd =
            format!("tick; stat -c %i pipeline.lock >> ../inodes || true; cp in.txt o{index}");
        format!("  s{index}: {{cmd: '{cmd}', deps: [in.txt], outs: [o{index}]}}\n")
    };
    let stages: String = (0..40).map(stage).collect();
    let space = Space::new(&format!("stages:\n{stages}"));
    space.write("in.txt", "one\n");
    assert_eq!(space.repro().len(), 40);
    space.write("in.txt", "two\n");
    assert_eq!(space.repro().len(), 40);
    // No lock during the first run, and one and the same during the second.
    let inodes = std::fs::read_to_string(space.beside("inodes")).expect("what the stages saw");
    let mut inodes: Vec<&str> = inodes.lines().collect();
    assert_eq!(inodes.len(), 40);
    inodes.dedup();
    assert_eq!(inodes.len(), 1);
}

#[test]
fn b153_what_may_become_stale_by_a_stage_before_it_is_listed() {
    let space = chain();
    space.repro();
    space.write("in.txt", "two\n");
    let status = space.kaslite("status").ok();
    let status = status
        .prints("a: stale")
        .prints("b: may become stale")
        .prints("c: may become stale");
    assert!(status.stdout.contains("waits    b"), "{}", status.text());
}

#[test]
fn b156_nothing_to_compare_with_is_no_error() {
    let space = chain();
    for line in ["params diff", "metrics diff"] {
        space.kaslite(line).ok().says("nothing to compare");
        let ran = space.kaslite(&format!("{line} --json")).ok();
        assert_eq!(ran.json(), json!([]));
    }
    if has_git() {
        space.git("init -q -b main");
        space.kaslite("params diff").ok().says("nothing to compare");
    }
    space.repro();
    space.kaslite("params diff").ok().says("no difference");
}
