//! Faults 29–40: what is kept is damaged, lost or somebody's work.

use crate::behaviours::data::{cached, fickle, lose, maker};
use crate::freshness::chain;
use crate::support::Space;
use kaslite_engine::digest::Digest;
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;

/// The cached content with these bytes.
#[track_caller]
fn content(space: &Space, bytes: &str) -> PathBuf {
    let is = |path: &PathBuf| fs::read(path).expect("the cache") == bytes.as_bytes();
    let blobs = cached(space, "blobs");
    blobs.into_iter().find(is).expect("the content")
}

fn overwrite(path: &PathBuf, bytes: impl AsRef<[u8]>) {
    fs::set_permissions(path, Permissions::from_mode(0o644)).expect("its mode");
    fs::write(path, bytes).expect("the cache");
}

/// What was put aside holds these words.
#[track_caller]
fn assert_kept(space: &Space, words: &str) {
    let mut grep = space.program("grep");
    space
        .finish(grep.args(["-r", words, ".kaslite/trash"]))
        .ok();
}

#[test]
fn f029_a_content_with_one_other_bit_is_put_aside_and_made_again() {
    let space = maker();
    space.repro();
    overwrite(&content(&space, "y\n"), "x\n");
    space.remove("d");
    space.kaslite("repro").ok().says(
        "warning: make: the content of `d/y` in the cache is damaged: the stage runs instead",
    );
    assert_eq!(space.ran(), ["make"]);
    assert_eq!(space.read("d/y"), "y\n");
    let damaged = fs::read_dir(space.path(".kaslite/cache/damaged")).expect("a folder");
    assert_eq!(damaged.count(), 1);
    space.kaslite("gc -w").ok();
    assert!(!space.has(".kaslite/cache/damaged"));
    space.remove("d");
    assert!(space.repro().is_empty());
    assert_eq!(space.read("d/y"), "y\n");
}

#[test]
fn f029_a_damaged_content_is_made_whole_by_a_run_that_makes_it() {
    for link in ["copy", "hardlink", "symlink"] {
        let space = maker();
        space.write(".kaslite/config.yaml", format!("cache: {{link: {link}}}\n"));
        space.repro();
        let name = content(&space, "y\n");
        overwrite(&name, "x\n");
        space.kaslite("repro --force").ok();
        assert_eq!(space.read("d/y"), "y\n", "{link}");
        assert_eq!(fs::read_to_string(&name).expect("a content"), "y\n");
        space.kaslite("status --check").ok();
        space.remove("d");
        space.ran();
        assert!(space.repro().is_empty());
        assert_eq!(space.read("d/y"), "y\n");
    }
}

#[test]
fn f030_a_content_that_is_cut_off_is_no_content() {
    let space = maker();
    space.repro();
    overwrite(&content(&space, "y\n"), "y");
    space.remove("d");
    space.kaslite("status").ok().prints("make: stale\n");
    assert_eq!(space.repro(), ["make"]);
    assert_eq!(space.read("d/y"), "y\n");
}

#[test]
fn f031_what_is_no_plain_file_is_no_content() {
    type Replace = fn(&Space, &PathBuf);
    let replacements: [Replace; 4] = [
        |_, path| fs::create_dir_all(path.join("in/it")).expect("a folder"),
        |space, path| {
            let mut command = space.program("mkfifo");
            space.finish(command.arg(path)).ok();
        },
        |space, path| symlink(space.path("in.txt"), path).expect("a link"),
        |_, path| symlink("nowhere", path).expect("a link"),
    ];
    for replace in replacements {
        let space = maker();
        space.repro();
        for path in cached(&space, "blobs") {
            fs::remove_file(&path).expect("the cache");
            replace(&space, &path);
        }
        space.remove("d");
        space.remove("out.txt");
        for line in ["status", "why make"] {
            space.kaslite(line).ok();
        }
        space.ran();
        assert_eq!(space.repro(), ["make"]);
        assert_eq!(space.read("d/x"), "one\n");
        assert_eq!(space.read("d/y"), "y\n");
        // The cache is whole again.
        space.remove("d");
        space.remove("out.txt");
        assert!(space.repro().is_empty());
        assert_eq!(space.read("d/y"), "y\n");
    }
}

