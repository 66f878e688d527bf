use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use parquet2::error::Error as ParquetError;
use parquet2::metadata::{ColumnChunkMetaData, RowGroupMetaData};
use parquet2::page::Page;
use parquet2::read::{PageReader, decompress, read_metadata};

use super::footer::{self, Footer};
use super::page::{self, Fault, Plain};
use super::storage::Storage;
use super::{Column, Table, TableError, plain};

/// Reads a file. The pages are decoded here and not by arrow2, whose decoders loop without end
/// and allocate without limit on a page that holds fewer values than its header says.
pub(super) fn read(path: &Path) -> Result<Table, TableError> {
    let file = File::open(path).map_err(|source| TableError::io("read", path, source))?;
    let mut file = BufReader::new(file);
    let length = footer::check_magic(&mut file, path)?;
    let footer = read_metadata(&mut file).map_err(|error| refused(path, error.into()))?;
    let Footer {
        columns: storages,
        row_groups,
        metadata,
    } = footer::check(footer, length, path)?;
    let mut columns: Vec<_> = storages
        .iter()
        .map(|(_, storage)| storage.empty_column())
        .collect();
    for group in &row_groups {
        for (index, (name, storage)) in storages.iter().enumerate() {
            append(&mut columns[index], *storage, &mut file, group, index)
                .map_err(|fault| in_column(path, name, fault))?;
        }
    }
    let named = storages.into_iter().map(|(name, _)| name).zip(columns);
    let table = named.fold(Table::new(), |table, (name, column)| {
        table.with(name, column)
    });
    Ok(metadata
        .into_iter()
        .fold(table, |table, (key, value)| table.with_metadata(key, value)))
}

/// Appends one column of one row group.
fn append(
    column: &mut Column,
    storage: Storage,
    file: &mut BufReader<File>,
    group: &RowGroupMetaData,
    index: usize,
) -> Result<(), Fault> {
    let chunk = Chunk {
        meta: &group.columns()[index],
        rows: group.num_rows(),
    };
    let bytes = chunk.bytes(file)?;
    match (column, storage) {
        (Column::F64(cells), _) => chunk.append(cells, &bytes, plain::doubles),
        (Column::F32(cells), _) => chunk.append(cells, &bytes, plain::floats),
        (Column::I64(cells), Storage::Int32) => chunk.append(cells, &bytes, plain::int32s),
        (Column::I64(cells), Storage::Unsigned32) => {
            chunk.append(cells, &bytes, plain::unsigned32s)
        }
        (Column::I64(cells), _) => chunk.append(cells, &bytes, plain::int64s),
        (Column::Bool(cells), _) => chunk.append(cells, &bytes, plain::booleans),
        (Column::Text(cells), _) => chunk.append(cells, &bytes, plain::texts),
    }
}

/// One column of one row group; its place in the file has been checked.
struct Chunk<'a> {
    meta: &'a ColumnChunkMetaData,
    rows: usize,
}

impl Chunk<'_> {
    fn bytes(&self, file: &mut BufReader<File>) -> Result<Vec<u8>, Fault> {
        let (start, length) = self.meta.byte_range();
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(start))
            .and_then(|_| file.take(length).read_to_end(&mut bytes))
            .map_err(|error| Fault::damaged(error.to_string()))?;
        Ok(bytes)
    }

    fn append<T: Clone>(
        &self,
        cells: &mut Vec<Option<T>>,
        bytes: &[u8],
        plain: Plain<T>,
    ) -> Result<(), Fault> {
        let end = cells.len() + self.rows;
        let every_page = Arc::new(|_: &_, _: &_| true);
        // A page header can be longer than a tiny column, never this much.
        let longest_page = bytes.len() + 1024;
        let pages = PageReader::new(bytes, self.meta, every_page, Vec::new(), longest_page);
        let mut dictionary = None;
        for compressed in pages {
            match decompress(compressed?, &mut Vec::new())? {
                Page::Dict(page) => dictionary = Some(page::dictionary(&page, plain)?),
                Page::Data(page) => {
                    let room = end - cells.len();
                    page::append(cells, &page, room, dictionary.as_deref(), plain)?;
                }
            }
        }
        if cells.len() == end {
            return Ok(());
        }
        Err(Fault::damaged(
            "its pages hold fewer rows than its footer says",
        ))
    }
}

impl From<ParquetError> for Fault {
    fn from(error: ParquetError) -> Self {
        #[expect(clippy::wildcard_enum_match_arm, reason = "the rest is damage")]
        match error {
            ParquetError::FeatureNotSupported(reason) => Self::Unsupported(reason),
            other => Self::Damaged(other.to_string()),
        }
    }
}

fn in_column(path: &Path, column: &str, fault: Fault) -> TableError {
    refused(
        path,
        match fault {
            Fault::Damaged(reason) => Fault::Damaged(format!("column `{column}`: {reason}")),
            Fault::Unsupported(reason) => {
                Fault::Unsupported(format!("column `{column}`: {reason}"))
            }
        },
    )
}

fn refused(path: &Path, fault: Fault) -> TableError {
    let path = path.to_owned();
    match fault {
        Fault::Damaged(reason) => TableError::Damaged { path, reason },
        Fault::Unsupported(reason) => TableError::Unsupported { path, reason },
    }
}
