//! Faults of input and paths that need no remote, numbered as in our list of them.

use crate::behaviours::data::{maker, mode};
use crate::support::Space;
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};

/// The digest that the lock has for an out.
#[track_caller]
fn digest(space: &Space, out: &str) -> String {
    let lock = space.lock();
    let after = lock.split(&format!("      {out}:\n")).nth(1);
    let line = after.expect("the out").lines().next();
    line.expect("its digest").trim().to_owned()
}

#[test]
fn f073_outs_that_lead_out_of_the_project_are_refused() {
    for wrong in ["../x", "/x", "a/../../b", "''", ".", ".kaslite/x"] {
        let space = Space::new(&format!(
            "stages:\n  make: {{cmd: tick, deps: [in.txt], outs: [{wrong}]}}\n"
        ));
        space.write("in.txt", "one\n");
        space.kaslite("repro").exits(2).says("pipeline.yaml:2");
        assert!(space.ran().is_empty(), "{wrong}");
    }
}

#[test]
fn f074_a_folder_of_the_cache_never_writes_outside_of_it() {
    for name in ["../../escaped", "/tmp/escaped", "a/../../../escaped", "./x"] {
        let space = maker();
        let file = format!(
            "{{\"{name}\":{{\"digest\":\"{}\",\"size\":4}}}}",
            "0".repeat(64)
        );
        space.write("in.txt", &file);
        space.repro();
        // The bytes of that file, taken for the list of a folder's files.
        let wrong = digest(&space, "out.txt");
        let right = digest(&space, "d");
        let lock = space.lock();
        space.write("pipeline.lock", lock.replace(&right, &wrong));
        space.remove("d");
        space.kaslite("checkout").exits(4).says("`d`");
        assert!(!space.has("d") && !space.beside("escaped").exists());
        // The run cache has what the stage had made.
        assert!(space.repro().is_empty());
        assert_eq!(space.read("d/y"), "y\n");
    }
}

#[test]
fn f076_pipes_and_loops_of_links_are_errors_and_never_waited_for() {
    let space = Space::new(
        "stages:
  make: {cmd: tick && ls src > out.txt, deps: [src], outs: [out.txt]}
",
    );
    space.write("src/a.txt", "one\n");
    space.finish(space.program("mkfifo").arg("src/pipe")).ok();
    space.kaslite("repro").exits(4).says("src/pipe");
    space.remove("src/pipe");
    symlink("..", space.path("src/up")).expect("a link");
    let ran = space.kaslite("repro").exits(4);
    assert!(ran.says("src").stderr.contains("loop"));
    fs::remove_file(space.path("src/up")).expect("a link");
    symlink("nowhere", space.path("src/gone")).expect("a link");
    space.kaslite("repro").exits(4).says("src/gone");
    fs::remove_file(space.path("src/gone")).expect("a link");
    assert_eq!(space.repro(), ["make"]);
}

#[test]
fn f077_odd_names_come_back_as_they_were() {
    let names = [
        "-dash",
        "new\nline",
        "🦀",
        "e\u{301}",
        "é",
        "a b",
        "quote'\"",
        "$(x)",
        "#",
    ];
    let space = Space::new(
        "stages:
  make: {cmd: tick && cp -R src out, deps: [src], outs: [out]}
",
    );
    for name in names {
        space.write(&format!("src/{name}"), format!("of {name}\n"));
    }
    assert_eq!(space.repro(), ["make"]);
    let files = space.files();
    space.remove("out");
    space.kaslite("checkout").ok();
    assert_eq!(space.files(), files);
    space.kaslite("status --check").ok();
}

