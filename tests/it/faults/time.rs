//! Faults 41–47: clocks and stamps that tell nothing, files that change while they are read.

use crate::faults::tools::{after_mounts, can, can_inject, can_mount, tracing};
use crate::freshness::chain;
use crate::support::{Ran, Running, Space, kaslite, wait_until};
use std::fs::{self, File, FileTimes};
use std::thread::sleep;
use std::time::Duration;

/// Longer than a tick of the file system's clock: what is older is remembered.
const SETTLE: Duration = Duration::from_millis(40);

/// [`chain`], found fresh again and again.
fn remembered() -> Space {
    let space = chain();
    space.repro();
    for _ in 0..2 {
        sleep(SETTLE);
        assert!(space.repro().is_empty());
    }
    space
}

/// Gives a file other bytes of the same number and its old times.
fn edit_unseen(space: &Space, name: &str, write: impl FnOnce()) {
    let meta = space.path(name).metadata().expect("a file");
    write();
    let times = FileTimes::new()
        .set_modified(meta.modified().expect("a time"))
        .set_accessed(meta.accessed().expect("a time"));
    let file = File::options().append(true).open(space.path(name));
    file.and_then(|file| file.set_times(times)).expect("times");
}

#[test]
fn f041_f046_other_bytes_of_the_same_size_and_time_are_seen() {
    let space = remembered();
    edit_unseen(&space, "in.txt", || space.write("in.txt", "two\n"));
    space.kaslite("status --check").exits(3);
    assert_eq!(space.repro(), ["a", "b", "c"]);
    // An out too, and one that another program puts in the place of the old.
    let space = remembered();
    edit_unseen(&space, "b.txt", || {
        space.write("new", "two\n");
        fs::rename(space.path("new"), space.path("b.txt")).expect("a rename");
    });
    space.kaslite("status --check").exits(3).prints("b.txt");
    assert!(space.repro().is_empty());
    assert_eq!(space.read("b.txt"), "one\n");
}

#[test]
fn f046_a_copy_with_the_old_time_is_seen() {
    let space = remembered();
    space.write("old.txt", "two\n");
    for name in ["in.txt", "old.txt"] {
        let touch = space.finish(space.program("touch").args(["-d", "2001-01-01", name]));
        touch.ok();
    }
    space.repro();
    sleep(SETTLE);
    space.repro();
    space
        .finish(space.program("cp").args(["-p", "old.txt", "in.txt"]))
        .ok();
    space.kaslite("status --check").exits(3);
    space.repro();
    assert_eq!(space.read("c.txt"), "two\n");
}

#[test]
fn f047_a_new_file_with_the_old_inode_is_seen() {
    let space = remembered();
    edit_unseen(&space, "in.txt", || {
        space.remove("in.txt");
        space.write("in.txt", "two\n");
    });
    space.kaslite("status --check").exits(3);
    space.repro();
    assert_eq!(space.read("c.txt"), "two\n");
}

/// Starts `repro`, stops it at a call on a path, acts, and lets it go on.
fn meanwhile(space: &Space, fault: &str, path: &str, act: impl FnOnce()) -> Ran {
    let mut command = tracing(space, &[fault], &[path]);
    let mut running = Running::start(command.arg(kaslite()).arg("repro"), space.root().to_owned());
    let trace = || fs::read_to_string(space.beside("trace")).unwrap_or_default();
    wait_until("kaslite to stop", || trace().contains("stopped by SIGSTOP"));
    act();
    // What kaslite starts stops there too.
    while !running.has_ended() {
        running.signal_all("CONT");
        sleep(Duration::from_millis(10));
    }
    running.wait()
}

#[test]
fn f042_a_dep_that_changes_while_it_is_hashed_is_never_taken_for_what_was_read() {
    if !can_inject() {
        return;
    }
    let space = chain();
    let stop = "read:signal=SIGSTOP:when=1";
    let ran = meanwhile(&space, stop, "in.txt", || space.write("in.txt", "two\n"));
    // A dep is looked at once more when its stage has it to itself.
    ran.ok();
    assert_eq!(space.read("c.txt"), "two\n");
    space.kaslite("status --check").ok();
    space.write("in.txt", "one\n");
    space.kaslite("repro").ok();
    assert_eq!(space.read("c.txt"), "one\n");
}

