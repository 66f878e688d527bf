use plotters::style::RGBColor;

use super::axis::{Axis, horizontal_grid, padded, padded_fraction, vertical_grid};
use super::canvas::{self, Canvas, Font, LABEL, Side};
use super::learning_layout::{LEFT, LEGEND_LEFT, Layout, RIGHT, ROW, TOP, WIDTH};
use super::number::{fixed, percent};
use super::palette::{BLUE, GREEN, GREY, MUTED, ORANGE, SHADE};
use super::{ChartError, SeedState, label};

/// What was measured at the end of one epoch; `None` (and NaN) where nothing was.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct EpochPoint {
    /// The epoch, counted from 1.
    pub epoch: u32,
    /// Mean loss of the training batches.
    pub train_loss: Option<f64>,
    /// Mean loss of the validation batches.
    pub val_loss: Option<f64>,
    /// Share of the validation samples classified rightly, 0 to 1.
    pub val_accuracy: Option<f64>,
}

/// A seed that entered a state.
#[derive(Debug, Clone, PartialEq)]
pub struct SeedEvent {
    /// The epoch in which it happened.
    pub epoch: u32,
    /// The seed's id.
    pub seed: String,
    /// The state it entered; `Dormant` is not drawn.
    pub state: SeedState,
}

/// Losses and validation accuracy over the epochs of one training run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LearningCurve {
    /// The epochs in order.
    pub points: Vec<EpochPoint>,
    /// How many of them belong to the warm-up, before seeds may grow.
    pub warm_up_epochs: Option<u32>,
    /// What happened to seeds.
    pub events: Vec<SeedEvent>,
}

impl LearningCurve {
    /// Two panels over one time axis: losses above, accuracy below, and above both the epochs in
    /// which seeds germinated, began to blend and became active. Epochs without a value leave a
    /// gap in their line.
    ///
    /// # Errors
    /// No epochs, or the drawing library's own.
    pub fn svg(&self) -> Result<String, ChartError> {
        let layout = Layout::of(self).ok_or(ChartError::NoData("epochs"))?;
        canvas::draw(WIDTH, layout.height, "Learning curve", |canvas| {
            self.draw_phases(canvas, &layout)?;
            self.draw_marks(canvas, &layout)?;
            let epochs = layout.epochs.whole_ticks(10.0);
            for panel in [layout.loss, layout.accuracy] {
                let span = (panel.top, panel.bottom);
                vertical_grid(canvas, &layout.epochs, &epochs, span, |value, decimals| {
                    if panel.bottom < layout.accuracy.bottom {
                        return String::new();
                    }
                    fixed(value, decimals)
                })?;
            }
            self.draw_losses(canvas, &layout)?;
            self.draw_accuracy(canvas, &layout)?;
            let middle = f64::midpoint(LEFT, RIGHT);
            canvas.text(
                middle,
                layout.accuracy.bottom + 31.0,
                "epoch",
                Font::muted(Side::Centre),
            )
        })
    }

    fn draw_losses(&self, canvas: &Canvas<'_>, layout: &Layout) -> Result<(), ChartError> {
        let train: Vec<_> = self.series(|point| point.train_loss);
        let validation: Vec<_> = self.series(|point| point.val_loss);
        layout.loss.heading(
            canvas,
            "loss",
            &[("training", BLUE), ("validation", ORANGE)],
        )?;
        let values = train
            .iter()
            .chain(&validation)
            .filter_map(|(_, value)| *value);
        let Some(range) = padded(values) else {
            return layout.loss.nothing(canvas);
        };
        let axis = Axis::new(range, (layout.loss.bottom, layout.loss.top));
        horizontal_grid(canvas, &axis, &axis.ticks(6.0, 0.0), (LEFT, RIGHT), fixed)?;
        curve(canvas, layout, &axis, &train, BLUE)?;
        curve(canvas, layout, &axis, &validation, ORANGE)
    }

    fn draw_accuracy(&self, canvas: &Canvas<'_>, layout: &Layout) -> Result<(), ChartError> {
        let accuracy = self.series(|point| point.val_accuracy);
        layout
            .accuracy
            .heading(canvas, "accuracy", &[("validation", GREEN)])?;
        let values: Vec<_> = accuracy.iter().filter_map(|(_, value)| *value).collect();
        let Some(range) = padded_fraction(&values) else {
            return layout.accuracy.nothing(canvas);
        };
        let axis = Axis::new(range, (layout.accuracy.bottom, layout.accuracy.top));
        horizontal_grid(canvas, &axis, &axis.ticks(5.0, 2.0), (LEFT, RIGHT), percent)?;
        curve(canvas, layout, &axis, &accuracy, GREEN)
    }

    fn series(&self, value: impl Fn(&EpochPoint) -> Option<f64>) -> Vec<(u32, Option<f64>)> {
        let finite = |point: &EpochPoint| value(point).filter(|value| value.is_finite());
        self.points
            .iter()
            .map(|point| (point.epoch, finite(point)))
            .collect()
    }

