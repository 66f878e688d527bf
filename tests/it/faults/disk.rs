//! Faults 5–9, 17–22, 28: disks that fail, fill up, or may not be written.

use crate::behaviours::data::{cached, maker};
use crate::faults::tools::{
    after_mounts, calls, can_inject, can_mount, contents_are_whole, with_faults, with_faults_at,
};
use crate::support::{Space, kaslite};
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;

/// A stage whose out is too large for a small disk.
fn large() -> Space {
    let space = Space::new(
        "stages:
  make: {cmd: tick && cat in.txt > out.txt && head -c 2000000 /dev/zero >> out.txt, deps: [in.txt], outs: [out.txt]}
",
    );
    space.write("in.txt", "one\n");
    space
}

/// After a run that failed: all that is there is whole, nothing is believed, and the next run completes.
#[track_caller]
fn completes(space: &Space) {
    contents_are_whole(space);
    space.kaslite("status --check").exits(3);
    space.kaslite("repro").ok();
    space.kaslite("status --check").ok();
    contents_are_whole(space);
}

/// `repro` of [`maker`] with one fault: it exits with 4 and says so, and the next run completes.
#[track_caller]
fn fails_with(faults: &[&str], says: &str) {
    let space = maker();
    with_faults(&space, faults, "repro")
        .exits(4)
        .says("error: ")
        .says(says);
    completes(&space);
}

#[test]
fn f005_a_content_that_cannot_be_forced_to_the_disk_is_no_content() {
    if !can_inject() {
        return;
    }
    let space = maker();
    with_faults(&space, &["fsync:error=EIO"], "repro")
        .exits(4)
        .says("cannot write")
        .says(".kaslite/cache/blobs")
        .says("Input/output error");
    assert!(cached(&space, "blobs").is_empty());
    assert!(cached(&space, "runs").is_empty());
    assert!(!space.read_or_nothing("pipeline.lock").contains("make:"));
    // What could not be forced is not forced again: the second try would say that all is well.
    let all = calls(&space);
    let mut failed: Vec<&str> = all
        .iter()
        .filter_map(|line| line.split('<').nth(1))
        .collect();
    failed.sort_unstable();
    let tries = failed.len();
    failed.dedup();
    assert_eq!(failed.len(), tries, "{all:?}");
    completes(&space);
}

#[test]
fn f006_a_folder_that_cannot_be_forced_to_the_disk_is_an_error() {
    if !can_inject() {
        return;
    }
    let space = maker();
    space.repro();
    space.write("in.txt", "two\n");
    with_faults_at(&space, &["fsync:error=EIO"], &["."], "repro")
        .exits(4)
        .says("cannot sync")
        .says("Input/output error");
    space.kaslite("repro").ok();
    assert_eq!(space.read("d/x"), "two\n");
    space.kaslite("status --check").ok();
}

#[test]
fn f006_names_of_contents_that_cannot_be_forced_to_the_disk_are_an_error() {
    if !can_inject() {
        return;
    }
    let space = maker();
    let folder = ".kaslite/cache/blobs";
    with_faults_at(&space, &["fsync:error=EIO"], &[folder], "repro")
        .exits(4)
        .says("cannot sync")
        .says(folder);
    assert!(cached(&space, "runs").is_empty());
    completes(&space);
}

#[test]
fn f007_a_content_that_breaks_off_leaves_nothing() {
    if !can_inject() {
        return;
    }
    let space = Space::new(
        "stages:
  make: {cmd: tick && read line < in.txt && echo $line > out.txt, deps: [in.txt], outs: [out.txt]}
",
    );
    space.write("in.txt", "one\n");
    let faults = [
        "copy_file_range:error=EIO",
        "sendfile:error=EIO",
        "ioctl:error=EOPNOTSUPP",
    ];
    with_faults(&space, &faults, "repro")
        .exits(4)
        .says(".kaslite/cache/blobs")
        .says("Input/output error");
    assert!(cached(&space, "blobs").is_empty());
    assert!(!space.has(".kaslite/tmp"));
    let left = fs::read_dir(space.path(".kaslite/cache/tmp"))
        .into_iter()
        .flatten();
    assert_eq!(left.count(), 0);
    completes(&space);
    assert_eq!(space.read("out.txt"), "one\n");
}

#[test]
fn f008_f020_a_quota_that_ends_when_a_file_is_forced_to_the_disk_is_reported() {
    if can_inject() {
        fails_with(&["fsync:error=EDQUOT"], "uota exceeded");
    }
}

