use kaslite_track::table::{Column, Table};

use crate::shared::{Samples, SamplesError};

fn read(table: &Table) -> Result<Samples, SamplesError> {
    let file = tempfile::NamedTempFile::new().unwrap();
    table.write(file.path()).unwrap();
    Samples::read(file.path())
}

fn table(x0: impl Into<Column>, x1: impl Into<Column>, y: Vec<i64>) -> Table {
    Table::new().with("x0", x0).with("x1", x1).with("y", y)
}

fn refusal(table: &Table) -> String {
    read(table).unwrap_err().to_string()
}

#[test]
fn features_of_any_number_type_in_the_order_of_their_names() {
    let table = Table::new()
        .with("y", vec![1_i64, 0, 2])
        .with("x2", vec![true, false, true])
        .with("weight", vec![Some(0.5), None, None])
        .with("x0", vec![0.5_f32, 1.5, 2.5])
        .with("x1", vec![7_i64, 8, 9])
        .with("x10th", vec![f64::NAN; 3]);
    let samples = read(&table).unwrap();
    let features = [0.5, 7.0, 1.0, 1.5, 8.0, 0.0, 2.5, 9.0, 1.0];
    assert_eq!(samples.features, features);
    assert_eq!(samples.labels, [1, 0, 2]);
    assert_eq!((samples.input_dim, samples.classes), (3, 3));
    assert_eq!(samples.rows(), 3);
}

#[test]
fn columns_that_are_missing_are_named() {
    let no_label = Table::new().with("x0", vec![1.0, 2.0]);
    assert_eq!(refusal(&no_label), "no column `y`; there are `x0`");
    let no_feature = Table::new().with("y", vec![0_i64, 1]);
    assert_eq!(refusal(&no_feature), "no column `x0`; there are `y`");
    let gap = Table::new()
        .with("x0", vec![1.0, 2.0])
        .with("x2", vec![1.0, 2.0])
        .with("y", vec![0_i64, 1]);
    let reason = "no column `x1`; there are `x0`, `x2`, `y`";
    assert_eq!(refusal(&gap), reason);
}

#[test]
fn cells_that_are_no_number_are_named() {
    let fine = || vec![1.0, 2.0];
    let nan = table(fine(), vec![0.0, f64::NAN], vec![0, 1]);
    let reason = "column `x1` is NaN in row 1, not a finite float32";
    assert_eq!(refusal(&nan), reason);
    let large = table(vec![1e39, 0.0], fine(), vec![0, 1]);
    assert!(refusal(&large).starts_with("column `x0` is 1000"));
    let null = table(vec![Some(1.0), None], fine(), vec![0, 1]);
    assert_eq!(refusal(&null), "column `x0` is null in row 1");
    let text = vec!["a".to_owned(), "b".to_owned()];
    let text = table(text, fine(), vec![0, 1]);
    let reason = "column `x0` holds text, expected float32";
    assert_eq!(refusal(&text), reason);
}

#[test]
fn labels_that_are_no_classes_are_named() {
    let labels = |y: Vec<i64>| {
        let x = vec![0.0; y.len()];
        refusal(&table(x.clone(), x, y))
    };
    let reason = "column `y` is -1 in row 1; labels are 0, 1, 2 …";
    assert_eq!(labels(vec![0, -1]), reason);
    let reason = "the labels go up to 3, but no sample has the label 1";
    assert_eq!(labels(vec![0, 3, 0, 2]), reason);
    let reason = "the labels go up to 1, but no sample has the label 0";
    assert_eq!(labels(vec![1, 1]), reason);
    let reason = "all 3 samples have the label 0; there must be two classes or more";
    assert_eq!(labels(vec![0, 0, 0]), reason);
    let reason = "there are 1 samples; at least 2 are needed";
    assert_eq!(labels(vec![0]), reason);
}
