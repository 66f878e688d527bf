//! [`shown`], [`brief`]: text of a file as it can be put before a person.

/// Characters of a value that a message quotes.
const ROOM: usize = 60;

/// A text on one line that cannot steer the terminal.
pub(crate) fn shown(text: &str) -> String {
    text.chars().map(visible).collect()
}

/// The beginning of a text, short enough for a message.
pub(crate) fn brief(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let cut: String = line.chars().take(ROOM).collect();
    if cut.len() < text.trim_end().len() {
        format!("{cut}…")
    } else {
        cut
    }
}

/// A character as it can be shown: a tab as blanks, a control character as the picture of it, so that
/// a file cannot steer the terminal.
pub(super) fn visible(c: char) -> String {
    let shown = match c {
        '\t' => return "    ".to_owned(),
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)),
        c if c.is_control() || is_hidden(c) => None,
        c => Some(c),
    };
    shown.unwrap_or(char::REPLACEMENT_CHARACTER).to_string()
}

/// Characters that turn the direction of what follows, or are seen as nothing.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}
