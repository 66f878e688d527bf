//! Machines that lack a tool, a network or a home: one line, a hint, exit code 2.

use std::fs;

use super::expect::{failure, linked};
use crate::environment::Environment;
use crate::flavour::Flavour;
use crate::libtorch::set_up;
use crate::testing::{Bench, DOWNLOAD};

/// What pip 23 says without a network, shortened.
const NO_NETWORK: &str = "cat >&2 <<'END'
WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, status=None)) after \
connection broken by 'NewConnectionError('<pip._vendor.urllib3.connection.HTTPSConnection object>: \
Failed to establish a new connection: [Errno -3] Temporary failure in name resolution')': /simple/torch/
ERROR: Could not find a version that satisfies the requirement torch==2.13.0 (from versions: none)
ERROR: No matching distribution found for torch==2.13.0
END
exit 1";

#[test]
fn without_python_pip_or_compiler_nothing_is_downloaded() {
    let bench = Bench::new();
    let bare = bench.bare_environment();
    assert_eq!(failure(&bare).message, "`python3` was not found");
    bench.program(
        "python3",
        "echo '/usr/bin/python3: No module named pip' >&2; exit 1",
    );
    assert_eq!(failure(&bare).message, "`python3` has no pip");
    bench.program("python3", "echo 'pip 20.0.2 from x (python 3.8)'");
    assert_eq!(failure(&bare).message, "pip 20.0 is too old");
    bench.pip(DOWNLOAD);
    assert_eq!(failure(&bare).message, "no C++ compiler was found");
    assert_eq!(bench.downloads(), 0);
    assert!(!linked(&bare));
}

#[test]
fn without_a_network_one_line_says_so_and_pips_words_are_kept() {
    let bench = Bench::new();
    bench.pip(NO_NETWORK);
    let environment = bench.environment();
    let message = failure(&environment).message;
    let log = bench.path("cache/kaslite/libtorch-2.13.0-cpu.log");
    let expected = format!(
        "cannot reach the package index for libtorch (pip's words: `{}`)",
        log.display()
    );
    assert_eq!(message, expected);
    assert!(fs::read_to_string(log).unwrap().contains("name resolution"));
    assert_eq!(
        bench.cached(),
        [
            "libtorch-2.13.0-cpu.downloads",
            "libtorch-2.13.0-cpu.log",
            "libtorch.lock"
        ]
    );

    bench.make_wheels(Flavour::Cpu);
    bench.pip(DOWNLOAD); // the network is back
    set_up(&environment).unwrap();
    assert!(linked(&environment));
}

#[test]
fn without_a_home_there_is_no_place_for_libtorch() {
    let environment = Environment {
        cache: None,
        ..Bench::new().bare_environment()
    };
    assert!(
        failure(&environment)
            .message
            .contains("neither `XDG_CACHE_HOME` nor `HOME` is set")
    );
}
