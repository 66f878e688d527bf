//! The program `kaslite-torch`: `kaslite` with the stages that need libtorch.

use std::process::ExitCode;

fn main() -> ExitCode {
    kaslite::cli::main(kaslite_stages::CODE)
}
