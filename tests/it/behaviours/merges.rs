//! Branches that each made something: their locks are merged by real git.

use crate::support::{Space, has_git, kaslite};

const STAGES: &[&str] = &["a", "b", "c", "d"];

fn stage(name: &str) -> String {
    format!("  {name}: {{cmd: cp {name}.in {name}.out, deps: [{name}.in], outs: [{name}.out]}}\n")
}

fn pipeline(stages: &[&str]) -> String {
    let stages: String = stages.iter().map(|name| stage(name)).collect();
    format!("stages:\n{stages}")
}

/// A repository with four stages that were made and committed.
fn repository() -> Option<Space> {
    if !has_git() {
        return None;
    }
    let space = Space::new(&pipeline(STAGES));
    for name in ["a", "b", "bb", "c", "d", "e"] {
        space.write(&format!("{name}.in"), format!("{name}\n"));
    }
    space.write(".gitignore", ".kaslite/\nresults/\n*.out\n");
    space.git("init -q -b main");
    space.git("config user.name Test");
    space.git("config user.email test@example.org");
    commit(&space, "first");
    Some(space)
}

fn commit(space: &Space, name: &str) {
    space.kaslite("repro").ok();
    space.git("add .");
    space.git(&format!("commit -q -m {name}"));
}

/// Two branches, each with its change made and committed; the first is checked out.
fn branches(space: &Space, ours: impl Fn(&Space), theirs: impl Fn(&Space)) {
    space.git("checkout -q -b theirs main");
    theirs(space);
    commit(space, "theirs");
    space.git("checkout -q -b ours main");
    ours(space);
    commit(space, "ours");
}

fn forget(space: &Space) {
    space.git("checkout -q -f main");
    space.git("branch -q -D ours theirs");
}

fn change(name: &'static str) -> impl Fn(&Space) {
    move |space| space.write(&format!("{name}.in"), format!("{name} changed\n"))
}

/// Git's own merge, and all is known afterwards: outs are restored, nothing runs.
#[track_caller]
fn merges(space: &Space) {
    space.git("merge -q -m both theirs");
    let ran = space.kaslite("repro --json").ok();
    assert!(!ran.stdout.contains("stage-started"), "{}", ran.text());
    space.kaslite("status --check").ok();
}

#[test]
fn b146_each_two_stages_changed_on_two_branches_merge_without_a_driver() {
    let Some(space) = repository() else { return };
    for ours in STAGES {
        for theirs in STAGES.iter().filter(|theirs| *theirs != ours) {
            branches(&space, change(ours), change(theirs));
            merges(&space);
            forget(&space);
        }
    }
}

#[test]
fn b146_a_stage_added_or_taken_away_beside_a_changed_one_merges_without_a_driver() {
    let Some(space) = repository() else { return };
    let to = |stages: &'static [&str]| {
        move |space: &Space| space.write("pipeline.yaml", pipeline(stages))
    };
    for neighbour in ["b", "c", "d"] {
        branches(&space, change(neighbour), to(&["a", "b", "bb", "c", "d"]));
        merges(&space);
        forget(&space);
        branches(&space, to(&["a", "b", "c", "d", "e"]), change(neighbour));
        merges(&space);
        forget(&space);
    }
    for neighbour in ["a", "b", "d"] {
        branches(&space, change(neighbour), to(&["a", "b", "d"]));
        merges(&space);
        forget(&space);
    }
}

