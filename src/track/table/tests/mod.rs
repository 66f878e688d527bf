//! Tests of the module as its users see it.

mod damage;
mod foreign;
mod refusals;
mod round_trip;

use super::Table;

/// A table with every type, nulls, and enough rows for several pages of text.
fn sample(rows: i64) -> Table {
    let odd = |row: &i64| row % 3 != 0;
    let text = |row: i64| Some(row).filter(odd).map(|row| format!("seed{row}_é"));
    Table::new()
        .with("epoch", (0..rows).collect::<Vec<i64>>())
        .with(
            "loss",
            (0..rows)
                .map(|row| 1.0 / (row + 1) as f64)
                .collect::<Vec<f64>>(),
        )
        .with(
            "x0",
            (0..rows)
                .map(|row| Some(row).filter(odd).map(|x| x as f32))
                .collect::<Vec<_>>(),
        )
        .with(
            "ok",
            (0..rows)
                .map(|row| Some(row).filter(odd).map(|x| x % 2 == 0))
                .collect::<Vec<_>>(),
        )
        .with("seed", (0..rows).map(text).collect::<Vec<_>>())
        .with_metadata("kaslite.kind", "sample")
}
