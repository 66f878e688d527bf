//! The picture of `docs/golden.md`: loss and accuracy by epoch, for light pages and dark ones.

use std::fmt::Write as _;

use kaslite_nn::{Config, EpochStats, Event, Landing, SeedState};

use crate::golden::{events, recording, spirals};
use crate::golden_page::first;
use crate::support::{epochs, recorded_config, train};

/// The recording is drawn wide and pale, and ours thin on top of it, so that both are seen where they
/// are equal.
const STYLE: &str = "
svg { font: 12px system-ui, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif }
.card { fill: #fff; stroke: #c8cdd3 }
text { fill: #59636e }
.title { fill: #1f2328; font-weight: 600; font-size: 13px }
.grid { stroke: #e6e9ec }
.shade { fill: #f4f6f8 }
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
.shade { fill: #151b23 }
.mark { stroke: #9198a1 }
.recorded { stroke: #8a6418 }
.reference { stroke: #58b4f5 }
.continuous { stroke: #2fcf9d }
}
";

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 560.0;
const LEFT: f64 = 62.0;
const RIGHT: f64 = 736.0;
const EPOCHS: f64 = 100.0;
const WARM_UP: f64 = 40.0;

/// One panel, from `top` to `bottom`, over the values from `low` to `high`.
struct Panel {
    title: &'static str,
    top: f64,
    bottom: f64,
    low: f64,
    high: f64,
    /// Into how many parts the grid cuts it.
    parts: u32,
    percent: bool,
}

const LOSS: Panel = Panel {
    title: "validation loss",
    top: 84.0,
    bottom: 274.0,
    low: 0.2,
    high: 0.8,
    parts: 6,
    percent: false,
};
const ACCURACY: Panel = Panel {
    title: "validation accuracy",
    top: 318.0,
    bottom: 508.0,
    low: 0.5,
    high: 0.9,
    parts: 4,
    percent: true,
};

/// Who drew a curve, what it is called, and its values by epoch.
struct Curve {
    class: &'static str,
    values: Vec<Option<f64>>,
}

fn x(epoch: f64) -> f64 {
    LEFT + (RIGHT - LEFT) * epoch / EPOCHS
}

impl Panel {
    fn y(&self, value: f64) -> f64 {
        let share = (value.clamp(self.low, self.high) - self.low) / (self.high - self.low);
        self.bottom - (self.bottom - self.top) * share
    }

    fn draw(&self, svg: &mut String, curves: &[Curve], is_last: bool) {
        let Self { top, bottom, .. } = self;
        let (end, height) = (x(WARM_UP), bottom - top);
        let mut line = |text: String| writeln!(svg, "{text}").unwrap();
        line(format!(
            "<rect class=\"shade\" x=\"{LEFT}\" y=\"{top}\" width=\"{:.1}\" height=\"{height}\"/>",
            end - LEFT
        ));
        let title = (top - 10.0, self.title);
        line(format!(
            "<text class=\"title\" x=\"{LEFT}\" y=\"{}\">{}</text>",
            title.0, title.1
        ));
        for part in 0..=self.parts {
            let share = f64::from(part) / f64::from(self.parts);
            let value = self.low + (self.high - self.low) * share;
            let (at, label) = (self.y(value), self.label(value));
            line(format!(
                "<path class=\"grid\" d=\"M{LEFT} {at:.1}H{RIGHT}\"/><text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{label}</text>",
                LEFT - 8.0,
                at + 4.0
            ));
        }
        let (seed, germinated) = first(SeedState::Training);
        let (at, y) = (x(germinated as f64), top + 13.0);
        line(format!(
            "<path class=\"mark\" d=\"M{end:.1} {top}V{bottom}M{at:.1} {top}V{bottom}\"/>"
        ));
        if !is_last {
            line(format!(
                "<text x=\"{:.1}\" y=\"{y}\" text-anchor=\"end\">warm-up</text><text x=\"{:.1}\" y=\"{y}\">{seed} germinates</text>",
                end - 6.0,
                at + 6.0
            ));
        }
        for curve in curves {
            let points = curve.values.iter().enumerate().filter_map(|(at, value)| {
                let epoch = at as f64 + 1.0;
                Some(format!("{:.1},{:.1}", x(epoch), self.y((*value)?)))
            });
            let points: Vec<String> = points.collect();
            line(format!(
                "<polyline class=\"{}\" points=\"{}\"/>",
                curve.class,
                points.join(" ")
            ));
        }
    }

    fn label(&self, value: f64) -> String {
        if self.percent {
            format!("{:.0} %", 100.0 * value)
        } else {
            format!("{value:.1}")
        }
    }
}

fn legend(svg: &mut String) {
    let names = [
        ("recorded", "the original, recorded"),
        ("reference", "ours, landing: reference"),
        ("continuous", "ours, landing: continuous"),
    ];
    for (at, (class, name)) in names.into_iter().enumerate() {
        let x = LEFT + 210.0 * at as f64;
        writeln!(
            svg,
            "<polyline class=\"{class}\" points=\"{x},32 {},32\"/><text x=\"{}\" y=\"36\">{name}</text>",
            x + 28.0,
            x + 38.0
        )
        .unwrap();
    }
}

fn curves(name: &str, soft: &[Event], value: fn(&EpochStats) -> f64) -> [Curve; 3] {
    let recording = recording();
    let recorded = recording["epochs"].as_array().unwrap().iter();
    let of = |events: &[Event]| {
        let epochs = epochs(events);
        let values = epochs.iter().map(|(stats, _)| Some(value(stats)));
        values.collect()
    };
    [
        ("recorded", recorded.map(|it| it[name].as_f64()).collect()),
        ("reference", of(events())),
        ("continuous", of(soft)),
    ]
    .map(|(class, values)| Curve { class, values })
}

/// The whole picture.
pub(crate) fn picture() -> String {
    let landing = Landing::Continuous;
    let config = Config {
        landing,
        ..recorded_config()
    };
    let (_, soft) = train(&spirals(), &config);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{HEIGHT}\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\">
<title>Loss and accuracy by epoch</title>
<style>{STYLE}</style>
<rect class=\"card\" x=\"0.5\" y=\"0.5\" width=\"{}\" height=\"{}\"/>
",
        WIDTH - 1.0,
        HEIGHT - 1.0
    );
    legend(&mut svg);
    LOSS.draw(
        &mut svg,
        &curves("val_loss", &soft, |it| it.val_loss),
        false,
    );
    let accuracy = curves("val_acc", &soft, |it| it.val_accuracy);
    ACCURACY.draw(&mut svg, &accuracy, true);
    for epoch in (0..=100).step_by(20) {
        let (at, y) = (x(f64::from(epoch)), ACCURACY.bottom + 18.0);
        writeln!(
            svg,
            "<text x=\"{at:.1}\" y=\"{y}\" text-anchor=\"middle\">{epoch}</text>"
        )
        .unwrap();
    }
    let middle = f64::midpoint(LEFT, RIGHT);
    writeln!(
        svg,
        "<text x=\"{middle}\" y=\"{}\" text-anchor=\"middle\">epoch</text>",
        ACCURACY.bottom + 38.0
    )
    .unwrap();
    svg + "</svg>\n"
}
