//! Behaviour 163: outs brought back without running.

use crate::behaviours::data::{lose, maker};
use crate::freshness::{CHAIN, chain};
use crate::support::{Space, has_git};

/// Where a message says that something is kept.
#[track_caller]
fn kept(said: &str) -> String {
    let start = said.find(".kaslite/trash/").expect("the place");
    let place = said[start..].split('`').next();
    place.expect("up to the next backtick").to_owned()
}

/// `maker` after a run with `one` and a run with `two`.
fn twice() -> Space {
    let space = maker();
    space.repro();
    space.write("in.txt", "two\n");
    space.repro();
    space
}

/// A chain after a run with `one`, one with `two` that had no stage `c`, and one that had it again.
fn twice_without_c() -> Space {
    let space = chain();
    space.repro();
    let without_c = CHAIN.split("  c:").next().expect("text");
    space.write("pipeline.yaml", without_c);
    space.write("in.txt", "two\n");
    space.repro();
    space.write("pipeline.yaml", CHAIN);
    space.repro();
    space
}

#[test]
fn b163_checkout_restores_what_the_lock_has() {
    let space = maker();
    space.repro();
    let (files, lock) = (space.files(), space.lock());
    space.remove("out.txt");
    space.write("d/y", "changed\n");
    let done = space.kaslite("checkout").ok();
    assert_eq!(done.stdout, "A out.txt\nM d\n");
    let done = done.says("1 added, 1 modified");
    // What was edited is not lost.
    assert_eq!(
        space.read(&format!("{}/y", kept(&done.stderr))),
        "changed\n"
    );
    assert_eq!((space.files(), space.lock()), (files, lock));
    assert!(space.ran().is_empty());
    space.kaslite("status --check").ok();
    space
        .kaslite("checkout")
        .ok()
        .says("everything is in place");
}

#[test]
fn b163_checkout_brings_back_a_past_run() {
    let space = twice();
    assert_eq!(space.read("out.txt"), "two\n");
    space
        .kaslite("checkout latest~1")
        .ok()
        .prints("M out.txt\n");
    assert_eq!(space.read("out.txt"), "one\n");
    assert_eq!(space.read("d/x"), "one\n");
    // The lock tells what lies there, and so does the status.
    space
        .kaslite("status")
        .ok()
        .prints("in.txt")
        .prints("modified");
    space.ran();
    assert!(space.repro().is_empty());
    assert_eq!(space.read("out.txt"), "two\n");
}

#[test]
fn b163_checkout_brings_back_a_git_revision() {
    if !has_git() {
        return;
    }
    let space = maker();
    space.write(".gitignore", ".kaslite/\nresults/\nout.txt\nd/\n");
    space.git("init -q");
    space.repro();
    space.git("add .");
    space.git("commit -qm one");
    space.git("tag first");
    space.write("in.txt", "two\n");
    space.repro();
    space.git("commit -qam two");
    space.kaslite("checkout first").ok().prints("M out.txt\n");
    assert_eq!(space.read("out.txt"), "one\n");
    // As after a switch of branches: the lock is another, the outs are as before.
    space.git("checkout -qf first");
    space.kaslite("checkout").ok();
    space.kaslite("status --check").ok();
    assert_eq!(space.read("out.txt"), "one\n");
}

#[test]
fn b163_checkout_of_some_stages_leaves_the_others() {
    let space = chain();
    space.repro();
    for name in ["a.txt", "b.txt", "c.txt"] {
        space.remove(name);
    }
    let done = space.kaslite("checkout a c.txt").ok();
    assert_eq!(done.stdout, "A a.txt\nA c.txt\n");
    assert!(!space.has("b.txt"));
}

#[test]
fn b163_checkout_of_a_run_and_a_stage() {
    let space = chain();
    space.repro();
    space.write("in.txt", "two\n");
    space.repro();
    let done = space.kaslite("checkout latest~1 b").ok();
    assert_eq!(done.stdout, "M b.txt\n");
    let read = ["a.txt", "b.txt", "c.txt"].map(|name| space.read(name));
    assert_eq!(read, ["two\n", "one\n", "two\n"]);
}

