//! Behaviour 164: how outs come from the cache.

use crate::behaviours::data::{cached, maker, mode};
use crate::faults::tools::contents_are_whole;
use crate::support::Space;
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};

/// `maker`, its outs restored by this link.
fn linked(link: &str) -> Space {
    let space = maker();
    space.write(".kaslite/config.yaml", format!("cache:\n  link: {link}\n"));
    space.repro();
    space.remove("out.txt");
    space.remove("d");
    assert!(space.repro().is_empty());
    space
}

fn links(space: &Space, name: &str) -> u64 {
    space.path(name).metadata().expect("a file").nlink()
}

#[test]
fn b164_hardlinks_are_names_of_the_cache_and_read_only() {
    let space = linked("[hardlink, copy]");
    assert!(links(&space, "out.txt") > 1);
    assert_eq!(mode(&space, "out.txt"), 0o444);
    assert_eq!(mode(&space, "d/x"), 0o444);
    assert_eq!(space.read("d/x"), "one\n");
    space.kaslite("status --check").ok();
    // The stage replaces them all the same.
    space.write("in.txt", "two\n");
    assert_eq!(space.repro(), ["make"]);
    assert_eq!(space.read("d/x"), "two\n");
}

#[test]
fn b164_what_a_stage_has_just_made_is_shared_too() {
    let space = maker();
    space.write(".kaslite/config.yaml", "cache: {link: [hardlink]}\n");
    assert_eq!(space.repro(), ["make"]);
    // Two files with the same bytes, and the cache's.
    assert_eq!(links(&space, "out.txt"), 3);
    assert_eq!(mode(&space, "d/x"), 0o444);
    space.kaslite("status --check").ok();
    assert!(space.repro().is_empty());
    space.write(".kaslite/config.yaml", "cache: {link: symlink}\n");
    space.write("in.txt", "two\n");
    assert_eq!(space.repro(), ["make"]);
    assert!(fs::read_link(space.path("d/x")).is_ok());
    space.kaslite("status --check").ok();
    // Where a link does not work, the next way is taken; a copy is there already.
    space.write(".kaslite/config.yaml", "cache: {link: [copy, hardlink]}\n");
    space.write("in.txt", "three\n");
    assert_eq!(space.repro(), ["make"]);
    assert_eq!(
        (links(&space, "out.txt"), mode(&space, "out.txt")),
        (1, 0o644)
    );
}

#[test]
fn b164_what_is_committed_is_shared_too() {
    let space = maker();
    space.repro();
    space.write(".kaslite/config.yaml", "cache: {link: [hardlink]}\n");
    space.write("out.txt", "mine\n");
    space.kaslite("commit").ok();
    assert_eq!(
        (links(&space, "out.txt"), mode(&space, "out.txt")),
        (2, 0o444)
    );
}

#[test]
fn b164_an_out_that_was_shared_and_now_persists_is_its_own_before_its_stage_writes_in_it() {
    for link in ["hardlink", "symlink"] {
        let space = Space::new(
            "stages:
  grow: {cmd: tick && cat in.txt >> log.txt, deps: [in.txt], outs: [log.txt]}
",
        );
        space.write("in.txt", "one\n");
        space.write(".kaslite/config.yaml", format!("cache: {{link: {link}}}\n"));
        space.repro();
        space.edit("pipeline.yaml", "[log.txt]", "[{log.txt: {persist: true}}]");
        space.write("in.txt", "two\n");
        space.repro();
        assert_eq!(space.read("log.txt"), "one\ntwo\n");
        contents_are_whole(&space);
    }
}

#[test]
fn b164_f036_editing_a_hardlink_by_force_never_harms_what_is_restored() {
    let space = linked("[hardlink]");
    // As root can, or whoever changes the mode first; as long as the old one, so that its size tells
    // nothing.
    fs::set_permissions(space.path("out.txt"), Permissions::from_mode(0o644)).expect("a mode");
    space.write("out.txt", "bad\n");
    assert_eq!(space.repro(), ["make"]);
    assert_eq!(space.read("out.txt"), "one\n");
    assert_eq!(space.read("d/x"), "one\n");
    space.remove("out.txt");
    assert!(space.repro().is_empty());
    assert_eq!(space.read("out.txt"), "one\n");
}

