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

    /// Whether JSON is asked for.
    pub(crate) fn is_json(&self) -> bool {
        self.json
    }

    /// Prints a table as text or Markdown.
    pub(crate) fn print(&self, terminal: Terminal, table: Table) {
        terminal.data(if self.md {
            table.markdown()
        } else {
            table.text()
        });
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
pub(crate) struct Row {
    pub(crate) file: String,
    pub(crate) key: String,
    pub(crate) old: Option<Value>,
    pub(crate) new: Option<Value>,
    /// `new - old` where both are numbers.
    pub(crate) change: Option<f64>,
    /// `change / |old|` where that is a number.
    pub(crate) relative: Option<f64>,
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
                let relative = change.zip(number(&old));
                let relative = relative.map(|(change, old)| change / old.abs());
                rows.push(Row {
                    file: file.clone(),
                    key: key.clone(),
                    old,
                    new,
                    change: change.filter(|change| change.is_finite()),
                    relative: relative.filter(|relative| relative.is_finite()),
                });
            }
        }
        Self { rows, titles }
    }

    /// The rows that the form asks for.
    pub(crate) fn rows(&self, form: &Form) -> Vec<&Row> {
        let wanted = |row: &&Row| form.takes(&row.file) && (form.all || row.differs());
        self.rows.iter().filter(wanted).collect()
    }

    /// Every row.
    pub(crate) fn all_rows(&self) -> &[Row] {
        &self.rows
    }

    /// What each side is called.
    pub(crate) fn titles(&self) -> (&str, &str) {
        (&self.titles.0, &self.titles.1)
    }

    /// Says that nothing differs.
    pub(crate) fn nothing(&self, terminal: Terminal) {
        let (a, b) = self.titles();
        terminal.note(format_args!("no difference between {a} and {b}"));
    }

    /// Prints it; `numbers` adds the difference of numbers, and may say how many decimals there are.
    pub(crate) fn show(&self, terminal: Terminal, form: &Form, numbers: Option<Decimals>) {
        let rows = self.rows(form);
        if form.json {
            terminal.data(serde_json::to_string_pretty(&rows).unwrap_or_default());
            return;
        }
        if rows.is_empty() {
            return self.nothing(terminal);
        }
        form.print(terminal, self.table(&rows, numbers, form.no_path));
    }

    fn table(&self, rows: &[&Row], numbers: Option<Decimals>, no_path: bool) -> Table {
        let several = !no_path && rows.iter().any(|row| row.file != rows[0].file);
        let (a, b) = (format!("{}>", self.titles.0), format!("{}>", self.titles.1));
        let mut columns = vec!["Key", &a, &b];
        if numbers.is_some() {
            columns.extend(["Change>", "Relative>"]);
        }
        if several {
            columns.insert(0, "File");
        }
        let mut table = Table::new(&columns);
        for row in rows {
            let side = |value: &Option<Value>| shown(value.as_ref(), numbers.and_then(|it| it.0));
            let mut cells = vec![row.key.clone(), side(&row.old), side(&row.new)];
            if let Some(decimals) = numbers {
                let change = |change| signed(change, decimals.0.unwrap_or(6));
                cells.push(row.change.map_or_else(String::new, change));
                cells.push(row.relative.map_or_else(String::new, percent));
            }
            if several {
                cells.insert(0, row.file.clone());
            }
            table.row(cells);
        }
        table
    }
}

impl Row {
    /// Whether the sides differ here.
    pub(crate) fn differs(&self) -> bool {
        self.old != self.new
    }
}

/// A value for a table; `—` where there is none.
pub(crate) fn shown(value: Option<&Value>, decimals: Option<usize>) -> String {
    value.map_or_else(|| "—".to_owned(), |value| rounded(value, decimals))
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
pub(crate) fn signed(change: f64, decimals: usize) -> String {
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

/// A relative change in percent: `+12.5 %`.
fn percent(relative: f64) -> String {
    let decimals = if relative.abs() < 0.1 { 2 } else { 1 };
    format!("{} %", signed(relative * 100.0, decimals))
}
