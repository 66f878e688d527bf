use super::ChartError;
use super::axis::{Axis, horizontal_grid, vertical_grid};
use super::canvas::{self, Canvas, Font, Side};
use super::number::fixed;
use super::palette::{CARD, CLASSES, INK};

const LEFT: f64 = 70.0;
const RIGHT: f64 = 550.0;
const TOP: f64 = 50.0;
const BOTTOM: f64 = 530.0;
const LEGEND: f64 = 582.0;
/// Where the network is less sure, the colour is fainter.
const SURE: f64 = 0.8;

/// What a network says of a point of the plane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlanePoint {
    /// Where it lies.
    pub place: (f64, f64),
    /// What it is taken for.
    pub class: i64,
    /// How sure of that the network is, 0 to 1; `None` where that is no number.
    pub probability: Option<f64>,
}

/// A sample in the plane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlaneSample {
    /// Where it lies.
    pub place: (f64, f64),
    /// Its class.
    pub class: i64,
    /// Whether it is taken for that.
    pub right: bool,
}

/// Where a network draws the line between classes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Boundary {
    /// An even grid, row by row from below, each row from the left.
    pub grid: Vec<PlanePoint>,
    /// The samples.
    pub samples: Vec<PlaneSample>,
}

impl Boundary {
    /// The plane in the colours of the classes that its points are taken for, and the samples.
    ///
    /// # Errors
    /// No grid, or the drawing library's own.
    pub fn svg(&self) -> Result<String, ChartError> {
        let rows: Vec<&[PlanePoint]> = self
            .grid
            .chunk_by(|one, other| one.place.1.total_cmp(&other.place.1).is_eq())
            .collect();
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
            return Err(ChartError::NoData("points of the plane"));
        };
        let (low, high) = (first[0].place, last[last.len() - 1].place);
        if low.0 >= high.0 || low.1 >= high.1 {
            return Err(ChartError::NoData("points of the plane"));
        }
        let x = Axis::new((low.0, high.0), (LEFT, RIGHT));
        let y = Axis::new((low.1, high.1), (BOTTOM, TOP));
        let step = (
            (RIGHT - LEFT) / (first.len() - 1).max(1) as f64,
            (BOTTOM - TOP) / (rows.len() - 1).max(1) as f64,
        );
        canvas::draw(800.0, BOTTOM + 44.0, "Where the classes part", |canvas| {
            horizontal_grid(canvas, &y, &y.ticks(6.0, 0.0), (LEFT, RIGHT), fixed)?;
            vertical_grid(canvas, &x, &x.ticks(6.0, 0.0), (TOP, BOTTOM), fixed)?;
            let middle = f64::midpoint(LEFT, RIGHT);
            canvas.text(middle, BOTTOM + 31.0, "x0", Font::muted(Side::Centre))?;
            canvas.text(
                16.0,
                f64::midpoint(TOP, BOTTOM),
                "x1",
                Font::muted(Side::Right),
            )?;
            for row in &rows {
                regions(canvas, row, (&x, &y), step)?;
            }
            for sample in &self.samples {
                draw_sample(canvas, sample, (&x, &y))?;
            }
            self.legend(canvas)
        })
    }

    fn legend(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        let mut classes: Vec<i64> = self.grid.iter().map(|point| point.class).collect();
        classes.extend(self.samples.iter().map(|sample| sample.class));
        classes.sort_unstable();
        classes.dedup();
        let mut y = TOP + 10.0;
        let mut line = |mark: &dyn Fn(f64) -> Result<(), ChartError>, text: &str| {
            mark(y)?;
            canvas.text(LEGEND + 18.0, y, text, Font::label(Side::Right))?;
            y += 20.0;
            Ok::<_, ChartError>(())
        };
        for class in classes.iter().take(CLASSES.len()) {
            let (colour, ..) = colours(*class);
            let dot = |y| canvas.dot((LEGEND + 5.0, y), 4.0, colour);
            line(&dot, &format!("class {class}"))?;
        }
        if classes.len() > CLASSES.len() {
            line(&|_| Ok(()), "and more; colours repeat")?;
        }
        let wrong = self.samples.iter().filter(|sample| !sample.right).count();
        let ring = |y| {
            canvas.dot((LEGEND + 5.0, y), 5.0, INK)?;
            canvas.dot((LEGEND + 5.0, y), 3.0, CARD)
        };
        line(&ring, &format!("wrong: {wrong} of {}", self.samples.len()))?;
        let pale = |y| canvas.fill(LEGEND - 1.0, y - 6.0, 12.0, 12.0, CLASSES[0].2);
        line(&pale, "fainter: below 80 % sure")
    }
}

/// The colours of a class: of its samples, and of where it is taken for that.
fn colours(class: i64) -> (plotters::style::RGBColor, [plotters::style::RGBColor; 2]) {
    let index = usize::try_from(class.unsigned_abs()).unwrap_or_default() % CLASSES.len();
    let (colour, sure, pale) = CLASSES[index];
    (colour, [sure, pale])
}

/// One row of the grid, what is alike in one piece. Each piece reaches a little under its neighbours, so
/// that no gap shows between them.
fn regions(
    canvas: &Canvas<'_>,
    row: &[PlanePoint],
    (x, y): (&Axis, &Axis),
    (width, height): (f64, f64),
) -> Result<(), ChartError> {
    let is_sure = |point: &PlanePoint| point.probability.is_some_and(|sure| sure >= SURE);
    let alike = |one: &PlanePoint, other: &PlanePoint| {
        one.class == other.class && is_sure(one) == is_sure(other)
    };
    for piece in row.chunk_by(alike) {
        let (first, last) = (piece[0], piece[piece.len() - 1]);
        let left = (x.pixel(first.place.0) - width / 2.0).max(LEFT);
        let right = (x.pixel(last.place.0) + width / 2.0 + 0.5).min(RIGHT);
        let middle = y.pixel(first.place.1);
        let top = (middle - height / 2.0 - 0.5).max(TOP);
        let bottom = (middle + height / 2.0).min(BOTTOM);
        let (_, [sure, pale]) = colours(first.class);
        let colour = if is_sure(&first) { sure } else { pale };
        canvas.fill(left, top, right - left, bottom - top, colour)?;
    }
    Ok(())
}

/// What is wrong stands out by a ring.
fn draw_sample(
    canvas: &Canvas<'_>,
    sample: &PlaneSample,
    (x, y): (&Axis, &Axis),
) -> Result<(), ChartError> {
    let place = (x.pixel(sample.place.0), y.pixel(sample.place.1));
    let (ring, radius) = if sample.right {
        (CARD, 3.25)
    } else {
        (INK, 4.5)
    };
    canvas.dot(place, radius, ring)?;
    canvas.dot(place, 2.5, colours(sample.class).0)
}