#[test]
fn f009_a_content_is_on_the_disk_before_it_has_its_name_and_both_before_the_lock() {
    if !can_inject() {
        return;
    }
    let space = maker();
    with_faults(
        &space,
        &["fsync:delay_enter=0", "/^rename:delay_enter=0"],
        "repro",
    )
    .ok();
    let calls = calls(&space);
    let find = |what: &dyn Fn(&str) -> bool| calls.iter().position(|line| what(line));
    let blobs = calls
        .iter()
        .enumerate()
        .filter(|(_, line)| line.contains("rename") && line.contains("/cache/blobs/"));
    let mut last = 0;
    for (at, line) in blobs {
        let from = line.split('"').nth(1).expect("a path");
        let forced = find(&|line| line.contains("fsync") && line.contains(from));
        assert!(forced.is_some_and(|forced| forced < at), "{line}");
        last = at;
    }
    let record = find(&|line| line.contains("rename") && line.contains("/cache/runs/"));
    let record = record.expect("the record");
    assert!(last > 0 && record > last);
    // The names too are on the disk before anything speaks of them.
    let named: BTreeSet<&str> = calls[..record]
        .iter()
        .filter(|line| line.contains("rename"))
        .filter_map(|line| line.split('"').nth(3)?.rsplit_once('/'))
        .map(|(folder, _)| folder)
        .filter(|folder| folder.contains("/cache/blobs/"))
        .collect();
    assert!(!named.is_empty());
    for folder in named
        .into_iter()
        .chain([".kaslite/cache/blobs", ".kaslite"])
    {
        let end = format!("{folder}>)");
        let synced = |line: &String| line.contains("fsync") && line.contains(&end);
        assert!(
            calls[last..record].iter().any(synced),
            "{folder}: {calls:?}"
        );
    }
    let lock = find(&|line| line.contains("rename") && line.contains("pipeline.lock\""));
    let lock = lock.expect("the lock");
    assert!(lock > last);
    let from = calls[lock].split('"').nth(1).expect("a path");
    assert!(find(&|line| line.contains("fsync") && line.contains(from)).expect("fsync") < lock);
    let root = format!("<{}>", space.root().display());
    assert!(find(&|line| line.contains("fsync") && line.contains(&root)).expect("fsync") > lock);
}

#[test]
fn f017_a_full_disk_while_a_content_is_stored() {
    if !can_mount() {
        return;
    }
    let space = large();
    let ran = after_mounts(
        &space,
        "mkdir -p .kaslite && mount -t tmpfs -o size=1m none .kaslite && export TMPDIR=/tmp",
        "repro",
    );
    ran.exits(4)
        .says(".kaslite/cache/blobs")
        .says("No space left on device");
    completes(&space);
}

#[test]
fn f018_a_full_disk_while_lock_and_record_are_written_leaves_the_old_ones() {
    if !can_mount() {
        return;
    }
    let space = maker();
    space.repro();
    let old = space.lock();
    space.write("in.txt", "two\n");
    // The project moves to a small disk, which is filled up; what is left of it is copied back.
    let mut failed = 0;
    for spare in [0, 2, 8] {
        let script = format!(
            "root=$PWD; mount -t tmpfs -o size=1m none /mnt; cp -a . /mnt; cd /mnt;
             dd if=/dev/zero of=filler bs=4k status=none 2>/dev/null || true;
             test {spare} = 0 || truncate -s -$(({spare} * 4096)) filler;
             {kaslite} repro && code=0 || code=$?;
             cat pipeline.lock > $root/../lock; rm filler; {kaslite} repro >/dev/null 2>&1; {kaslite} status --check >/dev/null;
             cat d/x > $root/../made; exit $code; true",
            kaslite = kaslite().display(),
        );
        let ran = after_mounts(&space, &script, "status");
        let lock = fs::read_to_string(space.beside("lock")).expect("the lock");
        assert_eq!(
            fs::read_to_string(space.beside("made")).expect("the out"),
            "two\n"
        );
        if ran.code == Some(0) {
            continue;
        }
        failed += 1;
        assert_eq!(lock, old, "{spare}: {}", ran.text());
        assert!(matches!(ran.code, Some(1 | 4)), "{}", ran.text());
        assert!(
            ran.stderr.contains("No space left on device"),
            "{}",
            ran.text()
        );
    }
    assert!(failed > 0, "it was never full");
}

#[test]
fn f019_a_disk_without_a_free_inode() {
    if !can_mount() {
        return;
    }
    let space = maker();
    let mount = "mkdir -p .kaslite && mount -t tmpfs -o nr_inodes=8 none .kaslite";
    after_mounts(&space, mount, "repro")
        .exits(4)
        .says(".kaslite")
        .says("No space left on device");
    completes(&space);
}

