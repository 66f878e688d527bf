use plotters::style::RGBColor;

use super::ChartError;
use super::axis::padded_fraction;
use super::canvas::{self, Font, Side};
use super::number::{percent, points};
use super::palette::{BLUE, GREEN, GREY, INK, VERMILION};
use super::rows::{self, Rows};

const MOST_STEPS: usize = 30;

/// How the seeds' shares lead from the accuracy of the host alone to that of the whole network.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Waterfall {
    /// Accuracy of the host alone, 0 to 1.
    pub host: f64,
    /// Each seed with its Shapley value; together they are the whole way.
    pub steps: Vec<(String, f64)>,
}

/// One row: from where to where, and what is written at its end.
struct Bar {
    name: String,
    from: f64,
    to: f64,
    text: String,
    colour: RGBColor,
}

impl Waterfall {
    /// One row for the host, one for each seed, one for the network.
    ///
    /// # Errors
    /// No seeds, a share that is no number, or the drawing library's own.
    pub fn svg(&self) -> Result<String, ChartError> {
        let known = self.steps.iter().all(|(_, share)| share.is_finite());
        if self.steps.is_empty() || !known {
            return Err(ChartError::NoData("shares of grown seeds"));
        }
        let bars = self.bars();
        let labels: Vec<String> = bars.iter().map(|bar| bar.name.clone()).collect();
        let rows = Rows::new(&labels, 0.0, 22.0);
        let ends: Vec<f64> = bars.iter().flat_map(|bar| [bar.from, bar.to]).collect();
        let axis = rows.axis(padded_fraction(&ends).unwrap_or((0.0, 1.0)));
        let title = "From the host alone to the whole network";
        canvas::draw(rows::WIDTH, rows.height(), title, |canvas| {
            let ticks = axis.ticks(6.0, 2.0);
            rows.grid(canvas, &axis, &ticks, "validation accuracy", percent)?;
            for (row, bar) in bars.iter().enumerate() {
                rows.label(canvas, row, &bar.name)?;
                let (y, thickness) = (rows.middle(row), rows.thickness());
                let (from, to) = (axis.pixel(bar.from), axis.pixel(bar.to));
                let (left, right) = (from.min(to), from.max(to));
                let width = (right - left).max(1.5);
                canvas.fill(left, y - thickness / 2.0, width, thickness, bar.colour)?;
                canvas.text(right + 6.0, y, &bar.text, Font::label(Side::Right))?;
                if row + 1 < bars.len() {
                    let below = rows.middle(row + 1);
                    canvas.line(
                        (to, y + thickness / 2.0),
                        (to, below - thickness / 2.0),
                        GREY,
                        1.0,
                    )?;
                }
            }
            Ok(())
        })
    }

    fn bars(&self) -> Vec<Bar> {
        let level = |name: &str, at: f64, colour| Bar {
            name: name.to_owned(),
            from: at,
            to: at,
            text: percent(at, 2),
            colour,
        };
        let mut at = self.host;
        let mut bars = vec![level("host only", at, INK)];
        let (shown, rest) = self.steps.split_at(self.steps.len().min(MOST_STEPS));
        let others = rest.iter().map(|(_, share)| share).sum();
        let last = (!rest.is_empty()).then(|| (format!("{} more seeds", rest.len()), others));
        for (name, share) in shown.iter().cloned().chain(last) {
            let to = at + share;
            bars.push(Bar {
                name,
                from: at,
                to,
                text: points(share, 2),
                colour: if share < 0.0 { VERMILION } else { BLUE },
            });
            at = to;
        }
        bars.push(level("all seeds on", at, GREEN));
        bars
    }
}
