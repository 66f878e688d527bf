use super::ChartError;
use super::axis::{Axis, horizontal_grid, padded, padded_fraction};
use super::canvas::{self, Canvas, Font, LABEL, Side};
use super::label;
use super::number::{fixed, percent};
use super::palette::{BAND, BLUE, GRID, VERMILION};

const WIDTH: f64 = 800.0;
const LEFT: f64 = 76.0;
const RIGHT: f64 = WIDTH - 28.0;
const TOP: f64 = 86.0;
const BOTTOM: f64 = TOP + 280.0;
/// Room that the label of a size takes.
const ROOM: f64 = 58.0;
const LEGEND: [&str; 3] = [
    "hosts without growth, with their 95 % intervals",
    "as a curve that can only rise",
    "the network that grew",
];

/// What was trained of one size: accuracy as a share of 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SizePoint {
    /// Number of weights.
    pub parameters: f64,
    /// Mean validation accuracy.
    pub accuracy: f64,
    /// The ends of its interval of 95 %.
    pub interval: Option<(f64, f64)>,
}

/// Accuracy against size, of networks without growth and of the one that grew.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SizeCurve {
    /// Hosts, each with its place on the rising curve.
    pub hosts: Vec<(SizePoint, Option<f64>)>,
    /// The network that grew.
    pub grown: Option<SizePoint>,
    /// The size of a host that is as accurate.
    pub equivalent: Option<f64>,
}

/// Both axes; that of the sizes is logarithmic.
struct Plane {
    x: Axis,
    y: Axis,
}

impl SizeCurve {
    /// Sizes on a logarithmic axis: hosts with the band of their intervals and the curve through them,
    /// the network that grew, and dashes from there down to the size of a host as accurate.
    ///
    /// # Errors
    /// No hosts, or the drawing library's own.
    pub fn svg(&self) -> Result<String, ChartError> {
        let plane = self.plane().ok_or(ChartError::NoData("sizes"))?;
        canvas::draw(WIDTH, BOTTOM + 52.0, "Accuracy by size", |canvas| {
            self.band(canvas, &plane)?;
            self.grid(canvas, &plane)?;
            let curve: Option<Vec<(f64, f64)>> = self
                .hosts
                .iter()
                .map(|(host, fitted)| Some(plane.pixel(host.parameters, (*fitted)?)))
                .collect();
            if let Some(curve) = curve {
                canvas.path(&curve, BLUE, 2.0)?;
            }
            for (host, _) in &self.hosts {
                canvas.dot(plane.pixel(host.parameters, host.accuracy), 4.0, BLUE)?;
            }
            self.growth(canvas, &plane)?;
            legend(canvas)
        })
    }

    fn points(&self) -> impl Iterator<Item = &SizePoint> {
        self.hosts.iter().map(|(host, _)| host).chain(&self.grown)
    }

    fn plane(&self) -> Option<Plane> {
        let ends = |point: &SizePoint| {
            let (low, high) = point.interval.unwrap_or((point.accuracy, point.accuracy));
            [low, point.accuracy, high]
        };
        let accuracies: Vec<f64> = self.points().flat_map(ends).collect();
        let sizes = self.points().map(|point| point.parameters.log10());
        self.hosts.first()?;
        Some(Plane {
            x: Axis::new(padded(sizes)?, (LEFT, RIGHT)),
            y: Axis::new(padded_fraction(&accuracies)?, (BOTTOM, TOP)),
        })
    }

    /// The intervals of the hosts, joined.
    fn band(&self, canvas: &Canvas<'_>, plane: &Plane) -> Result<(), ChartError> {
        let end = |of: fn((f64, f64)) -> f64| -> Option<Vec<(f64, f64)>> {
            let hosts = self.hosts.iter();
            hosts
                .map(|(host, _)| Some(plane.pixel(host.parameters, of(host.interval?))))
                .collect()
        };
        let (Some(mut around), Some(upper)) = (end(|it| it.0), end(|it| it.1)) else {
            return Ok(());
        };
        around.extend(upper.into_iter().rev());
        canvas.area(&around, BAND)
    }