#[test]
fn f020_a_quota_that_ends_while_the_journal_is_written() {
    if !can_inject() {
        return;
    }
    let space = maker();
    let journal = ".kaslite/journal-pipeline.yaml";
    with_faults_at(&space, &["write:error=EDQUOT"], &[journal], "repro")
        .exits(4)
        .says(journal)
        .says("uota exceeded");
    assert!(
        space.ran().is_empty(),
        "nothing runs whose end could not be noted"
    );
    completes(&space);
}

#[test]
fn f021_a_read_only_cache_is_read_and_says_that_it_cannot_be_written() {
    if !can_mount() {
        return;
    }
    let space = maker();
    space.repro();
    let mount =
        "mount --bind .kaslite/cache .kaslite/cache && mount -o remount,bind,ro .kaslite/cache";
    space.remove("out.txt");
    space.remove("d");
    space.ran();
    after_mounts(&space, mount, "repro").ok();
    assert!(space.ran().is_empty());
    assert_eq!(space.read("d/x"), "one\n");
    space.write("in.txt", "two\n");
    after_mounts(&space, mount, "repro")
        .exits(4)
        .says(".kaslite/cache")
        .says("Read-only file system");
    completes(&space);
    assert_eq!(space.read("d/x"), "two\n");
}

#[test]
fn f021_in_a_read_only_project_questions_are_answered_and_nothing_runs() {
    if !can_mount() {
        return;
    }
    let space = maker();
    space.repro();
    space.ran();
    let mount = "mount --bind . . && mount -o remount,bind,ro . && cd $PWD";
    after_mounts(&space, mount, "status --check").ok();
    space.write("in.txt", "two\n");
    after_mounts(&space, mount, "status --check").exits(3);
    after_mounts(&space, mount, "why make").ok();
    after_mounts(&space, mount, "repro")
        .exits(4)
        .says("Read-only file system");
    assert!(space.ran().is_empty());
    space.repro();
}

#[test]
fn f022_a_cache_that_is_deleted_while_a_stage_runs() {
    for (what, before) in [
        (".kaslite/cache", true),
        (".kaslite", true),
        (".kaslite", false),
    ] {
        let space = maker();
        if before {
            space.repro();
        }
        space.write("in.txt", "two\n");
        space.edit(
            "pipeline.yaml",
            "cmd: tick",
            &format!("cmd: tick && rm -rf {what}"),
        );
        let ran = space.kaslite("repro");
        assert!(matches!(ran.code, Some(0 | 4)), "{}", ran.text());
        space.kaslite("repro").ok();
        assert_eq!(space.read("d/x"), "two\n");
        contents_are_whole(&space);
        space.kaslite("status --check").ok();
    }
}

#[test]
fn f028_project_cache_and_temp_files_on_different_disks() {
    if !can_mount() {
        return;
    }
    let space = maker();
    space.edit("pipeline.yaml", "y > d/y", "y > d/y && test ! -e bad");
    let disk = |name: &str| format!("mount -t tmpfs none {name}");
    fs::create_dir_all(space.path(".kaslite/cache")).expect("a folder");
    // All in one shell: what is mounted goes with it.
    let kaslite = kaslite().display().to_string();
    let both = format!(
        "{}; mkdir .kaslite/cache; {}",
        disk(".kaslite"),
        disk(".kaslite/cache")
    );
    for (mount, link) in [
        (disk(".kaslite"), "copy"),
        (disk(".kaslite/cache"), "[hardlink, copy]"),
        (both, "symlink"),
    ] {
        let repro = format!("{kaslite} repro 2>/dev/null");
        let script = format!(
            "{mount}; echo 'cache: {{link: {link}}}' > .kaslite/config.yaml;
             {repro}; rm -rf out.txt d; {repro}; test $(cat d/x) = one;
             echo two > in.txt; {repro}; test $(cat d/x) = two;
             echo mine > out.txt; {repro}; test $(cat d/x) = two; grep -rq mine .kaslite/trash;
             echo one > in.txt; {repro}; test $(cat d/x) = one;
             touch bad; echo three > in.txt; ! {repro}; rm bad; test $(cat d/x) = one;
             test -z \"$(ls -a | grep kaslite-)\"; rm -rf out.txt d; echo one > in.txt"
        );
        after_mounts(&space, &script, "status").ok();
    }
}

#[test]
fn f028_a_cache_folder_that_is_a_link_elsewhere() {
    let space = maker();
    fs::create_dir_all(space.beside("store")).expect("a folder");
    fs::create_dir_all(space.path(".kaslite")).expect("a folder");
    symlink(space.beside("store"), space.path(".kaslite/cache")).expect("a link");
    space.repro();
    space.remove("d");
    assert!(space.repro().is_empty());
    assert!(space.beside("store/blobs").is_dir());
}
