//! Damaged locks, folders that cannot be written.

use crate::freshness::chain;
use crate::support::Space;
use std::fs;

fn with_lock(change: impl FnOnce(String) -> String) -> (Space, String) {
    let space = chain();
    space.repro();
    let lock = change(space.lock());
    space.write("pipeline.lock", &lock);
    (space, lock)
}

#[track_caller]
fn refuses(space: &Space, lock: &str) -> String {
    for line in ["status", "why a", "repro --dry"] {
        space.kaslite(line).exits(2);
    }
    let ran = space.kaslite("repro").exits(2);
    assert_eq!(space.lock(), lock, "the lock was touched");
    assert!(space.ran().is_empty());
    ran.text()
}

#[test]
fn b147_conflict_markers_in_the_lock_are_an_error_with_their_line() {
    let (space, lock) = with_lock(|lock| {
        lock.replacen(
            "        size: 4\n",
            "<<<<<<< HEAD\n        size: 4\n=======\n        size: 5\n>>>>>>> x\n",
            1,
        )
    });
    insta::assert_snapshot!(refuses(&space, &lock));
}

#[test]
fn b144_a_damaged_lock_is_an_error_with_its_line() {
    let (space, lock) = with_lock(|lock| lock.replacen("size: 4", "size: many", 1));
    let line = lock
        .lines()
        .position(|line| line.contains("many"))
        .expect("the line")
        + 1;
    let text = refuses(&space, &lock);
    assert!(
        text.contains(&format!("pipeline.lock:{line}: the lock is damaged")),
        "{text}"
    );
    assert!(text.contains("delete it"), "{text}");
}

#[test]
fn a_lock_that_is_cut_off_is_an_error() {
    let (space, lock) = with_lock(|lock| lock[..lock.len() / 2].to_owned());
    assert!(refuses(&space, &lock).contains("pipeline.lock"));
}

#[test]
fn b149_f040_a_lock_of_another_version_is_an_error() {
    let (space, lock) = with_lock(|lock| lock.replacen("version: 1", "version: 2", 1));
    assert!(refuses(&space, &lock).contains("version 2"));
}

#[test]
fn an_empty_lock_is_an_error_or_no_lock_but_no_lie() {
    let (space, _) = with_lock(|_| String::new());
    let ran = space.kaslite("repro");
    assert!(matches!(ran.code, Some(0 | 2)), "{}", ran.text());
    assert_eq!(space.read("c.txt"), "one\n");
}

#[test]
fn a_state_folder_that_cannot_be_made_is_a_clear_error() {
    let space = chain();
    space.write(".kaslite", "a file where the folder belongs");
    insta::assert_snapshot!(space.kaslite("repro").exits(4).text());
    assert!(space.ran().is_empty());
}

#[test]
fn a_project_that_cannot_be_written_is_a_clear_error() {
    use std::os::unix::fs::PermissionsExt;
    let space = chain();
    let set = |mode| {
        let mode = fs::Permissions::from_mode(mode);
        fs::set_permissions(space.root(), mode).expect("its mode");
    };
    set(0o555);
    let refused = fs::write(space.path("probe"), "").is_err();
    let ran = space.kaslite("repro");
    let status = space.kaslite("status");
    set(0o755);
    if refused {
        assert!(space.ran().is_empty());
        ran.exits(4).says("error: cannot create folder");
        status.ok();
    } else {
        eprintln!("skipped: this user may write everywhere");
    }
}

#[test]
fn a_cache_that_cannot_be_written_is_a_clear_error_and_the_next_run_is_sound() {
    let space = chain();
    space.write(".kaslite/cache", "a file where the folder belongs");
    space
        .kaslite("repro")
        .exits(4)
        .says("error: ")
        .says(".kaslite/cache");
    space.remove(".kaslite/cache");
    space.kaslite("repro").ok();
    assert_eq!(space.read("c.txt"), "one\n");
    space.kaslite("status --check").ok();
}

#[test]
fn a_record_that_cannot_be_written_is_an_error() {
    let space = chain();
    space.write("results", "a file where the folder belongs");
    space.kaslite("repro").exits(4).says("results");
}

#[test]
fn a_pipeline_that_is_no_yaml_is_an_error_with_its_line() {
    let space = Space::new("stages:\n  a: {cmd: x\n  b: y\n");
    space.kaslite("repro").exits(2).says("pipeline.yaml:");
}
