use std::fs;
use std::path::Path;

use proptest::prelude::*;

use super::sample;
use crate::table::{Table, TableError};

fn sample_bytes() -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table.parquet");
    sample(200).write(&path).unwrap();
    fs::read(path).unwrap()
}

fn read_bytes(bytes: &[u8], path: &Path) -> Result<Table, TableError> {
    fs::write(path, bytes).unwrap();
    Table::read(path)
}

#[test]
fn every_truncation_is_an_error_with_the_path() {
    let bytes = sample_bytes();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table.parquet");
    for length in 0..bytes.len() {
        let error = read_bytes(&bytes[..length], &path).unwrap_err();
        assert!(
            matches!(error, TableError::NotParquet { .. }),
            "{length}: {error}"
        );
        assert!(error.to_string().contains("table.parquet"), "{error}");
    }
}

#[test]
fn no_flipped_bit_makes_the_reader_panic_or_invent_rows() {
    let bytes = sample_bytes();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table.parquet");
    let mut refused = 0;
    for position in 0..bytes.len() {
        for bit in [2, 7] {
            let mut damaged = bytes.clone();
            damaged[position] ^= 1 << bit;
            match read_bytes(&damaged, &path) {
                Ok(table) => assert!(
                    table.rows() <= 200,
                    "{position}.{bit}: {} rows",
                    table.rows()
                ),
                Err(_) => refused += 1,
            }
        }
    }
    // Values, the Arrow schema and the page index fill most of so small a file, and a flip in
    // them changes a value at most.
    assert!(
        refused > bytes.len() / 4,
        "only {refused} flips were noticed"
    );
}

proptest! {
    #[test]
    fn garbage_between_the_magic_bytes_is_an_error(
        body in prop::collection::vec(any::<u8>(), 0..400),
        footer_length in 0_u32..420,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("table.parquet");
        let parts = [b"PAR1".as_slice(), &body, &footer_length.to_le_bytes(), b"PAR1"];
        prop_assert!(read_bytes(&parts.concat(), &path).is_err());
        prop_assert!(read_bytes(&body, &path).is_err());
    }
}
