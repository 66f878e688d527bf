use std::io;
use std::path::{Path, PathBuf};

use super::ColumnKind;

/// Why a table could not be written, read, or asked for a column.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// Nothing lies at the path.
    #[error("no file at `{}`", path.display())]
    Missing {
        /// The file that was to be read.
        path: PathBuf,
    },
    /// The operating system refused a read or a write.
    #[error("cannot {action} `{}`", path.display())]
    Io {
        /// `read` or `write`.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file does not begin and end as a Parquet file does.
    #[error("`{}` is not a Parquet file: {reason}", path.display())]
    NotParquet {
        /// The file.
        path: PathBuf,
        /// What is missing.
        reason: &'static str,
    },
    /// The file says it is Parquet and its content contradicts itself.
    #[error("`{}` is damaged: {reason}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What does not fit.
        reason: String,
    },
    /// The file uses a type, compression or encoding that kaslite does not read.
    #[error("cannot read `{}`: {reason}", path.display())]
    Unsupported {
        /// The file.
        path: PathBuf,
        /// The first column that cannot be read, what about it, and what would be supported.
        reason: String,
    },
    /// The Parquet encoder refused the table.
    #[error("cannot encode `{}`: {reason}", path.display())]
    Encode {
        /// The file that was to be written.
        path: PathBuf,
        /// What the encoder said.
        reason: String,
    },
    /// A table without columns has no form that every reader of Parquet accepts.
    #[error("a table needs at least one column")]
    NoColumns,
    /// Two columns have the same name.
    #[error("two columns are named `{column}`")]
    DuplicateColumn {
        /// The name.
        column: String,
    },
    /// A column has another number of cells than the first one.
    #[error("column `{column}` has {rows} rows, the columns before it have {expected}")]
    UnequalLength {
        /// The column that differs.
        column: String,
        /// Its number of cells.
        rows: usize,
        /// The number of cells of the first column.
        expected: usize,
    },
    /// The metadata key belongs to the file format.
    #[error("the metadata key `{key}` is reserved by the file format")]
    ReservedKey {
        /// The key.
        key: String,
    },
    /// The table has no column of that name.
    #[error("no column `{column}`; there are {}", quoted(known))]
    NoSuchColumn {
        /// The name asked for.
        column: String,
        /// The names there are.
        known: Vec<String>,
    },
    /// The column has another type.
    #[error("column `{column}` holds {found}, expected {expected}")]
    WrongKind {
        /// The column.
        column: String,
        /// The type asked for.
        expected: ColumnKind,
        /// The type it has.
        found: ColumnKind,
    },
    /// A cell is null where a value is needed.
    #[error("column `{column}` is null in row {row}")]
    Null {
        /// The column.
        column: String,
        /// The first row that is null, counted from 0.
        row: usize,
    },
}

impl TableError {
    pub(super) fn io(action: &'static str, path: &Path, source: io::Error) -> Self {
        if action == "read" && source.kind() == io::ErrorKind::NotFound {
            return Self::Missing {
                path: path.to_owned(),
            };
        }
        Self::Io {
            action,
            path: path.to_owned(),
            source,
        }
    }

    pub(super) fn damaged(path: &Path, reason: impl Into<String>) -> Self {
        Self::Damaged {
            path: path.to_owned(),
            reason: reason.into(),
        }
    }
}

fn quoted(names: &[String]) -> String {
    if names.is_empty() {
        return "none".to_owned();
    }
    names
        .iter()
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ")
}
