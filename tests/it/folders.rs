//! Folders as deps and outs, and the edges that paths inside one another give.

use crate::support::Space;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

fn reader() -> Space {
    let space = Space::new(
        "stages:
  list:
    cmd: tick && (cd in && find . -type f | sort | xargs cat) > list
    deps: [in/]
    outs: [list]
",
    );
    space.write("in/a", "a\n");
    space.write("in/deep/b", "b\n");
    assert_eq!(space.repro(), ["list"]);
    space
}

#[track_caller]
fn notices(act: impl FnOnce(&Space)) {
    let space = reader();
    act(&space);
    space.kaslite("status --check").exits(3);
    assert_eq!(space.repro(), ["list"]);
    assert!(space.repro().is_empty());
}

#[test]
fn b023_a_file_added_to_a_folder_is_seen() {
    notices(|space| space.write("in/deep/c", "c\n"));
}

#[test]
fn b023_a_file_removed_from_a_folder_is_seen() {
    notices(|space| space.remove("in/deep/b"));
}

#[test]
fn b023_a_file_renamed_in_a_folder_is_seen() {
    notices(|space| fs::rename(space.path("in/a"), space.path("in/z")).expect("a rename"));
}

#[test]
fn b023_a_file_edited_in_a_folder_is_seen() {
    notices(|space| space.write("in/deep/b", "B\n"));
}

#[test]
fn two_files_of_a_folder_that_swap_their_contents_are_seen() {
    notices(|space| {
        space.write("in/a", "b\n");
        space.write("in/deep/b", "a\n");
    });
}

#[test]
fn a_file_of_a_folder_made_executable_is_seen() {
    notices(|space| {
        let path = space.path("in/a");
        fs::set_permissions(path, Permissions::from_mode(0o755)).expect("its mode");
    });
}

#[test]
fn b024_an_empty_folder_in_a_folder_is_no_change() {
    let space = reader();
    fs::create_dir_all(space.path("in/empty/deeper")).expect("a folder");
    space.kaslite("status --check").ok();
    assert!(space.repro().is_empty());
}

#[test]
fn a_folder_moved_away_and_back_is_no_change() {
    let space = reader();
    fs::rename(space.path("in"), space.path("elsewhere")).expect("a rename");
    fs::rename(space.path("elsewhere"), space.path("in")).expect("a rename");
    assert!(space.repro().is_empty());
}

#[test]
fn a_folder_out_edited_inside_is_restored_whole() {
    let space = Space::new(
        "stages:
  make: {cmd: tick && mkdir -p out/deep && cp in.txt out/a && cp in.txt out/deep/b, deps: [in.txt], outs: [out/]}
",
    );
    space.write("in.txt", "one\n");
    space.repro();
    let files = space.files();
    space.write("out/a", "edited\n");
    space.remove("out/deep");
    space.write("out/more", "more\n");
    assert!(space.repro().is_empty());
    assert_eq!(space.files(), files);
}

#[test]
fn b028_a_dep_inside_a_folder_out_waits_for_the_folder() {
    let space = Space::new(
        "stages:
  read: {cmd: tick && cp out/a read, deps: [out/a], outs: [read]}
  make: {cmd: tick && mkdir out && cp in.txt out/a && date +%N > out/time, deps: [in.txt], outs: [out]}
",
    );
    space.write("in.txt", "one\n");
    assert_eq!(space.repro(), ["make", "read"]);
    assert_eq!(space.kaslite("dag").ok().stdout, "make\nread  ← make\n");
    // Only the file that is read counts, not its neighbours.
    space.kaslite("repro -f -s make").ok();
    space.ran();
    assert!(space.repro().is_empty());
}

#[test]
fn b029_a_folder_dep_over_file_outs_waits_for_the_files() {
    let space = Space::new(
        "stages:
  read: {cmd: tick && cat out/a out/b > read, deps: [out], outs: [read]}
  one: {cmd: tick && cp in.txt out/a, deps: [in.txt], outs: [out/a]}
  two: {cmd: tick && cp in.txt out/b, deps: [in.txt], outs: [out/b]}
",
    );
    space.write("in.txt", "one\n");
    let ran = space.repro();
    assert_eq!(ran.last().map(String::as_str), Some("read"));
    assert_eq!(space.read("read"), "one\none\n");
    space.write("in.txt", "two\n");
    let ran = space.repro();
    assert_eq!(ran.len(), 3);
    assert_eq!(space.read("read"), "two\ntwo\n");
}

#[test]
fn a_link_to_a_folder_is_read_through() {
    let space = Space::new(
        "stages:
  list: {cmd: tick && cat in/a > list, deps: [in], outs: [list]}
",
    );
    space.write("real/a", "a\n");
    std::os::unix::fs::symlink("real", space.path("in")).expect("a link");
    assert_eq!(space.repro(), ["list"]);
    space.write("real/a", "b\n");
    assert_eq!(space.repro(), ["list"]);
    assert_eq!(space.read("list"), "b\n");
}
