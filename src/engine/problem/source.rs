//! [`Source`]: a text file that problems point into.

use crate::problem::{Place, Problem};
use serde::{Deserialize, Serialize};
use std::io::ErrorKind;
use std::path::Path;

/// A text file that problems point into.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Source {
    /// The name shown to people: the path relative to the project.
    pub name: String,
    /// The whole text.
    pub text: String,
}

impl Source {
    /// The file at `path`, shown as `name`; `None` where there is none.
    ///
    /// # Errors
    /// It is a folder, cannot be read, or is not UTF-8 (with the line of the first wrong byte).
    pub fn read(name: &str, path: &Path) -> Result<Option<Self>, Problem> {
        if path.is_dir() {
            return Err(Problem::in_file(name, "is a folder, not a file"));
        }
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Problem::in_file(name, format!("cannot be read: {error}"))),
        };
        let name = name.to_owned();
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Some(Self { name, text })),
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                Err(not_utf8(name, error.as_bytes(), at))
            }
        }
    }

    /// A line of the text, counted from 1, without its end. Lines end as YAML has it: `\n`, `\r\n` or
    /// `\r`.
    pub fn line(&self, number: usize) -> Option<&str> {
        self.lines().nth(number.checked_sub(1)?)
    }

    /// All lines.
    pub(crate) fn lines(&self) -> impl Iterator<Item = &str> {
        let mut rest = Some(self.text.strip_prefix('\u{feff}').unwrap_or(&self.text));
        std::iter::from_fn(move || {
            let text = rest?;
            let Some(end) = text.find(['\n', '\r']) else {
                rest = None;
                return Some(text);
            };
            let ending = if text[end..].starts_with("\r\n") {
                2
            } else {
                1
            };
            rest = Some(&text[end + ending..]);
            Some(&text[..end])
        })
    }
}

/// The first byte that is not UTF-8, at the index `at`.
fn not_utf8(name: String, bytes: &[u8], at: usize) -> Problem {
    let before = String::from_utf8_lossy(&bytes[..at]);
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    let place = Place {
        line: before.matches('\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
        width: 1,
    };
    let message = format!("not UTF-8 text: the byte 0x{:02X}", bytes[at]);
    let text = String::from_utf8_lossy(bytes).into_owned();
    Problem::at(&Source { name, text }, place, message).hint("save the file as UTF-8")
}
