use kaslite_track::table::TableError;

/// Why a dataset is refused. Rows count from 0.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SamplesError {
    /// The file cannot be read, or a column is missing, null or of a type that is no number.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A feature is NaN, infinite or too large for a float32.
    #[error("column `{column}` is {value} in row {row}, not a finite float32")]
    NotFinite {
        /// The column.
        column: String,
        /// The row.
        row: usize,
        /// What it holds.
        value: f64,
    },
    /// There is not one sample to train on and one to validate on.
    #[error("there are {rows} samples; at least 2 are needed")]
    TooFew {
        /// Samples there are.
        rows: usize,
    },
    /// A label is negative.
    #[error("column `y` is {label} in row {row}; labels are 0, 1, 2 …")]
    NegativeLabel {
        /// The row.
        row: usize,
        /// Its label.
        label: i64,
    },
    /// A class between 0 and the highest has no sample.
    #[error("the labels go up to {highest}, but no sample has the label {absent}")]
    NoSuchLabel {
        /// The first class without a sample.
        absent: i64,
        /// The highest label.
        highest: i64,
    },
    /// All samples are of one class.
    #[error("all {rows} samples have the label 0; there must be two classes or more")]
    OneClass {
        /// Samples there are.
        rows: usize,
    },
}
