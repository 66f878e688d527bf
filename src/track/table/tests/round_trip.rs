use proptest::prelude::*;

use super::sample;
use crate::table::write::ROWS_PER_GROUP;
use crate::table::{Column, Table};

fn any_column(rows: usize) -> impl Strategy<Value = Column> {
    let cells = rows..=rows;
    prop_oneof![
        prop::collection::vec(any::<Option<f64>>(), cells.clone()).prop_map(Column::F64),
        prop::collection::vec(any::<Option<f32>>(), cells.clone()).prop_map(Column::F32),
        prop::collection::vec(any::<Option<i64>>(), cells.clone()).prop_map(Column::I64),
        prop::collection::vec(any::<Option<bool>>(), cells.clone()).prop_map(Column::Bool),
        prop::collection::vec(any::<Option<String>>(), cells).prop_map(Column::Text),
    ]
}

prop_compose! {
    fn any_table()(rows in 0_usize..300)(
        columns in prop::collection::btree_map("\\PC{0,8}", any_column(rows), 1..8),
        metadata in prop::collection::btree_map("k\\PC{0,8}", any::<String>(), 0..4),
    ) -> Table {
        let table = columns.into_iter().fold(Table::new(), |table, (name, column)| {
            table.with(name, column)
        });
        metadata.into_iter().fold(table, |table, (key, value)| table.with_metadata(key, value))
    }
}

fn written_and_read(table: &Table) -> Table {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table.parquet");
    table.write(&path).unwrap();
    Table::read(&path).unwrap()
}

proptest! {
    #[test]
    fn every_table_reads_back_as_it_was_written(table in any_table()) {
        let back = written_and_read(&table);
        // Debug shows NaN as equal to NaN, which `==` does not, and -0.0 as different from 0.0.
        prop_assert_eq!(format!("{back:?}"), format!("{table:?}"));
    }
}

#[test]
fn a_table_without_rows_keeps_its_columns() {
    let table = sample(0);
    assert_eq!(written_and_read(&table), table);
    assert_eq!(table.rows(), 0);
}

#[test]
fn columns_of_nulls_alone_stay_null() {
    let table = Table::new()
        .with("loss", vec![None::<f64>; 1000])
        .with("seed", vec![None::<String>; 1000])
        .with("ok", vec![None::<bool>; 1000]);
    assert_eq!(written_and_read(&table), table);
}

#[test]
fn a_wide_table_keeps_the_order_of_its_columns() {
    let table = (0..2000_i64).rev().fold(Table::new(), |table, column| {
        table.with(format!("feature_{column}"), vec![column, -column])
    });
    assert_eq!(written_and_read(&table), table);
}

#[test]
fn a_long_table_keeps_its_rows_across_row_groups() {
    let rows = i64::try_from(2 * ROWS_PER_GROUP + 3).unwrap();
    let table = sample(rows);
    let back = written_and_read(&table);
    assert_eq!(back.rows(), 2 * ROWS_PER_GROUP + 3);
    assert_eq!(back, table);
}

#[test]
fn the_same_table_gives_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let [first, second] = ["first", "second"].map(|name| folder.path().join(name));
    sample(5000).write(&first).unwrap();
    sample(5000).write(&second).unwrap();
    assert_eq!(
        std::fs::read(&first).unwrap(),
        std::fs::read(&second).unwrap()
    );
    sample(5001).write(&second).unwrap();
    assert_ne!(
        std::fs::read(&first).unwrap(),
        std::fs::read(&second).unwrap()
    );
}

#[test]
fn getters_give_cells_and_values() {
    let table = sample(4);
    assert_eq!(table.values::<i64>("epoch").unwrap(), [0, 1, 2, 3]);
    let expected = [None, Some(1.0), Some(2.0), None];
    assert_eq!(table.cells::<f32>("x0").unwrap(), expected);
    assert_eq!(table.metadata()["kaslite.kind"], "sample");
}
