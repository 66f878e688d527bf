//! That everything was fresh is remembered; whatever changes after that is seen all the same.

use crate::support::Space;
use std::fs::{self, File, FileTimes, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::thread::sleep;
use std::time::Duration;

/// Longer than a tick of the file system's clock: only what is older than that is remembered.
const SETTLE: Duration = Duration::from_millis(40);

const PIPELINE: &str = "\
stages:
  a:
    cmd: tick && mkdir -p out/deep && cat file folder/*/* link > out/deep/a
    deps: [file, folder, link]
    params: [p, {more.yaml: [q]}]
    env: [MODE]
    outs: [out]
  b:
    wdir: sub
    cmd: tick && cp ../out/deep/a b
    deps: [../out/deep/a]
    outs: [b]
";

/// A project that was found fresh again and again.
fn remembered() -> Space {
    let space = Space::new(PIPELINE);
    for (name, text) in [
        ("file", "one\n"),
        ("folder/x/y", "one\n"),
        ("target", "one\n"),
        ("other", "two\n"),
        ("params.yaml", "p: 1\n"),
        ("more.yaml", "q: 1\n"),
        ("sub/x", ""),
    ] {
        space.write(name, text);
    }
    symlink("target", space.path("link")).expect("a link");
    sleep(SETTLE);
    assert_eq!(space.repro(), ["a", "b"]);
    for _ in 0..2 {
        sleep(SETTLE);
        assert!(space.repro().is_empty());
        space
            .kaslite("status --check")
            .ok()
            .prints("all fresh (2 stages)");
    }
    space
}

#[track_caller]
fn sees(act: impl FnOnce(&mut Space)) {
    let mut space = remembered();
    act(&mut space);
    space.kaslite("status --check").exits(3);
    space.kaslite("repro").ok();
    space.kaslite("status --check").ok();
    space.kaslite("status --check").ok();
}

#[test]
fn a_run_of_what_changed_leaves_the_rest_to_be_seen() {
    let space = remembered();
    space.write("sub/b", "edited\n");
    assert!(space.repro().is_empty(), "it is restored");
    assert_eq!(space.read("sub/b"), space.read("out/deep/a"));
    space.write("file", "two\n");
    assert_eq!(space.repro(), ["a", "b"]);
    sleep(SETTLE);
    assert!(space.repro().is_empty());
    space.write("beside", "no stage looks at it\n");
    assert!(space.repro().is_empty());
    space.write("link", "another\n");
    assert_eq!(space.repro(), ["a", "b"]);
}

#[test]
fn an_edited_file() {
    sees(|space| space.write("file", "two\n"));
}

#[test]
fn f041_an_edited_file_with_its_old_time() {
    sees(|space| {
        let path = space.path("file");
        let time = path
            .metadata()
            .and_then(|meta| meta.modified())
            .expect("a time");
        space.write("file", "two\n");
        let file = File::options().append(true).open(path).expect("a file");
        file.set_times(FileTimes::new().set_modified(time))
            .expect("its times");
    });
}

#[test]
fn an_edited_added_removed_or_executable_file_of_a_folder() {
    sees(|space| space.write("folder/x/y", "two\n"));
    sees(|space| space.write("folder/x/z", "more\n"));
    sees(|space| space.write("folder/new/z", "more\n"));
    sees(|space| fs::rename(space.path("folder/x/y"), space.path("folder/x/z")).expect("a rename"));
    sees(|space| {
        let path = space.path("folder/x/y");
        fs::set_permissions(path, Permissions::from_mode(0o755)).expect("its mode");
    });
}

#[test]
fn a_link_that_leads_elsewhere_and_its_edited_target() {
    sees(|space| {
        space.remove("link");
        symlink("other", space.path("link")).expect("a link");
    });
    sees(|space| space.write("target", "two\n"));
}

#[test]
fn an_out_that_is_gone_or_edited_or_has_more_in_it() {
    sees(|space| space.remove("out"));
    sees(|space| space.remove("sub/b"));
    sees(|space| space.write("out/deep/a", "edited\n"));
    sees(|space| space.write("out/deep/more", "more\n"));
}

#[test]
fn a_param_of_either_file() {
    sees(|space| space.write("params.yaml", "p: 2\n"));
    sees(|space| space.write("more.yaml", "q: 2\n"));
}

#[test]
fn another_pipeline_and_another_variable() {
    sees(|space| {
        space.edit(
            "pipeline.yaml",
            "cp ../out/deep/a b",
            "cat ../out/deep/a > b",
        );
    });
    sees(|space| space.set("MODE", "fast"));
}

#[test]
fn a_lock_that_is_gone_or_edited() {
    sees(|space| space.remove("pipeline.lock"));
    sees(|space| space.edit("pipeline.lock", "p: 1", "p: 7"));
    let space = remembered();
    space.write("pipeline.lock", "<<<<<<< HEAD\n");
    space.kaslite("status --check").exits(2);
}

#[test]
fn a_file_that_is_gone_and_a_params_file_that_is_gone() {
    for name in ["file", "params.yaml", "link"] {
        let space = remembered();
        space.remove(name);
        let status = space.kaslite("status --check").exits(3);
        status.prints(name).prints("is not there");
        space.kaslite("repro").exits(2).says(name);
    }
}

#[test]
fn a_run_that_was_killed() {
    let space = remembered();
    space.edit(
        "pipeline.yaml",
        "tick && cp",
        "touch at; tick; sleep 5 && cp",
    );
    let running = space.start("repro");
    space.wait_for("sub/at");
    running.kill_all();
    running.wait();
    space.edit(
        "pipeline.yaml",
        "touch at; tick; sleep 5 && cp",
        "tick && cp",
    );
    space.kaslite("status --check").exits(3);
    space.kaslite("repro").ok();
    assert_eq!(space.read("sub/b"), space.read("out/deep/a"));
}

#[test]
fn edits_in_quick_succession() {
    let space = remembered();
    for round in 0..25 {
        let text = format!("{round:03}\n");
        space.write("file", &text);
        space.kaslite("repro").ok();
        assert!(space.read("sub/b").starts_with(&text), "round {round}");
        space.kaslite("repro").ok();
        space.kaslite("status --check").ok();
    }
}

#[test]
fn nothing_of_it_where_there_is_nothing_to_see() {
    let space = remembered();
    space.write("unrelated", "x");
    space.write("sub/unrelated", "x");
    space.kaslite("status --check").ok();
    assert!(space.repro().is_empty());
    // Force is force.
    space.kaslite("repro -f").ok();
    assert_eq!(space.ran(), ["a", "b"]);
}

#[test]
fn damage_to_what_is_remembered_is_no_damage() {
    let space = remembered();
    let state = space.path(".kaslite");
    for entry in fs::read_dir(&state).expect("the state folder") {
        let path = entry.expect("the state folder").path();
        if path.is_file() {
            fs::write(path, "not what it was").expect("the state folder");
        }
    }
    space.kaslite("status --check").ok();
    space.write("file", "two\n");
    space.kaslite("status --check").exits(3);
    assert_eq!(space.repro(), ["a", "b"]);
}
