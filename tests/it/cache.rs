//! The lock, the cache, and the loss of either.

use crate::freshness::chain;
use crate::support::Space;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

#[test]
fn b019_without_its_lock_a_project_is_restored_from_the_run_cache() {
    let space = chain();
    space.repro();
    let (files, lock) = (space.files(), space.lock());
    space.remove("pipeline.lock");
    space.remove("b.txt");
    assert!(space.repro().is_empty());
    assert_eq!(space.lock(), lock);
    assert_eq!(space.files(), files);
}

#[test]
fn without_its_cache_a_project_with_intact_outs_runs_nothing() {
    let space = chain();
    space.repro();
    let lock = space.lock();
    space.remove(".kaslite");
    space.kaslite("status --check").ok();
    assert!(space.repro().is_empty());
    assert_eq!(space.lock(), lock);
}

#[test]
fn without_its_cache_a_project_runs_only_what_lost_its_out() {
    let space = chain();
    space.repro();
    space.remove(".kaslite");
    space.remove("b.txt");
    assert_eq!(space.repro(), ["b"]);
    assert_eq!(space.read("b.txt"), "one\n");
}

#[test]
fn b019_without_lock_and_cache_all_stages_run() {
    let space = chain();
    space.repro();
    let lock = space.lock();
    space.remove(".kaslite");
    space.remove("pipeline.lock");
    assert_eq!(space.repro(), ["a", "b", "c"]);
    assert_eq!(space.lock(), lock);
}

#[test]
fn going_back_to_an_earlier_input_runs_nothing() {
    let space = chain();
    space.repro();
    let (files, lock) = (space.files(), space.lock());
    space.write("in.txt", "two\n");
    assert_eq!(space.repro(), ["a", "b", "c"]);
    space.write("in.txt", "one\n");
    space
        .kaslite("status")
        .ok()
        .prints("a: stale, in the cache")
        .prints("c: stale, in the cache");
    assert!(space.repro().is_empty());
    assert_eq!(space.files(), files);
    assert_eq!(space.lock(), lock);
}

/// The stored contents with this size.
pub(crate) fn blobs(space: &Space, size: u64) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in fs::read_dir(space.path(".kaslite/cache/blobs")).expect("the cache") {
        for file in fs::read_dir(folder.expect("the cache").path()).expect("the cache") {
            let path = file.expect("the cache").path();
            if path.metadata().expect("a file").len() == size {
                found.push(path);
            }
        }
    }
    found
}

pub(crate) fn damage(path: &PathBuf, bytes: &[u8]) {
    fs::set_permissions(path, Permissions::from_mode(0o644)).expect("its mode");
    fs::write(path, bytes).expect("the cache");
}

#[test]
fn f029_a_damaged_content_is_noticed_and_its_stage_runs_again() {
    let space = chain();
    space.repro();
    let found = blobs(&space, 4);
    assert_eq!(found.len(), 1, "one content for three equal files");
    damage(&found[0], b"bad\n");
    space.remove("a.txt");
    space
        .kaslite("repro")
        .ok()
        .says("warning: a: ")
        .says("damaged");
    assert_eq!(space.ran(), ["a"]);
    assert_eq!(space.read("a.txt"), "one\n");
    // It is whole again.
    space.remove("a.txt");
    assert!(space.repro().is_empty());
    assert_eq!(space.read("a.txt"), "one\n");
}

/// What was read and found whole is not read again, unless somebody has touched it since.
#[test]
fn a_content_that_is_damaged_while_kaslite_runs_is_not_called_kept() {
    let space = Space::new(
        "stages:
  a: {cmd: echo one > a.txt, outs: [a.txt]}
  b: {cmd: 'test ! -e damage || sh damage; echo b > b.txt', deps: [a.txt], outs: [b.txt]}
  c: {cmd: echo one > c.txt, deps: [b.txt], outs: [c.txt]}
",
    );
    space.kaslite("repro").ok();
    let content = &blobs(&space, 4)[0];
    let script = format!("chmod u+w {0} && echo bad > {0}\n", content.display());
    space.write("damage", &script);
    space.kaslite("repro --force").ok();
    assert_eq!(fs::read(content).expect("it is there"), b"one\n");
}

