//! Files of other writers: `files/` holds the same five rows as each writes them by default.

use std::path::Path;

use crate::table::{Table, TableError};

fn read(name: &str) -> Result<Table, TableError> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("table/tests/files");
    Table::read(&folder.join(name))
}

fn five_rows() -> Table {
    let text = |text: &str| Some(text.to_owned());
    Table::new()
        .with("count", vec![Some(3_i64), None, Some(-3), Some(3), Some(3)])
        .with(
            "loss",
            vec![Some(0.5), Some(0.25), None, Some(0.5), Some(0.125)],
        )
        .with(
            "seed",
            vec![text("é1"), None, text("é2"), text("é1"), text("")],
        )
        .with(
            "grown",
            vec![Some(true), None, Some(false), Some(true), Some(true)],
        )
}

#[test]
fn the_default_files_of_other_writers_are_read() {
    for name in ["pyarrow.parquet", "polars.parquet", "duckdb.parquet"] {
        assert_eq!(read(name).unwrap(), five_rows(), "{name}");
    }
}

#[test]
fn pages_of_version_2_are_read() {
    let read = read("pyarrow_pages_v2.parquet").unwrap();
    assert_eq!(read.columns(), &five_rows().columns()[..3]);
}

#[test]
fn what_is_not_supported_is_named() {
    let reason = |name| {
        let error = read(name).unwrap_err();
        let TableError::Unsupported { reason, .. } = error else {
            panic!("{error}")
        };
        reason
    };
    assert_eq!(
        reason("pyarrow_gzip.parquet"),
        "column `count` is compressed with Gzip; use zstd, snappy or none"
    );
    assert_eq!(
        reason("pyarrow_timestamp.parquet"),
        "column `when` has the type Timestamp(Microsecond, None); \
         use floats, integers, booleans or text"
    );
}
