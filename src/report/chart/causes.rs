use super::axis::{Axis, padded};
use super::canvas::{self, Canvas, Font, LABEL, Side};
use super::number::points;
use super::palette::{BLUE, INK, ORANGE};
use super::rows::{self, Rows};
use super::{ChartError, label};

const MOST_ROWS: usize = 40;
const LEGEND: [&str; 2] = ["caused, with its 95 % interval", "cost of switching it off"];

/// What one slot, or growth, caused.
#[derive(Debug, Clone, PartialEq)]
pub struct Cause {
    /// What the row is called.
    pub name: String,
    /// Difference of accuracies to the runs without it, a share of 1.
    pub caused: Option<f64>,
    /// The ends of its interval of 95 %.
    pub interval: Option<(f64, f64)>,
    /// What the accuracy loses when it is switched off in the trained network.
    pub removal: Option<f64>,
}

/// What growth and each slot caused, beside what switching it off says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Causes {
    /// In the order of the rows.
    pub rows: Vec<Cause>,
}

impl Causes {
    /// A dot with its interval a row, and a ring for the cost of switching off.
    ///
    /// # Errors
    /// Nothing was measured, or the drawing library's own.
    pub fn svg(&self) -> Result<String, ChartError> {
        let (shown, left_out) = rows::limited(self.rows.iter().collect(), MOST_ROWS);
        let values = shown.iter().flat_map(|one| one.values());
        let range = padded(values.chain([0.0])).filter(|_| !shown.is_empty());
        let range = range.ok_or(ChartError::NoData("runs to compare"))?;
        let labels: Vec<String> = shown.iter().map(|one| one.name.clone()).collect();
        let rows = Rows::new(&labels, 22.0, 24.0);
        let axis = rows.axis(range);
        let title = "What growth caused";
        canvas::draw(rows::WIDTH, rows.height(), title, |canvas| {
            let name = "validation accuracy, percentage points";
            rows.grid(canvas, &axis, &axis.ticks(6.0, 2.0), name, points)?;
            legend(canvas, &rows)?;
            let zero = axis.pixel(0.0);
            canvas.line((zero, rows.top()), (zero, rows.bottom()), INK, 1.0)?;
            for (row, one) in shown.iter().enumerate() {
                rows.label(canvas, row, &one.name)?;
                one.draw(canvas, &axis, rows.middle(row))?;
            }
            if left_out > 0 {
                let note = format!("and {left_out} more slots");
                canvas.text(16.0, rows.height() - 14.0, &note, Font::muted(Side::Right))?;
            }
            Ok(())
        })
    }
}

impl Cause {
    fn values(&self) -> impl Iterator<Item = f64> {
        let ends = self
            .interval
            .into_iter()
            .flat_map(|(low, high)| [low, high]);
        let all = self.caused.into_iter().chain(self.removal).chain(ends);
        all.filter(|value| value.is_finite())
    }

    fn draw(&self, canvas: &Canvas<'_>, axis: &Axis, y: f64) -> Result<(), ChartError> {
        if let Some((low, high)) = self.interval {
            let (low, high) = (axis.pixel(low), axis.pixel(high));
            canvas.line((low, y), (high, y), BLUE, 2.0)?;
            for end in [low, high] {
                canvas.line((end, y - 4.0), (end, y + 4.0), BLUE, 2.0)?;
            }
        }
        if let Some(removal) = self.removal {
            mark(canvas, axis.pixel(removal), y)?;
        }
        match self.caused {
            Some(caused) => canvas.dot((axis.pixel(caused), y), 5.0, BLUE),
            None => canvas.text(
                axis.pixel(0.0) + 6.0,
                y,
                "not measured",
                Font::muted(Side::Right),
            ),
        }
    }
}

/// An upright cross, told from a dot without its colour.
fn mark(canvas: &Canvas<'_>, x: f64, y: f64) -> Result<(), ChartError> {
    canvas.line((x - 4.0, y - 4.0), (x + 4.0, y + 4.0), ORANGE, 2.0)?;
    canvas.line((x - 4.0, y + 4.0), (x + 4.0, y - 4.0), ORANGE, 2.0)
}

fn legend(canvas: &Canvas<'_>, rows: &Rows) -> Result<(), ChartError> {
    let y = rows.top() - 20.0;
    let [caused, removal] = LEGEND;
    canvas.dot((rows.left + 6.0, y), 5.0, BLUE)?;
    canvas.text(rows.left + 18.0, y, caused, Font::label(Side::Right))?;
    let x = rows.left + 18.0 + label::width(caused, LABEL) + 30.0;
    mark(canvas, x, y)?;
    canvas.text(x + 12.0, y, removal, Font::label(Side::Right))
}
