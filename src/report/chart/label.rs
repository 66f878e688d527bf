//! Text that fits: how wide it will be is estimated, as the reader's fonts are not known.

/// Width of a text in pixels at that font size, a little more than in the usual fonts.
pub(super) fn width(text: &str, size: f64) -> f64 {
    text.chars()
        .map(|character| character_width(character) * size)
        .sum()
}

/// The text, or its two ends around `…` if it is wider than `room` pixels: names often differ in
/// their last characters alone.
pub(super) fn fitted(text: &str, size: f64, room: f64) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let half = (room - character_width('…') * size) / 2.0;
    let front: String = within(text.chars(), size, half).collect();
    let mut back: Vec<_> = within(text.chars().rev(), size, half).collect();
    back.reverse();
    format!("{front}…{}", back.into_iter().collect::<String>())
}

/// The texts with `separator` between them; if they are wider than `room` pixels together, those
/// that are wider than their share are shortened.
pub(super) fn joined(texts: &[String], separator: &str, size: f64, room: f64) -> String {
    let separators = width(separator, size) * texts.len().saturating_sub(1) as f64;
    shared(texts, size, room - separators).join(separator)
}

/// The texts, shortened so that they are not wider than `room` pixels together. What the narrow
/// ones leave of their share is for the wider ones.
pub(super) fn shared(texts: &[String], size: f64, mut room: f64) -> Vec<String> {
    let mut order: Vec<_> = (0..texts.len()).collect();
    let width_of = |index: &usize| width(&texts[*index], size);
    order.sort_by(|one, other| width_of(one).total_cmp(&width_of(other)));
    let mut shortened = texts.to_vec();
    for (done, index) in order.iter().enumerate() {
        let share = room / (texts.len() - done) as f64;
        shortened[*index] = fitted(&texts[*index], size, share);
        room -= width(&shortened[*index], size);
    }
    shortened
}

fn within(
    characters: impl Iterator<Item = char>,
    size: f64,
    mut room: f64,
) -> impl Iterator<Item = char> {
    characters.take_while(move |character| {
        room -= character_width(*character) * size;
        room >= 0.0
    })
}

/// The text without characters that XML forbids or that would break its line.
pub(super) fn printable(text: &str) -> String {
    let blank = |character: char| {
        character.is_control() || matches!(character, '\u{fffe}' | '\u{ffff}' | '\u{2028}')
    };
    text.chars()
        .map(|character| if blank(character) { ' ' } else { character })
        .collect()
}

fn character_width(character: char) -> f64 {
    match character {
        'i' | 'j' | 'l' | 't' | 'f' | 'r' | ' ' | '.' | ',' | ':' | '\'' | '|' | '!' | '('
        | ')' => 0.38,
        'm' | 'w' | 'M' | 'W' | '%' | '@' | '…' | '—' => 0.95,
        'A'..='Z' => 0.72,
        // Scripts whose characters are square.
        '\u{1100}'.. => 1.0,
        _ => 0.61,
    }
}

#[cfg(test)]
mod tests {
    use super::{fitted, joined, printable, width};

    #[test]
    fn what_does_not_fit_keeps_its_ends() {
        assert_eq!(fitted("seed1_1", 12.0, 100.0), "seed1_1");
        let short = fitted("a_seed_with_a_long_name_17", 12.0, 100.0);
        assert!(
            short.starts_with("a_see") && short.ends_with("_17"),
            "{short}"
        );
        assert!(
            short.contains('…') && width(&short, 12.0) <= 100.0,
            "{short}"
        );
        assert_eq!(fitted("abc", 12.0, 0.0), "…");
    }

    #[test]
    fn joined_texts_share_the_room() {
        let texts = ["#1", "a_param_with_a_long_name=1", "lr=2"].map(str::to_owned);
        assert_eq!(joined(&texts, "  ", 12.0, 900.0), texts.join("  "));
        let short = joined(&texts, "  ", 12.0, 150.0);
        assert!(
            short.starts_with("#1  a_p") && short.ends_with("=1  lr=2"),
            "{short}"
        );
        assert!(width(&short, 12.0) <= 150.0, "{short}");
    }

    #[test]
    fn control_characters_become_blanks() {
        assert_eq!(printable("a\u{1}b\nc"), "a b c");
    }
}
