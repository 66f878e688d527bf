use std::cmp::Ordering;

use super::axis::{Axis, padded_fraction};
use super::canvas::{self, Canvas, Font, LABEL, Side};
use super::number::percent;
use super::palette::{BLUE, GREEN, GREY, INK, MUTED, VERMILION};
use super::rows::{self, Rows, WIDEST_LABEL};
use super::{ChartError, label};

/// Six grown seeds have 64 subsets; more rows than that nobody reads.
const MOST_ROWS: usize = 64;

/// The network with some of its grown seeds switched on and the others off.
#[derive(Debug, Clone, PartialEq)]
pub struct Configuration {
    /// The seeds switched on; none is the host alone.
    pub seeds: Vec<String>,
    /// Share of the validation samples it classifies rightly, 0 to 1.
    pub accuracy: Option<f64>,
}

/// The accuracy of every subset of the grown seeds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Configurations {
    /// The seeds that have grown.
    pub seeds: Vec<String>,
    /// The configurations in any order.
    pub configurations: Vec<Configuration>,
}

impl Configurations {
    /// One row a configuration, the most accurate first; each bar leads from the accuracy of the
    /// host alone to that of the configuration.
    ///
    /// # Errors
    /// No configurations, or the drawing library's own.
    pub fn svg(&self) -> Result<String, ChartError> {
        if self.configurations.is_empty() {
            return Err(ChartError::NoData("configurations"));
        }
        let mut sorted: Vec<_> = self.configurations.iter().collect();
        sorted.sort_by(|one, other| one.order(other));
        let host = sorted
            .iter()
            .find(|one| one.seeds.is_empty())
            .and_then(|one| one.measured());
        let (shown, left_out) = rows::limited(sorted, MOST_ROWS);
        let labels: Vec<_> = shown.iter().map(|one| self.label(one)).collect();
        let rows = Rows::new(&labels, 20.0, 19.0);
        let measured: Vec<_> = shown
            .iter()
            .filter_map(|one| one.measured())
            .chain(host)
            .collect();
        let range = padded_fraction(&measured).unwrap_or((0.0, 1.0));
        let axis = rows.axis(range);
        let title = "Accuracy with some of the grown seeds switched on";
        canvas::draw(rows::WIDTH, rows.height(), title, |canvas| {
            rows.grid(
                canvas,
                &axis,
                &axis.ticks(6.0, 2.0),
                "validation accuracy",
                percent,
            )?;
            if let Some(host) = host {
                let x = axis.pixel(host);
                canvas.dashes(x, (rows.top(), rows.bottom()), MUTED)?;
                reference(canvas, &rows, x, &format!("host only {}", percent(host, 2)))?;
            }
            for (row, one) in shown.iter().enumerate() {
                rows.label(canvas, row, &labels[row])?;
                self.draw_row(canvas, &rows, &axis, row, one, host)?;
            }
            let note = format!("and {left_out} more, less accurate");
            if left_out > 0 {
                canvas.text(16.0, rows.height() - 14.0, &note, Font::muted(Side::Right))?;
            }
            Ok(())
        })
    }

    fn draw_row(
        &self,
        canvas: &Canvas<'_>,
        rows: &Rows,
        axis: &Axis,
        row: usize,
        one: &Configuration,
        host: Option<f64>,
    ) -> Result<(), ChartError> {
        let y = rows.middle(row);
        let Some(accuracy) = one.measured() else {
            return canvas.text(rows.left + 6.0, y, "not measured", Font::muted(Side::Right));
        };
        let start = host.map_or(rows.left, |host| axis.pixel(host));
        let end = axis.pixel(accuracy);
        let colour = match one.seeds.len() {
            0 => INK,
            _ if host.is_some_and(|host| accuracy < host) => VERMILION,
            all if all == self.seeds.len() => GREEN,
            _ => BLUE,
        };
        let thickness = rows.thickness();
        let (left, width) = (start.min(end), (end - start).abs());
        canvas.fill(left, y - thickness / 2.0, width, thickness, colour)?;
        let short = width < thickness;
        if short {
            canvas.dot((end, y), thickness / 2.0, colour)?; // Else it would be hard to see.
        }
        let x = start.max(end) + if short { thickness / 2.0 } else { 0.0 } + 6.0;
        canvas.text(x, y, &percent(accuracy, 2), Font::label(Side::Right))
    }

    fn label(&self, one: &Configuration) -> String {
        let on = one.seeds.len();
        if on == 0 {
            return "host only".to_owned();
        }
        if on == self.seeds.len() && on > 1 {
            return format!("all {on} seeds");
        }
        let joined = |prefix: &str, seeds: &[String]| {
            let room = WIDEST_LABEL - label::width(prefix, LABEL);
            format!("{prefix}{}", label::joined(seeds, " + ", LABEL, room))
        };
        if on * 2 <= self.seeds.len() || on < 3 {
            return joined("", &one.seeds);
        }
        let off = self.seeds.iter().filter(|seed| !one.seeds.contains(seed));
        joined("all but ", &off.cloned().collect::<Vec<_>>())
    }
}

impl Configuration {
    fn measured(&self) -> Option<f64> {
        self.accuracy.filter(|accuracy| accuracy.is_finite())
    }

    /// Most accurate first, then fewest seeds, then by name; what was not measured comes last.
    fn order(&self, other: &Self) -> Ordering {
        let key = |one: &Self| one.measured().unwrap_or(f64::NEG_INFINITY);
        let tie = || (self.seeds.len(), &self.seeds).cmp(&(other.seeds.len(), &other.seeds));
        key(other).total_cmp(&key(self)).then_with(tie)
    }
}

/// A text above a vertical line that stays on the card.
fn reference(canvas: &Canvas<'_>, rows: &Rows, x: f64, text: &str) -> Result<(), ChartError> {
    let half = label::width(text, LABEL) / 2.0;
    let x = x.clamp(half + 16.0, rows::WIDTH - half - 16.0);
    let y = rows.top() - 10.0;
    canvas.text(x, y, text, Font::muted(Side::Centre))?;
    canvas.line((x, y + 8.0), (x, rows.top()), GREY, 1.0)
}
