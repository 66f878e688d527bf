//! [`RunsView`]: what a report of one run or several says, ready for a template.

use crate::report::view::FigureView;
use serde::Serialize;

/// What a report of one run or several says.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RunsView {
    /// The heading.
    pub title: String,
    /// The runs.
    pub runs: Vec<RunHead>,
    /// The run that a single one is told against.
    pub base: Option<String>,
    /// Tables, in order.
    pub parts: Vec<Part>,
    /// Curves.
    pub figures: Vec<FigureView>,
}

/// What is said of a run.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RunHead {
    /// The group that it belongs to, where there are several.
    pub letter: String,
    /// Its name.
    pub run_id: String,
    /// `done`, `failed`, `interrupted` or `unfinished`.
    pub outcome: String,
    /// What it is worth.
    pub status: String,
    /// When it began.
    pub started: String,
    /// How long it took; `None` where it was killed.
    pub seconds: Option<f64>,
    /// What was typed.
    pub command: String,
    /// The commit of the code.
    pub commit: Option<String>,
    /// Whether something was not committed.
    pub dirty: bool,
    /// The version of kaslite.
    pub kaslite: String,
    /// The processor.
    pub cpu: Option<String>,
    /// Words by which it is found again.
    pub tags: Vec<String>,
    /// What was tried.
    pub description: Option<String>,
    /// What was noted after it.
    pub note: Option<String>,
}

/// A table with its heading.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Part {
    /// The heading.
    pub title: String,
    /// The table.
    pub table: TableView,
    /// What is said where it has no rows, with literals in backticks.
    pub nothing: String,
    /// What must be known to read it.
    pub remarks: Vec<String>,
}

/// Rows under a header.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TableView {
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows, each with a cell a column.
    pub rows: Vec<Vec<String>>,
}

/// A column of a table.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Column {
    /// Its title.
    pub title: String,
    /// Whether it holds numbers.
    pub number: bool,
    /// Whether it holds names or values as they are typed.
    pub code: bool,
}

impl Column {
    /// Of plain text.
    pub fn text(title: &str) -> Self {
        Self {
            title: title.to_owned(),
            ..Self::default()
        }
    }

    /// Of numbers.
    pub fn number(title: &str) -> Self {
        Self {
            number: true,
            ..Self::text(title)
        }
    }

    /// Of names or values as they are typed.
    pub fn code(title: &str) -> Self {
        Self {
            code: true,
            ..Self::text(title)
        }
    }
}
