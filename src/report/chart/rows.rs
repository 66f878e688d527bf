use super::axis::{Axis, Ticks, vertical_grid};
use super::canvas::{Canvas, Font, LABEL, Side};
use super::{ChartError, label};

/// Width of the cards with one row an item, in pixels.
pub(super) const WIDTH: f64 = 800.0;
const TOP: f64 = 50.0;
const AXIS_HEIGHT: f64 = 44.0;
/// No label is wider; longer ones are shortened.
pub(super) const WIDEST_LABEL: f64 = 300.0;
/// Room at the right for a value that does not fit inside.
const VALUE_ROOM: f64 = 76.0;
const SMALLEST_PLOT: f64 = 200.0;

/// The layout of a chart with one labelled row an item and a value axis below.
pub(super) struct Rows {
    pub(super) left: f64,
    pub(super) right: f64,
    top: f64,
    pitch: f64,
    count: usize,
}

impl Rows {
    /// Rows of at least `narrowest` pixels for `labels`, `header` pixels below the title left free.
    pub(super) fn new(labels: &[String], header: f64, narrowest: f64) -> Self {
        let count = labels.len();
        let widths = labels.iter().map(|text| label::width(text, LABEL));
        let widest = widths.fold(60.0, f64::max);
        let pitch = (260.0 / count.max(1) as f64).clamp(narrowest, 34.0);
        Self {
            left: widest.min(WIDEST_LABEL) + 24.0,
            right: WIDTH - VALUE_ROOM,
            top: TOP + header,
            pitch,
            count,
        }
    }

    /// The height of the whole card.
    pub(super) fn height(&self) -> f64 {
        self.bottom() + AXIS_HEIGHT
    }

    pub(super) fn top(&self) -> f64 {
        self.top
    }

    pub(super) fn bottom(&self) -> f64 {
        self.top + self.pitch * self.count as f64
    }

    /// The middle of a row.
    pub(super) fn middle(&self, row: usize) -> f64 {
        self.top + self.pitch * (row as f64 + 0.5)
    }

    /// How thick a bar in a row is.
    pub(super) fn thickness(&self) -> f64 {
        (self.pitch * 0.62).min(16.0)
    }

    /// The axis of the values.
    pub(super) fn axis(&self, range: (f64, f64)) -> Axis {
        debug_assert!(
            self.right - self.left > SMALLEST_PLOT,
            "labels leave no room"
        );
        Axis::new(range, (self.left, self.right))
    }

    /// The grid with its labels and the axis' name below.
    pub(super) fn grid(
        &self,
        canvas: &Canvas<'_>,
        axis: &Axis,
        ticks: &Ticks,
        name: &str,
        text: impl Fn(f64, usize) -> String,
    ) -> Result<(), ChartError> {
        vertical_grid(canvas, axis, ticks, (self.top, self.bottom()), text)?;
        let middle = f64::midpoint(self.left, self.right);
        canvas.text(
            middle,
            self.bottom() + 31.0,
            name,
            Font::muted(Side::Centre),
        )
    }

    /// The label of a row, shortened where it is too long.
    pub(super) fn label(
        &self,
        canvas: &Canvas<'_>,
        row: usize,
        text: &str,
    ) -> Result<(), ChartError> {
        let text = label::fitted(text, LABEL, WIDEST_LABEL);
        canvas.text(
            self.left - 8.0,
            self.middle(row),
            &text,
            Font::label(Side::Left),
        )
    }
}

/// The first `most` items, and how many were left out.
pub(super) fn limited<T>(mut items: Vec<T>, most: usize) -> (Vec<T>, usize) {
    let left_out = items.len().saturating_sub(most);
    items.truncate(most);
    (items, left_out)
}