#[test]
fn f086_of_the_mode_only_the_executable_bit_is_kept() {
    let space = Space::new(
        "stages:
  tool: {cmd: tick && echo > tool && chmod 4755 tool, deps: [in.txt], outs: [tool]}
",
    );
    space.write("in.txt", "one\n");
    space.repro();
    fs::set_permissions(space.path("tool"), Permissions::from_mode(0o755)).expect("a mode");
    space.remove("tool");
    space.kaslite("checkout").ok();
    let meta = space.path("tool").metadata().expect("a file");
    assert_eq!(meta.permissions().mode() & 0o7777, 0o755);
    assert_eq!(mode(&space, "tool"), 0o755);
}

#[test]
fn f087_output_without_an_end_of_line_is_passed_on_in_parts() {
    let space = Space::new(
        "stages:
  talk: {cmd: tick && head -c 1000000 /dev/zero | tr '\\0' Z && cp in.txt out.txt, deps: [in.txt], outs: [out.txt]}
",
    );
    space.write("in.txt", "one\n");
    let ran = space.kaslite("repro").ok();
    let longest = ran.stderr.lines().map(str::len).max().expect("lines");
    assert!(longest < 70_000, "{longest}");
    assert_eq!(ran.stderr.matches('Z').count(), 1_000_001);
}

#[test]
fn f087_what_a_stage_prints_never_steers_the_terminal() {
    let space = Space::new(
        "stages:
  talk: {cmd: 'tick && printf \"a\\033[2Jb\\033]0;title\\007c\\n\" && cp in.txt out.txt', deps: [in.txt], outs: [out.txt]}
",
    );
    space.write("in.txt", "one\n");
    let ran = space
        .kaslite("repro --color always")
        .ok()
        .says("talk | abc\n");
    for steers in ["\u{1b}[2J", "\u{1b}]0", "\u{7}"] {
        assert!(!ran.stderr.contains(steers), "{}", ran.text());
    }
}

#[test]
fn f089_a_stage_that_changes_its_own_dep_is_not_kept() {
    let space = Space::new(
        "stages:
  make: {cmd: tick && cp in.txt out.txt && echo more >> in.txt, deps: [in.txt], outs: [out.txt]}
",
    );
    space.write("in.txt", "one\n");
    space
        .kaslite("repro")
        .ok()
        .says("warning: make: ")
        .says("`in.txt` changed while it ran");
    space.kaslite("status --check").exits(3);
    // Not even the old input makes what was made shown as good.
    space.write("in.txt", "one\n");
    space.remove("out.txt");
    space.ran();
    space.kaslite("repro").ok();
    assert_eq!(space.ran(), ["make"]);
}

#[test]
fn f073_a_path_with_a_zero_byte_is_refused_and_a_tilde_is_a_name() {
    let space = Space::new("stages:\n  make: {cmd: tick, deps: [in.txt], outs: [\"a\\0b\"]}\n");
    space.write("in.txt", "one\n");
    space.kaslite("repro").exits(2).says("pipeline.yaml:2");
    assert!(space.ran().is_empty());
    space.write(
        "pipeline.yaml",
        "stages:\n  make: {cmd: tick && cp in.txt '~/', deps: [in.txt], outs: ['~/in.txt', 'b/']}\n",
    );
    space.edit(
        "pipeline.yaml",
        "cp in.txt '~/'",
        "cp in.txt \\~/ && mkdir -p b",
    );
    space.repro();
    assert!(space.has("~/in.txt"));
    assert!(!space.beside("home").join("in.txt").exists());
    space.kaslite("status --check").ok();
}

