use std::path::PathBuf;

use thiserror::Error;

use crate::device::DeviceError;
use crate::lifecycle::SlotError;
use crate::seed::SeedId;

/// Why a training run or an evaluation gave no result.
#[derive(Debug, Error)]
pub enum NnError {
    /// A value of the configuration lies outside its range.
    #[error("`{name}` is {value}, expected {expected}")]
    Config {
        /// The field of [`Config`](crate::Config).
        name: &'static str,
        /// What it holds.
        value: String,
        /// What it may hold.
        expected: String,
    },
    /// The data cannot be trained on.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The device cannot be used.
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// A loss is not a number any more; nothing that follows from it would be.
    #[error("{loss} became {value} at epoch {epoch}, batch {batch}")]
    NonFiniteLoss {
        /// Which loss.
        loss: LossKind,
        /// What it became.
        value: NonFinite,
        /// The epoch, from 1.
        epoch: usize,
        /// The batch within the epoch, from 1.
        batch: usize,
    },
    /// The caller asked to stop.
    #[error("training was cancelled in epoch {epoch}")]
    Cancelled {
        /// The epoch that was under way, from 1.
        epoch: usize,
    },
    /// A seed was asked for a move that its life does not know.
    #[error(transparent)]
    Life(#[from] SlotError),
    /// An evaluation names another number of seeds than the model has grown.
    #[error("{given} seeds are switched on or off, but the model has grown {grown}")]
    EnabledLength {
        /// Switches given.
        given: usize,
        /// Seeds that the model has grown.
        grown: usize,
    },
    /// More seeds have grown than a [`Configuration`](crate::Configuration) tells apart.
    #[error("{0} seeds have grown, but configurations are made of 64 at the most")]
    TooManySeeds(usize),
    /// A model could not be written or read.
    #[error(transparent)]
    ModelFile(#[from] ModelFileError),
    /// A checkpoint cannot be gone on from.
    #[error("the checkpoint cannot be used: {0}")]
    Checkpoint(String),
    /// A checkpoint could not be kept.
    #[error("cannot keep a checkpoint: {0}")]
    Keep(String),
}

/// What is wrong with a table of features and labels.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum DataError {
    /// The features do not fill whole rows, or the labels are not one a row.
    #[error("{features} features and {labels} labels do not make rows of {input_dim} features")]
    Shape {
        /// Number of features given.
        features: usize,
        /// Number of labels given.
        labels: usize,
        /// Features in a row.
        input_dim: usize,
    },
    /// A feature is NaN or infinite.
    #[error("row {row}, feature {column} is not a finite number")]
    NotFinite {
        /// The row, from 0.
        row: usize,
        /// The feature, from 0.
        column: usize,
    },
    /// A label is no class.
    #[error("row {row} has the label {label}, expected 0 to {last}")]
    Label {
        /// The row, from 0.
        row: usize,
        /// Its label.
        label: i64,
        /// The highest class.
        last: usize,
    },
    /// The split leaves nothing to train on, or nothing to validate on.
    #[error(
        "{rows} rows split at {train_frac} leave {train} to train and {validation} to validate"
    )]
    Split {
        /// Rows in all.
        rows: usize,
        /// The share that trains.
        train_frac: String,
        /// Rows to train on.
        train: usize,
        /// Rows to validate on.
        validation: usize,
    },
    /// There is nothing to evaluate.
    #[error("there are no rows")]
    Empty,
    /// A row was asked for that is not there.
    #[error("row {row} was asked for, but there are {rows}")]
    NoRow {
        /// The row asked for, from 0.
        row: usize,
        /// Rows in all.
        rows: usize,
    },
    /// The model was trained on rows of another width.
    #[error("rows have {given} features, but the model takes {expected}")]
    InputDim {
        /// Features in a row given.
        given: usize,
        /// Features in a row that the model takes.
        expected: usize,
    },
}

/// The losses that a run watches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum LossKind {
    /// The task's loss on a training batch.
    #[error("loss")]
    Training,
    /// A germinated seed's auto-encoding loss.
    #[error("shadow loss of {0}")]
    Shadow(SeedId),
    /// The task's loss on a validation batch.
    #[error("validation loss")]
    Validation,
}

/// What a number becomes that is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NonFinite {
    /// Not a number.
    #[error("NaN")]
    Nan,
    /// Beyond the range of the type.
    #[error("infinite")]
    Infinite,
}

/// Why a model file could not be written or read.
#[derive(Debug, Error)]
pub enum ModelFileError {
    /// The file system refused.
    #[error("cannot access the model file `{}`", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The refusal.
        source: std::io::Error,
    },
    /// The file is no safetensors file, or a damaged one.
    #[error("`{}` is not a safetensors file", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// What the reader found.
        source: safetensors::SafeTensorError,
    },
    /// The file holds tensors, but not a model of ours.
    #[error("`{}` is not a kaslite model: {reason}", path.display())]
    Header {
        /// The file.
        path: PathBuf,
        /// What is missing or wrong.
        reason: String,
    },
    /// A tensor is missing, or not what the header promises.
    #[error("`{}`: tensor `{name}` is {found}, expected {expected}", path.display())]
    Tensor {
        /// The file.
        path: PathBuf,
        /// The tensor.
        name: String,
        /// Its type and shape, or `missing`.
        found: String,
        /// The type and shape that the header promises.
        expected: String,
    },
}
