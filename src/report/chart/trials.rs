use std::cmp::Ordering;

use super::axis::{Axis, padded, padded_fraction};
use super::canvas::{self, Canvas, Font, LABEL, Side};
use super::number::{fixed, percent, significant};
use super::palette::{BLUE, GREEN, GRID};
use super::rows::{self, Rows, WIDEST_LABEL};
use super::{ChartError, label};

const MOST_ROWS: usize = 40;

/// How the values of a metric are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MetricScale {
    /// Fractions of 1, shown in percent.
    #[default]
    Fraction,
    /// Any other number, shown as it is.
    Number,
}

/// One trial of a sweep.
#[derive(Debug, Clone, PartialEq)]
pub struct TrialPoint {
    /// The trial's number.
    pub number: u64,
    /// The params that vary in the sweep, with this trial's values as text.
    pub params: Vec<(String, String)>,
    /// The metric that the sweep looks at; `None` where the trial failed.
    pub value: Option<f64>,
}

/// The trials of a sweep.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Trials {
    /// The metric's name, such as `best_acc`.
    pub metric: String,
    /// How its values are shown.
    pub scale: MetricScale,
    /// Whether less is better.
    pub lower_is_better: bool,
    /// The trials in any order.
    pub trials: Vec<TrialPoint>,
}

impl Trials {
    /// One row a trial, the best 40 of them, best first.
    ///
    /// # Errors
    /// No trials, or the drawing library's own.
    pub fn svg(&self) -> Result<String, ChartError> {
        if self.trials.is_empty() {
            return Err(ChartError::NoData("trials"));
        }
        let mut sorted: Vec<_> = self.trials.iter().collect();
        sorted.sort_by(|one, other| self.order(one, other));
        let (shown, left_out) = rows::limited(sorted, MOST_ROWS);
        let labels: Vec<_> = shown.iter().map(|trial| trial.label()).collect();
        let rows = Rows::new(&labels, 0.0, 19.0);
        let values: Vec<_> = shown.iter().filter_map(|trial| trial.measured()).collect();
        let range = match self.scale {
            MetricScale::Fraction => padded_fraction(&values),
            MetricScale::Number => padded(values.into_iter()),
        };
        let axis = rows.axis(range.unwrap_or((0.0, 1.0)));
        let title = format!("Trials by {}", self.metric);
        canvas::draw(rows::WIDTH, rows.height(), &title, |canvas| {
            match self.scale {
                MetricScale::Fraction => {
                    rows.grid(canvas, &axis, &axis.ticks(6.0, 2.0), &self.metric, percent)?;
                }
                MetricScale::Number => {
                    rows.grid(canvas, &axis, &axis.ticks(6.0, 0.0), &self.metric, fixed)?;
                }
            }
            for (row, trial) in shown.iter().enumerate() {
                rows.label(canvas, row, &labels[row])?;
                self.draw_row(canvas, &rows, &axis, row, trial)?;
            }
            if left_out > 0 {
                let note = format!("and {left_out} more trials");
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
        trial: &TrialPoint,
    ) -> Result<(), ChartError> {
        let y = rows.middle(row);
        let Some(value) = trial.measured() else {
            return canvas.text(rows.left + 6.0, y, "no result", Font::muted(Side::Right));
        };
        let x = axis.pixel(value);
        canvas.line((rows.left, y), (rows.right, y), GRID, 1.0)?;
        canvas.dot((x, y), 5.0, if row == 0 { GREEN } else { BLUE })?;
        let text = match self.scale {
            MetricScale::Fraction => percent(value, 2),
            MetricScale::Number => significant(value),
        };
        canvas.text(rows.right + 10.0, y, &text, Font::label(Side::Right))
    }

    /// Best first, then by number; what failed comes last.
    fn order(&self, one: &TrialPoint, other: &TrialPoint) -> Ordering {
        let worth = |trial: &TrialPoint| {
            let value = trial.measured();
            value.map_or(f64::NEG_INFINITY, |value| {
                if self.lower_is_better { -value } else { value }
            })
        };
        worth(other)
            .total_cmp(&worth(one))
            .then(one.number.cmp(&other.number))
    }
}

impl TrialPoint {
    fn measured(&self) -> Option<f64> {
        self.value.filter(|value| value.is_finite())
    }

    /// Its number and params; where they are too wide, names are shortened and values stay.
    fn label(&self) -> String {
        let name = |(name, _): &(String, String)| {
            let last = name
                .rsplit_once('.')
                .map_or(name.as_str(), |(_, last)| last);
            let same = |other: &&(String, String)| other.0.ends_with(last);
            let unique = self.params.iter().filter(same).count() == 1;
            if unique { last } else { name }.to_owned()
        };
        let names: Vec<_> = self.params.iter().map(name).collect();
        let values: Vec<_> = self
            .params
            .iter()
            .map(|(_, value)| format!("={}  ", shortened(value)))
            .collect();
        let number = format!("#{}  ", self.number);
        let taken = label::width(&number, LABEL) + label::width(&values.concat(), LABEL);
        let names = label::shared(&names, LABEL, WIDEST_LABEL - taken);
        let params = names
            .into_iter()
            .zip(values)
            .map(|(name, value)| name + &value);
        format!("{number}{}", params.collect::<String>())
            .trim_end()
            .to_owned()
    }
}

/// A number with many digits in few; any other value as it is.
fn shortened(value: &str) -> String {
    let number = value
        .parse::<f64>()
        .ok()
        .filter(|number| number.is_finite());
    match number {
        Some(number) if value.len() > 8 => significant(number),
        _ => value.to_owned(),
    }
}
