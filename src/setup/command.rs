//! The sub-commands.

use std::ffi::OsString;

use crate::environment::Environment;
use crate::failure::Failure;
use crate::recipe::VERSION;
use crate::{cargo, libtorch, say};

const HELP: &str = "\
The set-up and the workshop of kaslite.

Usage: cargo xtask <command> [arguments]

  setup            find or fetch libtorch 2.13.0 and link it as `.libtorch`
  repro [args]     set up, build in release mode, run `kaslite repro [args]`
  test [args]      set up, build, run `cargo test --workspace [args]`, count the tests
  check            formatting, lints and documentation; a warning is an error
  help             this text

What is fetched is kept in `$XDG_CACHE_HOME/kaslite` or `~/.cache/kaslite`, once for a user.

  LIBTORCH         a libtorch 2.13.0 of your own (an absolute path), taken before any other
  KASLITE_TORCH    `cpu`, or `cuda` to keep the CUDA libraries; as linked, else `cpu`";

/// Runs one command and returns the exit code.
pub(crate) fn run(mut arguments: Vec<OsString>) -> Result<u8, Failure> {
    if arguments.is_empty() {
        return Err(Failure::new("which command?").hint("`cargo xtask help` lists them"));
    }
    let command = arguments.remove(0).to_string_lossy().into_owned();
    match (command.as_str(), arguments.as_slice()) {
        ("help" | "--help" | "-h", _) => {
            say::result(HELP);
            Ok(0)
        }
        ("setup", []) => set_up(),
        ("check", []) => check(),
        ("repro", rest) => cargo::repro(&ready()?, rest),
        ("test", rest) => cargo::test(&ready()?, rest),
        ("setup" | "check", [surplus, ..]) => {
            let surplus = surplus.to_string_lossy();
            Err(Failure::new(format!(
                "`{command}` takes no argument, and there is `{surplus}`"
            ))
            .hint("`cargo xtask help` lists the commands"))
        }
        _ => Err(Failure::new(format!("no command `{command}`"))
            .hint("`cargo xtask help` lists the commands")),
    }
}

fn set_up() -> Result<u8, Failure> {
    let folder = libtorch::set_up(&Environment::of_process()?)?;
    say::note(format_args!(
        "libtorch {VERSION} is at `{}`",
        folder.display()
    ));
    Ok(0)
}

fn check() -> Result<u8, Failure> {
    let environment = Environment::of_process()?;
    let code = cargo::check_format(&environment)?;
    if code != 0 {
        return Ok(code);
    }
    libtorch::set_up(&environment)?;
    cargo::check_code(&environment)
}

/// An environment with libtorch in place.
fn ready() -> Result<Environment, Failure> {
    let environment = Environment::of_process()?;
    libtorch::set_up(&environment)?;
    Ok(environment)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(arguments: &[&str]) -> Failure {
        run(arguments.iter().map(OsString::from).collect()).unwrap_err()
    }

    #[test]
    fn wrong_usage_is_told_with_a_hint() {
        assert_eq!(failure(&["make"]).message, "no command `make`");
        assert_eq!(
            failure(&["setup", "--fast"]).message,
            "`setup` takes no argument, and there is `--fast`"
        );
        assert_eq!(failure(&[]).code, 2);
        assert!(failure(&[]).hint.is_some());
    }

    #[test]
    fn the_help_names_the_version_that_is_fetched() {
        assert!(HELP.contains(&format!("libtorch {VERSION}")));
        assert_eq!(run(vec!["--help".into()]), Ok(0));
    }
}