#[test]
fn f030_a_cut_off_content_counts_as_not_cached() {
    let space = chain();
    space.repro();
    damage(&blobs(&space, 4)[0], b"on");
    space.remove("a.txt");
    space.kaslite("status").ok().prints("a: stale\n");
    assert_eq!(space.repro(), ["a"]);
    assert_eq!(space.read("a.txt"), "one\n");
}

#[test]
fn f029_a_damaged_file_of_a_cached_folder_never_reaches_the_project() {
    let space = Space::new(
        "stages:
  a: {cmd: tick && mkdir d && cp in.txt d/x && echo other > d/y, deps: [in.txt], outs: [d]}
",
    );
    space.write("in.txt", "one\n");
    space.repro();
    damage(&blobs(&space, 6)[0], b"wrong\n");
    space.remove("d");
    assert_eq!(space.repro(), ["a"]);
    assert_eq!(space.read("d/y"), "other\n");
    assert_eq!(space.read("d/x"), "one\n");
}

#[test]
fn f033_a_damaged_run_record_of_the_cache_is_no_record() {
    let space = chain();
    space.repro();
    space.remove("pipeline.lock");
    for folder in fs::read_dir(space.path(".kaslite/cache/runs")).expect("the cache") {
        for file in fs::read_dir(folder.expect("the cache").path()).expect("the cache") {
            fs::write(file.expect("the cache").path(), "{").expect("the cache");
        }
    }
    assert_eq!(space.repro(), ["a", "b", "c"]);
}

#[test]
fn a_damaged_stat_cache_costs_nothing_but_time() {
    let space = chain();
    space.repro();
    space.write(".kaslite/stat.json", "not json");
    assert!(space.repro().is_empty());
    space.write("in.txt", "two\n");
    assert_eq!(space.repro(), ["a", "b", "c"]);
}

#[test]
fn cached_contents_do_not_share_their_bytes_with_the_project() {
    let space = chain();
    space.repro();
    // A program that writes into a file in place must not reach the cache.
    space.write("a.txt", "bad\n");
    space.write("b.txt", "bad\n");
    space.write("c.txt", "bad\n");
    assert!(space.repro().is_empty());
    for name in ["a.txt", "b.txt", "c.txt"] {
        assert_eq!(space.read(name), "one\n");
    }
}

#[test]
fn where_what_the_lock_has_is_lost_what_the_run_cache_has_is_restored() {
    let space = Space::new(
        "stages:\n  a: {cmd: tick && cat in.txt ../luck > out, deps: [in.txt], outs: [out]}\n",
    );
    space.write("in.txt", "in ");
    std::fs::write(space.beside("luck"), "one").expect("a file beside the project");
    space.repro();
    let lock = space.lock();
    std::fs::write(space.beside("luck"), "two").expect("a file beside the project");
    space.kaslite("repro --force").ok();
    // A lock from another machine: what was made there is not here.
    space.kaslite("gc --workspace").ok();
    space.write("pipeline.lock", lock);
    space.remove("out");
    space.ran();
    space.kaslite("why a").ok().prints("the run cache has it");
    assert!(space.repro().is_empty());
    assert_eq!(space.read("out"), "in two");
    space.kaslite("status --check").ok();
}

#[test]
fn an_older_lock_makes_no_edit_of_an_out_that_is_not_cached() {
    let space = Space::new(
        "stages:\n  a: {cmd: tick && cp in.txt out, deps: [in.txt], outs: [out: {cache: false}]}\n",
    );
    space.write("in.txt", "one\n");
    space.repro();
    let lock = space.lock();
    space.write("in.txt", "two\n");
    space.repro();
    space.write("pipeline.lock", lock);
    space.kaslite("repro").ok().never_says("edited by hand");
    assert!(space.ran().is_empty());
    assert_eq!(space.read("out"), "two\n");
    space.kaslite("status --check").ok();
}
