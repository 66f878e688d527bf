//! [`curves`]: what stages told by steps while a run went on, drawn.

use crate::report::chart::{ChartError, Line, Series};
use kaslite_track::record::StepMetric;
use std::collections::BTreeMap;

/// Lines that can be told apart in one picture.
const LINES: usize = 6;
/// Pictures of one report.
const MOST: usize = 12;

/// A picture of a report.
pub struct Curve {
    /// Its file.
    pub name: String,
    /// What it shows.
    pub description: String,
    /// The picture.
    pub svg: Result<String, ChartError>,
}

/// Metric → the line of each run that told it, by the run's title.
type Lines<'a> = BTreeMap<(&'a str, &'a str), Vec<(&'a str, Vec<(f64, Option<f64>)>)>>;

/// Of a single run, metrics that belong together share a picture; of several, each metric has one with a
/// line for each run.
pub fn curves(runs: &[(String, Vec<StepMetric>)]) -> Vec<Curve> {
    let mut lines = Lines::new();
    for (title, told) in runs {
        for metric in told {
            let of_metric = lines.entry((&metric.stage, &metric.name)).or_default();
            let step = metric.step as f64;
            match of_metric.iter_mut().find(|(run, _)| *run == title.as_str()) {
                Some((_, points)) => points.push((step, metric.value)),
                None => of_metric.push((title, vec![(step, metric.value)])),
            }
        }
    }
    let pictures = if runs.len() == 1 {
        together(&lines)
    } else {
        apart(&lines)
    };
    let drawn = pictures.into_iter().take(MOST).map(|(name, series)| Curve {
        name: format!("{}.svg", file_name(&name)),
        description: name,
        svg: series.svg(),
    });
    drawn.collect()
}

/// One picture for what begins alike: `loss`, `metric`; of seeds one for `alpha`, one for `drift`.
fn together(lines: &Lines<'_>) -> Vec<(String, Series)> {
    let mut families: BTreeMap<String, Vec<Line>> = BTreeMap::new();
    for ((stage, name), runs) in lines {
        let (first, last) = (name.split('.').next(), name.rsplit('.').next());
        let family = match (first, last) {
            (Some("seed"), Some(last)) => format!("{stage}: seed.*.{last}"),
            (first, _) => format!("{stage}: {}", first.unwrap_or_default()),
        };
        let line = runs.iter().map(|(_, points)| Line {
            name: (*name).to_owned(),
            points: points.clone(),
        });
        families.entry(family).or_default().extend(line);
    }
    let pictures = families
        .into_iter()
        .map(|(family, lines)| match lines.as_slice() {
            [only] => {
                let stage = family.split(": ").next().unwrap_or_default();
                picture(format!("{stage}: {}", only.name), lines)
            }
            _ => picture(family, lines),
        });
    pictures.collect()
}

/// One picture for each metric that more than one run told; of single seeds there would be too many.
fn apart(lines: &Lines<'_>) -> Vec<(String, Series)> {
    let shared = lines
        .iter()
        .filter(|((_, name), _)| !name.starts_with("seed."));
    let pictures = shared.map(|((stage, name), runs)| {
        let lines = runs.iter().map(|(title, points)| Line {
            name: (*title).to_owned(),
            points: points.clone(),
        });
        picture(format!("{stage}: {name}"), lines.collect())
    });
    pictures.collect()
}

fn picture(name: String, mut lines: Vec<Line>) -> (String, Series) {
    let left_out = lines.len().saturating_sub(LINES);
    lines.truncate(LINES);
    let title = if left_out > 0 {
        format!("{name} (the first {LINES} of {})", LINES + left_out)
    } else {
        name.clone()
    };
    let series = Series {
        title,
        x_label: "step".to_owned(),
        lines,
        ..Series::default()
    };
    (name, series)
}

/// A name as a file has it everywhere.
pub(super) fn file_name(name: &str) -> String {
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() || c == '.' {
            c
        } else {
            '_'
        }
    };
    let mut text: String = name
        .replace(": ", "_")
        .replace('*', "all")
        .chars()
        .map(plain)
        .collect();
    text.truncate(80);
    text
}
