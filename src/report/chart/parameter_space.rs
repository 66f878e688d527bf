use super::axis::{Axis, horizontal_grid, padded, padded_fraction};
use super::canvas::{self, Canvas, Font, LABEL, Side};
use super::number::{fixed, percent, significant};
use super::palette::{BLUE, GREEN, GRID, VERMILION};
use super::{ChartError, MetricScale, TrialPoint, Trials, label};

const WIDTH: f64 = 800.0;
const LEFT: f64 = 84.0;
const RIGHT: f64 = WIDTH - 20.0;
const TOP: f64 = 92.0;
const PANEL: f64 = 160.0;
const GAP: f64 = 28.0;
/// From one row of panels to the next: a heading, the panel, and what stands below it.
const ROW: f64 = PANEL + 76.0;
const IN_A_ROW: usize = 3;
const MOST_PANELS: usize = 12;
/// More values are an axis of numbers, fewer stand side by side.
const MOST_VALUES: usize = 10;

/// What a metric does over each param that varies: a panel a param, a dot a trial, a line through the
/// means where values recur.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ParameterSpace {
    /// The trials, and how their metric is shown.
    pub trials: Trials,
}

/// One panel.
struct Panel<'a> {
    name: &'a str,
    /// Place on the axis, metric, and whether it is the best.
    dots: Vec<(f64, f64, bool)>,
    /// The values that stand side by side; empty where the axis is one of numbers.
    values: Vec<&'a str>,
    /// Whether the places are logarithms.
    is_log: bool,
}

impl ParameterSpace {
    /// # Errors
    /// Nothing varies or nothing was measured, or the drawing library's own.
    pub fn svg(&self) -> Result<String, ChartError> {
        let panels = self.panels();
        if panels.is_empty() {
            return Err(ChartError::NoData(
                "params that vary between trials with a result",
            ));
        }
        let values: Vec<f64> = self.measured().map(|(_, value)| value).collect();
        let range = match self.trials.scale {
            MetricScale::Fraction => padded_fraction(&values),
            MetricScale::Number => padded(values.iter().copied()),
        };
        let range = range.unwrap_or((0.0, 1.0));
        let left_out = panels.len().saturating_sub(MOST_PANELS);
        let shown = &panels[..panels.len() - left_out];
        let rows = shown.len().div_ceil(IN_A_ROW);
        let columns = shown.len().min(IN_A_ROW) as f64;
        let width = (RIGHT - LEFT - GAP * (columns - 1.0)) / columns;
        let title = format!("The {} over each param", self.trials.metric);
        canvas::draw(WIDTH, TOP + ROW * rows as f64 - 40.0, &title, |canvas| {
            legend(canvas)?;
            for (index, panel) in shown.iter().enumerate() {
                let (row, column) = (index / IN_A_ROW, index % IN_A_ROW);
                let left = LEFT + (width + GAP) * column as f64;
                let top = TOP + ROW * row as f64;
                let y = Axis::new(range, (top + PANEL, top));
                self.scale(canvas, &y, (left, left + width), column == 0)?;
                panel.draw(canvas, &y, (left, left + width), top)?;
            }
            if left_out > 0 {
                let note = format!("and {left_out} more params");
                canvas.text(RIGHT, 22.0, &note, Font::muted(Side::Left))?;
            }
            Ok(())
        })
    }

    fn measured(&self) -> impl Iterator<Item = (&TrialPoint, f64)> {
        let trials = self.trials.trials.iter();
        trials.filter_map(|trial| {
            let value = trial.value.filter(|value| value.is_finite())?;
            Some((trial, value))
        })
    }

    /// Of each param that has more than one value.
    fn panels(&self) -> Vec<Panel<'_>> {
        let better = |one: &f64, other: &f64| {
            if self.trials.lower_is_better {
                other.total_cmp(one)
            } else {
                one.total_cmp(other)
            }
        };
        let best = self.measured().map(|(_, value)| value).max_by(better);
        let mut names: Vec<&str> = Vec::new();
        for (trial, _) in self.measured() {
            for (name, _) in &trial.params {
                if !names.contains(&name.as_str()) {
                    names.push(name);
                }
            }
        }
        let of = |name: &&'_ str| {
            let found = self.measured().filter_map(|(trial, metric)| {
                let (_, value) = trial.params.iter().find(|(param, _)| param == name)?;
                Some((value.as_str(), metric, Some(metric) == best))
            });
            found.collect::<Vec<_>>()
        };
        let panels = names.iter().map(|name| Panel::new(name, &of(name)));
        panels.flatten().collect()
    }

    fn scale(
        &self,
        canvas: &Canvas<'_>,
        y: &Axis,
        (left, right): (f64, f64),
        with_labels: bool,
    ) -> Result<(), ChartError> {
        let (shift, text): (f64, fn(f64, usize) -> String) = match self.trials.scale {
            MetricScale::Fraction => (2.0, percent),
            MetricScale::Number => (0.0, fixed),
        };
        let ticks = y.ticks(5.0, shift);
        horizontal_grid(canvas, y, &ticks, (left, right), |value, decimals| {
            if with_labels {
                text(value, decimals)
            } else {
                String::new()
            }
        })
    }
}

