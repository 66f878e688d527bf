use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::footer::ARROW_SCHEMA_KEY;
use super::{Cell, Column, TableError, read, write};

/// Named columns of equal length, in order, and key/value metadata: one Parquet file.
///
/// ```no_run
/// # use kaslite_track::table::{Table, TableError};
/// # fn main() -> Result<(), TableError> {
/// let table = Table::new()
///     .with("epoch", vec![1_i64, 2, 3])
///     .with("train_loss", vec![Some(0.7_f64), None, Some(0.5)])
///     .with_metadata("kaslite.kind", "epochs");
/// table.write("results/train/epochs.parquet".as_ref())?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    columns: Vec<(String, Column)>,
    metadata: BTreeMap<String, String>,
}

impl Table {
    /// A table without columns.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a column at the right. Names and lengths are checked when the table is written.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, column: impl Into<Column>) -> Self {
        self.columns.push((name.into(), column.into()));
        self
    }

    /// Sets a metadata value of the file; a key set twice keeps the last value.
    #[must_use]
    pub fn with_metadata(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.metadata.insert(key.into(), value.into());
        self
    }

    /// The columns in order, with their names.
    pub fn columns(&self) -> &[(String, Column)] {
        &self.columns
    }

    /// The metadata of the file, by key.
    pub fn metadata(&self) -> &BTreeMap<String, String> {
        &self.metadata
    }

    /// How many rows the table has; 0 for a table without columns.
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, |(_, column)| column.len())
    }

    /// The column of that name, whatever its type.
    pub fn column(&self, name: &str) -> Result<&Column, TableError> {
        let found = self.columns.iter().find(|(known, _)| known == name);
        found
            .map(|(_, column)| column)
            .ok_or_else(|| TableError::NoSuchColumn {
                column: name.to_owned(),
                known: self
                    .columns
                    .iter()
                    .map(|(known, _)| known.clone())
                    .collect(),
            })
    }

    /// The cells of the column of that name, which must hold `T`; `None` is a null.
    pub fn cells<T: Cell>(&self, name: &str) -> Result<&[Option<T>], TableError> {
        let column = self.column(name)?;
        T::cells(column).ok_or_else(|| TableError::WrongKind {
            column: name.to_owned(),
            expected: T::KIND,
            found: column.kind(),
        })
    }

    /// The values of the column of that name, which must hold `T` and have no null.
    pub fn values<T: Cell>(&self, name: &str) -> Result<Vec<T>, TableError> {
        let cells = self.cells::<T>(name)?;
        let present = |(row, cell): (usize, &Option<T>)| {
            cell.clone().ok_or_else(|| TableError::Null {
                column: name.to_owned(),
                row,
            })
        };
        cells.iter().enumerate().map(present).collect()
    }

    /// Writes the table as a Parquet file: zstd, row groups of 131,072 rows, every column
    /// nullable, the metadata as the file's key/value metadata.
    ///
    /// The same table gives the same bytes: no time, host or version but the format's goes in.
    /// NaN and infinities in float columns are written as they are; a caller for whom they mean
    /// "not measured" turns them into `None` first. The file appears whole or not at all: it is
    /// written beside `path` and renamed, so a hard or symbolic link at `path` is replaced and
    /// what it pointed to stays as it was.
    ///
    /// # Errors
    /// No column, unequal lengths, a name twice, the metadata key `ARROW:schema`; what the
    /// encoder or the operating system refused.
    pub fn write(&self, path: &Path) -> Result<(), TableError> {
        self.check()?;
        write::write(self, path)
    }

    /// Reads a Parquet file of any writer whose columns are flat: floats, integers up to 64 bits
    /// (widened to `i64`), booleans, text (dictionary-encoded or not), uncompressed or compressed
    /// with zstd or snappy.
    ///
    /// # Errors
    /// [`TableError::Missing`], [`TableError::NotParquet`], [`TableError::Damaged`],
    /// [`TableError::Unsupported`] with the first such column, [`TableError::Io`]. Damage inside
    /// a compressed value can stay unseen, as zstd frames in Parquet carry no checksum: whoever
    /// needs to know compares digests.
    pub fn read(path: &Path) -> Result<Self, TableError> {
        read::read(path)
    }

    /// Every column must have its own name and the same length as the first one.
    fn check(&self) -> Result<(), TableError> {
        let expected = self.columns.first().ok_or(TableError::NoColumns)?.1.len();
        let mut names = BTreeSet::new();
        for (name, column) in &self.columns {
            let (column, rows) = (name.clone(), column.len());
            if !names.insert(name) {
                return Err(TableError::DuplicateColumn { column });
            }
            if rows != expected {
                return Err(TableError::UnequalLength {
                    column,
                    rows,
                    expected,
                });
            }
        }
        if self.metadata.contains_key(ARROW_SCHEMA_KEY) {
            return Err(TableError::ReservedKey {
                key: ARROW_SCHEMA_KEY.to_owned(),
            });
        }
        Ok(())
    }
}
