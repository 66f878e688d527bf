use kaslite_nn::{Check, Gate, GateMode, GateRecord, Measure, SeedId};

use crate::telemetry::{GATES, GateRow};

fn row(value: Option<f64>) -> GateRow {
    let measure = Measure::Contribution;
    let check = Check {
        measure,
        value,
        threshold: Some(1.0),
        passed: false,
    };
    let gate = GateRecord {
        gate: Gate::G5,
        epoch: 7,
        mode: GateMode::Strict,
        checks: vec![check],
        score: value,
        passed: false,
        opened: false,
    };
    let slot = SeedId { layer: 1, index: 2 };
    GateRow { slot, gate, check }
}

#[test]
fn a_number_that_is_none_is_null_and_named() {
    let rows = [row(Some(0.5)), row(Some(f64::NAN)), row(None)];
    let table = GATES.table(&rows);
    let values = table.cells::<f64>("value").unwrap();
    assert_eq!(values, [Some(0.5), None, None]);
    let marks = table.cells::<String>("not_finite").unwrap();
    assert_eq!(marks, [None, Some("score=NaN value=NaN".to_owned()), None]);
}

#[test]
fn the_files_say_what_their_columns_mean() {
    let table = GATES.table(&[]);
    let meaning = &table.metadata()["kaslite.column.score"];
    assert!(meaning.ends_with("[share]"), "{meaning}");
}
