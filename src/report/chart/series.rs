use plotters::style::RGBColor;

use super::axis::{Axis, horizontal_grid, padded, vertical_grid};
use super::canvas::{self, Canvas, Font, LABEL, Side};
use super::number::{fixed, significant};
use super::palette::{BLUE, GREEN, ORANGE, SKY, VERMILION, YELLOW};
use super::rows::Rows;
use super::{ChartError, label};

const WIDTH: f64 = 800.0;
const LEFT: f64 = 96.0;
const RIGHT: f64 = WIDTH - 24.0;
const TOP: f64 = 66.0;
const HEIGHT: f64 = 260.0;
const LEGEND_ROW: f64 = 18.0;
/// Names on the horizontal axis that fit beside one another.
const NAMES: usize = 12;
const COLOURS: [RGBColor; 6] = [BLUE, VERMILION, GREEN, ORANGE, SKY, YELLOW];

/// How the values of a [`Series`] are drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Drawing {
    /// A line with gaps where there is no value.
    #[default]
    Lines,
    /// Such a line, and a dot a value.
    Dotted,
    /// A dot a value.
    Points,
    /// A bar a value.
    Bars,
}

/// One line of a chart.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Line {
    /// What the legend calls it.
    pub name: String,
    /// Place on the horizontal axis and value; `None` (and NaN) where there is none.
    pub points: Vec<(f64, Option<f64>)>,
}

/// Values of one or several lines over one axis.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Series {
    /// What stands above it.
    pub title: String,
    /// The name of the horizontal axis.
    pub x_label: String,
    /// The name of the vertical axis.
    pub y_label: String,
    /// The lines.
    pub lines: Vec<Line>,
    /// Where the horizontal axis has names in place of numbers: those of 0, 1, 2 and so on.
    pub names: Vec<String>,
    /// How it is drawn.
    pub drawing: Drawing,
}

impl Series {
    /// The chart as SVG.
    ///
    /// # Errors
    /// No value in any line, or the drawing library's own.
    pub fn svg(&self) -> Result<String, ChartError> {
        let values = || self.points().map(|(_, value)| value);
        let ys = padded(values()).ok_or(ChartError::NoData("numbers"))?;
        if self.drawing == Drawing::Bars {
            return self.bars(values().fold(0.0, f64::min), values().fold(0.0, f64::max));
        }
        let xs = padded(self.points().map(|(x, _)| x)).ok_or(ChartError::NoData("numbers"))?;
        let legend = if self.lines.len() > 1 {
            LEGEND_ROW * self.lines.len() as f64
        } else {
            0.0
        };
        let (top, bottom) = (TOP + legend, TOP + legend + HEIGHT);
        canvas::draw(WIDTH, bottom + 44.0, &self.title, |canvas| {
            self.legend(canvas)?;
            let x = Axis::new(xs, (LEFT, RIGHT));
            let y = Axis::new(ys, (bottom, top));
            horizontal_grid(canvas, &y, &y.ticks(6.0, 0.0), (LEFT, RIGHT), tick)?;
            self.below(canvas, &x, (top, bottom))?;
            canvas.text(16.0, top - 12.0, &self.y_label, Font::muted(Side::Right))?;
            for (line, colour) in self.lines.iter().zip(COLOURS.into_iter().cycle()) {
                self.line(canvas, (&x, &y), line, colour)?;
            }
            Ok(())
        })
    }

    /// What can be drawn.
    fn points(&self) -> impl Iterator<Item = (f64, f64)> {
        let points = self.lines.iter().flat_map(|line| &line.points);
        points.filter_map(|(x, value)| Some((*x, value.filter(|value| value.is_finite())?)))
    }

    /// The name at a place, where places have names.
    fn name_at(&self, place: f64) -> Option<&String> {
        let mut names = self.names.iter().zip(0_i32..);
        let found = names.find(|(_, index)| (f64::from(*index) - place).abs() < 0.5)?;
        Some(found.0)
    }

    fn legend(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        if self.lines.len() < 2 {
            return Ok(());
        }
        let colours = COLOURS.into_iter().cycle();
        for (row, (line, colour)) in self.lines.iter().zip(colours).enumerate() {
            let y = TOP + LEGEND_ROW * (row as f64 - 0.5);
            canvas.line((LEFT, y), (LEFT + 18.0, y), colour, 2.5)?;
            let name = label::fitted(&line.name, LABEL, RIGHT - LEFT - 26.0);
            canvas.text(LEFT + 26.0, y, &name, Font::label(Side::Right))?;
        }
        Ok(())
    }

