//! [`Excerpt`]: the line that is shown, with marks under the text that is meant.

use crate::problem::Place;
use crate::problem::shown::visible;
use std::fmt;
use unicode_width::UnicodeWidthChar;

/// Columns of a line that are shown; of a longer one, the part around the place.
const ROOM: usize = 96;
/// Characters kept before the place in a line that is cut.
const BEFORE: usize = 32;

/// The line that is shown, with marks under the text that is meant.
pub(super) struct Excerpt<'a> {
    pub(super) place: Place,
    pub(super) line: &'a str,
}

impl fmt::Display for Excerpt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cells: Vec<String> = self.line.chars().map(visible).collect();
        let start = self.place.column.saturating_sub(1).min(cells.len());
        let end = (start + self.place.width).min(cells.len());
        let from = if width(&cells) > ROOM {
            start.saturating_sub(BEFORE)
        } else {
            0
        };
        let mut to = from;
        let mut room = ROOM;
        while let Some(rest) = cells
            .get(to)
            .and_then(|cell| room.checked_sub(columns(cell)))
        {
            (to, room) = (to + 1, rest);
        }
        let left = if from > 0 { "…" } else { "" };
        let right = if to < cells.len() { "…" } else { "" };
        let text = cells[from..to].concat();
        let indent = " ".repeat(columns(left) + width(&cells[from..start]));
        let marks = "^".repeat(width(&cells[start..end.min(to).max(start)]).max(1));
        let number = self.place.line.to_string();
        let blank = " ".repeat(number.len());
        write!(
            f,
            "\n  {number} | {left}{text}{right}\n  {blank} | {indent}{marks}"
        )
    }
}

fn width(cells: &[String]) -> usize {
    cells.iter().map(|cell| columns(cell)).sum()
}

fn columns(cell: &str) -> usize {
    cell.chars().map(|c| c.width().unwrap_or(1)).sum()
}
