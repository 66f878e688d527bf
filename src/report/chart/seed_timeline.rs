use super::axis::{Axis, vertical_grid};
use super::canvas::{self, Canvas, Font, LABEL, Side};
use super::number::fixed;
use super::palette::INK;
use super::{ChartError, SeedState, label};

const WIDTH: f64 = 800.0;
const RIGHT: f64 = WIDTH - 20.0;
const TOP: f64 = 66.0;
const AXIS_HEIGHT: f64 = 44.0;
const WIDEST_NAME: f64 = 180.0;

/// The state of a seed at the end of one epoch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SeedEpoch {
    /// The epoch, counted from 1.
    pub epoch: u32,
    /// The state it is in.
    pub state: SeedState,
    /// How much of its output is mixed in, 0 to 1, where that is known.
    pub alpha: Option<f64>,
}

/// One seed over all epochs.
#[derive(Debug, Clone, PartialEq)]
pub struct SeedLane {
    /// The seed's id.
    pub seed: String,
    /// Its epochs in order.
    pub epochs: Vec<SeedEpoch>,
}

/// The states of all seeds over the epochs of one training run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SeedTimeline {
    /// The seeds, from the network's input to its output.
    pub lanes: Vec<SeedLane>,
}

impl SeedTimeline {
    /// One lane a seed, coloured by state; the line in a lane is alpha, from 0 at its bottom to 1
    /// at its top.
    ///
    /// # Errors
    /// No seeds or no epochs, or the drawing library's own.
    pub fn svg(&self) -> Result<String, ChartError> {
        let epochs = self
            .lanes
            .iter()
            .flat_map(|lane| &lane.epochs)
            .map(|at| at.epoch);
        let (Some(first), Some(last)) = (epochs.clone().min(), epochs.max()) else {
            return Err(ChartError::NoData("seeds"));
        };
        let names = self
            .lanes
            .iter()
            .map(|lane| label::width(&lane.seed, LABEL));
        let left = names.fold(60.0, f64::max).min(WIDEST_NAME) + 24.0;
        let axis = Axis::new(
            (f64::from(first) - 0.5, f64::from(last) + 0.5),
            (left, RIGHT),
        );
        let pitch = (288.0 / self.lanes.len() as f64).clamp(16.0, 30.0);
        let bottom = TOP + pitch * self.lanes.len() as f64;
        canvas::draw(WIDTH, bottom + AXIS_HEIGHT, "Seeds over time", |canvas| {
            legend(canvas, left)?;
            vertical_grid(canvas, &axis, &axis.whole_ticks(10.0), (TOP, bottom), fixed)?;
            for (row, lane) in self.lanes.iter().enumerate() {
                let top = TOP + pitch * row as f64 + 2.0;
                lane.draw(canvas, &axis, left, (top, top + pitch - 4.0))?;
            }
            let middle = f64::midpoint(left, RIGHT);
            canvas.text(middle, bottom + 31.0, "epoch", Font::muted(Side::Centre))
        })
    }
}

impl SeedLane {
    fn draw(
        &self,
        canvas: &Canvas<'_>,
        axis: &Axis,
        left: f64,
        (top, bottom): (f64, f64),
    ) -> Result<(), ChartError> {
        let name = label::fitted(&self.seed, LABEL, WIDEST_NAME);
        canvas.text(
            left - 8.0,
            f64::midpoint(top, bottom),
            &name,
            Font::label(Side::Left),
        )?;
        for run in self.epochs.chunk_by(|one, next| {
            one.state == next.state && next.epoch == one.epoch.saturating_add(1)
        }) {
            let [first, .., last] = run else {
                let at = run[0];
                fill(canvas, axis, (at, at), (top, bottom))?;
                continue;
            };
            fill(canvas, axis, (*first, *last), (top, bottom))?;
        }
        let known = |at: &SeedEpoch| at.alpha.filter(|alpha| alpha.is_finite());
        let drawn = |at: &SeedEpoch| known(at).filter(|_| at.state != SeedState::Dormant);
        for run in self.epochs.split(|at| drawn(at).is_none()) {
            let height = |alpha: f64| bottom - 2.0 - alpha.clamp(0.0, 1.0) * (bottom - top - 4.0);
            let at = |at: &SeedEpoch| Some((axis.pixel(f64::from(at.epoch)), height(drawn(at)?)));
            let points: Vec<_> = run.iter().filter_map(at).collect();
            match points.as_slice() {
                [] => {}
                [point] => canvas.dot(*point, 1.5, INK)?,
                points => canvas.path(points, INK, 1.25)?,
            }
        }
        Ok(())
    }
}

fn fill(
    canvas: &Canvas<'_>,
    axis: &Axis,
    (first, last): (SeedEpoch, SeedEpoch),
    (top, bottom): (f64, f64),
) -> Result<(), ChartError> {
    let start = axis.pixel(f64::from(first.epoch) - 0.5);
    let end = axis.pixel(f64::from(last.epoch) + 0.5);
    canvas.fill(start, top, end - start, bottom - top, first.state.colour())
}

fn legend(canvas: &Canvas<'_>, left: f64) -> Result<(), ChartError> {
    let y = TOP - 16.0;
    let mut x = left;
    for state in SeedState::ALL {
        canvas.fill(x, y - 6.0, 18.0, 12.0, state.colour())?;
        canvas.text(x + 24.0, y, state.name(), Font::label(Side::Right))?;
        x += label::width(state.name(), LABEL) + 46.0;
    }
    canvas.line((x, y), (x + 18.0, y), INK, 1.25)?;
    canvas.text(x + 24.0, y, "alpha, 0 to 1", Font::label(Side::Right))
}
