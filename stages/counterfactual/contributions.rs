use kaslite_nn::GrownSeed;
use kaslite_track::table::{Column, Table};

use crate::counterfactual::configurations::Configurations;
use crate::counterfactual::game::Game;
use crate::shared::int;

/// The seed's share of the accuracy is given for so many weights.
const WEIGHTS: f64 = 10_000.0;

/// One row a grown seed: what it is worth, as four ways to share it out have it.
///
/// Shares of the accuracy are differences of shares of 1, above 0 where the seed helps; shares of the
/// loss are in nats, below 0 where it helps.
pub(super) fn table(configurations: &Configurations) -> Table {
    let seeds = &configurations.seeds;
    let column = |cell: fn(&GrownSeed) -> i64| -> Column { seeds.iter().map(cell).collect() };
    let text = |cell: fn(&GrownSeed) -> String| -> Column { seeds.iter().map(cell).collect() };
    let accuracy = configurations.by_accuracy();
    let table = Table::new()
        .with("seed", text(|seed| seed.seed.to_string()))
        .with("layer", column(|seed| int(seed.seed.layer)))
        .with("index", column(|seed| int(seed.seed.index)))
        .with("state", text(|seed| seed.state.to_string()))
        .with("parameters", column(|seed| int(seed.parameters)));
    let table = shares(table, &accuracy, "accuracy");
    let table = shares(table, &configurations.by_loss(), "loss");
    let per_weight = seeds
        .iter()
        .zip(accuracy.shapley())
        .map(|(seed, share)| share / seed.parameters as f64 * WEIGHTS);
    table.with(
        "accuracy_per_10k_parameters",
        per_weight.collect::<Vec<f64>>(),
    )
}

fn shares(table: Table, game: &Game, of: &str) -> Table {
    table
        .with(format!("marginal_{of}"), game.marginals())
        .with(format!("removal_cost_{of}"), game.removal_costs())
        .with(format!("solo_{of}"), game.solos())
        .with(format!("shapley_{of}"), game.shapley())
}
