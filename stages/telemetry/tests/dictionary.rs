use std::fmt::Write as _;
use std::path::Path;

use crate::telemetry::schema::NOT_FINITE;
use crate::telemetry::{
    ACTIVATIONS, BATCHES, BOUNDARY, EPOCHS, GATES, GRADIENTS, MATRIX, OPENNESS, POLICY,
    PREDICTIONS, SLOTS, Schema, WINDOWS,
};

const PREFACE: &str = "# What `train` records

Parquet files of the stage `train`. Null is not measured. Percentage points are of accuracy, which is a share. A number that became NaN or infinite is null, and `not_finite` of its row names it. The same texts stand in the metadata of the files, under `kaslite.column.<name>`.
";

fn section<Row>(text: &mut String, schema: &Schema<Row>) {
    let (file, rows) = (schema.file, schema.rows);
    let head = "| column | type | unit | meaning |\n|---|---|---|---|";
    writeln!(text, "\n## {file}\n\nOne row: {rows}.\n\n{head}").unwrap();
    for field in schema.fields {
        let (name, kind) = (field.name, field.cell.kind());
        let (unit, meaning) = (field.unit, field.meaning);
        writeln!(text, "| `{name}` | {kind} | {unit} | {meaning} |").unwrap();
    }
    let meaning = "numbers of the row that are none, as `drift=NaN`; null where there is none";
    writeln!(text, "| `{NOT_FINITE}` | text |  | {meaning} |").unwrap();
}

/// With `UPDATE_DICTIONARY` set it is written.
#[test]
fn the_dictionary_is_what_the_code_says() {
    let mut text = PREFACE.to_owned();
    section(&mut text, &EPOCHS);
    section(&mut text, &SLOTS);
    section(&mut text, &POLICY);
    section(&mut text, &GATES);
    section(&mut text, &MATRIX);
    section(&mut text, &WINDOWS);
    section(&mut text, &BATCHES);
    section(&mut text, &GRADIENTS);
    section(&mut text, &ACTIVATIONS);
    section(&mut text, &OPENNESS);
    section(&mut text, &PREDICTIONS);
    section(&mut text, &BOUNDARY);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("telemetry/DICTIONARY.md");
    if std::env::var_os("UPDATE_DICTIONARY").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == text,
        "stages/telemetry/DICTIONARY.md is not what the code says; run the test with UPDATE_DICTIONARY=1"
    );
}

#[test]
fn every_column_says_what_it_means() {
    fn check<Row>(schema: &Schema<Row>) {
        let mut names: Vec<_> = schema.fields.iter().map(|field| field.name).collect();
        assert!(
            schema
                .fields
                .iter()
                .all(|field| !field.meaning.is_empty() || field.unit.is_empty())
        );
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count, "{}", schema.file);
    }
    check(&EPOCHS);
    check(&SLOTS);
    check(&POLICY);
    check(&GATES);
    check(&MATRIX);
    check(&WINDOWS);
    check(&BATCHES);
    check(&GRADIENTS);
    check(&ACTIVATIONS);
    check(&OPENNESS);
    check(&PREDICTIONS);
    check(&BOUNDARY);
}
