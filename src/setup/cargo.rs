//! Build, check and test with the cargo that started this program.

use std::ffi::OsString;
use std::io::{self, BufReader, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use crate::environment::Environment;
use crate::failure::Failure;
use crate::say;
use crate::tally::Tally;

/// `cargo` with these arguments, in the folder and with the target folder of the user's.
fn cargo(environment: &Environment, arguments: &[&str]) -> Command {
    let mut command = Command::new(&environment.cargo);
    command.args(arguments);
    cleanse(&mut command, environment);
    command
}

/// Takes out what `cargo xtask` itself put into the environment, so that what is started here finds
/// the same one as if the user had started it, and builds nothing anew on that account.
fn cleanse(command: &mut Command, environment: &Environment) {
    if environment.user_libtorch.is_none() {
        command.env_remove("LIBTORCH");
    }
    let of_package =
        |name: &str| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_");
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(of_package) {
            command.env_remove(name);
        }
    }
}

/// The code to leave with: the program's own, or as a shell counts a signal.
fn code(status: ExitStatus) -> u8 {
    let code = status
        .code()
        .or_else(|| status.signal().map(|signal| 128 + signal))
        .unwrap_or(1);
    u8::try_from(code).unwrap_or(1)
}

fn not_started(program: &Path, error: &io::Error) -> Failure {
    Failure::io("start", program, error)
}

/// Runs it with its output shown; its exit code.
fn run(mut command: Command) -> Result<u8, Failure> {
    let status = command
        .status()
        .map_err(|error| not_started(Path::new(command.get_program()), &error))?;
    Ok(code(status))
}

/// Runs one after the other, up to the first that fails; its exit code.
fn run_all(commands: impl IntoIterator<Item = Command>) -> Result<u8, Failure> {
    for command in commands {
        let code = run(command)?;
        if code != 0 {
            return Ok(code);
        }
    }
    Ok(0)
}

/// Formatting; needs no libtorch and fails early.
pub(crate) fn check_format(environment: &Environment) -> Result<u8, Failure> {
    run(cargo(environment, &["fmt", "--all", "--check"]))
}

/// Lints on all targets, then the documentation; a warning is an error in both.
pub(crate) fn check_code(environment: &Environment) -> Result<u8, Failure> {
    let clippy = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "--deny",
        "warnings",
    ];
    let mut flags = std::env::var("RUSTDOCFLAGS").unwrap_or_default();
    flags.push_str(" --deny warnings");
    let mut doc = cargo(environment, &["doc", "--workspace", "--no-deps"]);
    doc.env("RUSTDOCFLAGS", flags.trim_start());
    run_all([cargo(environment, &clippy), doc])
}

/// Builds kaslite as it is meant to be used and becomes `kaslite repro` in the checkout.
pub(crate) fn repro(environment: &Environment, arguments: &[OsString]) -> Result<u8, Failure> {
    let code = run(cargo(
        environment,
        &["build", "--release", "--workspace", "--bins"],
    ))?;
    if code != 0 {
        return Ok(code);
    }
    let program = program("release", "kaslite")?;
    let mut command = Command::new(&program);
    command
        .arg("repro")
        .args(arguments)
        .current_dir(&environment.root);
    cleanse(&mut command, environment);
    // Instead of this process, so that kaslite alone answers to Ctrl-C.
    let error = command.exec();
    Err(not_started(&program, &error))
}

/// A program in the same target folder as this one, wherever the user keeps that.
fn program(profile: &str, name: &str) -> Result<PathBuf, Failure> {
    let own = std::env::current_exe().map_err(|e| not_started(Path::new("xtask"), &e))?;
    let target = own.ancestors().nth(2).unwrap_or(&own);
    Ok(target.join(profile).join(name))
}

/// Builds the programs, which the tests start, then runs all tests and counts them.
pub(crate) fn test(environment: &Environment, arguments: &[OsString]) -> Result<u8, Failure> {
    let built = run(cargo(environment, &["build", "--workspace", "--bins"]))?;
    if built != 0 {
        return Ok(built);
    }
    let mut command = cargo(environment, &["test", "--workspace", "--no-fail-fast"]);
    let (code, tally) = count(command.args(arguments), io::stdout())?;
    // Wrong arguments end cargo with 1, and it says so itself.
    if code > 1 && tally.failed == 0 {
        say::note("error: a test program did not build, or ended without a result");
    }
    say::result(tally);
    Ok(code)
}

fn count(command: &mut Command, copy: impl Write) -> Result<(u8, Tally), Failure> {
    let program = PathBuf::from(command.get_program());
    let failure = |error: io::Error| not_started(&program, &error);
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(failure)?;
    let tally = match child.stdout.take() {
        Some(output) => Tally::of_stream(BufReader::new(output), copy).map_err(failure)?,
        None => Tally::default(),
    };
    Ok((code(child.wait().map_err(failure)?), tally))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Bench;

    #[test]
    fn the_tests_are_counted_and_the_exit_code_is_kept() {
        let bench = Bench::new();
        bench.program("cargo", "echo \"$@\"; echo 'test result: FAILED. 3 passed; 1 failed; 2 ignored; 0 measured'; exit 101");
        let environment = bench.environment();
        let (code, tally) = count(
            &mut cargo(&environment, &["test", "--workspace"]),
            io::sink(),
        )
        .unwrap();
        assert_eq!(code, 101);
        assert_eq!(
            tally,
            Tally {
                passed: 3,
                failed: 1,
                skipped: 2
            }
        );
    }

    #[test]
    fn the_first_command_that_fails_ends_a_check() {
        let bench = Bench::new();
        bench.program(
            "cargo",
            "echo \"$1 LIBTORCH=$LIBTORCH\" >> \"$0.log\"; [ \"$1\" != clippy ] || exit 7",
        );
        assert_eq!(check_format(&bench.environment()).unwrap(), 0);
        assert_eq!(check_code(&bench.environment()).unwrap(), 7);
        // `LIBTORCH` is not handed on: it came from cargo.
        assert_eq!(bench.log("cargo"), "fmt LIBTORCH=\nclippy LIBTORCH=\n");
    }

    #[test]
    fn a_signal_counts_as_in_a_shell() {
        assert_eq!(code(ExitStatus::from_raw(9)), 137);
        assert_eq!(code(ExitStatus::from_raw(3 << 8)), 3);
    }

    #[test]
    fn a_missing_cargo_is_a_failure_of_the_set_up() {
        let bench = Bench::new();
        let failure = check_format(&bench.environment()).unwrap_err();
        assert!(
            failure.message.starts_with("cannot start `"),
            "{}",
            failure.message
        );
        assert_eq!(failure.code, 2);
    }
}
