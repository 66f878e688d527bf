//! What the grown seeds are worth.

use crate::report::chart::{Configuration, Configurations, Contribution, Contributions};
use crate::report::gather::component::{Component, GatherError};
use crate::report::sources::Source;
use crate::report::view::{ConfigurationView, ContributionView, CounterfactualView};
use kaslite_track::table::Table;

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
    let bars = Configurations {
        seeds: names,
        configurations: configurations
            .iter()
            .map(|one| Configuration {
                seeds: one.seeds.clone(),
                accuracy: one.accuracy,
            })
            .collect(),
    };
    let shares = Contributions {
        seeds: contributions
            .iter()
            .map(|one| Contribution {
                seed: one.seed.clone(),
                marginal: one.marginal,
                shapley: one.shapley,
            })
            .collect(),
    };
    let mut figures = vec![component.draw(
        "configurations.svg",
        "Accuracy with each combination of grown seeds",
        bars.svg(),
    )];
    if !contributions.is_empty() {
        figures.push(component.draw(
            "contributions.svg",
            "What each grown seed contributes",
            shares.svg(),
        ));
    }
    Ok(CounterfactualView {
        configurations,
        contributions,
        figures,
    })
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
    let (removal, shapley) = (
        table.cells::<f64>("removal_cost_accuracy")?,
        table.cells::<f64>("shapley_accuracy")?,
    );
    Ok(names
        .iter()
        .enumerate()
        .map(|(row, seed)| ContributionView {
            seed: seed.clone(),
            marginal: removal[row],
            shapley: shapley[row],
        })
        .collect())
}
