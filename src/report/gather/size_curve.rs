//! Accuracy against size, without growth and with it.

use crate::report::chart::{SizeCurve, SizePoint};
use crate::report::gather::component::{Component, GatherError};
use crate::report::gather::metrics::MetricsFile;
use crate::report::sources::Source;
use crate::report::view::{MeasureView, Shown, SizeCurveView, SizeView};
use crate::verdict::EquivalentSize;
use kaslite_track::table::Table;

/// Key below `worth` → what it means, and how it is shown.
const WORTH: [(&str, &str, Shown); 3] = [
    (
        "accuracy_delta.mean",
        "its accuracy minus that of a host of its width that learns for as long",
        Shown::Points,
    ),
    (
        "accuracy_for_10k_weights",
        "that difference for each 10,000 weights that grew: the return on them",
        Shown::Points,
    ),
    (
        "params_efficiency_ratio",
        "accuracy by weights, relative to that of this host",
        Shown::Number,
    ),
];

/// Its picture.
pub(super) const FIGURES: &[&str] = &["size_curve"];

/// Reads the folder that `size_curve` made.
pub(super) fn read(
    component: &mut Component<'_>,
    source: &Source,
) -> Result<SizeCurveView, GatherError> {
    let metrics = MetricsFile::read(&source.file.join("metrics.json"))?;
    let table = Table::read(&source.file.join("sizes.parquet"))?;
    let fitted = table.cells::<f64>("fitted")?;
    let sizes = sizes(&table)?;
    let grown = grown(&metrics);
    let hosts = sizes.iter().zip(fitted);
    let chart = SizeCurve {
        hosts: hosts
            .filter_map(|(size, fitted)| Some((point(size)?, *fitted)))
            .collect(),
        grown: grown.as_ref().and_then(point),
        equivalent: metrics.number("equivalent_traditional_params.size"),
    };
    let description = "Validation accuracy by number of weights: hosts without growth with their \
                       intervals, and the network that grew";
    let equivalent = EquivalentSize::of(|key| metrics.number(key), |key| metrics.text(key));
    Ok(SizeCurveView {
        sizes,
        grown,
        equivalent: equivalent.map_or_else(String::new, |size| size.sentence()),
        worth: WORTH
            .map(|(key, meaning, shown)| MeasureView {
                name: key.split('.').next().unwrap_or(key).to_owned(),
                meaning: meaning.to_owned(),
                value: metrics.number(&format!("worth.{key}")),
                shown,
            })
            .to_vec(),
        notes: metrics.texts("notes"),
        figures: vec![component.draw("size_curve", description, || Ok(chart.svg()?))],
    })
}

fn sizes(table: &Table) -> Result<Vec<SizeView>, GatherError> {
    let widths = table.values::<i64>("width")?;
    let counts = table.values::<i64>("n")?;
    let parameters = table.values::<f64>("parameters")?;
    let column = |name: &str| table.cells::<f64>(name);
    let accuracy = column("accuracy")?;
    let (low, high) = (column("accuracy_low")?, column("accuracy_high")?);
    let difference = column("difference")?;
    let size = |(row, width): (usize, i64)| SizeView {
        width: Some(width),
        parameters: parameters[row],
        runs: Some(counts[row] as f64),
        accuracy: accuracy[row],
        low: low[row],
        high: high[row],
        difference: difference[row],
    };
    Ok(widths.into_iter().enumerate().map(size).collect())
}

fn grown(metrics: &MetricsFile) -> Option<SizeView> {
    let number = |key: &str| metrics.number(&format!("grown.{key}"));
    Some(SizeView {
        width: None,
        parameters: number("parameters")?,
        runs: number("n"),
        accuracy: number("accuracy"),
        low: number("interval.low"),
        high: number("interval.high"),
        difference: None,
    })
}

fn point(size: &SizeView) -> Option<SizePoint> {
    Some(SizePoint {
        parameters: size.parameters,
        accuracy: size.accuracy?,
        interval: size.low.zip(size.high),
    })
}
