use kaslite_nn::Configuration;
use kaslite_track::table::{Column, Table};

use crate::counterfactual::finding::Findings;
use crate::counterfactual::game::Game;
use crate::counterfactual::quantity::Quantity;
use crate::counterfactual::study::Study;
use crate::shared::int;

/// One row for each two or more grown seeds: what they are worth together beyond what they are worth
/// apart. Without rows where not all configurations were evaluated.
///
/// `dividend` is the Harsanyi dividend, `interaction` the Banzhaf interaction index, for two seeds
/// the two-way interaction of the factorial, with an interval of 95 %. By accuracy, above 0 is
/// synergy; by loss, below 0 is.
pub(super) fn table(study: &Study) -> Table {
    let games = study.games();
    let seeds = if games.is_some() {
        study.seeds.len()
    } else {
        0
    };
    let groups: Vec<Configuration> = Configuration::every(seeds)
        .filter(|group| group.size() > 1)
        .collect();
    let names = |group: &Configuration| {
        let names = group.seeds().map(|seed| study.seeds[seed].seed.to_string());
        names.collect::<Vec<_>>().join("+")
    };
    let names: Column = groups.iter().map(names).collect();
    let sizes: Column = groups.iter().map(|group| int(group.size())).collect();
    let mut table = Table::new().with("seeds", names).with("order", sizes);
    let measures = [("accuracy", &study.accuracy), ("loss", &study.loss)];
    for (which, (measure, findings)) in measures.into_iter().enumerate() {
        let game = games.as_ref().map(|games| &games[which]);
        let dividends = game.map(Game::dividends).unwrap_or_default();
        let interactions = game.map(Game::interactions).unwrap_or_default();
        let of = |values: &[f64]| -> Column { groups.iter().map(|g| values[g.place()]).collect() };
        let end = |high: bool| -> Column {
            let end = |group: &Configuration| interval_end(findings, *group, high);
            groups.iter().map(end).collect()
        };
        table = table
            .with(format!("dividend_{measure}"), of(&dividends))
            .with(format!("interaction_{measure}"), of(&interactions))
            .with(format!("interaction_{measure}_low"), end(false))
            .with(format!("interaction_{measure}_high"), end(true));
    }
    table
}

fn interval_end(findings: &Findings, group: Configuration, high: bool) -> Option<f64> {
    let pair: Vec<usize> = group.seeds().take(3).collect();
    let &[one, other] = pair.as_slice() else {
        return None;
    };
    let interval = findings.interval(Quantity::Interaction(one, other))?;
    Some(if high { interval.high } else { interval.low })
}
