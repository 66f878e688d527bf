//! Faults made to order: system calls that fail or kill, small and read-only file systems.

use crate::behaviours::data::cached;
use crate::support::{Ran, Space, kaslite};
use kaslite_engine::digest::Digest;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

/// Whether a program can do what a test needs; says so where it cannot.
#[expect(clippy::print_stderr, reason = "a test that checks nothing says so")]
pub(crate) fn can(what: &str, program: &str, arguments: &[&str]) -> bool {
    let status = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    let can = status.is_ok_and(|status| status.success());
    if !can {
        eprintln!("skipped: {what}");
    }
    can
}

/// Whether strace may make system calls fail.
pub(crate) fn can_inject() -> bool {
    static CAN: LazyLock<bool> = LazyLock::new(|| {
        let arguments = [
            "-f",
            "-qq",
            "-o",
            "/dev/null",
            "-e",
            "inject=fsync:error=EIO",
            "true",
        ];
        can("there is no strace that may trace", "strace", &arguments)
    });
    *CAN
}

/// Whether a command may have mounts of its own.
pub(crate) fn can_mount() -> bool {
    static CAN: LazyLock<bool> = LazyLock::new(|| {
        let script = "mount -t tmpfs -o size=1m none /mnt && mount -o remount,ro /mnt";
        let arguments = ["--mount", "sh", "-c", script];
        can("this user may not mount", "unshare", &arguments)
    });
    *CAN
}

/// `kaslite`, and what it starts, with faults of strace: `fsync:error=EIO:when=2`.
pub(crate) fn with_faults(space: &Space, faults: &[&str], line: &str) -> Ran {
    traced(space, faults, &[], line)
}

/// The same, for those calls only that name one of these paths of the project, or a file opened there.
pub(crate) fn with_faults_at(space: &Space, faults: &[&str], paths: &[&str], line: &str) -> Ran {
    traced(space, faults, paths, line)
}

fn traced(space: &Space, faults: &[&str], paths: &[&str], line: &str) -> Ran {
    let mut command = tracing(space, faults, paths);
    command.arg(kaslite()).args(line.split_whitespace());
    space.finish(&mut command)
}

/// Strace with faults, for calls on some paths only where there are any; what it runs is to be added.
pub(crate) fn tracing(space: &Space, faults: &[&str], paths: &[&str]) -> Command {
    let mut command = space.program("strace");
    command
        .args(["-f", "-qq", "-y", "-o"])
        .arg(space.beside("trace"));
    for fault in faults {
        command.args(["-e", &format!("inject={fault}")]);
    }
    let calls: Vec<&str> = faults
        .iter()
        .filter_map(|fault| fault.split(':').next())
        .collect();
    command.args(["-e", &format!("trace={}", calls.join(","))]);
    for path in paths {
        command.arg("-P").arg(space.path(path));
    }
    command
}

/// The calls that the last command with faults made, those that failed by a fault first of all.
pub(crate) fn calls(space: &Space) -> Vec<String> {
    let text = fs::read_to_string(space.beside("trace")).expect("a trace");
    text.lines().map(str::to_owned).collect()
}

/// `kaslite` after a script that may mount what it likes: nobody else sees it.
pub(crate) fn after_mounts(space: &Space, script: &str, line: &str) -> Ran {
    let mut command = space.program("unshare");
    let script = format!("set -e; {script}; exec {} {line}", kaslite().display());
    space.finish(command.args(["--mount", "sh", "-c", &script]))
}

/// That every content in the cache is what its name says.
#[track_caller]
pub(crate) fn contents_are_whole(space: &Space) {
    for path in cached(space, "blobs") {
        let name = |path: &Path| {
            path.file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned()
        };
        let named = name(path.parent().expect("a folder")) + &name(&path);
        let digest = Digest::of(&fs::read(&path).expect("a content"));
        assert_eq!(digest.to_string(), named, "{}", path.display());
    }
}

/// How many of all moments a test tries; `KASLITE_TEST_KILLS` asks for more.
pub(crate) fn kills(least: usize) -> usize {
    let asked = std::env::var("KASLITE_TEST_KILLS");
    asked
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(least)
}