#[test]
fn b163_checkout_deletes_what_the_other_lock_has_not() {
    let space = twice_without_c();
    let done = space.kaslite("checkout latest~1").ok();
    assert_eq!(done.stdout, "D c.txt\n");
    assert!(!space.has("c.txt"));
    // It comes back without a run.
    space.ran();
    assert!(space.repro().is_empty());
    assert_eq!(space.read("c.txt"), "two\n");
}

#[test]
fn b163_an_edited_file_is_not_deleted() {
    let space = twice_without_c();
    space.write("c.txt", "mine\n");
    space.kaslite("checkout latest~1").ok();
    assert_eq!(space.read("c.txt"), "mine\n");
}

#[test]
fn b163_what_the_lock_does_not_know_is_in_the_way() {
    let space = maker();
    space.repro();
    space.remove("pipeline.lock");
    space.write("out.txt", "mine\n");
    let files = space.files();
    space
        .kaslite("checkout latest")
        .exits(2)
        .says("`out.txt` is in the way")
        .says("--force");
    assert_eq!(space.files(), files);
    let done = space.kaslite("checkout latest --force").ok();
    assert_eq!(space.read("out.txt"), "one\n");
    assert_eq!(space.read(&kept(&done.stderr)), "mine\n");
    assert!(space.ran().is_empty());
    space.kaslite("status --check").ok();
}

#[test]
fn b163_a_lost_content_is_named_and_the_rest_comes_back() {
    let space = maker();
    space.repro();
    space.remove("out.txt");
    space.remove("d");
    lose(&space, "y\n");
    let done = space.kaslite("checkout").exits(4).says("`d/y`");
    assert_eq!(done.stdout, "A out.txt\n");
    assert!(!space.has("d"));
    assert!(space.ran().is_empty());
    assert_eq!(space.repro(), ["make"]);
    assert_eq!(space.read("d/y"), "y\n");
}

#[test]
fn b163_an_edited_out_stays_where_its_content_is_lost() {
    let space = maker();
    space.repro();
    space.write("d/y", "mine\n");
    lose(&space, "y\n");
    space.kaslite("checkout").exits(4).says("`d/y`");
    assert_eq!(space.read("d/y"), "mine\n");
}

#[test]
fn b163_checkout_says_what_is_never_cached() {
    let space = Space::new(
        "stages:
  make: {cmd: tick && cp in.txt out.txt, deps: [in.txt], outs: [{out.txt: {cache: false}}]}
",
    );
    space.write("in.txt", "one\n");
    space.repro();
    space.remove("out.txt");
    space.kaslite("checkout").ok().says("cache: false");
    let json = space.kaslite("checkout --json").ok().json();
    assert_eq!(json["uncached"][0], "out.txt");
}

#[test]
fn b163_an_unknown_name_is_an_error() {
    let space = maker();
    space.repro();
    space
        .kaslite("checkout nothing")
        .exits(2)
        .says("`nothing`")
        .says("git revision");
    space
        .kaslite("checkout latest mkae")
        .exits(2)
        .says("did you mean `make`?");
}

#[test]
fn f073_a_lock_never_makes_checkout_leave_the_project() {
    let space = maker();
    space.repro();
    space.remove("out.txt");
    for wrong in [
        "../out.txt",
        "/tmp/out.txt",
        "a/../../out.txt",
        ".kaslite/x",
        ".git/config",
    ] {
        let lock = space.lock();
        space.edit("pipeline.lock", "    out.txt:", &format!("    {wrong}:"));
        space.kaslite("checkout").exits(2).says(wrong);
        space.write("pipeline.lock", lock);
    }
    assert!(!space.beside("out.txt").exists());
    assert!(!space.has("out.txt"));
}
