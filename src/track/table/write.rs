use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use arrow2::array::{Array, BooleanArray, MutableUtf8Array, PrimitiveArray, TryPush, Utf8Array};
use arrow2::chunk::Chunk;
use arrow2::datatypes::{DataType, Field, Schema};
use arrow2::error::Error as ArrowError;
use arrow2::io::parquet::write::{
    CompressionOptions, Encoding, FileWriter, KeyValue, Version, WriteOptions, ZstdLevel,
    row_group_iter, to_parquet_schema,
};
use tempfile::NamedTempFile;

use super::{Column, ColumnKind, Table, TableError};

/// Large enough to compress well, small enough that readers can share a file between threads.
pub(super) const ROWS_PER_GROUP: usize = 1 << 17;
const ZSTD_LEVEL: i32 = 3;

/// Writes beside `path`, then renames. The table has been checked.
pub(super) fn write(table: &Table, path: &Path) -> Result<(), TableError> {
    let io = |source| TableError::io("write", path, source);
    let temporary = temporary_beside(path).map_err(io)?;
    encode(table, temporary.as_file()).map_err(|error| {
        if let ArrowError::Io(source) = error {
            return io(source);
        }
        TableError::Encode {
            path: path.to_owned(),
            reason: error.to_string(),
        }
    })?;
    temporary.as_file().sync_data().map_err(io)?;
    temporary.persist(path).map_err(|error| io(error.error))?;
    Ok(())
}

/// A temporary file in the folder of `path`, with the permissions a plain new file would get.
fn temporary_beside(path: &Path) -> io::Result<NamedTempFile> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let mut builder = tempfile::Builder::new();
    builder.prefix(".table-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder.unwrap_or(Path::new(".")))
}

fn encode(table: &Table, file: &File) -> Result<(), ArrowError> {
    let options = WriteOptions {
        // Readers skip row groups by minimum and maximum, and the encoder's are wrong where a
        // column holds NaN: a reader that trusts them would drop rows.
        write_statistics: false,
        version: Version::V1,
        compression: CompressionOptions::Zstd(Some(ZstdLevel::try_new(ZSTD_LEVEL)?)),
        data_pagesize_limit: None,
    };
    // pyarrow takes the metadata from the embedded Arrow schema, others from the file's own.
    let schema = Schema::from(table.columns().iter().map(field).collect::<Vec<_>>())
        .with_metadata(table.metadata().clone());
    let fields = to_parquet_schema(&schema)?.fields().to_vec();
    let encodings = vec![vec![Encoding::Plain]; fields.len()];
    let mut writer = FileWriter::try_new(BufWriter::new(file), schema, options)?;
    for start in (0..table.rows()).step_by(ROWS_PER_GROUP) {
        let end = table.rows().min(start + ROWS_PER_GROUP);
        let columns = table.columns().iter();
        let arrays = columns.map(|(_, column)| array(column, start, end));
        let chunk = Chunk::try_new(arrays.collect::<Result<Vec<_>, _>>()?)?;
        writer.write(row_group_iter(
            chunk,
            encodings.clone(),
            fields.clone(),
            options,
        ))?;
    }
    let metadata = table.metadata().iter();
    let pair = |(key, value): (&String, &String)| KeyValue {
        key: key.clone(),
        value: Some(value.clone()),
    };
    writer.end(Some(metadata.map(pair).collect()))?;
    writer.into_inner().flush()?;
    Ok(())
}

fn field((name, column): &(String, Column)) -> Field {
    let data_type = match column.kind() {
        ColumnKind::F64 => DataType::Float64,
        ColumnKind::F32 => DataType::Float32,
        ColumnKind::I64 => DataType::Int64,
        ColumnKind::Bool => DataType::Boolean,
        ColumnKind::Text => DataType::Utf8,
    };
    Field::new(name, data_type, true)
}

/// The rows `start..end` of a column. An error where their text exceeds 2 GiB.
fn array(column: &Column, start: usize, end: usize) -> Result<Box<dyn Array>, ArrowError> {
    Ok(match column {
        Column::F64(cells) => PrimitiveArray::from(&cells[start..end]).boxed(),
        Column::F32(cells) => PrimitiveArray::from(&cells[start..end]).boxed(),
        Column::I64(cells) => PrimitiveArray::from(&cells[start..end]).boxed(),
        Column::Bool(cells) => BooleanArray::from(&cells[start..end]).boxed(),
        Column::Text(cells) => {
            let mut text = MutableUtf8Array::<i32>::with_capacity(end - start);
            for cell in &cells[start..end] {
                text.try_push(cell.as_deref())?;
            }
            Into::<Utf8Array<i32>>::into(text).boxed()
        }
    })
}
