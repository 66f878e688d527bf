use plotters::style::RGBColor;

use super::axis::Axis;
use super::canvas::{Canvas, Font, LABEL, Side};
use super::{ChartError, LearningCurve, SeedState, label};

pub(super) const WIDTH: f64 = 800.0;
pub(super) const LEFT: f64 = 88.0;
pub(super) const RIGHT: f64 = WIDTH - 20.0;
pub(super) const TOP: f64 = 42.0;
/// Height of a row of marks.
pub(super) const ROW: f64 = 18.0;
/// Height of a panel's heading; its text stands above the highest label of the axis.
const HEADING: f64 = 28.0;
const LOSS_HEIGHT: f64 = 150.0;
const ACCURACY_HEIGHT: f64 = 120.0;
/// Where the legend of the losses begins.
pub(super) const LEGEND_LEFT: f64 = RIGHT - 190.0;
const AXIS_HEIGHT: f64 = 44.0;

/// Where everything lies.
pub(super) struct Layout {
    pub(super) epochs: Axis,
    pub(super) marked: Vec<SeedState>,
    pub(super) loss: Panel,
    pub(super) accuracy: Panel,
    pub(super) height: f64,
}

#[derive(Clone, Copy)]
pub(super) struct Panel {
    pub(super) top: f64,
    pub(super) bottom: f64,
}

impl Layout {
    pub(super) fn of(curve: &LearningCurve) -> Option<Self> {
        let first = f64::from(curve.points.iter().map(|point| point.epoch).min()?);
        let last = f64::from(curve.points.iter().map(|point| point.epoch).max()?);
        let margin = if last > first {
            (last - first) * 0.01
        } else {
            0.5
        };
        let epochs = Axis::new((first - margin, last + margin), (LEFT, RIGHT));
        let entered = |state: &SeedState| curve.events_within().any(|event| event.state == *state);
        let states = [SeedState::Training, SeedState::Blending, SeedState::Active];
        let marked: Vec<_> = states.into_iter().filter(entered).collect();
        let marks_end = TOP + ROW * marked.len() as f64;
        let loss = Panel::below(marks_end, LOSS_HEIGHT);
        let accuracy = Panel::below(loss.bottom + 4.0, ACCURACY_HEIGHT);
        Some(Self {
            epochs,
            marked,
            loss,
            accuracy,
            height: accuracy.bottom + AXIS_HEIGHT,
        })
    }
}

impl Panel {
    /// A panel of that height below `y`, with a row for its heading.
    fn below(y: f64, height: f64) -> Self {
        Self {
            top: y + HEADING,
            bottom: y + HEADING + height,
        }
    }

    pub(super) fn heading_middle(self) -> f64 {
        self.top - HEADING / 2.0 - 1.0
    }

    pub(super) fn heading(
        self,
        canvas: &Canvas<'_>,
        title: &str,
        series: &[(&str, RGBColor)],
    ) -> Result<(), ChartError> {
        let y = self.heading_middle();
        canvas.text(LEFT - 8.0, y, title, Font::bold(Side::Left))?;
        let mut x = RIGHT;
        for (name, colour) in series.iter().rev() {
            canvas.text(x, y, name, Font::label(Side::Left))?;
            x -= label::width(name, LABEL) + 6.0;
            canvas.line((x - 18.0, y), (x, y), *colour, 2.5)?;
            x -= 34.0;
        }
        Ok(())
    }

    pub(super) fn nothing(self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        let (x, y) = (
            f64::midpoint(LEFT, RIGHT),
            f64::midpoint(self.top, self.bottom),
        );
        canvas.text(x, y, "not measured", Font::muted(Side::Centre))
    }
}
