//! The program `kaslite-torch`: `kaslite` with the stages that need libtorch.

use std::io::{Write, stderr, stdout};
use std::process::ExitCode;

fn main() -> ExitCode {
    let code = kaslite::cli::main(kaslite_stages::CODE);
    let written = stdout().flush().and_then(|()| stderr().flush());
    if code == ExitCode::SUCCESS && written.is_ok() {
        // All is written and every guard is gone. Taking libtorch's tables of operators down, as the
        // ordinary way out does, takes longer than many a stage.
        signal_hook::low_level::exit(0);
    }
    code
}