#[test]
fn b146_the_driver_merges_by_stage_and_drops_what_both_made_anew() {
    let Some(space) = repository() else { return };
    space
        .kaslite("init --git")
        .ok()
        .says("created .gitattributes (pipeline.lock merge=kaslite)");
    assert_eq!(
        space.read(".gitattributes"),
        "pipeline.lock merge=kaslite\n"
    );
    commit(&space, "driver");
    let both = |space: &Space, own: &str, flag: &str| {
        space.edit("pipeline.yaml", &stage("d"), &(stage("d") + &stage(own)));
        space.edit("pipeline.yaml", "cp b.in", &format!("cp {flag} b.in"));
    };
    branches(
        &space,
        |space| both(space, "e", "-f"),
        |space| both(space, "bb", "-p"),
    );
    // The pipeline itself conflicts; the lock does not.
    let mut git = space.program("git");
    let ran = space.finish(git.args(["merge", "theirs"])).exits(1);
    assert!(
        !ran.stdout.contains("conflict in pipeline.lock"),
        "{}",
        ran.text()
    );
    let ran = ran.says("pipeline.lock: both sides made `b` anew: its entry is dropped");
    let lock = space.lock();
    assert!(
        !lock.contains("<<<<") && !lock.contains("\n  b:"),
        "{}",
        ran.text()
    );
    space.write("pipeline.yaml", pipeline(&["a", "b", "bb", "c", "d", "e"]));
    let status = space.kaslite("status").ok();
    assert_eq!(
        status.stdout,
        "b: stale, in the cache\n  new      it has not run yet\n"
    );
    space.kaslite("repro").ok().says("1 restored");
}

#[test]
fn b146_the_driver_is_set_up_once_and_in_a_new_project_too() {
    let Some(space) = repository() else { return };
    space.write(".gitattributes", "*.csv text");
    space
        .kaslite("init --git")
        .ok()
        .says("added to .gitattributes");
    space
        .kaslite("init --git")
        .ok()
        .says("kept    .gitattributes");
    let attributes = space.read(".gitattributes");
    assert_eq!(attributes, "*.csv text\npipeline.lock merge=kaslite\n");
    let driver = space.git("config merge.kaslite.driver");
    assert_eq!(
        driver,
        format!("'{}' git-merge-lock %O %A %B %P", kaslite().display())
    );
    space
        .kaslite("init")
        .exits(2)
        .says("`--git` adds to this one");
    space
        .kaslite("init --git sub")
        .ok()
        .says("created pipeline.yaml");
    assert!(space.has("sub/.gitattributes"));
    let elsewhere = Space::empty();
    elsewhere
        .kaslite("init --git")
        .exits(2)
        .says("is in no git repository");
    assert!(!elsewhere.has("pipeline.yaml"));
}

#[test]
fn b147_a_conflict_that_git_left_is_resolved_by_the_command_that_the_message_names() {
    let Some(space) = repository() else { return };
    let two = |space: &Space, text: &str| {
        space.write("a.in", format!("{text}\n"));
        change(if text == "x" { "b" } else { "d" })(space);
    };
    branches(
        &space,
        |space| two(space, "x"),
        |space| two(space, "longer"),
    );
    let mut git = space.program("git");
    space.finish(git.args(["merge", "theirs"])).exits(1);
    assert!(space.lock().contains("<<<<<<< "));
    space
        .kaslite("status")
        .exits(2)
        .says("the lock holds an unfinished merge")
        .says("type `kaslite git-merge-lock`");
    space
        .kaslite("git-merge-lock")
        .ok()
        .says("both sides made `a` anew")
        .says("`git add pipeline.lock`");
    space.write("a.in", "x\n");
    let ran = space.kaslite("repro --json").ok();
    assert!(!ran.stdout.contains("stage-started"), "{}", ran.text());
    space.kaslite("git-merge-lock").ok().says("nothing to do");
}

#[test]
fn b147_what_is_no_lock_is_not_merged() {
    let Some(space) = repository() else { return };
    let lock = space.lock();
    space.write("theirs", "version: 1\nstages: [what]\n");
    space.write("base", "");
    space
        .kaslite("git-merge-lock base pipeline.lock theirs")
        .exits(2)
        .says("the lock is damaged");
    assert_eq!(space.lock(), lock);
    space.write("theirs", "");
    space
        .kaslite("git-merge-lock base pipeline.lock theirs")
        .ok();
    assert_eq!(space.lock(), lock);
    space.kaslite("git-merge-lock base").exits(2);
}