#[test]
fn f042_a_large_dep_that_is_cut_off_while_it_is_hashed_ends_nothing() {
    if !can_inject() {
        return;
    }
    let space = chain();
    let set_len = |len: u64| {
        let file = File::options().append(true).open(space.path("in.txt"));
        file.and_then(|file| file.set_len(len)).expect("a length");
    };
    set_len(3 << 20);
    let stop = "read,pread64,mmap:signal=SIGSTOP:when=1";
    let ran = meanwhile(&space, stop, "in.txt", || set_len(4));
    assert!(ran.code.is_some(), "{}", ran.text());
    space.kaslite("repro").ok();
    assert_eq!(space.read("c.txt"), "one\n");
    space.kaslite("status --check").ok();
}

#[test]
fn f042_an_out_that_changes_while_it_is_stored_is_never_stored() {
    if !can_inject() {
        return;
    }
    let space = chain();
    // Opened first to be hashed, then to be stored.
    let stop = "openat:signal=SIGSTOP:when=2";
    let ran = meanwhile(&space, stop, "a.txt", || space.write("a.txt", "bad\n"));
    ran.exits(4).says("a.txt` changed");
    crate::faults::tools::contents_are_whole(&space);
    space.kaslite("repro").ok();
    assert_eq!(space.read("c.txt"), "one\n");
    crate::faults::tools::contents_are_whole(&space);
}

#[test]
fn f043_clocks_that_are_wrong_hide_no_edit() {
    if !can("there is no faketime", "faketime", &["-f", "-1d", "true"]) {
        return;
    }
    for time in ["-1d", "+1d", "@1970-01-02 00:00:00", "@2040-01-01 00:00:00"] {
        let space = chain();
        for round in 0..4 {
            let text = format!("{round}\n");
            space.write("in.txt", &text);
            let run = |line: &str| {
                let mut command = space.program("faketime");
                command.args(["-f", time]).arg(kaslite());
                space.finish(command.args(line.split(' ')))
            };
            run("repro").ok();
            assert_eq!(space.read("c.txt"), text, "{time}");
            run("status --check").ok();
        }
    }
}

#[test]
fn f043_files_of_the_future_and_of_long_ago_are_files() {
    for time in ["1969-12-31", "1970-01-01", "2038-01-20", "2200-01-01"] {
        let space = remembered();
        for text in ["two\n", "six\n"] {
            space.write("in.txt", text);
            let touch = space.finish(space.program("touch").args(["-d", time, "in.txt"]));
            touch.ok();
            space.kaslite("status --check").exits(3);
            space.kaslite("repro").ok();
            assert_eq!(space.read("c.txt"), text);
            sleep(SETTLE);
            assert_eq!(space.kaslite("repro").ok().code, Some(0));
            space.kaslite("status --check").ok();
        }
    }
}

#[test]
fn f044_where_files_have_the_time_in_whole_seconds_no_edit_is_missed() {
    if !can_mount() || !can("there is no mkfs.ext4", "mkfs.ext4", &["-V"]) {
        return;
    }
    let space = chain();
    // Small inodes have no room for more than seconds.
    let script = format!(
        "truncate -s 8m ../disk; mkfs.ext4 -q -I 128 ../disk 2>/dev/null; mount -o loop ../disk /mnt 2>/dev/null || exit 77;
         cp -a . /mnt; cd /mnt;
         for round in 1 2 3 4 5 6 7 8; do
             echo $round > in.txt; {kaslite} repro 2>/dev/null; {kaslite} repro 2>/dev/null; test $(cat c.txt) = $round || exit 1;
         done",
        kaslite = kaslite().display(),
    );
    let ran = after_mounts(&space, &script, "status");
    if ran.code != Some(77) {
        ran.ok();
    }
}