    /// The warm-up as a shaded background, with its name and that of what follows.
    fn draw_phases(&self, canvas: &Canvas<'_>, layout: &Layout) -> Result<(), ChartError> {
        let Some(last) = self.warm_up_epochs.filter(|epochs| *epochs > 0) else {
            return Ok(());
        };
        let end = layout.epochs.pixel(f64::from(last) + 0.5);
        for panel in [layout.loss, layout.accuracy] {
            canvas.fill(LEFT, panel.top, end - LEFT, panel.bottom - panel.top, SHADE)?;
            canvas.dashes(end, (panel.top, panel.bottom), MUTED)?;
        }
        let y = layout.loss.heading_middle();
        let room = |text: &str, width: f64| label::width(text, LABEL) + 12.0 < width;
        if room("warm-up", end - LEFT) && end < LEGEND_LEFT {
            canvas.text(end - 6.0, y, "warm-up", Font::muted(Side::Left))?;
        }
        if room("adaptation", LEGEND_LEFT - end) {
            canvas.text(end + 6.0, y, "adaptation", Font::muted(Side::Right))?;
        }
        Ok(())
    }

    /// One row for each state that seeds entered: a mark at each epoch, and beside it the seeds'
    /// names where they fit.
    fn draw_marks(&self, canvas: &Canvas<'_>, layout: &Layout) -> Result<(), ChartError> {
        for (row, state) in layout.marked.iter().enumerate() {
            let y = TOP + ROW * (row as f64 + 0.5);
            canvas.text(LEFT - 8.0, y, verb(*state), Font::muted(Side::Left))?;
            canvas.line((LEFT, y), (RIGHT, y), GREY, 1.0)?;
            let marks = self.marks(*state);
            for (index, (epoch, seeds)) in marks.iter().enumerate() {
                let x = layout.epochs.pixel(f64::from(*epoch));
                for panel in [layout.loss, layout.accuracy] {
                    canvas.line((x, panel.top), (x, panel.bottom), state.colour(), 1.0)?;
                }
                let next = marks.get(index + 1).map(|(epoch, _)| f64::from(*epoch));
                let end = next.map_or(RIGHT + 8.0, |epoch| layout.epochs.pixel(epoch));
                let text = named(seeds, end - x - 20.0);
                if let Some(text) = text {
                    let width = label::width(&text, LABEL);
                    canvas.fill(x, y - 8.0, width + 10.0, 16.0, super::palette::CARD)?;
                    canvas.text(x + 8.0, y, &text, Font::label(Side::Right))?;
                }
                canvas.triangle((x, y), 4.5, state.colour())?;
            }
        }
        Ok(())
    }

    /// The events of the epochs that are drawn.
    pub(super) fn events_within(&self) -> impl Iterator<Item = &SeedEvent> {
        let epochs = self.points.iter().map(|point| point.epoch);
        let (first, last) = (epochs.clone().min(), epochs.max());
        self.events
            .iter()
            .filter(move |event| Some(event.epoch) >= first && Some(event.epoch) <= last)
    }

    /// The epochs in which seeds entered `state`, with those seeds.
    fn marks(&self, state: SeedState) -> Vec<(u32, Vec<&str>)> {
        let mut marks = std::collections::BTreeMap::<u32, Vec<&str>>::new();
        for event in self.events_within().filter(|event| event.state == state) {
            marks.entry(event.epoch).or_default().push(&event.seed);
        }
        marks.into_iter().collect()
    }
}

/// A line with gaps where nothing was measured; a value without neighbours is a dot.
fn curve(
    canvas: &Canvas<'_>,
    layout: &Layout,
    axis: &Axis,
    series: &[(u32, Option<f64>)],
    colour: RGBColor,
) -> Result<(), ChartError> {
    for run in series.split(|(_, value)| value.is_none()) {
        let at = |(epoch, value): &(u32, Option<f64>)| {
            Some((
                layout.epochs.pixel(f64::from(*epoch)),
                axis.pixel((*value)?),
            ))
        };
        let points: Vec<_> = run.iter().filter_map(at).collect();
        match points.as_slice() {
            [] => {}
            [point] => canvas.dot(*point, 3.0, colour)?,
            points => canvas.path(points, colour, 1.75)?,
        }
    }
    Ok(())
}

/// The names of the seeds, or how many they are, if either fits into `room` pixels.
fn named(seeds: &[&str], room: f64) -> Option<String> {
    let names = seeds.join(", ");
    let number = format!("{} seeds", seeds.len());
    let fits = |text: &String| label::width(text, LABEL) <= room;
    Some(names)
        .filter(fits)
        .or_else(|| Some(number).filter(|text| seeds.len() > 1 && fits(text)))
}

fn verb(state: SeedState) -> &'static str {
    if state == SeedState::Training {
        "germinated"
    } else {
        state.name()
    }
}