    /// The grid, the labels and the name of the horizontal axis.
    fn below(&self, canvas: &Canvas<'_>, x: &Axis, span: (f64, f64)) -> Result<(), ChartError> {
        let is_whole = self.points().all(|(x, _)| x.fract().abs() < 1e-9);
        let mut ticks = if is_whole {
            x.whole_ticks(10.0)
        } else {
            x.ticks(10.0, 0.0)
        };
        if !self.names.is_empty() {
            let step = self.names.len().div_ceil(NAMES);
            ticks.values = (0..self.names.len())
                .step_by(step)
                .map(|i| i as f64)
                .collect();
        }
        let room = (RIGHT - LEFT) / ticks.values.len().max(1) as f64;
        vertical_grid(canvas, x, &ticks, span, |value, decimals| {
            let name = self.name_at(value);
            name.map_or_else(
                || tick(value, decimals),
                |name| label::fitted(name, LABEL, room - 6.0),
            )
        })?;
        let middle = f64::midpoint(LEFT, RIGHT);
        canvas.text(
            middle,
            span.1 + 31.0,
            &self.x_label,
            Font::muted(Side::Centre),
        )
    }

    fn line(
        &self,
        canvas: &Canvas<'_>,
        (x, y): (&Axis, &Axis),
        line: &Line,
        colour: RGBColor,
    ) -> Result<(), ChartError> {
        let is_gap = |(_, value): &(f64, Option<f64>)| value.is_none_or(|value| !value.is_finite());
        for run in line.points.split(is_gap) {
            let at =
                |(place, value): &(f64, Option<f64>)| Some((x.pixel(*place), y.pixel((*value)?)));
            let points: Vec<(f64, f64)> = run.iter().filter_map(at).collect();
            let dots = matches!(self.drawing, Drawing::Points | Drawing::Dotted);
            if self.drawing != Drawing::Points && points.len() > 1 {
                canvas.path(&points, colour, 1.75)?;
            }
            if dots || points.len() == 1 {
                for point in points {
                    canvas.dot(point, 3.0, colour)?;
                }
            }
        }
        Ok(())
    }

    fn bars(&self, low: f64, high: f64) -> Result<String, ChartError> {
        let name = |x: f64| {
            let name = self.name_at(x);
            name.map_or_else(|| significant(x), Clone::clone)
        };
        let mut bars = Vec::new();
        for (line, colour) in self.lines.iter().zip(COLOURS.into_iter().cycle()) {
            for (x, value) in &line.points {
                let Some(value) = value.filter(|value| value.is_finite()) else {
                    continue;
                };
                let label = if self.lines.len() > 1 {
                    format!("{} · {}", name(*x), line.name)
                } else {
                    name(*x)
                };
                bars.push((label, value, colour));
            }
        }
        let labels: Vec<String> = bars.iter().map(|(label, _, _)| label.clone()).collect();
        let rows = Rows::new(&labels, 0.0, 16.0);
        let high = if high > low { high } else { low + 1.0 };
        let axis = rows.axis((low, high));
        canvas::draw(WIDTH, rows.height(), &self.title, |canvas| {
            let ticks = axis.ticks(6.0, 0.0);
            rows.grid(canvas, &axis, &ticks, &self.y_label, tick)?;
            for (row, (text, value, colour)) in bars.iter().enumerate() {
                let (from, to) = (axis.pixel(value.min(0.0)), axis.pixel(value.max(0.0)));
                let half = rows.thickness() / 2.0;
                let top = rows.middle(row) - half;
                canvas.fill(from, top, (to - from).max(1.0), half * 2.0, *colour)?;
                canvas.text(
                    to + 6.0,
                    rows.middle(row),
                    &amount(*value),
                    Font::muted(Side::Right),
                )?;
                rows.label(canvas, row, text)?;
            }
            Ok(())
        })
    }
}

/// A value beside its bar; a count has no decimals.
fn amount(value: f64) -> String {
    if value.fract().abs() < 1e-9 && value.abs() < 1e6 {
        fixed(value, 0)
    } else {
        significant(value)
    }
}

/// The label of a tick: as few digits as tell it from its neighbours.
fn tick(value: f64, decimals: usize) -> String {
    if decimals > 6 || value.abs() >= 1e6 {
        significant(value)
    } else {
        fixed(value, decimals)
    }
}
