//! Data that git does not keep: `add`, its pointers, and those of DVC.

use crate::behaviours::data::cached;
use crate::support::{Space, has_git};
use std::fs;

/// A stage that reads a file and a folder that no stage makes.
fn reader() -> Space {
    let space = Space::new(
        "stages:
  read: {cmd: tick && cat raw.csv set/* > all.txt, deps: [raw.csv, set], outs: [all.txt]}
",
    );
    space.write("raw.csv", "raw\n");
    space.write("set/a", "a\n");
    space.write("set/b", "b\n");
    space
}

#[test]
fn b162_added_data_gets_a_pointer_and_a_line_for_git_and_comes_back() {
    let space = reader();
    space
        .kaslite("add raw.csv set")
        .ok()
        .says("raw.csv: kept; `raw.csv.kaslite`");
    assert_eq!(space.read(".gitignore"), "/raw.csv\n/set\n");
    let pointer = space.read("set.kaslite");
    for part in ["path: set\n", "files: 2\n", "size: 4\n"] {
        assert!(pointer.contains(part), "{pointer}");
    }
    assert_eq!(space.repro(), ["read"]);
    space.remove("raw.csv");
    space.remove("set");
    space
        .kaslite("repro")
        .exits(2)
        .says("`kaslite checkout raw.csv` brings it back")
        .says("`kaslite checkout set` brings it back");
    space.kaslite("checkout raw.csv").ok().prints("A raw.csv");
    assert!(!space.has("set"));
    space.kaslite("checkout").ok().prints("A set");
    assert_eq!(space.read("set/b"), "b\n");
    assert!(space.repro().is_empty());
}

#[test]
fn b162_added_again_unchanged_nothing_is_copied_or_written() {
    let space = reader();
    space.kaslite("add raw.csv set").ok();
    let state = || {
        let mut blobs = cached(&space, "blobs");
        blobs.push(space.path("raw.csv.kaslite"));
        blobs.push(space.path(".gitignore"));
        let stamp = |path: &std::path::PathBuf| {
            fs::metadata(path)
                .expect("a file")
                .modified()
                .expect("a time")
        };
        blobs
            .iter()
            .map(|path| (path.clone(), stamp(path)))
            .collect::<Vec<_>>()
    };
    let before = state();
    space
        .kaslite("add raw.csv set")
        .ok()
        .says("raw.csv: unchanged")
        .says("set: unchanged");
    assert_eq!(state(), before);
    space.write("set/c", "c\n");
    space.kaslite("add set").ok().says("set: kept");
    assert_eq!(
        cached(&space, "blobs").len(),
        before.len() - 2 + 2,
        "one file and one list more"
    );
}

#[test]
fn b162_what_was_changed_and_is_kept_nowhere_is_not_overwritten() {
    let space = reader();
    space.kaslite("add raw.csv").ok();
    space.write("raw.csv", "edited\n");
    space
        .kaslite("checkout raw.csv")
        .exits(2)
        .says("raw.csv: is not what `raw.csv.kaslite` names, and is kept nowhere");
    assert_eq!(space.read("raw.csv"), "edited\n");
    space
        .kaslite("checkout raw.csv --force")
        .ok()
        .says("what lay there is kept as");
    assert_eq!(space.read("raw.csv"), "raw\n");
    // What the cache has can be brought back: it gives way.
    space.write("raw.csv", "second\n");
    space.kaslite("add raw.csv").ok();
    space.write("raw.csv", "raw\n");
    space.kaslite("checkout").ok().prints("M raw.csv");
    assert_eq!(space.read("raw.csv"), "second\n");
}

#[test]
fn b162_what_cannot_be_added_is_refused() {
    let space = reader();
    space.repro();
    for (path, message) in [
        ("none.csv", "none.csv: is not there"),
        ("all.txt", "all.txt: stage `read` makes it"),
        (".kaslite", "no path of this project's data"),
        ("../outside", "does not lie in this project"),
    ] {
        space.run(&["add", path]).exits(2).says(message);
    }
    space.kaslite("add raw.csv").ok();
    space.write("raw.csv.kaslite", "path: other.csv\ndigest: 12\n");
    space
        .kaslite("checkout")
        .exits(2)
        .says("raw.csv.kaslite")
        .says("`kaslite add` writes it anew");
}

#[test]
fn b162_gc_keeps_what_pointers_need() {
    let space = reader();
    space.kaslite("add raw.csv set").ok();
    space.kaslite("gc --workspace").ok();
    space.remove("raw.csv");
    space.remove("set");
    space.kaslite("checkout").ok();
    assert_eq!(
        (space.read("raw.csv"), space.read("set/a")),
        ("raw\n".into(), "a\n".into())
    );
    if !has_git() {
        return;
    }
    space.git("init -q -b main");
    space.git("add .");
    space.git("commit -q -m one");
    space.write("raw.csv", "newer\n");
    space.kaslite("add raw.csv").ok();
    space.kaslite("gc --all-commits").ok();
    space.kaslite("checkout HEAD raw.csv").ok();
    assert_eq!(space.read("raw.csv"), "raw\n");
    space.kaslite("checkout").ok();
    assert_eq!(space.read("raw.csv"), "newer\n");
}

#[test]
fn b162_the_pointers_of_dvc_bring_data_back_from_its_cache() {
    let space = reader();
    let md5 = |path: &str| {
        let sum = space.finish(space.program("md5sum").arg(path)).ok().stdout;
        sum.split_whitespace().next().expect("a sum").to_owned()
    };
    let keep = |path: &str, ending: &str| {
        let sum = md5(path);
        let place = format!(".dvc/cache/files/md5/{}/{}{ending}", &sum[..2], &sum[2..]);
        space.write(&place, space.read(path));
        sum
    };
    let (raw, a, b) = (keep("raw.csv", ""), keep("set/a", ""), keep("set/b", ""));
    space.write(
        "list",
        format!(
            "[{{\"md5\": \"{a}\", \"relpath\": \"a\"}}, {{\"md5\": \"{b}\", \"relpath\": \"b\"}}]"
        ),
    );
    let list = keep("list", ".dir");
    space.write(
        "raw.csv.dvc",
        format!("outs:\n- md5: {raw}\n  size: 4\n  hash: md5\n  path: raw.csv\n"),
    );
    space.write(
        "set.dvc",
        format!("outs:\n- md5: {list}.dir\n  nfiles: 2\n  hash: md5\n  path: set\n"),
    );
    space
        .kaslite("checkout")
        .ok()
        .says("everything is in place");
    space.remove("raw.csv");
    space.remove("set");
    space
        .kaslite("repro")
        .exits(2)
        .says("`kaslite checkout raw.csv` brings it back");
    space
        .kaslite("checkout")
        .ok()
        .prints("A raw.csv")
        .prints("A set");
    assert_eq!(space.repro(), ["read"]);
    assert_eq!(space.read("all.txt"), "raw\na\nb\n");
    // A content that DVC's cache has damaged is none.
    space.remove("raw.csv");
    space.write(
        &format!(".dvc/cache/files/md5/{}/{}", &raw[..2], &raw[2..]),
        "bad\n",
    );
    space
        .kaslite("checkout")
        .exits(4)
        .says("has lost 1 content: `raw.csv`");
    assert!(!space.has("raw.csv"));
}

#[test]
fn status_tells_of_data_that_is_not_what_its_pointer_names() {
    let space = reader();
    space.write("more/x", "1\n");
    space.kaslite("add more").ok();
    space.repro();
    space.kaslite("status --check").ok();
    space.kaslite("status --check").ok();
    // Nothing reads it, and all was fresh.
    space.write("more/x", "2\n");
    let status = space.kaslite("status --check").exits(3);
    status
        .prints("all fresh (1 stage)\nmore: is not what its pointer names\n")
        .prints("  pointer  more.kaslite             `kaslite add more` takes it in");
    assert!(space.repro().is_empty());
    space.kaslite("status --check").exits(3);
    let json = space.kaslite("status --json").ok().json();
    let told = serde_json::json!({"data": "more", "pointer": "more.kaslite", "state": "modified"});
    assert_eq!(json[1], told);
    space.kaslite("add more").ok();
    space.kaslite("status --check").ok();
    space.remove("more");
    space
        .kaslite("status --check")
        .exits(3)
        .prints("more: is not there")
        .prints("`kaslite checkout more` brings it back");
    space.kaslite("checkout").ok();
    space.kaslite("status --check").ok();
    // One that is new.
    space.write("new.csv", "1\n");
    space.kaslite("add new.csv").ok();
    space.write("new.csv", "2\n");
    space.kaslite("status --check").exits(3).prints("new.csv: ");
}

/// Where all was fresh a while ago, too, so that only what changed since is looked at.
#[test]
fn status_tells_of_data_whose_pointer_is_new() {
    let space = reader();
    space.write("more/x", "1\n");
    space.kaslite("add more").ok();
    space.repro();
    let settle = || std::thread::sleep(std::time::Duration::from_millis(50));
    settle();
    space.kaslite("status --check").ok();
    space.write("new.csv", "1\n");
    space.kaslite("add new.csv").ok();
    settle();
    space.write("new.csv", "2\n");
    settle();
    for _ in 0..2 {
        let status = space.kaslite("status --check").exits(3);
        status.prints("new.csv: is not what its pointer names\n");
    }
    space.remove("new.csv.kaslite");
    settle();
    space.kaslite("status --check").ok();
}

#[test]
fn status_tells_of_data_that_is_not_what_a_pointer_of_dvc_names() {
    let space = reader();
    space.repro();
    space.write("d.csv", "one\r\n");
    // Of `one` and a line's end; a DVC before 3 read text so.
    let old = "outs:\n- {md5: 5bbf5a52328e7439ae6e719dfe712200, size: 4, path: d.csv}\n";
    space.write("d.csv.dvc", old);
    for _ in 0..2 {
        space.kaslite("status --check").ok();
    }
    space.edit("d.csv.dvc", "size: 4", "size: 4, hash: md5");
    space.kaslite("status --check").exits(3).prints("d.csv: ");
    space.write("d.csv", "one\n");
    space.kaslite("status --check").ok();
    space.write("d.csv", "two\n");
    for _ in 0..2 {
        space.kaslite("status --check").exits(3).prints("d.csv: ");
    }
}

#[test]
fn b170_data_that_moves_keeps_its_content() {
    let space = reader();
    space.kaslite("add raw.csv set").ok();
    let before = cached(&space, "blobs");
    fs::rename(space.path("raw.csv"), space.path("new.csv")).expect("a file");
    fs::rename(space.path("set"), space.path("new")).expect("a folder");
    space.remove("raw.csv.kaslite");
    space.remove("set.kaslite");
    let digest = |name: &str| {
        let text = space.read(name);
        let line = text.lines().find(|line| line.starts_with("digest: "));
        line.expect("a digest").to_owned()
    };
    space.kaslite("add new.csv new").ok();
    assert_eq!(cached(&space, "blobs"), before, "nothing is kept twice");
    assert!(digest("new.csv.kaslite") != digest("new.kaslite"));
    space.remove("new");
    space.kaslite("checkout").ok().prints("A new");
    assert_eq!(space.read("new/a"), "a\n");
}