#[test]
fn b164_symlinks_lead_into_the_cache() {
    let space = linked("symlink");
    let target = fs::read_link(space.path("out.txt")).expect("a link");
    assert!(target.starts_with(space.path(".kaslite/cache")));
    assert_eq!(space.read("d/x"), "one\n");
    space.kaslite("status --check").ok();
    space.write("in.txt", "two\n");
    assert_eq!(space.repro(), ["make"]);
    space.write("in.txt", "one\n");
    assert!(space.repro().is_empty());
    assert_eq!(space.read("out.txt"), "one\n");
    // The cache is gone, and with it what the links lead to.
    space.remove(".kaslite");
    space.kaslite("status --check").exits(3);
    assert_eq!(space.repro(), ["make"]);
}

#[test]
fn b164_f037_copies_are_files_of_their_own() {
    for link in ["copy", "[reflink, copy]"] {
        let space = linked(link);
        assert_eq!(links(&space, "out.txt"), 1);
        assert_eq!(mode(&space, "out.txt"), 0o644);
        space.write("out.txt", "bad\n");
        assert!(space.repro().is_empty());
        assert_eq!(space.read("out.txt"), "one\n");
    }
}

#[test]
fn b164_an_executable_out_is_a_copy() {
    let space = Space::new(
        "stages:
  tool: {cmd: tick && echo 'echo works' > tool && chmod +x tool, deps: [in.txt], outs: [tool]}
",
    );
    space.write("in.txt", "one\n");
    space.write(".kaslite/config.yaml", "cache: {link: [hardlink]}\n");
    space.repro();
    space.remove("tool");
    assert!(space.repro().is_empty());
    assert_eq!(mode(&space, "tool"), 0o755);
    assert_eq!(links(&space, "tool"), 1);
    space.kaslite("status --check").ok();
}

#[test]
fn b164_what_persists_is_never_shared_with_the_cache() {
    let space = Space::new(
        "stages:
  grow: {cmd: tick && cat in.txt >> log.txt, deps: [in.txt], outs: [{log.txt: {persist: true}}]}
",
    );
    space.write("in.txt", "one\n");
    space.write(".kaslite/config.yaml", "cache: {link: [hardlink]}\n");
    space.repro();
    space.remove("log.txt");
    space.kaslite("checkout").ok();
    assert_eq!(links(&space, "log.txt"), 1);
    space.remove("log.txt");
    space.repro();
    assert_eq!(links(&space, "log.txt"), 1);
    space.write("in.txt", "two\n");
    space.repro();
    assert_eq!(space.read("log.txt"), "one\ntwo\n");
}

#[test]
fn b164_contents_of_the_cache_are_read_only() {
    let space = maker();
    space.repro();
    let blobs = cached(&space, "blobs");
    assert!(!blobs.is_empty());
    for path in blobs {
        let mode = path.metadata().expect("a file").permissions().mode();
        assert_eq!(mode & 0o222, 0, "{}", path.display());
    }
}

#[test]
fn b164_the_user_configures_what_the_project_does_not() {
    let space = maker();
    let folder = space.beside("home").join("kaslite");
    fs::create_dir(&folder).expect("a folder");
    fs::write(folder.join("config.yaml"), "cache: {link: [hardlink]}\n").expect("a file");
    space.repro();
    space.remove("out.txt");
    space.repro();
    assert!(links(&space, "out.txt") > 1);
    space.write(".kaslite/config.yaml", "cache: {link: [copy]}\n");
    space.remove("out.txt");
    space.repro();
    assert_eq!(links(&space, "out.txt"), 1);
}

#[test]
fn b164_a_wrong_configuration_is_shown_with_its_line() {
    let space = maker();
    let wrong = [
        ("cache:\n  link: [hardlnk]\n", "did you mean `hardlink`?"),
        ("cache:\n  link: []\n", "no way to link"),
        ("cache:\n  link: 3\n", "reflink, hardlink, symlink, copy"),
        ("cache:\n  lnik: copy\n", "unknown key `cache.lnik`"),
        ("\ncahce: 1\n", "unknown key `cahce`"),
        ("\ncache: 1\n", "must be a map"),
    ];
    for (text, says) in wrong {
        space.write(".kaslite/config.yaml", text);
        space
            .kaslite("repro")
            .exits(2)
            .says(".kaslite/config.yaml:2")
            .says(says);
    }
    assert!(space.ran().is_empty());
}
