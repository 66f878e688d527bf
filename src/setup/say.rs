//! The one way to the terminal.

use std::fmt::Display;
use std::io::{self, Write};

use crate::failure::Failure;

/// One line for the person who waits. A closed terminal is no reason to stop.
pub(crate) fn note(text: impl Display) {
    if cfg!(test) {
        return; // the test harness catches no such lines; they would stand among its own
    }
    let _ = writeln!(io::stderr(), "{text}");
}

/// `error: …`, and `hint: …` where there is one.
pub(crate) fn failure(failure: &Failure) {
    note(format_args!("error: {}", failure.message));
    if let Some(hint) = &failure.hint {
        note(format_args!("hint: {hint}"));
    }
}

/// A result on standard output.
pub(crate) fn result(text: impl Display) {
    if cfg!(test) {
        return;
    }
    let _ = writeln!(io::stdout(), "{text}");
}
