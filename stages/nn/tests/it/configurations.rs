//! Configurations that share passes against each one for itself.

use kaslite_nn::{Configuration, Data, Landing, Model, Operator, Reading, SeedState};

use crate::support::{rings, small_config, train};

/// A network with seeds of several states, and data.
fn grown(operator: Operator, landing: Landing) -> (Model, Data) {
    let config = kaslite_nn::Config {
        operator,
        landing,
        patience: 1,
        blend_steps: 200,
        adaptation_epochs: 16,
        ..small_config()
    };
    let data = rings();
    let model = train(&data, &config).0.model;
    let grown = model.grown_seeds();
    assert!(grown.len() >= 3, "too few for this test: {grown:?}");
    (model, data)
}

/// Mean loss and accuracy of each configuration, by shared passes.
fn shared(
    model: &Model,
    data: &Data,
    configurations: &[Configuration],
    reading: Reading,
) -> Vec<(f64, f64)> {
    let mut sums = vec![(0.0, 0.0, 0); configurations.len()];
    let whole = model.evaluate_each(data, configurations, reading, &mut |answers| {
        let (loss, correct, rows) = &mut sums[answers.at];
        assert_eq!(answers.first_row, *rows);
        *loss += answers
            .losses
            .iter()
            .map(|loss| f64::from(*loss))
            .sum::<f64>();
        *correct += answers.correct.iter().filter(|right| **right).count() as f64;
        *rows += answers.losses.len();
        true
    });
    assert!(whole.unwrap());
    let mean = |(loss, correct, rows): (f64, f64, usize)| {
        assert_eq!(rows, data.rows());
        (loss / rows as f64, correct / rows as f64)
    };
    sums.into_iter().map(mean).collect()
}

fn assert_equal(model: &Model, data: &Data, configurations: &[Configuration]) {
    let seeds = model.grown_seeds().len();
    let found = shared(model, data, configurations, Reading::AsTrained);
    for (configuration, (loss, accuracy)) in configurations.iter().zip(found) {
        let on: Vec<bool> = (0..seeds).map(|seed| configuration.has(seed)).collect();
        let alone = model.evaluate(data, &on).unwrap();
        assert!((accuracy - alone.accuracy).abs() < 1e-12, "{on:?}");
        assert!(
            (loss - alone.loss).abs() < 1e-6,
            "{on:?}: {loss} {}",
            alone.loss
        );
    }
}

#[test]
fn shared_passes_give_what_each_alone_gives() {
    for (operator, landing) in [
        (Operator::Add, Landing::Continuous),
        (Operator::Multiply, Landing::Continuous),
        (Operator::Gate, Landing::Continuous),
        (Operator::Add, Landing::Reference),
    ] {
        let (model, data) = grown(operator, landing);
        let every: Vec<Configuration> = Configuration::every(model.grown_seeds().len()).collect();
        assert_equal(&model, &data, &every);
    }
}

#[test]
fn some_configurations_in_any_order_and_twice() {
    let (model, data) = grown(Operator::Add, Landing::Continuous);
    let all = Configuration::all(model.grown_seeds().len());
    let asked = [
        all,
        Configuration::only(1),
        Configuration::NONE,
        all.without(0),
        all,
    ];
    assert_equal(&model, &data, &asked);
    assert!(shared(&model, &data, &[], Reading::AsTrained).is_empty());
}

#[test]
fn many_rows_come_in_parts() {
    let (model, data) = grown(Operator::Add, Landing::Continuous);
    let rows: Vec<usize> = (0..5000).map(|row| row % data.rows()).collect();
    let many = data.select(&rows).unwrap();
    let all = Configuration::all(model.grown_seeds().len());
    assert_equal(&model, &many, &[Configuration::NONE, all]);
}

#[test]
fn a_forced_blend_differs_and_only_where_something_blends() {
    let (model, data) = grown(Operator::Add, Landing::Continuous);
    let grown = model.grown_seeds();
    assert!(grown.iter().any(|seed| seed.state == SeedState::Blending));
    for (at, seed) in grown.iter().enumerate() {
        let only = [Configuration::only(at)];
        let as_trained = shared(&model, &data, &only, Reading::AsTrained);
        let forced = shared(&model, &data, &only, Reading::Forced);
        let differs = as_trained != forced;
        assert_eq!(differs, seed.state == SeedState::Blending, "{seed:?}");
    }
}

#[test]
fn a_visitor_that_has_seen_enough_ends_it() {
    let (model, data) = grown(Operator::Add, Landing::Continuous);
    let every: Vec<Configuration> = Configuration::every(model.grown_seeds().len()).collect();
    let mut seen = 0;
    let whole = model.evaluate_each(&data, &every, Reading::AsTrained, &mut |_| {
        seen += 1;
        seen < 3
    });
    assert_eq!((whole.unwrap(), seen), (false, 3));
}
