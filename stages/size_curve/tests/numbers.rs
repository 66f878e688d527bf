//! From runs whose accuracies are made up.

use kaslite_nn::ParameterCounts;
use serde_json::Value;

use crate::size_curve::metrics::Metrics;
use crate::size_curve::plan::{Kind, Plan};
use crate::size_curve::sized_run::SizedRun;
use crate::size_curve::sizes::Sizes;
use crate::size_curve::tables;
use crate::train::Metrics as Trained;

/// A run that ended with this accuracy.
fn run(kind: Kind, rng_seed: i64, weights: usize, accuracy: f64) -> SizedRun {
    let text = format!(
        r#"{{
            "metric": {{"accuracy": {{"best": 1, "best_epoch": 1, "final": {accuracy}, "host_only": null}}}},
            "loss": {{"train": {{"final": null}}, "val": {{"best": null, "final": 1}}}},
            "seeds": {{"slots": 0, "grown": 0, "active": 0}},
            "anomalies": {{"count": 0, "first_epoch": null, "first_trigger": null}},
            "validation": null,
            "parameters": {{"host": 0, "grown": 0}},
            "germinations": []
        }}"#
    );
    let mut trained: Trained = serde_json::from_str(&text).unwrap();
    let own = if kind == Kind::Grown { 100 } else { weights };
    trained.parameters = ParameterCounts {
        host: own,
        grown: weights - own,
    };
    SizedRun {
        kind,
        rng_seed,
        result: Ok(trained),
    }
}

fn failed(kind: Kind, rng_seed: i64) -> SizedRun {
    SizedRun {
        kind,
        rng_seed,
        result: Err("a loss became NaN".to_owned()),
    }
}

/// Hosts of 100 and 10,000 weights, and one of 400 that grew, over two rng seeds.
fn runs(grown: f64, small: f64, large: f64) -> Vec<SizedRun> {
    let of = |kind, weights, accuracy: f64| {
        [(1, 0.01), (2, -0.01)].map(|(rng_seed, by)| run(kind, rng_seed, weights, accuracy + by))
    };
    let hosts = [
        of(Kind::Host(8), 100, small),
        of(Kind::Host(80), 10_000, large),
    ];
    [
        of(Kind::Grown, 400, grown),
        hosts[0].clone(),
        hosts[1].clone(),
    ]
    .concat()
}

fn metrics(runs: &[SizedRun]) -> Value {
    let plan = Plan::for_tests(8, vec![1, 2]);
    serde_json::to_value(Metrics::new(&plan, runs, &Sizes::of(runs))).unwrap()
}

fn close(value: &Value, wanted: f64) {
    let value = value.as_f64().unwrap();
    assert!((value / wanted - 1.0).abs() < 1e-9, "{value} {wanted}");
}

/// Half way from 70 % to 90 %, over the logarithm.
#[test]
fn a_size_within_the_range_is_a_number() {
    let found = metrics(&runs(0.8, 0.7, 0.9));
    let equivalent = &found["equivalent_traditional_params"];
    assert_eq!(equivalent["status"], "within_range");
    close(&equivalent["size"], 1000.0);
    let worth = &found["worth"];
    close(&worth["accuracy_delta"]["mean"], 0.1);
    close(
        &worth["params_efficiency_ratio"],
        (0.8 / 400.0) / (0.7 / 100.0),
    );
    close(&worth["accuracy_for_10k_weights"], 0.1 / 300.0 * 1e4);
    assert_eq!(found["notes"], Value::Array(Vec::new()));
}

#[test]
fn a_size_outside_of_the_range_is_no_number() {
    for (grown, status) in [(0.95, "above_range"), (0.6, "below_range")] {
        let found = metrics(&runs(grown, 0.7, 0.9));
        let equivalent = &found["equivalent_traditional_params"];
        assert_eq!(equivalent["status"], status);
        assert_eq!(equivalent["size"], Value::Null);
        assert_eq!(equivalent["smallest"], 100.0);
        assert_eq!(equivalent["largest"], 10_000.0);
    }
}

#[test]
fn where_a_width_failed_the_reason_is_told() {
    let mut runs = runs(0.8, 0.7, 0.9);
    runs.truncate(4);
    runs.extend([failed(Kind::Host(80), 1), failed(Kind::Host(80), 2)]);
    let found = metrics(&runs);
    assert_eq!(found["runs"]["failed"], 2);
    let equivalent = &found["equivalent_traditional_params"];
    assert_eq!(equivalent["status"], "not_measured");
    let notes = found["notes"].as_array().unwrap();
    assert_eq!(notes.len(), 3, "{notes:?}");
    assert_eq!(notes[1], "host80, rng seed 1: a loss became NaN");
    let table = tables::runs(&runs);
    let accuracies = table.cells::<f64>("final_accuracy").unwrap();
    assert_eq!(accuracies.iter().filter(|cell| cell.is_none()).count(), 2);
}

/// The others tell, nevertheless.
#[test]
fn a_width_without_a_pair_is_left_out() {
    let mut runs = runs(0.8, 0.7, 0.9);
    // Of the network that grew the first rng seed is left, of another width the second.
    runs[1] = failed(Kind::Grown, 2);
    runs.push(failed(Kind::Host(20), 1));
    runs.push(run(Kind::Host(20), 2, 1000, 0.5));
    let found = metrics(&runs);
    let equivalent = &found["equivalent_traditional_params"];
    assert_eq!(equivalent["status"], "within_range");
    close(&equivalent["size"], 1000.0);
    assert_eq!(equivalent["low"]["status"], "not_measured");
    assert_eq!(found["notes"].as_array().unwrap().len(), 2);
}

#[test]
fn where_nothing_grew_to_the_end_nothing_is_compared() {
    let mut runs = runs(0.8, 0.7, 0.9);
    runs.drain(..2);
    runs.extend([failed(Kind::Grown, 1), failed(Kind::Grown, 2)]);
    let found = metrics(&runs);
    assert_eq!(found["grown"], Value::Null);
    let equivalent = &found["equivalent_traditional_params"];
    assert_eq!(equivalent["status"], "not_measured");
    assert_eq!(found["worth"]["params_efficiency_ratio"], Value::Null);
    let first = found["notes"][0].as_str().unwrap();
    assert!(first.contains("nothing to be as accurate as"), "{first}");
}

/// Where no seed grew there are no added weights that could be worth something.
#[test]
fn without_added_weights_there_is_no_worth_of_them() {
    let mut runs = runs(0.7, 0.7, 0.9);
    for run in runs.iter_mut().take(2) {
        run.result.as_mut().unwrap().parameters.grown = 0;
    }
    let found = metrics(&runs);
    assert_eq!(found["worth"]["accuracy_for_10k_weights"], Value::Null);
    close(&found["worth"]["params_efficiency_ratio"], 1.0);
    assert_eq!(
        found["equivalent_traditional_params"]["status"],
        "below_range"
    );
}
