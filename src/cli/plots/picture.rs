//! [`svg`]: the lines of a plot → a picture.

use crate::cli::plots::drawn::{Drawn, DrawnLine};
use crate::report::chart::{ChartError, Drawing, Line, Series};
use kaslite_engine::value::Value;
use std::collections::BTreeMap;

/// The templates there are, by DVC's names, and how they are drawn.
const TEMPLATES: [(&str, Drawing); 8] = [
    ("linear", Drawing::Lines),
    ("simple", Drawing::Lines),
    ("smooth", Drawing::Lines),
    ("scatter", Drawing::Points),
    ("bar_horizontal", Drawing::Bars),
    ("bar_horizontal_sorted", Drawing::Bars),
    ("confusion", Drawing::Bars),
    ("confusion_normalized", Drawing::Bars),
];

/// Whether a template has this name.
pub(crate) fn is_template(name: &str) -> bool {
    TEMPLATES.iter().any(|(known, _)| *known == name)
}

/// Their names.
pub(crate) fn templates() -> Vec<&'static str> {
    TEMPLATES.iter().map(|(name, _)| *name).collect()
}

/// The lines of a plot as SVG.
pub(crate) fn svg(drawn: &Drawn) -> Result<String, ChartError> {
    let found = TEMPLATES.iter().find(|(name, _)| *name == drawn.template);
    let drawing = found.map_or(Drawing::Lines, |(_, drawing)| *drawing);
    let (lines, names, y_label) = match drawn.template.as_str() {
        "confusion" => pairs(drawn, "count"),
        "confusion_normalized" => pairs(drawn, "share"),
        _ => numbers(drawn),
    };
    let mut series = Series {
        title: drawn.title.clone().unwrap_or_else(|| drawn.name.clone()),
        x_label: drawn.x_label.clone(),
        y_label,
        lines,
        names,
        drawing,
    };
    if drawn.template == "bar_horizontal_sorted" {
        for line in &mut series.lines {
            line.points.sort_by(|(_, a), (_, b)| {
                let value = |value: &Option<f64>| value.unwrap_or(f64::NEG_INFINITY);
                value(b).total_cmp(&value(a))
            });
        }
    }
    series.svg()
}

/// Lines, the names on the horizontal axis where it has some, what the values are.
type Parts = (Vec<Line>, Vec<String>, String);

/// Lines of numbers. Where the horizontal axis is no numbers, its values are names in the order in which
/// they come.
fn numbers(drawn: &Drawn) -> Parts {
    let places = drawn.lines.iter().flat_map(|line| &line.points);
    let is_named = places.clone().any(|(x, _)| x.as_f64().is_none());
    let mut names: Vec<String> = Vec::new();
    if is_named {
        for (x, _) in places {
            let name = x.to_string();
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    let place = |x: &Value| {
        let index = || names.iter().position(|name| *name == x.to_string());
        let index = || index().map_or(f64::NAN, |index| index as f64);
        x.as_f64().filter(|_| !is_named).unwrap_or_else(index)
    };
    let line = |line: &DrawnLine| Line {
        name: legend(drawn, line),
        points: line
            .points
            .iter()
            .map(|(x, y)| (place(x), y.as_f64()))
            .collect(),
    };
    let lines = drawn.lines.iter().map(line).collect();
    (lines, names, drawn.y_label.clone())
}

/// How often each pair of values comes, as a bar each; for `confusion_normalized` the share of those
/// with the same value on the horizontal axis.
fn pairs(drawn: &Drawn, measure: &str) -> Parts {
    let share = measure == "share";
    let mut names: Vec<String> = Vec::new();
    let mut lines = Vec::new();
    for line in &drawn.lines {
        let mut counts: BTreeMap<(String, String), f64> = BTreeMap::new();
        let mut totals: BTreeMap<String, f64> = BTreeMap::new();
        for (x, y) in &line.points {
            *counts.entry((x.to_string(), y.to_string())).or_default() += 1.0;
            *totals.entry(x.to_string()).or_default() += 1.0;
        }
        let mut points = Vec::new();
        for ((x, y), count) in counts {
            let name = format!("{x} → {y}");
            let total = totals.get(&x).copied().filter(|_| share);
            let known = names.iter().position(|known| *known == name);
            let index = known.unwrap_or_else(|| {
                names.push(name);
                names.len() - 1
            });
            points.push((index as f64, Some(count / total.unwrap_or(1.0))));
        }
        let name = legend(drawn, line);
        lines.push(Line { name, points });
    }
    (lines, names, measure.to_owned())
}

/// What tells a line from the others: the side, the file, the column.
fn legend(drawn: &Drawn, line: &DrawnLine) -> String {
    let lines = &drawn.lines;
    let mut parts = Vec::new();
    if lines.iter().any(|other| other.side != line.side) {
        parts.push(line.side.as_str());
    }
    if lines.iter().any(|other| other.file != line.file) {
        parts.push(line.file.as_str());
    }
    if parts.is_empty() || lines.iter().any(|other| other.column != line.column) {
        parts.push(line.column.as_str());
    }
    parts.join(" · ")
}
