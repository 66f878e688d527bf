use kaslite_stats::Paired;
use kaslite_track::table::{Column, Table};

use crate::shared::int;
use crate::size_curve::plan::Kind;
use crate::size_curve::sized_run::SizedRun;
use crate::size_curve::sizes::Size;

/// One row a run: what was trained, how it ended, and what it measured, null where it failed.
pub(super) fn runs(runs: &[SizedRun]) -> Table {
    let status = |run: &SizedRun| if run.result.is_ok() { "done" } else { "failed" }.to_owned();
    let kind = |run: &SizedRun| match run.kind {
        Kind::Grown => "grown",
        Kind::Host(_) => "host",
    };
    let width = |run: &SizedRun| match run.kind {
        Kind::Grown => None,
        Kind::Host(width) => Some(width),
    };
    Table::new()
        .with("rng_seed", column(runs, |run| run.rng_seed))
        .with("kind", column(runs, |run| kind(run).to_owned()))
        .with("width", column(runs, width))
        .with("status", column(runs, status))
        .with("reason", column(runs, |run| run.result.clone().err()))
        .with("parameters", column(runs, |run| run.parameters().map(int)))
        .with("final_accuracy", column(runs, SizedRun::accuracy))
}

/// One row a width: accuracy with its interval, and how much more accurate the network is that grew.
pub(super) fn sizes(sizes: &[Size]) -> Table {
    let interval = |size: &Size| size.hosts.interval();
    let difference = |cell: fn(&Paired) -> Option<f64>| -> Column {
        let cells = sizes
            .iter()
            .map(|size| size.difference.as_ref().and_then(cell));
        cells.collect()
    };
    Table::new()
        .with("width", column(sizes, |size| size.width))
        .with("parameters", column(sizes, |size| size.hosts.parameters))
        .with("n", column(sizes, |size| int(size.hosts.count())))
        .with("accuracy", column(sizes, |size| size.hosts.accuracy()))
        .with(
            "accuracy_low",
            column(sizes, |size| Some(interval(size)?.low)),
        )
        .with(
            "accuracy_high",
            column(sizes, |size| Some(interval(size)?.high)),
        )
        .with("fitted", column(sizes, |size| size.fitted))
        .with("difference", difference(|it| Some(it.mean)))
        .with("difference_low", difference(|it| Some(it.interval?.low)))
        .with("difference_high", difference(|it| Some(it.interval?.high)))
}

fn column<R, T>(rows: &[R], cell: impl Fn(&R) -> T) -> Column
where
    Column: From<Vec<T>>,
{
    rows.iter().map(cell).collect()
}
