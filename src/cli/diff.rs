//! [`Diff`]: values by file and key, side by side.

use crate::ui::{Table, Terminal};
use kaslite_engine::value::Value;
use kaslite_track::metrics::Metrics;
use serde::Serialize;
use std::collections::BTreeSet;

/// How a diff is printed.
#[derive(Debug, clap::Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag that can be typed"
)]
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
    /// Only these files
    #[arg(long, value_name = "FILE", num_args = 1..)]
    targets: Vec<String>,
    /// Leave out the files' names
    #[arg(long)]
    no_path: bool,
}

impl Form {
    /// What is printed where neither a commit nor a run is there to compare with.
    pub(crate) fn nothing(&self, terminal: Terminal) {
        if self.json {
            terminal.data("[]");
        }
        terminal.note("nothing to compare with yet: there is no commit and no run");
    }

    fn takes(&self, file: &str) -> bool {
        self.targets.is_empty() || self.targets.iter().any(|target| target == file)
    }
}

/// How many decimals a table shows of a fraction; by default all of a value, six of a change.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Decimals(pub(crate) Option<usize>);

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

    /// Prints it; `numbers` adds the difference of numbers, and may say how many decimals there are.
    pub(crate) fn show(&self, terminal: Terminal, form: &Form, numbers: Option<Decimals>) {
        let rows: Vec<&Row> = self
            .rows
            .iter()
            .filter(|row| form.takes(&row.file) && (form.all || row.old != row.new))
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
        let table = self.table(&rows, numbers, form.no_path);
        terminal.data(if form.md {
            table.markdown()
        } else {
            table.text()
        });
    }

    fn table(&self, rows: &[&Row], numbers: Option<Decimals>, no_path: bool) -> Table {
        let several = !no_path && rows.iter().any(|row| row.file != rows[0].file);
        let (a, b) = (format!("{}>", self.titles.0), format!("{}>", self.titles.1));
        let mut columns = vec!["Key", &a, &b];
        if numbers.is_some() {
            columns.push("Change>");
        }
        if several {
            columns.insert(0, "File");
        }
        let mut table = Table::new(&columns);
        for row in rows {
            let side = |value: &Option<Value>| {
                value.as_ref().map_or_else(
                    || "—".to_owned(),
                    |value| rounded(value, numbers.and_then(|it| it.0)),
                )
            };
            let mut cells = vec![row.key.clone(), side(&row.old), side(&row.new)];
            if let Some(decimals) = numbers {
                cells.push(row.change.map_or_else(String::new, |change| {
                    signed(change, decimals.0.unwrap_or(6))
                }));
            }
            if several {
                cells.insert(0, row.file.clone());
            }
            table.row(cells);
        }
        table
    }
}

/// A value for a table: a fraction with so many decimals at most.
pub(crate) fn rounded(value: &Value, decimals: Option<usize>) -> String {
    match (value, decimals) {
        (Value::Float(number), Some(decimals)) if number.is_finite() => {
            let (exact, text) = (value.to_string(), format!("{number:.decimals$}"));
            // What has no more digits, or none within the decimals, is shown as it is.
            let nothing = *number != 0.0 && text.parse() == Ok(0.0);
            if exact.len() <= text.len() || nothing {
                exact
            } else {
                text
            }
        }
        _ => value.to_string(),
    }
}

/// With its sign and no more digits than it has, so many decimals at most.
fn signed(change: f64, decimals: usize) -> String {
    let text = format!("{change:+.decimals$}");
    let text = if decimals == 0 {
        &text
    } else {
        text.trim_end_matches('0').trim_end_matches('.')
    };
    if matches!(text, "+0" | "-0" | "+" | "-") {
        "0".to_owned()
    } else {
        text.to_owned()
    }
}
