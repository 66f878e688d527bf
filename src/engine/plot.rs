//! [`Plot`]: data of files that people look at as a picture.

use crate::rel_path::RelPath;
use serde::{Deserialize, Serialize};

/// A picture of columns of files.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plot {
    /// Its name: the path of its file, or what the pipeline file calls it.
    pub name: String,
    /// The columns that are drawn, each with its file.
    pub columns: Vec<PlotColumn>,
    /// The column of the horizontal axis; `None` counts the records.
    pub x: Option<String>,
    /// What stands above it.
    pub title: Option<String>,
    /// The name of the horizontal axis.
    pub x_label: Option<String>,
    /// The name of the vertical axis.
    pub y_label: Option<String>,
    /// How it is drawn.
    pub template: Option<String>,
    /// Whether the first line of a CSV file names its columns.
    pub header: bool,
}

/// A column of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlotColumn {
    /// The file, or a folder of them.
    pub file: RelPath,
    /// The column; `None` for the last one.
    pub column: Option<String>,
    /// The column of the horizontal axis where it is another one for this file.
    pub x: Option<String>,
}