    fn grid(&self, canvas: &Canvas<'_>, plane: &Plane) -> Result<(), ChartError> {
        let ticks = plane.y.ticks(6.0, 2.0);
        horizontal_grid(canvas, &plane.y, &ticks, (LEFT, RIGHT), percent)?;
        let mut last = f64::NEG_INFINITY;
        for (host, _) in &self.hosts {
            let x = plane.x.pixel(host.parameters.log10());
            canvas.line((x, TOP), (x, BOTTOM), GRID, 1.0)?;
            if x - last >= ROOM {
                let text = weights(host.parameters);
                canvas.text(x, BOTTOM + 12.0, &text, Font::muted(Side::Centre))?;
                last = x;
            }
        }
        let (middle, y) = (f64::midpoint(LEFT, RIGHT), TOP - 14.0);
        let name = "weights, logarithmic";
        canvas.text(middle, BOTTOM + 34.0, name, Font::muted(Side::Centre))?;
        canvas.text(16.0, y, "validation accuracy", Font::muted(Side::Right))
    }

    fn growth(&self, canvas: &Canvas<'_>, plane: &Plane) -> Result<(), ChartError> {
        let Some(grown) = &self.grown else {
            return Ok(());
        };
        let (x, y) = plane.pixel(grown.parameters, grown.accuracy);
        if let Some(equivalent) = self.equivalent {
            let at = plane.x.pixel(equivalent.log10());
            canvas.line((at, y), (x, y), VERMILION, 1.0)?;
            canvas.dashes(at, (y, BOTTOM), VERMILION)?;
            let side = if at < f64::midpoint(LEFT, RIGHT) {
                Side::Right
            } else {
                Side::Left
            };
            let shift = if side == Side::Right { 6.0 } else { -6.0 };
            let text = format!("as accurate: {}", weights(equivalent));
            canvas.text(at + shift, BOTTOM - 22.0, &text, Font::label(side))?;
        }
        if let Some((low, high)) = grown.interval {
            let (low, high) = (plane.y.pixel(low), plane.y.pixel(high));
            canvas.line((x, low), (x, high), VERMILION, 2.0)?;
            for end in [low, high] {
                canvas.line((x - 4.0, end), (x + 4.0, end), VERMILION, 2.0)?;
            }
        }
        canvas.triangle((x, y), 5.5, VERMILION)
    }
}

impl Plane {
    fn pixel(&self, parameters: f64, accuracy: f64) -> (f64, f64) {
        (self.x.pixel(parameters.log10()), self.y.pixel(accuracy))
    }
}

/// `690`, `49.9 k`, `1.20 M`.
fn weights(parameters: f64) -> String {
    let (value, unit) = match parameters {
        it if it < 1e3 => return fixed(it, 0),
        it if it < 1e6 => (it / 1e3, "k"),
        it => (it / 1e6, "M"),
    };
    let decimals = if value < 10.0 {
        2
    } else {
        usize::from(value < 100.0)
    };
    format!("{} {unit}", fixed(value, decimals))
}

fn legend(canvas: &Canvas<'_>) -> Result<(), ChartError> {
    let y = 50.0;
    let [hosts, curve, grown] = LEGEND;
    let mut x = 16.0;
    canvas.dot((x + 6.0, y), 4.0, BLUE)?;
    x += 18.0;
    canvas.text(x, y, hosts, Font::label(Side::Right))?;
    x += label::width(hosts, LABEL) + 22.0;
    canvas.line((x, y), (x + 18.0, y), BLUE, 2.0)?;
    x += 26.0;
    canvas.text(x, y, curve, Font::label(Side::Right))?;
    x += label::width(curve, LABEL) + 22.0;
    canvas.triangle((x + 6.0, y), 5.5, VERMILION)?;
    canvas.text(x + 18.0, y, grown, Font::label(Side::Right))
}
