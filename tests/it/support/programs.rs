//! Where the programs under test are.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

/// The program `kaslite` of this build.
pub(crate) fn kaslite() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_kaslite"))
}

/// The program `kaslite-torch` beside it. Cargo builds only the binaries of the package under test, so
/// it may be missing, or older than `kaslite`.
pub(crate) fn kaslite_torch() -> PathBuf {
    static STATE: LazyLock<Result<PathBuf, String>> = LazyLock::new(|| {
        let program = kaslite().with_file_name("kaslite-torch");
        if stages(kaslite()) == stages(&program) {
            return Ok(program);
        }
        let state = if program.is_file() {
            "of another build"
        } else {
            "not there"
        };
        let program = program.display();
        Err(format!(
            "{program} is {state}: run `cargo build --workspace --bins` first"
        ))
    });
    STATE.clone().unwrap_or_else(|message| panic!("{message}"))
}

/// What a program knows of the built-in stages, digests of their code among it.
fn stages(program: &Path) -> Option<Vec<u8>> {
    let output = Command::new(program).args(["stages", "--json"]).output();
    output
        .ok()
        .filter(|output| output.status.success())
        .map(|output| output.stdout)
}

/// Whether there is a git program; says so where there is none.
#[expect(clippy::print_stderr, reason = "a test that checks nothing says so")]
pub(crate) fn has_git() -> bool {
    let version = Command::new("git")
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    let has = version.is_ok_and(|status| status.success());
    if !has {
        eprintln!("skipped: there is no git program");
    }
    has
}