#[test]
fn f075_a_link_in_the_place_of_an_out_is_replaced_and_not_followed() {
    let space = maker();
    space.write("../outside/file", "mine\n");
    space.write("../outside/folder/x", "mine\n");
    let links = || {
        symlink(space.beside("outside/file"), space.path("out.txt")).expect("a link");
        symlink(space.beside("outside/folder"), space.path("d")).expect("a link");
    };
    let untouched = || {
        assert_eq!(space.read("../outside/file"), "mine\n");
        assert_eq!(space.read("../outside/folder/x"), "mine\n");
        assert!(!space.has("../outside/folder/y"));
    };
    links();
    assert_eq!(space.repro(), ["make"]);
    untouched();
    assert!(
        space
            .path("d")
            .symlink_metadata()
            .expect("a folder")
            .is_dir()
    );
    for line in ["repro", "checkout --force"] {
        space.remove("out.txt");
        space.remove("d");
        links();
        space.kaslite(line).ok();
        untouched();
        assert_eq!(space.read("d/x"), "one\n");
        assert!(
            space
                .path("out.txt")
                .symlink_metadata()
                .expect("a file")
                .is_file()
        );
    }
}

#[test]
fn f075_what_a_link_in_an_out_leads_to_is_kept_as_it_was() {
    let space = Space::new(
        "stages:
  make: {cmd: tick && mkdir d && ln -s ../../outside d/link, deps: [in.txt], outs: [d]}
",
    );
    space.write("in.txt", "one\n");
    space.write("../outside/file", "mine\n");
    space.repro();
    space.remove("d/link/file");
    space.write("../outside/file", "later\n");
    space.kaslite("repro").ok();
    assert_eq!(space.read("d/link/file"), "mine\n");
    assert_eq!(space.read("../outside/file"), "later\n");
}

#[test]
fn f076_sockets_and_devices_are_errors_and_never_waited_for() {
    let space = Space::new(
        "stages:
  make: {cmd: tick && ls > out.txt, deps: [src], outs: [out.txt]}
",
    );
    let _socket = std::os::unix::net::UnixListener::bind(space.path("src")).expect("a socket");
    space
        .kaslite("repro")
        .exits(4)
        .says("src")
        .says("neither a file nor a folder");
    space.remove("src");
    symlink("/dev/zero", space.path("src")).expect("a link");
    space
        .kaslite("repro")
        .exits(4)
        .says("src")
        .says("neither a file nor a folder");
    assert!(space.ran().is_empty());
}

#[test]
fn f076_f077_an_out_that_cannot_be_kept_fails_its_stage_and_the_last_good_one_comes_back() {
    for (make, says) in [
        ("mkfifo out", "neither a file nor a folder"),
        ("mkdir out && mkfifo out/pipe", "out/pipe"),
        ("mkdir out && ln -s nowhere out/gone", "out/gone"),
        ("mkdir out && ln -s . out/loop", "loop"),
        ("mkdir out && touch out/$(printf '\\377')", "UTF-8"),
    ] {
        let space = Space::new(
            "stages:
  make: {cmd: tick && cp -R src out, deps: [src], outs: [out]}
",
        );
        space.write("src/a.txt", "one\n");
        space.repro();
        let pipeline = space.read("pipeline.yaml");
        space.edit("pipeline.yaml", "cp -R src out", make);
        let ran = space
            .kaslite("repro")
            .exits(1)
            .says("make: failed")
            .says(says);
        assert!(!ran.stderr.contains("panicked"));
        assert_eq!(space.read("out/a.txt"), "one\n");
        space.write("pipeline.yaml", pipeline);
        space.kaslite("status --check").ok();
    }
}

#[test]
fn f077_a_name_that_is_no_text_is_an_error_that_shows_it() {
    use std::os::unix::ffi::OsStrExt;
    let space = Space::new(
        "stages:
  make: {cmd: tick && ls src > out.txt, deps: [src], outs: [out.txt]}
",
    );
    let name = std::ffi::OsStr::from_bytes(b"a\xff\nb\x1b[2J");
    fs::create_dir(space.path("src")).expect("a folder");
    fs::write(space.path("src").join(name), "one\n").expect("a file");
    let ran = space
        .kaslite("repro")
        .exits(4)
        .says("its name is not UTF-8");
    assert!(ran.stderr.contains("src/a\u{fffd}␊b␛[2J"), "{}", ran.text());
    assert!(space.ran().is_empty());
}
