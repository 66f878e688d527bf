//! The trials of a sweep.

use crate::report::chart::{MetricScale, ParameterSpace, TrialPoint, Trials};
use crate::report::gather::component::{Component, GatherError};
use crate::report::sources::Source;
use crate::report::view::{Shown, SweepView, TrialView};
use kaslite_track::table::{Column, Table};
use std::collections::BTreeSet;

/// Its pictures, in order.
pub(super) const FIGURES: &[&str] = &["trials", "parameter_space"];

const METRIC: &str = "best_accuracy";

/// Reads the folder that `sweep` made.
pub(super) fn read(
    component: &mut Component<'_>,
    source: &Source,
) -> Result<SweepView, GatherError> {
    let table = Table::read(&source.file.join("sweep.parquet"))?;
    // Only params have a dot in their name.
    let names = table.columns().iter().map(|(name, _)| name.clone());
    let varied: Vec<String> = names.filter(|name| name.contains('.')).collect();
    let trials = trials(&table, &varied)?;
    let chart = Trials {
        metric: "best validation accuracy".to_owned(),
        scale: MetricScale::Fraction,
        lower_is_better: false,
        trials: trials
            .iter()
            .map(|trial| TrialPoint {
                number: trial.number,
                params: varied
                    .iter()
                    .cloned()
                    .zip(trial.values.iter().cloned())
                    .collect(),
                value: trial.value,
            })
            .collect(),
    };
    let figures = vec![
        component.draw("trials", "Best validation accuracy of every trial", || {
            Ok(chart.svg()?)
        }),
        component.draw(
            "parameter_space",
            "Best validation accuracy over each param that varies",
            || {
                let varies = |index: usize| {
                    let values = trials.iter().map(|trial| &trial.values[index]);
                    values.collect::<BTreeSet<_>>().len() > 1
                };
                if !(0..varied.len()).any(varies) {
                    return Err(GatherError::NotAsked {
                        reason: "No param varies between the trials.".to_owned(),
                        to_enable: "Give a key of `sweep.parameters` more than one value."
                            .to_owned(),
                    });
                }
                let trials = chart.clone();
                Ok(ParameterSpace { trials }.svg()?)
            },
        ),
    ];
    Ok(SweepView {
        metric: "best validation accuracy".to_owned(),
        shown: Shown::Percent,
        lower_is_better: false,
        varied,
        trials,
        figures,
    })
}

fn trials(table: &Table, varied: &[String]) -> Result<Vec<TrialView>, GatherError> {
    let numbers = table.values::<i64>("trial")?;
    let (states, values) = (
        table.values::<String>("status")?,
        table.cells::<f64>(METRIC)?,
    );
    let columns = varied
        .iter()
        .map(|key| table.column(key))
        .collect::<Result<Vec<_>, _>>()?;
    let mut trials: Vec<TrialView> = (0..table.rows())
        .map(|row| TrialView {
            number: u64::try_from(numbers[row]).unwrap_or_default(),
            values: columns.iter().map(|column| cell(column, row)).collect(),
            value: values[row],
            state: states[row].clone(),
        })
        .collect();
    trials.sort_by(|a, b| b.value.unwrap_or(-1.0).total_cmp(&a.value.unwrap_or(-1.0)));
    Ok(trials)
}

fn cell(column: &Column, row: usize) -> String {
    let text = match column {
        Column::F64(values) => values[row].map(|value| value.to_string()),
        Column::F32(values) => values[row].map(|value| value.to_string()),
        Column::I64(values) => values[row].map(|value| value.to_string()),
        Column::Bool(values) => values[row].map(|value| value.to_string()),
        Column::Text(values) => values[row].clone(),
    };
    text.unwrap_or_else(|| "—".to_owned())
}
