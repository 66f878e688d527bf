//! Outs that were removed, edited or never made.

use crate::freshness::chain;
use crate::support::Space;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

#[test]
fn b010_a_deleted_out_is_restored_without_running() {
    let space = chain();
    space.repro();
    let (files, lock) = (space.files(), space.lock());
    space.remove("b.txt");
    space
        .kaslite("status")
        .ok()
        .prints("b: stale, in the cache")
        .prints("removed");
    space.kaslite("repro").ok().says("b: restored");
    assert!(space.ran().is_empty());
    assert_eq!(space.files(), files);
    assert_eq!(space.lock(), lock);
}

#[test]
fn all_outs_deleted_are_all_restored() {
    let space = chain();
    space.repro();
    let files = space.files();
    for name in ["a.txt", "b.txt", "c.txt"] {
        space.remove(name);
    }
    space.kaslite("repro").ok().says("3 restored");
    assert!(space.ran().is_empty());
    assert_eq!(space.files(), files);
}

#[test]
fn b011_an_out_edited_by_hand_is_restored_and_the_edit_is_kept() {
    let space = chain();
    space.repro();
    space.write("b.txt", "my own words\n");
    let said = space
        .kaslite("repro")
        .ok()
        .says("edited by hand")
        .says(".kaslite/trash/");
    assert!(space.ran().is_empty());
    assert_eq!(space.read("b.txt"), "one\n");
    let start = said.stderr.find(".kaslite/trash/").expect("the place");
    let kept = said.stderr[start..]
        .split('`')
        .next()
        .expect("up to the next backtick");
    assert_eq!(space.read(kept), "my own words\n");
}

#[test]
fn an_out_edited_by_hand_is_kept_too_when_its_stage_must_run() {
    let space = chain();
    space.repro();
    space.write("b.txt", "my own words\n");
    space.write("in.txt", "two\n");
    let said = space.kaslite("repro").ok().says("edited by hand");
    assert_eq!(space.read("b.txt"), "two\n");
    let start = said.stderr.find(".kaslite/trash/").expect("the place");
    let kept = said.stderr[start..]
        .split('`')
        .next()
        .expect("up to the next backtick");
    assert_eq!(space.read(kept), "my own words\n");
}

#[test]
fn b026_the_executable_bit_comes_back_with_a_restored_out() {
    let space = Space::new(
        "stages:
  tool:
    cmd: tick && printf '#!/bin/sh\\necho works\\n' > tool && chmod +x tool
    deps: [in.txt]
    outs: [tool]
  folder:
    cmd: tick && mkdir bin && cp tool bin/tool && cp in.txt bin/plain
    deps: [tool, in.txt]
    outs: [bin]
",
    );
    space.write("in.txt", "one\n");
    space.repro();
    space.remove("tool");
    space.remove("bin");
    space.kaslite("repro").ok().says("2 restored");
    let mode = |name: &str| {
        space
            .path(name)
            .metadata()
            .expect("a file")
            .permissions()
            .mode()
    };
    assert_eq!(mode("tool") & 0o111, 0o111);
    assert_eq!(mode("bin/tool") & 0o111, 0o111);
    assert_eq!(mode("bin/plain") & 0o111, 0);
    let tool = space.path("bin/tool");
    assert_eq!(
        space.finish(&mut space.program(tool)).ok().stdout,
        "works\n"
    );
}

#[test]
fn an_out_that_lost_its_executable_bit_is_stale_and_gets_it_back() {
    let space = Space::new(
        "stages:
  tool: {cmd: tick && echo > tool && chmod +x tool, deps: [in.txt], outs: [tool]}
",
    );
    space.write("in.txt", "one\n");
    space.repro();
    fs::set_permissions(space.path("tool"), Permissions::from_mode(0o644)).expect("its mode");
    space.kaslite("status --check").exits(3);
    space.repro();
    let mode = space
        .path("tool")
        .metadata()
        .expect("a file")
        .permissions()
        .mode();
    assert_eq!(mode & 0o111, 0o111);
}

#[test]
fn a_command_finds_its_old_outs_gone_and_the_folders_above_them_made() {
    let space = Space::new(
        "stages:
  a: {cmd: 'tick && test ! -e deep/er/a.txt && cp in.txt deep/er/a.txt', deps: [in.txt], outs: [deep/er/a.txt]}
",
    );
    space.write("in.txt", "one\n");
    assert_eq!(space.repro(), ["a"]);
    space.write("in.txt", "two\n");
    assert_eq!(space.repro(), ["a"]);
    assert_eq!(space.read("deep/er/a.txt"), "two\n");
}

#[test]
fn b116_an_out_that_persists_stays_in_place_while_its_stage_runs() {
    let space = Space::new(
        "stages:
  log: {cmd: tick && cat in.txt >> log.txt, deps: [in.txt], outs: [{log.txt: {persist: true}}]}
",
    );
    space.write("in.txt", "one\n");
    assert_eq!(space.repro(), ["log"]);
    space.write("in.txt", "two\n");
    assert_eq!(space.repro(), ["log"]);
    assert_eq!(space.read("log.txt"), "one\ntwo\n");
}

#[test]
fn an_out_that_is_not_cached_runs_again_when_it_is_gone() {
    let space = Space::new(
        "stages:
  a: {cmd: tick && cp in.txt a.txt, deps: [in.txt], outs: [{a.txt: {cache: false}}]}
",
    );
    space.write("in.txt", "one\n");
    assert_eq!(space.repro(), ["a"]);
    assert!(space.repro().is_empty());
    space.remove("a.txt");
    space.kaslite("status").ok().prints("a: stale\n");
    assert_eq!(space.repro(), ["a"]);
}
