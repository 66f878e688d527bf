//! How a change of a file is told from none.

use crate::freshness::chain;
use std::fs::{self, File, FileTimes};
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, SystemTime};

#[test]
fn b006_a_touched_file_makes_nothing_stale() {
    let space = chain();
    space.repro();
    let later = FileTimes::new().set_modified(SystemTime::now() + Duration::from_secs(3600));
    for name in ["in.txt", "a.txt"] {
        let file = File::options()
            .append(true)
            .open(space.path(name))
            .expect("a file");
        file.set_times(later).expect("its times");
    }
    space.kaslite("status --check").ok().prints("all fresh");
    assert!(space.repro().is_empty());
}

#[test]
fn b007_the_same_bytes_in_a_new_file_make_nothing_stale() {
    let space = chain();
    space.repro();
    for name in ["in.txt", "b.txt"] {
        space.write("copy", space.read(name));
        fs::rename(space.path("copy"), space.path(name)).expect("a rename");
    }
    assert!(space.repro().is_empty());
}

#[test]
fn b008_an_edit_of_equal_size_right_after_a_run_is_seen() {
    let space = chain();
    space.repro();
    for round in 0..25 {
        let text = format!("{round:03}\n");
        space.write("in.txt", &text);
        space.kaslite("repro").ok();
        assert_eq!(space.read("c.txt"), text);
    }
}

#[test]
fn an_edit_of_equal_size_with_its_old_time_put_back_is_seen() {
    let space = chain();
    space.write("in.txt", "one\n");
    let path = space.path("in.txt");
    // Old enough that its digest is kept in the stat cache.
    std::thread::sleep(Duration::from_millis(50));
    space.repro();
    space.kaslite("status --check").ok();
    let time = path
        .metadata()
        .and_then(|meta| meta.modified())
        .expect("a time");
    space.write("in.txt", "two\n");
    let file = File::options().append(true).open(&path).expect("a file");
    file.set_times(FileTimes::new().set_modified(time))
        .expect("its times");
    drop(file);
    space.kaslite("status --check").exits(3).prints("in.txt");
    assert_eq!(space.repro(), ["a", "b", "c"]);
}

#[test]
fn a_file_replaced_by_one_with_its_size_and_time_is_seen() {
    let space = chain();
    space.repro();
    let path = space.path("in.txt");
    let time = path
        .metadata()
        .and_then(|meta| meta.modified())
        .expect("a time");
    space.write("copy", "two\n");
    let file = File::options()
        .append(true)
        .open(space.path("copy"))
        .expect("a file");
    file.set_times(FileTimes::new().set_modified(time))
        .expect("its times");
    drop(file);
    fs::rename(space.path("copy"), path).expect("a rename");
    assert_eq!(space.repro(), ["a", "b", "c"]);
}

#[test]
fn a_file_that_grows_and_one_that_shrinks_are_seen() {
    let space = chain();
    space.repro();
    for text in ["one and more\n", "", "one\n"] {
        space.write("in.txt", text);
        space.kaslite("repro").ok();
        assert_eq!(space.read("c.txt"), text);
    }
}

#[test]
fn a_dep_turned_from_file_to_folder_is_seen() {
    let space = crate::support::Space::new(
        "stages:
  a: {cmd: 'tick && find in -type f | sort > a.txt', deps: [in], outs: [a.txt]}
",
    );
    space.write("in", "x");
    assert_eq!(space.repro(), ["a"]);
    space.remove("in");
    space.write("in/x", "x");
    assert_eq!(space.repro(), ["a"]);
    assert_eq!(space.read("a.txt"), "in/x\n");
}

#[test]
fn a_file_made_executable_is_seen() {
    let space = chain();
    space.repro();
    let executable = fs::Permissions::from_mode(0o755);
    fs::set_permissions(space.path("in.txt"), executable).expect("its mode");
    space.kaslite("status --check").exits(3).prints("in.txt");
    assert_eq!(space.repro()[0], "a");
    assert!(space.repro().is_empty());
}