impl<'a> Panel<'a> {
    /// `None` where there is but one value.
    fn new(name: &'a str, found: &[(&'a str, f64, bool)]) -> Option<Self> {
        let mut values: Vec<&str> = Vec::new();
        for (value, ..) in found {
            if !values.contains(value) {
                values.push(value);
            }
        }
        let number = |text: &str| text.parse::<f64>().ok().filter(|n| n.is_finite());
        let numbers: Option<Vec<f64>> = values.iter().map(|value| number(value)).collect();
        if values.len() < 2 {
            return None;
        }
        if let Some(numbers) = numbers {
            let rank = |text: &&str| number(text).unwrap_or_default();
            values.sort_by(|a, b| rank(a).total_cmp(&rank(b)));
            if values.len() > MOST_VALUES {
                let (low, high) = numbers.iter().fold((f64::MAX, f64::MIN), |(low, high), n| {
                    (n.min(low), n.max(high))
                });
                let is_log = low > 0.0 && high / low > 50.0;
                let place = |text: &str| {
                    let number = number(text).unwrap_or_default();
                    if is_log { number.log10() } else { number }
                };
                let dots = found
                    .iter()
                    .map(|(text, metric, best)| (place(text), *metric, *best));
                return Some(Self {
                    name,
                    dots: dots.collect(),
                    values: Vec::new(),
                    is_log,
                });
            }
        }
        let place = |text: &str| {
            let mut places = values.iter().zip(0_i32..);
            let found = places.find(|(value, _)| **value == text);
            f64::from(found.map_or(0, |(_, place)| place))
        };
        let dots = found
            .iter()
            .map(|(text, metric, best)| (place(text), *metric, *best));
        Some(Self {
            name,
            dots: dots.collect(),
            is_log: false,
            values,
        })
    }

    fn draw(
        &self,
        canvas: &Canvas<'_>,
        y: &Axis,
        (left, right): (f64, f64),
        top: f64,
    ) -> Result<(), ChartError> {
        let name = label::fitted(self.name, LABEL, right - left);
        canvas.text(left, top - 16.0, &name, Font::bold(Side::Right))?;
        let x = self.axis((left, right));
        self.below(canvas, &x, right - left, top)?;
        if !self.values.is_empty() {
            let means = (0..self.values.len()).filter_map(|place| {
                let place = place as f64;
                let here = self.dots.iter().filter(|dot| (dot.0 - place).abs() < 0.5);
                let metrics: Vec<f64> = here.map(|dot| dot.1).collect();
                let mean = metrics.iter().sum::<f64>() / metrics.len().max(1) as f64;
                (!metrics.is_empty()).then(|| (x.pixel(place), y.pixel(mean)))
            });
            canvas.path(&means.collect::<Vec<_>>(), VERMILION, 1.75)?;
        }
        for (place, metric, is_best) in &self.dots {
            let (radius, colour) = if *is_best { (4.5, GREEN) } else { (3.0, BLUE) };
            canvas.dot((x.pixel(*place), y.pixel(*metric)), radius, colour)?;
        }
        Ok(())
    }

    fn axis(&self, ends: (f64, f64)) -> Axis {
        if self.values.is_empty() {
            let range = padded(self.dots.iter().map(|dot| dot.0));
            return Axis::new(range.unwrap_or((0.0, 1.0)), ends);
        }
        Axis::new((-0.5, self.values.len() as f64 - 0.5), ends)
    }

    /// The values below the panel.
    fn below(&self, canvas: &Canvas<'_>, x: &Axis, width: f64, top: f64) -> Result<(), ChartError> {
        let bottom = top + PANEL;
        let tick = |place: f64, text: &str, room: f64| {
            canvas.line((x.pixel(place), top), (x.pixel(place), bottom), GRID, 1.0)?;
            let text = label::fitted(text, LABEL, room);
            canvas.text(
                x.pixel(place),
                bottom + 12.0,
                &text,
                Font::muted(Side::Centre),
            )
        };
        if self.values.is_empty() {
            let ticks = x.ticks(4.0, 0.0);
            for place in &ticks.values {
                let text = if self.is_log {
                    significant(10_f64.powf(*place))
                } else {
                    fixed(*place, ticks.decimals)
                };
                tick(*place, &text, width / 4.0)?;
            }
            return Ok(());
        }
        let room = width / self.values.len() as f64 - 4.0;
        for (index, value) in self.values.iter().enumerate() {
            tick(index as f64, value, room)?;
        }
        Ok(())
    }
}

fn legend(canvas: &Canvas<'_>) -> Result<(), ChartError> {
    let y = 48.0;
    canvas.dot((LEFT + 5.0, y), 3.0, BLUE)?;
    canvas.text(LEFT + 16.0, y, "a trial", Font::label(Side::Right))?;
    canvas.dot((LEFT + 85.0, y), 4.5, GREEN)?;
    canvas.text(LEFT + 96.0, y, "the best", Font::label(Side::Right))?;
    canvas.line((LEFT + 170.0, y), (LEFT + 190.0, y), VERMILION, 1.75)?;
    canvas.text(
        LEFT + 198.0,
        y,
        "mean of the trials with that value",
        Font::label(Side::Right),
    )
}
