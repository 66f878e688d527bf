//! Output that nobody watches, or nobody reads.

use crate::freshness::chain;
use crate::support::{Space, kaslite};
use std::process::Stdio;

/// All commands that print something.
const LINES: &[&str] = &[
    "status",
    "status --json",
    "why c",
    "why a --json",
    "dag",
    "dag --dot",
    "runs list",
    "runs show",
    "params diff latest workspace --all",
    "stages",
    "stages train",
    "stages --json",
    "--help",
    "repro --help",
    "repro --dry -f",
    "completions bash",
    "completions zsh",
    "--version",
    "repro -f",
    "repro --json -f",
];

fn space() -> Space {
    let space = chain();
    space.edit(
        "pipeline.yaml",
        "    outs: [a.txt]",
        "    params: [lr]\n    outs: [a.txt]",
    );
    space.write("params.yaml", "lr: 1\n");
    space.repro();
    space.write("in.txt", "two\n");
    space
}

#[test]
fn nothing_that_is_piped_has_colours() {
    let space = space();
    let failing = [
        "repro --no-such-flag",
        "why nothing",
        "stages nothing",
        "params diff nothing",
    ];
    for line in LINES.iter().chain(&failing) {
        let ran = space.kaslite(line);
        assert!(
            !ran.stdout.contains('\u{1b}'),
            "colours on stdout of {line}"
        );
        assert!(
            !ran.stderr.contains('\u{1b}'),
            "colours on stderr of {line}"
        );
    }
}

#[test]
fn colours_come_when_they_are_asked_for_and_no_color_is_heard() {
    let mut space = space();
    space.edit("params.yaml", "lr: 1", "lr: 2");
    assert!(
        space
            .kaslite("--color always why a")
            .ok()
            .stdout
            .contains("\u{1b}[")
    );
    space.set("NO_COLOR", "1");
    assert!(!space.kaslite("why a").ok().stdout.contains('\u{1b}'));
}

#[test]
fn data_goes_to_stdout_and_all_else_to_stderr() {
    let space = space();
    assert_eq!(space.kaslite("repro").ok().stdout, "");
    assert_eq!(space.kaslite("status").ok().stderr, "");
    assert_eq!(space.kaslite("nothing").exits(2).stdout, "");
    assert_eq!(space.kaslite("--help").ok().stderr, "");
}

#[test]
fn a_reader_that_goes_away_is_no_panic() {
    let space = space();
    for line in LINES {
        let mut command = space.program("sh");
        let script = format!("\"$0\" {line} 2>err | head -n 1 >/dev/null");
        space
            .finish(command.args(["-c", &script]).arg(kaslite()))
            .ok();
        let said = space.read("err");
        assert!(!said.contains("panicked"), "{line}: {said}");
        space.remove("err");
    }
}

#[test]
fn a_reader_that_is_gone_from_the_start_is_no_panic() {
    let space = space();
    for line in LINES {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let mut command = space.program(kaslite());
        command
            .args(line.split_whitespace())
            .stdout(Stdio::from(writer));
        let ran = space.finish(&mut command);
        assert!(!ran.stderr.contains("panicked"), "{line}: {}", ran.text());
    }
}
