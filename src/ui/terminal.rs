//! [`Terminal`]: stdout and stderr with styles.

use anstream::AutoStream;
use anstyle::{AnsiColor, Style};
use clap::ColorChoice;
use rustix::termios::tcgetwinsize;
use std::fmt::Display;
use std::io::{IsTerminal, Write};
use tracing::dispatcher::has_been_set;

/// The styles of all output, by what they mean.
pub(crate) const BOLD: Style = Style::new().bold();
pub(crate) const DIM: Style = Style::new().dimmed();
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
pub(crate) const BUSY: Style = AnsiColor::Yellow.on_default();
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
pub(crate) const HINT: Style = AnsiColor::Cyan.on_default();

/// How much is said to people; data and records are whole either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Talk {
    /// Warnings, errors, stages that failed.
    Errors,
    /// Also what happens.
    News,
    /// Also what is decided, and why.
    Decisions,
}

/// Where output goes and whether it may be coloured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terminal {
    choice: anstream::ColorChoice,
    talk: Talk,
}

impl Terminal {
    pub(crate) fn new(choice: ColorChoice, talk: Talk) -> Self {
        let choice = match choice {
            ColorChoice::Auto => anstream::ColorChoice::Auto,
            ColorChoice::Always => anstream::ColorChoice::Always,
            ColorChoice::Never => anstream::ColorChoice::Never,
        };
        // Messages wrapped by other crates (clap's, indicatif's) follow the same choice.
        choice.write_global();
        Self { choice, talk }
    }

    /// Whether a person watches stderr, and nothing but this terminal writes there.
    pub(crate) fn is_watched() -> bool {
        std::io::stderr().is_terminal() && !has_been_set()
    }

    /// Columns and lines of what people read, where that is a terminal.
    pub(crate) fn size() -> Option<(usize, usize)> {
        let size = tcgetwinsize(std::io::stderr()).ok()?;
        Some((usize::from(size.ws_col), usize::from(size.ws_row)))
    }

    /// Whether what people read may be coloured.
    pub(crate) fn colours_notes(self) -> bool {
        let stderr = AutoStream::new(std::io::stderr(), self.choice);
        stderr.current_choice() != anstream::ColorChoice::Never
    }

    /// A line of data.
    pub(crate) fn data(self, line: impl Display) {
        // A reader that has gone (`| head`) is no error.
        let _ = writeln!(
            AutoStream::new(std::io::stdout().lock(), self.choice),
            "{line}"
        );
    }

    /// How much is said.
    pub(crate) fn talk(self) -> Talk {
        self.talk
    }

    /// A line for people.
    pub(crate) fn note(self, line: impl Display) {
        if self.talk > Talk::Errors {
            self.always(line);
        }
    }

    /// A line for people, who must know.
    pub(crate) fn always(self, line: impl Display) {
        let _ = writeln!(
            AutoStream::new(std::io::stderr().lock(), self.choice),
            "{line}"
        );
    }

    /// A warning.
    pub(crate) fn warning(self, message: &str) {
        self.always(format_args!("{BUSY}warning{BUSY:#}: {message}"));
    }

    /// An error with its hints.
    pub(crate) fn error(self, message: &impl Display, hints: &[String]) {
        self.always(format_args!("{BAD}error{BAD:#}: {message}"));
        for hint in hints {
            self.always(format_args!("{HINT}hint{HINT:#}: {hint}"));
        }
    }
}
