//! [`Diff`]: values by file and key, side by side.

use crate::ui::{Table, Terminal};
use kaslite_engine::value::Value;
use kaslite_track::metrics::Metrics;
use serde::Serialize;
use std::collections::BTreeSet;

/// How a diff is printed.
#[derive(Debug, clap::Args)]
pub(crate) struct Form {
    /// One side: a run, a git revision or `workspace` [default: HEAD, or the latest run]
    pub(crate) a: Option<String>,
    /// The other side [default: workspace]
    pub(crate) b: Option<String>,
    /// Also what is equal
    #[arg(long)]
    all: bool,
    /// Print JSON
    #[arg(long, conflicts_with = "md")]
    json: bool,
    /// Print a table of Markdown
    #[arg(long)]
    md: bool,
}

/// One key of one file.
#[derive(Serialize)]
struct Row {
    file: String,
    key: String,
    old: Option<Value>,
    new: Option<Value>,
    /// `new - old` where both are numbers.
    change: Option<f64>,
}

/// The rows of two sides.
pub(crate) struct Diff {
    rows: Vec<Row>,
    titles: (String, String),
}

impl Diff {
    pub(crate) fn new(a: &Metrics, b: &Metrics, titles: (String, String)) -> Self {
        let mut rows = Vec::new();
        let files: BTreeSet<&String> = a.keys().chain(b.keys()).collect();
        for file in files {
            let keys: BTreeSet<&String> = [a, b]
                .iter()
                .filter_map(|side| side.get(file))
                .flat_map(|values| values.keys())
                .collect();
            for key in keys {
                let get =
                    |side: &Metrics| side.get(file).and_then(|values| values.get(key)).cloned();
                let (old, new) = (get(a), get(b));
                let number = |value: &Option<Value>| value.as_ref().and_then(Value::as_f64);
                let change = number(&new).zip(number(&old)).map(|(new, old)| new - old);
                rows.push(Row {
                    file: file.clone(),
                    key: key.clone(),
                    old,
                    new,
                    change,
                });
            }
        }
        Self { rows, titles }
    }

    /// Prints it; `with_change` adds the difference of numbers.
    pub(crate) fn show(&self, terminal: Terminal, form: &Form, with_change: bool) {
        let rows: Vec<&Row> = self
            .rows
            .iter()
            .filter(|row| form.all || row.old != row.new)
            .collect();
        if form.json {
            terminal.data(serde_json::to_string_pretty(&rows).unwrap_or_default());
            return;
        }
        if rows.is_empty() {
            terminal.note(format_args!(
                "no difference between {} and {}",
                self.titles.0, self.titles.1
            ));
            return;
        }
        let table = self.table(&rows, with_change);
        terminal.data(if form.md {
            table.markdown()
        } else {
            table.text()
        });
    }

    fn table(&self, rows: &[&Row], with_change: bool) -> Table {
        let several = rows.iter().any(|row| row.file != rows[0].file);
        let (a, b) = (format!("{}>", self.titles.0), format!("{}>", self.titles.1));
        let mut columns = vec!["Key", &a, &b];
        if with_change {
            columns.push("Change>");
        }
        if several {
            columns.insert(0, "File");
        }
        let mut table = Table::new(&columns);
        for row in rows {
            let side = |value: &Option<Value>| {
                value
                    .as_ref()
                    .map_or_else(|| "—".to_owned(), ToString::to_string)
            };
            let mut cells = vec![row.key.clone(), side(&row.old), side(&row.new)];
            if with_change {
                cells.push(row.change.map_or_else(String::new, signed));
            }
            if several {
                cells.insert(0, row.file.clone());
            }
            table.row(cells);
        }
        table
    }
}

/// With its sign and no more digits than it has, six at most.
fn signed(change: f64) -> String {
    let text = format!("{change:+.6}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if matches!(text, "+0" | "-0" | "+" | "-") {
        "0".to_owned()
    } else {
        text.to_owned()
    }
}