#[test]
fn f033_a_past_run_with_another_bit_is_no_past_run() {
    let space = chain();
    space.repro();
    space.write("in.txt", "two\n");
    space.repro();
    for path in cached(&space, "runs") {
        let mut bytes = fs::read(&path).expect("the cache");
        // One bit of what was made.
        *bytes.last_mut().expect("a record") ^= 1;
        overwrite(&path, bytes);
    }
    space.write("in.txt", "one\n");
    assert_eq!(space.repro(), ["a", "b", "c"]);
    assert_eq!(space.read("c.txt"), "one\n");
}

#[test]
fn f035_an_out_that_was_edited_is_shown_and_kept_aside() {
    let space = chain();
    space.repro();
    space.write("b.txt", "work of days\n");
    space.kaslite("status --check").exits(3).prints("b.txt");
    space
        .kaslite("repro")
        .ok()
        .says("`b.txt` was edited by hand: that version is kept as `.kaslite/trash/");
    assert_eq!(space.read("b.txt"), "one\n");
    assert_kept(&space, "work of days");
}

#[test]
fn f035_an_edited_out_is_kept_aside_where_the_cache_only_seems_to_have_it() {
    let space = chain();
    space.repro();
    // By chance or by a disk, the cache has something of the same name and size.
    let edited = "two\n";
    let digest = Digest::of(edited.as_bytes()).to_string();
    let name = format!(".kaslite/cache/blobs/{}/{}", &digest[..2], &digest[2..]);
    space.write(&name, "bad\n");
    space.write("b.txt", edited);
    space.kaslite("repro").ok().says("that version is kept as");
    assert_kept(&space, "two");
}

#[test]
fn f035_what_lay_there_before_any_stage_made_it_is_kept_aside() {
    let space = maker();
    space.write("out.txt", "work of days\n");
    space.write("d/notes.txt", "work of weeks\n");
    space
        .kaslite("repro")
        .ok()
        .says("`out.txt` was there before its stage made it: that version is kept as")
        .says("`d` was there before its stage made it");
    assert_eq!(space.read("out.txt"), "one\n");
    assert_kept(&space, "work of days");
    assert_kept(&space, "work of weeks");
    // Restored where the lock is lost, the same.
    space.remove("pipeline.lock");
    space.write("out.txt", "more work\n");
    space.ran();
    space.kaslite("repro").ok().says("was there before");
    assert!(space.ran().is_empty());
    assert_kept(&space, "more work");
    // What the stage made itself is no such work, nor is an empty folder.
    space.remove("pipeline.lock");
    space.remove("d");
    fs::create_dir(space.path("d")).expect("a folder");
    space.kaslite("repro").ok().never_says("warning");
}

#[test]
fn f035_checkout_never_takes_the_last_copy_of_an_out_away() {
    let space = chain();
    space.git("init -q");
    space.repro();
    space.git("add pipeline.lock");
    space.git("commit -q -m one");
    space.write("in.txt", "two\n");
    space.repro();
    overwrite(&content(&space, "two\n"), "bad\n");
    space.kaslite("checkout HEAD").ok();
    assert_eq!(space.read("b.txt"), "one\n");
    assert_kept(&space, "two");
}

#[test]
fn f038_a_read_only_out_is_replaced() {
    let space = Space::new(
        "stages:
  make: {cmd: tick && cp in.txt out.txt && chmod 444 out.txt, deps: [in.txt], outs: [out.txt]}
",
    );
    space.write("in.txt", "one\n");
    space.repro();
    space.write("in.txt", "two\n");
    assert_eq!(space.repro(), ["make"]);
    assert_eq!(space.read("out.txt"), "two\n");
}

#[test]
fn f032_a_lost_content_of_many_is_a_miss() {
    let space = chain();
    space.repro();
    lose(&space, "one\n");
    space.remove("c.txt");
    assert_eq!(space.repro(), ["c"]);
    assert_eq!(space.read("c.txt"), "one\n");
}

#[test]
fn f034_a_stage_that_makes_other_bytes_from_the_same_inputs_is_named() {
    let space = fickle();
    space.repro();
    space.kaslite("repro -f").ok().never_says("warning");
    space.write("../value", "second\n");
    space
        .kaslite("repro -f")
        .ok()
        .says("warning: make: `out.txt` is not what a past run made from the same inputs");
    space.remove("out.txt");
    space.repro();
    assert_eq!(space.read("out.txt"), "second\n");
}
