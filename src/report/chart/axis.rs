use super::ChartError;
use super::canvas::{Canvas, Font, Side};
use super::palette::GRID;

/// A linear map from values to pixels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Axis {
    low: f64,
    high: f64,
    start: f64,
    end: f64,
}

/// Values worth a grid line, and how many decimals tell them apart.
#[derive(Debug, PartialEq)]
pub(super) struct Ticks {
    pub(super) values: Vec<f64>,
    pub(super) decimals: usize,
}

impl Axis {
    /// Maps `low` to the pixel `start` and `high` to `end`; `low < high`.
    pub(super) fn new((low, high): (f64, f64), (start, end): (f64, f64)) -> Self {
        Self {
            low,
            high,
            start,
            end,
        }
    }

    /// The pixel of a value; values beyond the ends land on the ends.
    pub(super) fn pixel(&self, value: f64) -> f64 {
        let share = ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0);
        self.start + share * (self.end - self.start)
    }

    /// At most `most` round values within the axis, at equal steps of 1, 2 or 5 times a power of
    /// ten. `shift` is the power of ten by which labels show them, 2 for percent.
    pub(super) fn ticks(&self, most: f64, shift: f64) -> Ticks {
        let rough = (self.high - self.low) / most;
        let power = 10_f64.powf(rough.log10().floor());
        let factors = [1.0, 2.0, 5.0, 10.0];
        let step = power
            * factors
                .into_iter()
                .find(|f| f * power >= rough)
                .unwrap_or(10.0);
        let mut values = Vec::new();
        let mut index = (self.low / step).ceil();
        while index * step <= self.high + step * 1e-9 {
            values.push(index * step);
            index += 1.0;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "0 to 12"
        )]
        let decimals = (-(step.log10() + 1e-9).floor() - shift).clamp(0.0, 12.0) as usize;
        Ticks { values, decimals }
    }

    /// As [`Self::ticks`], whole numbers alone.
    pub(super) fn whole_ticks(&self, most: f64) -> Ticks {
        let mut ticks = self.ticks(most, 0.0);
        ticks.values.retain(|value| value.fract().abs() < 1e-9);
        ticks.decimals = 0;
        ticks
    }
}

/// The range of the finite ones among `values`, widened by a twentieth; for equal values a range
/// around them. `None` without any.
pub(super) fn padded(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    let range = values
        .filter(|value| value.is_finite())
        .fold(None, |range, value| {
            let (low, high) = range.unwrap_or((value, value));
            Some((value.min(low), value.max(high)))
        });
    let (low, high): (f64, f64) = range?;
    let size = low.abs().max(high.abs());
    // Closer together than rounding can tell apart counts as equal.
    let spread = if high - low > size * 1e-9 {
        high - low
    } else {
        size.max(0.02)
    };
    Some((low - spread * 0.05, high + spread * 0.05))
}

/// As [`padded`], for fractions: not beyond 0 and 1 where no value is.
pub(super) fn padded_fraction(values: &[f64]) -> Option<(f64, f64)> {
    let (low, high) = padded(values.iter().copied())?;
    let beyond = |test: fn(f64) -> bool| values.iter().copied().any(test);
    let low = if beyond(|value| value < 0.0) {
        low
    } else {
        low.max(0.0)
    };
    let high = if beyond(|value| value > 1.0) {
        high
    } else {
        high.min(1.0)
    };
    Some((low, high))
}

/// Horizontal grid lines from `left` to `right` with labels at the left.
pub(super) fn horizontal_grid(
    canvas: &Canvas<'_>,
    axis: &Axis,
    ticks: &Ticks,
    (left, right): (f64, f64),
    label: impl Fn(f64, usize) -> String,
) -> Result<(), ChartError> {
    for value in &ticks.values {
        let y = axis.pixel(*value);
        canvas.line((left, y), (right, y), GRID, 1.0)?;
        let text = label(*value, ticks.decimals);
        canvas.text(left - 8.0, y, &text, Font::muted(Side::Left))?;
    }
    Ok(())
}

/// Vertical grid lines from `top` to `bottom` with labels below.
pub(super) fn vertical_grid(
    canvas: &Canvas<'_>,
    axis: &Axis,
    ticks: &Ticks,
    (top, bottom): (f64, f64),
    label: impl Fn(f64, usize) -> String,
) -> Result<(), ChartError> {
    for value in &ticks.values {
        let x = axis.pixel(*value);
        canvas.line((x, top), (x, bottom), GRID, 1.0)?;
        let text = label(*value, ticks.decimals);
        canvas.text(x, bottom + 12.0, &text, Font::muted(Side::Centre))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Axis, Ticks, padded, padded_fraction};

    #[test]
    fn ticks_are_round_and_within_the_axis() {
        let axis = Axis::new((0.813, 0.957), (0.0, 100.0));
        let Ticks { values, decimals } = axis.ticks(5.0, 2.0);
        assert_eq!(values.len(), 3, "{values:?}");
        assert!(
            (values[0] - 0.85).abs() < 1e-12 && decimals == 0,
            "{values:?}"
        );
        let epochs = Axis::new((0.5, 1.5), (0.0, 100.0));
        assert_eq!(
            epochs.whole_ticks(8.0),
            Ticks {
                values: vec![1.0],
                decimals: 0
            }
        );
    }

    #[test]
    fn ranges_leave_room_around_the_values() {
        assert_eq!(padded([f64::NAN].into_iter()), None);
        let (low, high) = padded([0.3, 0.3].into_iter()).unwrap();
        assert!(low < 0.3 && 0.3 < high);
        let (low, high) = padded([0.0, 0.0].into_iter()).unwrap();
        assert!(low < 0.0 && 0.0 < high);
        assert!(padded_fraction(&[0.5, 1.0]).unwrap().1 <= 1.0);
        assert!(padded_fraction(&[0.5, 1.5]).unwrap().1 > 1.5);
    }
}
