//! What the grown seeds are worth.

use crate::report::chart::{Configuration, Configurations, Contribution, Contributions, Waterfall};
use crate::report::gather::component::{Component, GatherError};
use crate::report::gather::metrics::MetricsFile;
use crate::report::sources::Source;
use crate::report::view::{
    ConfigurationView, ContributionView, CounterfactualView, InteractionView, MatrixRowView,
};
use kaslite_track::table::Table;

/// Its pictures, in order.
pub(super) const FIGURES: &[&str] = &["configurations", "contributions", "waterfall"];

/// Pairs of seeds that the report tells of.
const MOST_PAIRS: usize = 10;
/// Seeds of which a matrix can still be read.
const MOST_COLUMNS: usize = 12;

/// Reads the folder that `counterfactual` made.
pub(super) fn read(
    component: &mut Component<'_>,
    source: &Source,
) -> Result<CounterfactualView, GatherError> {
    let seeds = Table::read(&source.file.join("seeds.parquet"))?;
    let table = Table::read(&source.file.join("counterfactual.parquet"))?;
    let names = seeds.values::<String>("seed")?;
    let configurations = configurations(&table, &names)?;
    let contributions = contributions(&seeds, &names)?;
    let mut interactions = interactions(&Table::read(&source.file.join("interactions.parquet"))?)?;
    let matrix = matrix(&names, &interactions);
    interactions.truncate(MOST_PAIRS);
    let metrics = MetricsFile::read(&source.file.join("metrics.json"))?;
    let grown = |there: bool| {
        let nothing = GatherError::NotAsked {
            reason: "No seed has grown.".to_owned(),
            to_enable: "It is drawn where a seed has grown.".to_owned(),
        };
        if there { Ok(()) } else { Err(nothing) }
    };
    let host = metrics.number("metric.accuracy.baseline");
    let failed = metrics.text("attribution.status").as_deref() == Some("failed");
    let missing = metrics.text("attribution.reason").filter(|_| failed);
    let figures = vec![
        component.draw(
            "configurations",
            "Accuracy with each combination of grown seeds",
            || Ok(bars(names, &configurations).svg()?),
        ),
        component.draw("contributions", "What each grown seed contributes", || {
            grown(!contributions.is_empty())?;
            Ok(shares(&contributions).svg()?)
        }),
        component.draw(
            "waterfall",
            "From the accuracy of the host alone, seed by seed, to that of the whole network",
            || {
                grown(!contributions.is_empty())?;
                let unknown = || {
                    let reason = missing.as_deref().unwrap_or("the shares were not measured");
                    GatherError::Other(reason.to_owned())
                };
                let steps = steps(&contributions).ok_or_else(unknown)?;
                let host = host.ok_or_else(unknown)?;
                Ok(Waterfall { host, steps }.svg()?)
            },
        ),
    ];
    Ok(CounterfactualView {
        configurations,
        contributions,
        interactions,
        matrix,
        missing,
        notes: metrics.text("attribution.caveat").into_iter().collect(),
        figures,
    })
}

fn bars(seeds: Vec<String>, configurations: &[ConfigurationView]) -> Configurations {
    let bar = |one: &ConfigurationView| Configuration {
        seeds: one.seeds.clone(),
        accuracy: one.accuracy,
    };
    Configurations {
        seeds,
        configurations: configurations.iter().map(bar).collect(),
    }
}

fn shares(contributions: &[ContributionView]) -> Contributions {
    let share = |one: &ContributionView| Contribution {
        seed: one.seed.clone(),
        marginal: one.marginal,
        shapley: one.shapley,
    };
    Contributions {
        seeds: contributions.iter().map(share).collect(),
    }
}

fn configurations(table: &Table, names: &[String]) -> Result<Vec<ConfigurationView>, GatherError> {
    let accuracy = table.cells::<f64>("accuracy")?;
    let on = names
        .iter()
        .map(|name| table.values::<bool>(&format!("on_{name}")))
        .collect::<Result<Vec<_>, _>>()?;
    let mut list: Vec<ConfigurationView> = (0..table.rows())
        .map(|row| ConfigurationView {
            seeds: names
                .iter()
                .zip(&on)
                .filter(|(_, on)| on[row])
                .map(|(name, _)| name.clone())
                .collect(),
            accuracy: accuracy[row],
            gain: None,
        })
        .collect();
    let host = list
        .iter()
        .find(|one| one.seeds.is_empty())
        .and_then(|one| one.accuracy);
    for one in &mut list {
        one.gain = one
            .accuracy
            .zip(host)
            .map(|(accuracy, host)| accuracy - host);
    }
    list.sort_by(|a, b| {
        b.accuracy
            .unwrap_or(-1.0)
            .total_cmp(&a.accuracy.unwrap_or(-1.0))
    });
    Ok(list)
}

fn contributions(table: &Table, names: &[String]) -> Result<Vec<ContributionView>, GatherError> {
    let column = |name: &str| table.cells::<f64>(name);
    let (removal, shapley) = (
        column("removal_cost_accuracy")?,
        column("shapley_accuracy")?,
    );
    let (low, high) = (
        column("shapley_accuracy_low")?,
        column("shapley_accuracy_high")?,
    );
    let efficiency = column("accuracy_per_10k_parameters")?;
    Ok(names
        .iter()
        .enumerate()
        .map(|(row, seed)| ContributionView {
            seed: seed.clone(),
            marginal: removal[row],
            shapley: shapley[row],
            low: low[row],
            high: high[row],
            efficiency: efficiency[row],
        })
        .collect())
}

/// The shares of all seeds; none where one was not measured.
fn steps(contributions: &[ContributionView]) -> Option<Vec<(String, f64)>> {
    if contributions.is_empty() {
        return None;
    }
    let step = |one: &ContributionView| Some((one.seed.clone(), one.shapley?));
    contributions.iter().map(step).collect()
}

/// Every pair, the strongest first.
fn interactions(table: &Table) -> Result<Vec<InteractionView>, GatherError> {
    let orders = table.values::<i64>("order")?;
    let seeds = table.values::<String>("seeds")?;
    let column = |end: &str| table.cells::<f64>(&format!("interaction_accuracy{end}"));
    let (values, lows, highs) = (column("")?, column("_low")?, column("_high")?);
    let pairs = (0..table.rows()).filter(|row| orders[*row] == 2);
    let mut pairs: Vec<InteractionView> = pairs
        .map(|row| InteractionView {
            seeds: seeds[row].replace('+', " + "),
            value: values[row],
            low: lows[row],
            high: highs[row],
        })
        .collect();
    let strength = |one: &InteractionView| one.value.map_or(0.0, f64::abs);
    pairs.sort_by(|one, other| strength(other).total_cmp(&strength(one)));
    Ok(pairs)
}

/// Every seed with every other.
fn matrix(names: &[String], pairs: &[InteractionView]) -> Vec<MatrixRowView> {
    if !(2..=MOST_COLUMNS).contains(&names.len()) || pairs.is_empty() {
        return Vec::new();
    }
    let of = |one: &String, other: &String| {
        let [there, back] = [[one, other], [other, one]].map(|[a, b]| format!("{a} + {b}"));
        let mut found = pairs.iter();
        let found = found.find(|pair| pair.seeds == there || pair.seeds == back);
        found?.value
    };
    let row = |seed: &String| MatrixRowView {
        seed: seed.clone(),
        cells: names.iter().map(|other| of(seed, other)).collect(),
    };
    names.iter().map(row).collect()
}
