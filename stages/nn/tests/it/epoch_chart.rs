//! Curves over epochs, several panels one below the other, for light pages and dark ones.

use std::fmt::Write as _;

/// The recording is drawn wide and pale, and ours thin on top of it, so that both are seen where they
/// are equal.
const STYLE: &str = "
svg { font: 12px system-ui, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif }
.card { fill: #fff; stroke: #c8cdd3 }
text { fill: #59636e }
.title { fill: #1f2328; font-weight: 600; font-size: 13px }
.grid { stroke: #e6e9ec }
.mark { stroke: #59636e; stroke-dasharray: 3 3 }
polyline { fill: none; stroke-linejoin: round; stroke-linecap: round }
.recorded { stroke: #f3c366; stroke-width: 6 }
.reference { stroke: #0072b2; stroke-width: 1.6 }
.continuous { stroke: #009e73; stroke-width: 1.6; stroke-dasharray: 5 3 }
@media (prefers-color-scheme: dark) {
.card { fill: #0d1117; stroke: #3d444d }
text { fill: #9198a1 }
.title { fill: #f0f6fc }
.grid { stroke: #262c34 }
.mark { stroke: #9198a1 }
.recorded { stroke: #8a6418 }
.reference { stroke: #58b4f5 }
.continuous { stroke: #2fcf9d }
}
";

/// Of every picture.
const WIDTH: f64 = 760.0;
const LEFT: f64 = 62.0;
const RIGHT: f64 = 736.0;
/// Of every panel, and from the top of one to that of the next.
const TALL: f64 = 190.0;
const APART: f64 = 250.0;
const FIRST: f64 = 84.0;

/// How a value is written beside the grid.
#[derive(Clone, Copy)]
pub(crate) enum Unit {
    Percent,
    /// With so many digits.
    Number(usize),
}

/// One panel, over the values from `low` to `high`.
pub(crate) struct Panel {
    pub(crate) title: &'static str,
    pub(crate) epochs: (f64, f64),
    pub(crate) low: f64,
    pub(crate) high: f64,
    /// Into how many parts the grid cuts it.
    pub(crate) parts: u32,
    pub(crate) unit: Unit,
    /// Epochs that are marked, and what is written there.
    pub(crate) marks: Vec<(f64, String)>,
    pub(crate) curves: Vec<Curve>,
}

/// Who drew a curve, and its values by epoch, from 1.
pub(crate) struct Curve {
    pub(crate) class: &'static str,
    pub(crate) values: Vec<Option<f64>>,
}

/// The whole picture: `names` are the classes of the curves and what they are called.
pub(crate) fn picture(title: &str, names: &[(&str, &str)], panels: &[Panel]) -> String {
    let height = FIRST + APART * panels.len() as f64 - 10.0;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\">
<title>{title}</title>
<style>{STYLE}</style>
<rect class=\"card\" x=\"0.5\" y=\"0.5\" width=\"{}\" height=\"{}\"/>
",
        WIDTH - 1.0,
        height - 1.0
    );
    for (at, (class, name)) in names.iter().enumerate() {
        let x = LEFT + 210.0 * at as f64;
        writeln!(
            svg,
            "<polyline class=\"{class}\" points=\"{x},32 {},32\"/><text x=\"{}\" y=\"36\">{name}</text>",
            x + 28.0,
            x + 38.0
        )
        .unwrap();
    }
    for (at, panel) in panels.iter().enumerate() {
        panel.draw(&mut svg, FIRST + APART * at as f64);
    }
    svg + "</svg>\n"
}

impl Panel {
    fn x(&self, epoch: f64) -> f64 {
        let (first, last) = self.epochs;
        LEFT + (RIGHT - LEFT) * (epoch - first) / (last - first)
    }

    fn y(&self, top: f64, value: f64) -> f64 {
        let share = (value.clamp(self.low, self.high) - self.low) / (self.high - self.low);
        top + TALL * (1.0 - share)
    }

    fn draw(&self, svg: &mut String, top: f64) {
        self.draw_frame(svg, top);
        for curve in &self.curves {
            let points = (1_u16..).zip(&curve.values).filter_map(|(epoch, value)| {
                let (first, last) = self.epochs;
                let epoch = f64::from(epoch);
                let inside = (first..=last).contains(&epoch);
                let at = inside.then(|| self.x(epoch))?;
                Some(format!("{at:.1},{:.1}", self.y(top, (*value)?)))
            });
            let points: Vec<String> = points.collect();
            writeln!(
                svg,
                "<polyline class=\"{}\" points=\"{}\"/>",
                curve.class,
                points.join(" ")
            )
            .unwrap();
        }
    }

    fn draw_frame(&self, svg: &mut String, top: f64) {
        let mut line = |text: String| writeln!(svg, "{text}").unwrap();
        let bottom = top + TALL;
        line(format!(
            "<text class=\"title\" x=\"{LEFT}\" y=\"{}\">{}</text>",
            top - 10.0,
            self.title
        ));
        for part in 0..=self.parts {
            let share = f64::from(part) / f64::from(self.parts);
            let value = self.low + (self.high - self.low) * share;
            let (at, label) = (self.y(top, value), self.unit.write(value));
            line(format!(
                "<path class=\"grid\" d=\"M{LEFT} {at:.1}H{RIGHT}\"/><text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{label}</text>",
                LEFT - 8.0,
                at + 4.0
            ));
        }
        for (epoch, text) in &self.marks {
            let at = self.x(*epoch);
            line(format!(
                "<path class=\"mark\" d=\"M{at:.1} {top}V{bottom}\"/><text x=\"{:.1}\" y=\"{}\">{text}</text>",
                at + 6.0,
                top + 13.0
            ));
        }
        let (first, last) = self.epochs;
        for part in 0..=5_u8 {
            let epoch = (first + (last - first) * f64::from(part) / 5.0).round();
            let name = if part == 0 { "epoch " } else { "" };
            line(format!(
                "<text x=\"{:.1}\" y=\"{}\" text-anchor=\"middle\">{name}{epoch}</text>",
                self.x(epoch),
                bottom + 18.0
            ));
        }
    }
}

impl Unit {
    fn write(self, value: f64) -> String {
        match self {
            Self::Percent => format!("{:.0} %", 100.0 * value),
            Self::Number(digits) => format!("{value:.digits$}"),
        }
    }
}
