//! Numbers as charts show them.

/// A number with `decimals` digits after the point; never `-0`.
pub(super) fn fixed(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    let zero = text
        .trim_start_matches('-')
        .chars()
        .all(|digit| matches!(digit, '0' | '.'));
    if zero {
        text.trim_start_matches('-').to_owned()
    } else {
        text
    }
}

/// A fraction of 1 in percent.
pub(super) fn percent(fraction: f64, decimals: usize) -> String {
    format!("{} %", fixed(fraction * 100.0, decimals))
}

/// A difference of two fractions of 1 in percentage points, with its sign.
pub(super) fn points(difference: f64, decimals: usize) -> String {
    let text = fixed(difference * 100.0, decimals);
    let positive = text.chars().any(|digit| matches!(digit, '1'..='9')) && !text.starts_with('-');
    let text = text.replace('-', "\u{2212}");
    if positive { format!("+{text}") } else { text }
}

/// A number of any size in about four significant digits.
pub(super) fn significant(value: f64) -> String {
    let size = value.abs();
    if size != 0.0 && !(1e-4..1e6).contains(&size) {
        return format!("{value:.2e}");
    }
    let before_point = if size < 1.0 {
        0.0
    } else {
        size.log10().floor() + 1.0
    };
    let leading_zeros = if size > 0.0 && size < 0.1 {
        -(size.log10().floor() + 1.0)
    } else {
        0.0
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "0 to 8"
    )]
    let decimals = (4.0 - before_point + leading_zeros).clamp(0.0, 8.0) as usize;
    fixed(value, decimals)
}

#[cfg(test)]
mod tests {
    use super::{fixed, percent, points, significant};

    #[test]
    fn digits_are_sensible() {
        assert_eq!(fixed(-0.001, 2), "0.00");
        assert_eq!(percent(0.98765, 1), "98.8 %");
        assert_eq!(points(0.0125, 2), "+1.25");
        assert_eq!(points(-0.0125, 1), "\u{2212}1.2");
        assert_eq!(points(-0.00001, 1), "0.0");
        let shown = [0.0, 0.123_456, 0.001_234_6, 12.3456, 123_456.7, 1e-7, 2.5e9].map(significant);
        assert_eq!(
            shown,
            [
                "0.0000", "0.1235", "0.001235", "12.35", "123457", "1.00e-7", "2.50e9"
            ]
        );
    }
}
