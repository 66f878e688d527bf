use std::fs::File;
use std::path::Path;

use kaslite_engine::fs::FsError;
use kaslite_engine::registry::StageError;
use kaslite_track::table::{Column, Table};
use ndarray::{ArrayView1, ArrayView2};
use ndarray_npy::NpzWriter;

use crate::generate_data::problem::Dataset;
use crate::shared::fail;

/// Writes a Parquet file: `x0` … as float32, `y` as int64, `metadata` as the file's own.
pub(super) fn write_parquet(
    dataset: &Dataset,
    metadata: &[(String, String)],
    path: &Path,
) -> Result<(), StageError> {
    let mut table = Table::new();
    for feature in 0..dataset.d {
        let cells = dataset.x.iter().skip(feature).step_by(dataset.d);
        let column: Column = cells.copied().collect();
        table = table.with(format!("x{feature}"), column);
    }
    table = table.with("y", dataset.y.clone());
    for (key, value) in metadata {
        table = table.with_metadata(key, value);
    }
    table.write(path).map_err(fail)
}

/// Writes an npz file: `X` float32 `[n, d]`, `y` int64 `[n]`. Its entries are stored as they are,
/// so that no version of a compressor shapes the bytes, and bear the zip format's first date.
pub(super) fn write_npz(dataset: &Dataset, path: &Path) -> Result<(), StageError> {
    let x = ArrayView2::from_shape((dataset.n, dataset.d), &dataset.x).map_err(fail)?;
    let file = File::create(path).map_err(|error| fail(FsError::new("write", path, error)))?;
    let mut npz = NpzWriter::new(file);
    npz.add_array("X", &x).map_err(fail)?;
    npz.add_array("y", &ArrayView1::from(&dataset.y))
        .map_err(fail)?;
    npz.finish().map_err(fail)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array1, Array2, array};
    use ndarray_npy::NpzReader;

    fn dataset() -> Dataset {
        Dataset {
            x: vec![0.5, -1.0, 2.0, 3.0, 4.5, 6.0],
            y: vec![0, 1, 1],
            n: 3,
            d: 2,
        }
    }

    #[test]
    fn parquet_has_a_column_a_feature_and_says_where_it_comes_from() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let metadata = [("data.noise".to_owned(), "0.25".to_owned())];
        write_parquet(&dataset(), &metadata, file.path()).unwrap();
        let table = Table::read(file.path()).unwrap();
        assert_eq!(table.values::<f32>("x0").unwrap(), [0.5, 2.0, 4.5]);
        assert_eq!(table.values::<f32>("x1").unwrap(), [-1.0, 3.0, 6.0]);
        assert_eq!(table.values::<i64>("y").unwrap(), [0, 1, 1]);
        assert_eq!(table.columns().len(), 3);
        assert_eq!(table.metadata()["data.noise"], "0.25");
    }

    #[test]
    fn npz_holds_the_arrays_that_numpy_expects() {
        let file = tempfile::NamedTempFile::new().unwrap();
        write_npz(&dataset(), file.path()).unwrap();
        let mut npz = NpzReader::new(File::open(file.path()).unwrap()).unwrap();
        assert_eq!(npz.names().unwrap(), ["X", "y"]);
        let x: Array2<f32> = npz.by_name("X").unwrap();
        let y: Array1<i64> = npz.by_name("y").unwrap();
        assert_eq!(x, array![[0.5, -1.0], [2.0, 3.0], [4.5, 6.0]]);
        assert_eq!(y, array![0, 1, 1]);
    }

    /// A zip file dates its entries; the date is 1980-01-01 00:00 in every local header, whatever
    /// features of the zip crate other crates switch on.
    #[test]
    fn npz_bears_no_time_of_day() {
        let file = tempfile::NamedTempFile::new().unwrap();
        write_npz(&dataset(), file.path()).unwrap();
        let bytes = std::fs::read(file.path()).unwrap();
        let headers = bytes
            .windows(14)
            .filter(|window| window.starts_with(b"PK\x03\x04"));
        let dates: Vec<&[u8]> = headers.map(|header| &header[10..14]).collect();
        assert_eq!(dates, [[0, 0, 0x21, 0], [0, 0, 0x21, 0]]);
    }
}
