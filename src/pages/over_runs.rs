//! [`over_runs`]: what metrics came to, run after run.

use super::curves::{Curve, file_name};
use crate::report::chart::{Drawing, Line, Series};
use kaslite_track::record::RunRecord;
use std::collections::{BTreeMap, BTreeSet};

/// Fewer runs have no history.
const FEWEST: usize = 3;
/// Pictures of one report.
const MOST: usize = 6;

/// Number of the run, and what the metric came to.
type Points = Vec<(f64, Option<f64>)>;

/// A picture for each metric that differs between the runs, which stand in the order in which they began.
pub fn over_runs(runs: &[RunRecord]) -> Vec<Curve> {
    if runs.len() < FEWEST {
        return Vec::new();
    }
    let mut runs: Vec<&RunRecord> = runs.iter().collect();
    runs.sort_by_key(|run| &run.experiment.timestamp);
    let mut points: BTreeMap<(&str, &str), Points> = BTreeMap::new();
    for (place, run) in runs.iter().enumerate() {
        let metrics = run.summary.iter().flat_map(|summary| &summary.metrics);
        for (file, values) in metrics {
            for (key, value) in values {
                let line = points.entry((file, key)).or_default();
                line.push((place as f64, value.as_f64()));
            }
        }
    }
    points.retain(|_, line| differs(line));
    let mut metrics: Vec<_> = points.into_iter().collect();
    metrics.sort_by_key(|((_, key), _)| match key.split('.').next() {
        Some("metric") => 0,
        Some("loss") => 1,
        Some(_) | None => 2,
    });
    let names = names(&runs);
    let pictures = metrics.into_iter().take(MOST);
    pictures
        .map(|((_, key), points)| {
            let series = Series {
                title: format!("{key}, run after run"),
                x_label: "begin of the run".to_owned(),
                lines: vec![Line {
                    name: key.to_owned(),
                    points,
                }],
                names: names.clone(),
                drawing: Drawing::Dotted,
                ..Series::default()
            };
            Curve {
                name: format!("runs_{}.svg", file_name(key)),
                description: format!("{key}, run after run"),
                svg: series.svg(),
            }
        })
        .collect()
}

fn differs(line: &[(f64, Option<f64>)]) -> bool {
    let mut values = line.iter().filter_map(|(_, value)| *value);
    let first = values.next();
    values.any(|value| Some(value) != first)
}

/// When each began, as short as tells them apart: the time of one day, else day and time.
fn names(runs: &[&RunRecord]) -> Vec<String> {
    let stamps = runs.iter().map(|run| run.experiment.timestamp.as_str());
    let days: BTreeSet<&str> = stamps.clone().filter_map(|stamp| stamp.get(..10)).collect();
    let range = if days.len() > 1 { 5..16 } else { 11..19 };
    let name = |stamp: &str| stamp.get(range.clone()).unwrap_or(stamp).replace('T', " ");
    stamps.map(name).collect()
}
