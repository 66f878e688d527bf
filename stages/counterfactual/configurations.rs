use kaslite_nn::{Configuration, GrownSeed};
use kaslite_track::table::{Column, Table};

use crate::counterfactual::measured::Measured;
use crate::counterfactual::study::Study;
use crate::shared::int;

/// One row a configuration that was evaluated, the first seed changing fastest. Both readings are
/// told; where nothing blends they are the same.
pub(super) fn table(study: &Study, classes: usize) -> Table {
    let seeds = &study.seeds;
    let rows: Vec<(Configuration, &Measured)> = study
        .as_trained
        .iter()
        .map(|(one, measured)| (*one, measured))
        .collect();
    let forced = |one: Configuration, measured: &Measured| {
        if study.forced.is_empty() {
            Some(measured.clone())
        } else {
            study.forced.get(&one).cloned()
        }
    };
    let bits = |one: Configuration, _: &Measured| one.bits(seeds.len());
    let mut table = Table::new().with("config", column(&rows, bits));
    for (place, seed) in seeds.iter().enumerate() {
        let on = |one: Configuration, _: &Measured| one.has(place);
        table = table.with(format!("on_{}", seed.seed), column(&rows, on));
        let alpha = |one: Configuration, _: &Measured| alpha(one.has(place), seed);
        table = table.with(format!("alpha_{}", seed.seed), column(&rows, alpha));
    }
    let forced_loss = |one, measured: &Measured| forced(one, measured)?.loss();
    let forced_accuracy = |one, measured: &Measured| forced(one, measured)?.accuracy();
    let mut table = table
        .with("n_on", column(&rows, |one, _| int(one.size())))
        .with("loss", column(&rows, |_, measured| measured.loss()))
        .with("accuracy", column(&rows, |_, measured| measured.accuracy()))
        .with("loss_forced", column(&rows, forced_loss))
        .with("accuracy_forced", column(&rows, forced_accuracy));
    for class in 0..classes {
        let cell = |_, measured: &Measured| measured.class_accuracy(class);
        table = table.with(format!("accuracy_class_{class}"), column(&rows, cell));
    }
    table
}

/// The share that the child has: none of one that is off or does not show yet.
fn alpha(on: bool, seed: &GrownSeed) -> f64 {
    if on { seed.alpha.unwrap_or(0.0) } else { 0.0 }
}

fn column<T>(
    rows: &[(Configuration, &Measured)],
    cell: impl Fn(Configuration, &Measured) -> T,
) -> Column
where
    Column: From<Vec<T>>,
{
    rows.iter()
        .map(|(one, measured)| cell(*one, measured))
        .collect()
}
