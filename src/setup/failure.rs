//! How a failure reads.

use std::fmt::Display;
use std::io;
use std::path::Path;

/// The machine or the command line is not as it has to be.
const USAGE: u8 = 2;

/// One line that says what is wrong, one that says what to do about it, and the exit code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) message: String,
    pub(crate) hint: Option<String>,
    pub(crate) code: u8,
}

impl Failure {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hint: None,
            code: USAGE,
        }
    }

    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        Self {
            hint: Some(hint.into()),
            ..self
        }
    }

    /// Something could not be done to a path.
    pub(crate) fn io(what: impl Display, path: &Path, error: &io::Error) -> Self {
        let failure = Self::new(format!("cannot {what} `{}`: {error}", path.display()));
        if error.kind() == io::ErrorKind::StorageFull {
            failure.hint(DISK_HINT)
        } else {
            failure
        }
    }

    /// The disk under `folder` is full.
    pub(crate) fn disk_full(folder: &Path) -> Self {
        Self::new(format!(
            "the disk that holds `{}` is full",
            folder.display()
        ))
        .hint(DISK_HINT)
    }
}

const DISK_HINT: &str = "free some space, or name a folder on a larger disk in `XDG_CACHE_HOME`";
