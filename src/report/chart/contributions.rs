use plotters::style::RGBColor;

use super::axis::{Axis, padded};
use super::canvas::{self, Canvas, Font, LABEL, Side};
use super::number::points;
use super::palette::{BLUE, INK, SKY};
use super::rows::{self, Rows};
use super::{ChartError, label};

const MOST_ROWS: usize = 40;
const SERIES: [(&str, RGBColor); 2] = [("switched off alone", SKY), ("Shapley value", BLUE)];

/// What one grown seed contributes to the accuracy; differences of fractions, -1 to 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Contribution {
    /// The seed's id.
    pub seed: String,
    /// Accuracy of the whole network minus that without this seed.
    pub marginal: Option<f64>,
    /// Its Shapley value: the mean of what it adds, over all orders of adding the seeds.
    pub shapley: Option<f64>,
}

/// What the grown seeds contribute.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Contributions {
    /// The seeds, in the order of their rows.
    pub seeds: Vec<Contribution>,
}

impl Contributions {
    /// Two bars a seed, to the right of zero where the seed helps and to the left where it harms.
    ///
    /// # Errors
    /// No seeds, or the drawing library's own.
    pub fn svg(&self) -> Result<String, ChartError> {
        if self.seeds.is_empty() {
            return Err(ChartError::NoData("grown seeds"));
        }
        let (shown, left_out) = rows::limited(self.seeds.iter().collect(), MOST_ROWS);
        let labels: Vec<_> = shown.iter().map(|one| one.seed.clone()).collect();
        let rows = Rows::new(&labels, 22.0, 28.0);
        let values = shown.iter().flat_map(|one| one.values()).flatten();
        // Zero is part of the axis: the bars begin there.
        let (low, high) = padded(values.chain([0.0])).unwrap_or((-0.01, 0.01));
        // Room for the numbers at the ends of the bars.
        let room = (high - low) * 0.12;
        let axis = rows.axis((if low < -1e-12 { low - room } else { 0.0 }, high + room));
        canvas::draw(
            rows::WIDTH,
            rows.height(),
            "What each grown seed contributes",
            |canvas| {
                let ticks = axis.ticks(6.0, 2.0);
                let name = "validation accuracy, percentage points";
                rows.grid(canvas, &axis, &ticks, name, points)?;
                legend(canvas, &rows)?;
                for (row, one) in shown.iter().enumerate() {
                    rows.label(canvas, row, &one.seed)?;
                    one.draw(canvas, &rows, &axis, row)?;
                }
                let zero = axis.pixel(0.0);
                canvas.line((zero, rows.top()), (zero, rows.bottom()), INK, 1.0)?;
                if left_out > 0 {
                    let note = format!("and {left_out} more seeds");
                    canvas.text(16.0, rows.height() - 14.0, &note, Font::muted(Side::Right))?;
                }
                Ok(())
            },
        )
    }
}

impl Contribution {
    fn values(&self) -> [Option<f64>; 2] {
        [self.marginal, self.shapley].map(|value| value.filter(|value| value.is_finite()))
    }

    fn draw(
        &self,
        canvas: &Canvas<'_>,
        rows: &Rows,
        axis: &Axis,
        row: usize,
    ) -> Result<(), ChartError> {
        let thickness = (rows.thickness() / 1.5).clamp(6.0, 11.0);
        let zero = axis.pixel(0.0);
        for (index, (value, (_, colour))) in self.values().into_iter().zip(SERIES).enumerate() {
            let y = rows.middle(row) + (index as f64 - 0.5) * (thickness + 1.0);
            let Some(value) = value else {
                canvas.text(zero + 6.0, y, "not measured", small(Side::Right))?;
                continue;
            };
            let end = axis.pixel(value);
            let (left, width) = (zero.min(end), (end - zero).abs());
            canvas.fill(left, y - thickness / 2.0, width, thickness, colour)?;
            let (x, side) = if value < 0.0 {
                (end - 5.0, Side::Left)
            } else {
                (end + 5.0, Side::Right)
            };
            canvas.text(x, y, &points(value, 2), small(side))?;
        }
        Ok(())
    }
}

/// Two texts share a row.
fn small(side: Side) -> Font {
    Font {
        size: 10.5,
        ..Font::label(side)
    }
}

fn legend(canvas: &Canvas<'_>, rows: &Rows) -> Result<(), ChartError> {
    let y = rows.top() - 20.0;
    let mut x = rows.left;
    for (name, colour) in SERIES {
        canvas.fill(x, y - 5.0, 18.0, 10.0, colour)?;
        canvas.text(x + 24.0, y, name, Font::label(Side::Right))?;
        x += label::width(name, LABEL) + 46.0;
    }
    Ok(())
}
