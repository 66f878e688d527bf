use kaslite_nn::GrownSeed;
use kaslite_track::table::{Column, Table};

use crate::counterfactual::finding::Findings;
use crate::counterfactual::quantity::Quantity;
use crate::counterfactual::study::Study;
use crate::shared::int;

/// The name of a share, and what it is.
type Way = (&'static str, fn(usize) -> Quantity);

/// The seed's share of the accuracy is given for so many weights.
const WEIGHTS: f64 = 10_000.0;

/// One row a grown seed: what it is worth, as four ways to share it out have it, each with the ends
/// of its interval of 95 % over the validation samples.
///
/// Shares of the accuracy are differences of shares of 1, above 0 where the seed helps; shares of the
/// loss are in nats, below 0 where it helps.
pub(super) fn table(study: &Study) -> Table {
    let seeds = &study.seeds;
    let column = |cell: fn(&GrownSeed) -> i64| -> Column { seeds.iter().map(cell).collect() };
    let text = |cell: fn(&GrownSeed) -> String| -> Column { seeds.iter().map(cell).collect() };
    let alphas: Column = seeds.iter().map(|seed| seed.alpha).collect();
    let table = Table::new()
        .with("seed", text(|seed| seed.seed.to_string()))
        .with("layer", column(|seed| int(seed.seed.layer)))
        .with("index", column(|seed| int(seed.seed.index)))
        .with("state", text(|seed| seed.state.to_string()))
        .with("alpha", alphas)
        .with("parameters", column(|seed| int(seed.parameters)));
    let table = shares(table, seeds.len(), &study.accuracy, "accuracy");
    let table = shares(table, seeds.len(), &study.loss, "loss");
    // A seed without weights has no share for each of them.
    let per_weight = |(place, seed): (usize, &GrownSeed)| {
        let share = study.accuracy.value(Quantity::Shapley(place))?;
        (seed.parameters > 0).then(|| share / seed.parameters as f64 * WEIGHTS)
    };
    let per_weight: Column = seeds.iter().enumerate().map(per_weight).collect();
    table.with("accuracy_per_10k_parameters", per_weight)
}

fn shares(mut table: Table, seeds: usize, findings: &Findings, of: &str) -> Table {
    let ways: [Way; 4] = [
        ("marginal", Quantity::Marginal),
        ("removal_cost", Quantity::RemovalCost),
        ("solo", Quantity::Solo),
        ("shapley", Quantity::Shapley),
    ];
    let column = |cell: &dyn Fn(usize) -> Option<f64>| -> Column { (0..seeds).map(cell).collect() };
    for (name, quantity) in ways {
        let value = |seed| findings.value(quantity(seed));
        let low = |seed| Some(findings.interval(quantity(seed))?.low);
        let high = |seed| Some(findings.interval(quantity(seed))?.high);
        table = table
            .with(format!("{name}_{of}"), column(&value))
            .with(format!("{name}_{of}_low"), column(&low))
            .with(format!("{name}_{of}_high"), column(&high));
    }
    let error = |seed| findings.of(Quantity::Shapley(seed))?.standard_error;
    table.with(format!("shapley_{of}_standard_error"), column(&error))
}
