//! Behaviour 169: the workspace accepted as the result.

use crate::behaviours::data::maker;
use crate::freshness::chain;

#[test]
fn b169_commit_accepts_the_workspace_and_runs_nothing() {
    let space = chain();
    space.repro();
    space.write("in.txt", "two\n");
    space.write("b.txt", "by hand\n");
    let done = space.kaslite("commit").ok();
    assert_eq!(done.stdout, "a: committed\nb: committed\nc: committed\n");
    assert!(space.ran().is_empty());
    assert_eq!(space.read("b.txt"), "by hand\n");
    space.kaslite("status --check").ok();
    assert!(space.repro().is_empty());
    space.kaslite("commit").ok().says("everything was fresh");
    // It is kept as any result is.
    space.remove("b.txt");
    assert!(space.repro().is_empty());
    assert_eq!(space.read("b.txt"), "by hand\n");
}

#[test]
fn b169_commit_of_one_stage_leaves_the_others_as_they_are() {
    let space = chain();
    space.repro();
    space.write("b.txt", "by hand\n");
    let done = space.kaslite("commit b").ok();
    assert_eq!(done.stdout, "b: committed\n");
    assert_eq!(space.repro(), ["c"]);
    assert_eq!(space.read("c.txt"), "by hand\n");
}

#[test]
fn b169_commit_of_a_stage_that_never_ran() {
    let space = chain();
    for name in ["a.txt", "b.txt", "c.txt"] {
        space.write(name, "made elsewhere\n");
    }
    space.kaslite("commit").ok();
    assert!(space.repro().is_empty());
}

#[test]
fn b169_there_must_be_something_to_commit() {
    let space = maker();
    space.write("out.txt", "one\n");
    space
        .kaslite("commit")
        .exits(2)
        .says("the out `d` is not there");
    assert!(!space.has("pipeline.lock"));
}
