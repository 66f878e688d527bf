//! What growth caused: runs with and without it.

use crate::report::chart::{Cause, Causes, Line, Series};
use crate::report::gather::component::{Component, GatherError};
use crate::report::gather::metrics::MetricsFile;
use crate::report::sources::Source;
use crate::report::view::{ArmView, CauseView, ControlView, Pair, SlotCauseView};
use kaslite_engine::value::Value;
use kaslite_track::table::Table;
use std::collections::BTreeMap;
use std::path::Path;

/// Kind of run → what the report calls it.
const ARMS: [(&str, &str); 3] = [
    ("grown", "seeds may grow"),
    ("host_only", "host only"),
    ("host_continued", "host that learns on"),
];

/// Its pictures, in order.
pub(super) const FIGURES: &[&str] = &["causes", "trajectories"];

/// Reads the folder that `control` made.
pub(super) fn read(
    component: &mut Component<'_>,
    source: &Source,
) -> Result<ControlView, GatherError> {
    let metrics = MetricsFile::read(&source.file.join("metrics.json"))?;
    let runs = Table::read(&source.file.join("control.parquet"))?;
    let slots = slots(&Table::read(&source.file.join("contributions.parquet"))?)?;
    let arm = |(key, name): &(&str, &str)| ArmView {
        name: (*name).to_owned(),
        runs: metrics.number(&format!("accuracy.{key}.n")),
        mean: metrics.number(&format!("accuracy.{key}.mean")),
        low: metrics.number(&format!("accuracy.{key}.interval.low")),
        high: metrics.number(&format!("accuracy.{key}.interval.high")),
    };
    let growth: Vec<CauseView> = ARMS[1..].iter().map(|arm| cause(&metrics, arm)).collect();
    let figures = vec![
        component.draw(
            "causes",
            "What growth and each slot caused, with intervals, beside the cost of switching it off",
            || Ok(causes(&growth, &slots).svg()?),
        ),
        component.draw(
            "trajectories",
            "Validation accuracy by epoch with and without seeds, mean over the rng seeds",
            || Ok(trajectories(&source.file, &runs)?.svg()?),
        ),
    ];
    Ok(ControlView {
        arms: ARMS.iter().map(arm).collect(),
        growth,
        slots,
        runs: runs_in_all(&metrics),
        failures: failures(&metrics),
        notes: metrics.texts("notes"),
        figures,
    })
}

fn runs_in_all(metrics: &MetricsFile) -> Option<f64> {
    Some(metrics.number("runs.done")? + metrics.number("runs.failed")?)
}

/// The runs that failed, each with its reason.
fn failures(metrics: &MetricsFile) -> Vec<Pair> {
    let failures = metrics.below("runs.failures").into_iter();
    let pair = |(name, reason): (String, Value)| Pair {
        name,
        value: reason.to_string(),
    };
    failures.map(pair).collect()
}

fn cause(metrics: &MetricsFile, (key, name): &(&str, &str)) -> CauseView {
    let number = |of: &str| metrics.number(&format!("growth.against_{key}.{of}"));
    CauseView {
        against: (*name).to_owned(),
        runs: number("n"),
        mean: number("mean"),
        low: number("interval.low"),
        high: number("interval.high"),
        p: number("p"),
        least_p: number("least_p"),
        effect: number("effect"),
    }
}

fn slots(table: &Table) -> Result<Vec<SlotCauseView>, GatherError> {
    let names = table.values::<String>("slot")?;
    let grown_in = table.values::<i64>("grown_in")?;
    let (of_runs, pairs) = (table.values::<i64>("runs")?, table.cells::<i64>("n")?);
    let agreement = table.cells::<String>("agreement")?;
    let explanation = table.cells::<String>("explanation")?;
    let column = |name: &str| table.cells::<f64>(name);
    let (causal, low, high) = (
        column("causal")?,
        column("causal_low")?,
        column("causal_high")?,
    );
    let (p, least_p) = (column("p")?, column("least_p")?);
    let (removal, gap) = (column("removal_cost")?, column("confounding_gap")?);
    let slot = |(row, slot): (usize, String)| SlotCauseView {
        slot,
        grown_in: grown_in[row].unsigned_abs(),
        of_runs: of_runs[row].unsigned_abs(),
        pairs: pairs[row].map(i64::unsigned_abs),
        mean: causal[row],
        low: low[row],
        high: high[row],
        p: p[row],
        least_p: least_p[row],
        removal_cost: removal[row],
        gap: gap[row],
        agreement: agreement[row].clone(),
        explanation: explanation[row].clone(),
    };
    Ok(names.into_iter().enumerate().map(slot).collect())
}

fn causes(growth: &[CauseView], slots: &[SlotCauseView]) -> Causes {
    let of_growth = growth.iter().map(|one| Cause {
        name: format!("growth against {}", one.against),
        caused: one.mean,
        interval: one.low.zip(one.high),
        removal: None,
    });
    let of_slots = slots.iter().map(|one| Cause {
        name: one.slot.clone(),
        caused: one.mean,
        interval: one.low.zip(one.high),
        removal: one.removal_cost,
    });
    Causes {
        rows: of_growth.chain(of_slots).collect(),
    }
}

/// The mean validation accuracy of each kind of run in each epoch that all its runs reached.
fn trajectories(folder: &Path, runs: &Table) -> Result<Series, GatherError> {
    let (arms, rng_seeds) = (
        runs.values::<String>("arm")?,
        runs.values::<i64>("rng_seed")?,
    );
    let states = runs.values::<String>("status")?;
    let mut lines = Vec::new();
    for (key, name) in ARMS {
        let mut sums: BTreeMap<i64, (f64, usize)> = BTreeMap::new();
        let mut count = 0;
        for row in (0..arms.len()).filter(|row| arms[*row] == key && states[*row] == "done") {
            let epochs = format!("trials/{key}_{}/epochs.parquet", rng_seeds[row]);
            let epochs = Table::read(&folder.join(epochs))?;
            let accuracies = epochs.values::<f64>("val_accuracy")?;
            count += 1;
            for (epoch, accuracy) in epochs.values::<i64>("epoch")?.into_iter().zip(accuracies) {
                let (sum, runs) = sums.entry(epoch).or_default();
                *sum += accuracy;
                *runs += 1;
            }
        }
        let whole = sums.into_iter().filter(|(_, (_, runs))| *runs == count);
        lines.push(Line {
            name: name.to_owned(),
            points: whole
                .map(|(epoch, (sum, runs))| (epoch as f64, Some(sum / runs as f64)))
                .collect(),
        });
    }
    Ok(Series {
        title: "With and without seeds".to_owned(),
        x_label: "epoch".to_owned(),
        y_label: "validation accuracy".to_owned(),
        lines,
        ..Series::default()
    })
}
