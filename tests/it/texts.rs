//! Help and completions.

use crate::support::Space;

#[test]
fn the_help_of_every_command_is_as_in_the_session() {
    trycmd::TestCases::new()
        .env("COLUMNS", "100")
        .register_bin("kaslite", crate::support::kaslite())
        .case("tests/cmd/*.trycmd");
}

#[test]
fn every_command_of_the_help_is_in_the_session() {
    let help = Space::empty().kaslite("--help").ok().stdout;
    let commands = help
        .split("Commands:\n")
        .nth(1)
        .expect("commands")
        .split("\n\n")
        .next()
        .expect("them");
    let session = include_str!("../cmd/help.trycmd");
    for command in commands
        .lines()
        .filter_map(|line| line.split_whitespace().next())
    {
        let shown = session.contains(&format!("$ kaslite {command} --help"));
        assert!(
            shown || command == "help",
            "tests/cmd/help.trycmd lacks {command}"
        );
    }
}

#[test]
fn completions_of_every_shell_name_the_commands() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let space = Space::empty();
        space
            .kaslite(&format!("completions {shell}"))
            .ok()
            .prints("repro")
            .prints("keep-going");
    }
}

#[test]
fn the_bash_completions_are_sound_bash() {
    let space = Space::empty();
    let script = space.kaslite("completions bash").ok().stdout;
    space.write("complete.bash", script);
    let check = space.program("bash").args(["-n", "complete.bash"]).output();
    match check {
        Ok(output) => assert!(output.status.success(), "{output:?}"),
        Err(error) => eprintln!("skipped: no bash: {error}"),
    }
}

#[test]
fn the_version_is_that_of_the_package() {
    let version = concat!("kaslite ", env!("CARGO_PKG_VERSION"), "\n");
    assert_eq!(Space::empty().kaslite("--version").ok().stdout, version);
}

#[test]
fn a_mistyped_command_is_suggested() {
    Space::empty().kaslite("stauts").exits(2).says("'status'");
    Space::empty()
        .kaslite("repro --forc")
        .exits(2)
        .says("--force");
}
