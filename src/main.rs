//! The program `kaslite`: everything but the stages that need libtorch.

use std::process::ExitCode;

fn main() -> ExitCode {
    kaslite::cli::main(&[])
}
