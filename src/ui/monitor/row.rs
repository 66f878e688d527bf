//! [`Row`]: the fields of a line, in wordings of several lengths.

use anstyle::Style;
use std::fmt::Write;
use textwrap::core::display_width;

/// Between two fields.
const GAP: &str = "  ";
/// In place of what has no room.
const CUT: &str = "…";

/// A piece of text in one style.
#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) text: String,
    pub(super) style: Style,
}

/// The fields of a line in several wordings, the one that says most first.
#[derive(Clone, Debug, Default)]
pub(super) struct Row(Vec<Vec<Field>>);

impl Field {
    pub(super) fn plain(text: impl Into<String>) -> Self {
        Self::styled(text, Style::new())
    }

    pub(super) fn styled(text: impl Into<String>, style: Style) -> Self {
        let text = text.into();
        Self { text, style }
    }
}

impl Row {
    /// These wordings of the whole line.
    pub(super) fn of(wordings: Vec<Vec<Field>>) -> Self {
        Self(wordings)
    }

    /// Of each field a long and a short wording; where the short ones are too long, the last fields go.
    pub(super) fn of_fields(fields: Vec<[Field; 2]>) -> Self {
        let (long, short): (Vec<Field>, Vec<Field>) = fields
            .into_iter()
            .map(|[long, short]| (long, short))
            .unzip();
        let fewer = (1..=short.len()).rev().map(|count| short[..count].to_vec());
        Self(std::iter::once(long).chain(fewer).collect())
    }

    /// The first wording that fits, filled up with spaces to exactly this width; the last one cut off
    /// where none fits.
    pub(super) fn fitted(&self, width: usize) -> String {
        let fits = |fields: &&Vec<Field>| length(fields) <= width;
        let found = self.0.iter().find(fits).or(self.0.last());
        let mut left = width;
        let mut line = String::new();
        for (index, Field { text, style }) in found.into_iter().flatten().enumerate() {
            let text = cut(
                text,
                left.saturating_sub(if index > 0 { GAP.len() } else { 0 }),
            );
            if text.is_empty() {
                break;
            }
            if index > 0 {
                line.push_str(GAP);
                left -= GAP.len();
            }
            left -= display_width(&text);
            // A String takes any text.
            let _ = write!(line, "{style}{text}{style:#}");
        }
        line + &" ".repeat(left)
    }
}

/// The columns that these take, with the gaps between them.
fn length(fields: &[Field]) -> usize {
    let texts: usize = fields.iter().map(|field| display_width(&field.text)).sum();
    texts + GAP.len() * fields.len().saturating_sub(1)
}

/// The text in so many columns at the most.
pub(super) fn cut(text: &str, width: usize) -> String {
    if display_width(text) <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    for letter in text.chars() {
        kept.push(letter);
        if display_width(&kept) + display_width(CUT) > width {
            kept.pop();
            break;
        }
    }
    if width > 0 { kept + CUT } else { kept }
}
