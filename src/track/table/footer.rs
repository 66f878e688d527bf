use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use arrow2::datatypes::{DataType, Field};
use arrow2::io::parquet::read::schema::parquet_to_arrow_schema;
use parquet2::compression::Compression;
use parquet2::metadata::{FileMetaData, RowGroupMetaData};

use super::TableError;
use super::storage::Storage;

/// The key under which Arrow writers embed their schema.
pub(super) const ARROW_SCHEMA_KEY: &str = "ARROW:schema";
const MAGIC: [u8; 4] = *b"PAR1";
/// Magic, footer length, magic.
const SMALLEST_FILE: u64 = 12;

/// What a file says of itself, once it has been found readable.
pub(super) struct Footer {
    pub(super) columns: Vec<(String, Storage)>,
    pub(super) row_groups: Vec<RowGroupMetaData>,
    pub(super) metadata: BTreeMap<String, String>,
}

/// The cheap test that a file is Parquet at all: its first and last four bytes.
/// Gives the length of the file.
pub(super) fn check_magic(file: &mut (impl Read + Seek), path: &Path) -> Result<u64, TableError> {
    let io = |source| TableError::io("read", path, source);
    let not = |reason| TableError::NotParquet {
        path: path.to_owned(),
        reason,
    };
    let length = file.seek(SeekFrom::End(0)).map_err(io)?;
    if length < SMALLEST_FILE {
        return Err(not("it is shorter than the smallest such file"));
    }
    let mut magic = [0; 4];
    file.seek(SeekFrom::Start(0)).map_err(io)?;
    file.read_exact(&mut magic).map_err(io)?;
    if magic != MAGIC {
        return Err(not("it does not begin with `PAR1`"));
    }
    file.seek(SeekFrom::End(-4)).map_err(io)?;
    file.read_exact(&mut magic).map_err(io)?;
    if magic != MAGIC {
        return Err(not(
            "it does not end with `PAR1`, so it may have been cut off",
        ));
    }
    file.seek(SeekFrom::Start(0)).map_err(io)?;
    Ok(length)
}

/// Checks everything that can be checked before a page is read.
///
/// The types come from the Parquet schema and not from the Arrow schema that many writers embed:
/// it is one thing less to trust, and dictionary columns read as the text they hold.
pub(super) fn check(footer: FileMetaData, length: u64, path: &Path) -> Result<Footer, TableError> {
    let fields = parquet_to_arrow_schema(footer.schema().fields());
    if fields.len() != footer.schema().fields().len() {
        return Err(TableError::damaged(
            path,
            "its schema has a field without a type",
        ));
    }
    let columns = fields.into_iter().map(|field| storage(field, path));
    let columns = columns.collect::<Result<Vec<_>, _>>()?;
    let names: BTreeSet<_> = columns.iter().map(|(name, _)| name).collect();
    if names.len() != columns.len() {
        return Err(TableError::damaged(
            path,
            "two of its columns have the same name",
        ));
    }
    for group in &footer.row_groups {
        check_row_group(group, columns.len(), length, path)?;
    }
    let rows: Option<usize> = footer
        .row_groups
        .iter()
        .try_fold(0, |sum: usize, group| sum.checked_add(group.num_rows()));
    if rows != Some(footer.num_rows) {
        return Err(TableError::damaged(
            path,
            "its row groups do not add up to its rows",
        ));
    }
    let pairs = footer.key_value_metadata.into_iter().flatten();
    let metadata = pairs
        .filter(|pair| pair.key != ARROW_SCHEMA_KEY)
        .filter_map(|pair| Some((pair.key, pair.value?)))
        .collect();
    Ok(Footer {
        columns,
        row_groups: footer.row_groups,
        metadata,
    })
}

fn check_row_group(
    group: &RowGroupMetaData,
    columns: usize,
    length: u64,
    path: &Path,
) -> Result<(), TableError> {
    if group.columns().len() != columns {
        return Err(TableError::damaged(
            path,
            "a row group lacks columns of the schema",
        ));
    }
    for column in group.columns() {
        let (start, size) = column.byte_range();
        if start.checked_add(size).is_none_or(|end| end > length) {
            return Err(TableError::damaged(
                path,
                "a column lies outside of the file",
            ));
        }
        if i64::try_from(group.num_rows()).ok() != Some(column.num_values()) {
            return Err(TableError::damaged(
                path,
                "columns of a row group differ in length",
            ));
        }
        let compression = column.compression();
        if !matches!(
            compression,
            Compression::Uncompressed | Compression::Snappy | Compression::Zstd
        ) {
            return Err(TableError::Unsupported {
                path: path.to_owned(),
                reason: format!(
                    "column `{}` is compressed with {compression:?}; use zstd, snappy or none",
                    column.descriptor().path_in_schema.join(".")
                ),
            });
        }
    }
    Ok(())
}

fn storage(field: Field, path: &Path) -> Result<(String, Storage), TableError> {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "every other type is refused by name"
    )]
    let storage = match &field.data_type {
        DataType::Float64 => Storage::Double,
        DataType::Float32 => Storage::Float,
        DataType::Int64 => Storage::Int64,
        DataType::Int32 | DataType::Int16 | DataType::Int8 => Storage::Int32,
        DataType::UInt32 | DataType::UInt16 | DataType::UInt8 => Storage::Unsigned32,
        DataType::Boolean => Storage::Boolean,
        DataType::Utf8 | DataType::LargeUtf8 => Storage::Text,
        other => {
            return Err(TableError::Unsupported {
                path: path.to_owned(),
                reason: format!(
                    "column `{}` has the type {other:?}; use floats, integers, booleans or text",
                    field.name
                ),
            });
        }
    };
    Ok((field.name, storage))
}
