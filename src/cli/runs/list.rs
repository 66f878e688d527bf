//! `kaslite runs list`.

use crate::cli::error::CliError;
use crate::cli::runs::facts::{FIELDS, Facts, facts, outcome};
use crate::cli::runs::filter::{self, filter, no_value};
use crate::cli::session::Session;
use crate::ui::{Table, duration};
use kaslite_engine::value::Value;
use kaslite_track::record::{RunRecord, RunStore};
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::time::Duration;

/// Arguments of `runs list`.
#[derive(Debug, clap::Args)]
#[command(after_help = filter::HELP)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag that can be typed"
)]
pub(crate) struct Args {
    /// Only the runs of which this is true
    #[arg(long = "where", value_name = "EXPRESSION")]
    expression: Option<String>,
    /// In the order of this value, the smallest first; runs without it come last
    #[arg(long, value_name = "NAME")]
    sort: Option<String>,
    /// The other way round
    #[arg(long)]
    reverse: bool,
    /// Only the last N of them
    #[arg(short = 'n', long, value_name = "N")]
    last: Option<usize>,
    /// These values instead of the usual ones
    #[arg(long, value_name = "NAME,…", value_delimiter = ',')]
    columns: Vec<String>,
    /// The params that differ between these runs, and the metrics
    #[arg(long, conflicts_with = "columns")]
    changed: bool,
    /// Print JSON
    #[arg(long, conflicts_with = "csv")]
    json: bool,
    /// Print CSV; without --columns or --changed, all values of all runs
    #[arg(long)]
    csv: bool,
    /// Print a table of Markdown
    #[arg(long, conflicts_with_all = ["json", "csv"])]
    md: bool,
}

/// A run with what is known of it.
struct Row {
    run: RunRecord,
    facts: Facts,
}

pub(crate) fn run(session: &Session, store: &RunStore, args: &Args) -> Result<(), CliError> {
    let mut rows = Vec::new();
    for id in store.ids() {
        let run = store.load(&id)?;
        let facts = facts(&run);
        rows.push(Row { run, facts });
    }
    let known: BTreeSet<String> = rows
        .iter()
        .flat_map(|row| row.facts.keys().cloned())
        .collect();
    if known.is_empty() {
        if args.json {
            session.terminal.data("[]");
        }
        let note = "no runs yet; `kaslite repro` makes one";
        session.terminal.note(note);
        return Ok(());
    }
    for name in args.columns.iter().chain(&args.sort) {
        if !known.contains(name) && !FIELDS.contains(&name.as_str()) {
            return Err(no_value(name, &known));
        }
    }
    if let Some(expression) = &args.expression {
        rows = filter(rows, expression, |row| row.facts.clone())?;
    }
    if let Some(name) = &args.sort {
        rows.sort_by(|a, b| by_value(a.facts.get(name), b.facts.get(name), args.reverse));
    } else if args.reverse {
        rows.reverse();
    }
    if let Some(last) = args.last {
        rows.drain(..rows.len().saturating_sub(last));
    }
    print(session, args, &rows);
    Ok(())
}

fn print(session: &Session, args: &Args, rows: &[Row]) {
    let chosen = chosen(args, rows);
    if args.json {
        let all: Vec<serde_json::Value> = rows
            .iter()
            .map(|row| match &chosen {
                Some(columns) => object(columns, &row.facts),
                None => whole(&row.run),
            })
            .collect();
        let text = serde_json::to_string_pretty(&all).unwrap_or_default();
        session.terminal.data(text);
        return;
    }
    if args.csv {
        let columns = chosen.unwrap_or_else(|| everything(rows));
        session.terminal.data(csv_text(&columns, rows).trim_end());
        return;
    }
    if rows.is_empty() {
        session.terminal.note("no run is like that");
        return;
    }
    let table = match &chosen {
        Some(columns) => table_of(columns, rows),
        None => usual(rows),
    };
    session.terminal.data(if args.md {
        table.markdown()
    } else {
        table.text()
    });
}

/// The columns that were asked for; `None` for the usual ones.
fn chosen(args: &Args, rows: &[Row]) -> Option<Vec<String>> {
    if !args.columns.is_empty() {
        return Some(args.columns.clone());
    }
    args.changed.then(|| {
        let differs = |name: &String| {
            let mut values = rows.iter().map(|row| row.facts.get(name));
            let first = values.next().flatten();
            values.any(|value| value != first)
        };
        let wanted = |name: &String| {
            let is_field = FIELDS.contains(&name.as_str());
            !is_field && (name.starts_with("metric.") || differs(name))
        };
        let others = everything(rows).into_iter().filter(wanted);
        ["run", "status"]
            .map(str::to_owned)
            .into_iter()
            .chain(others)
            .collect()
    })
}

/// The fields, then params, then metrics.
fn everything(rows: &[Row]) -> Vec<String> {
    let keys: BTreeSet<&String> = rows.iter().flat_map(|row| row.facts.keys()).collect();
    let keys = keys
        .into_iter()
        .filter(|key| !FIELDS.contains(&key.as_str()));
    let (metrics, params): (Vec<&String>, Vec<&String>) =
        keys.partition(|key| key.starts_with("metric."));
    let fields = FIELDS.map(str::to_owned).into_iter();
    fields
        .chain(params.into_iter().chain(metrics).cloned())
        .collect()
}

fn object(columns: &[String], facts: &Facts) -> serde_json::Value {
    let value = |name: &String| {
        let value = facts.get(name).cloned().unwrap_or_default();
        // Plain data always serialises.
        (
            name.clone(),
            serde_json::to_value(value).unwrap_or_default(),
        )
    };
    columns
        .iter()
        .map(value)
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// The whole record, with what is said of it.
pub(crate) fn whole(run: &RunRecord) -> serde_json::Value {
    let mut value = match &run.summary {
        Some(summary) => serde_json::to_value(summary).unwrap_or_default(),
        None => serde_json::json!({"run_id": run.run_id, "status": "unfinished"}),
    };
    value["experiment"] = serde_json::to_value(&run.experiment).unwrap_or_default();
    value
}

fn csv_text(columns: &[String], rows: &[Row]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // A Vec takes everything.
    let _ = writer.write_record(columns);
    for row in rows {
        let cell = |name: &String| row.facts.get(name).map(text).unwrap_or_default();
        let _ = writer.write_record(columns.iter().map(cell));
    }
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

fn text(value: &Value) -> String {
    if let Value::List(items) = value {
        let words: Option<Vec<&str>> = items.iter().map(Value::as_text).collect();
        if let Some(words) = words {
            return words.join(" ");
        }
    }
    value.to_string()
}

fn table_of(columns: &[String], rows: &[Row]) -> Table {
    let is_number = |name: &String| {
        let mut values = rows.iter().filter_map(|row| row.facts.get(name));
        values.all(|value| value.as_f64().is_some())
    };
    let titles: Vec<String> = columns
        .iter()
        .map(|name| format!("{name}{}", if is_number(name) { ">" } else { "" }))
        .collect();
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    let mut table = Table::new(&titles);
    for row in rows {
        let cell = |name: &String| row.facts.get(name).map_or_else(|| "—".to_owned(), text);
        table.row(columns.iter().map(cell));
    }
    table
}

fn usual(rows: &[Row]) -> Table {
    let mut titles = vec![
        "Run",
        "Outcome",
        "Status",
        "Started",
        "Ran>",
        "Restored>",
        "Time>",
        "Commit",
    ];
    let tagged = rows.iter().any(|row| !row.run.experiment.tags.is_empty());
    if tagged {
        titles.push("Tags");
    }
    let mut table = Table::new(&titles);
    for Row { run, .. } in rows {
        let summary = run.summary.as_ref();
        let count = |word| summary.map_or_else(String::new, |it| it.count(word).to_string());
        let said = &run.experiment;
        let mut cells = vec![
            run.run_id.clone(),
            outcome(summary).to_owned(),
            said.status.to_string(),
            said.timestamp.replace('T', " ").chars().take(19).collect(),
            count("done"),
            count("restored"),
            summary.map_or_else(String::new, |summary| time(summary.seconds)),
            commit(run),
        ];
        if tagged {
            cells.push(said.tags.join(" "));
        }
        table.row(cells);
    }
    table
}

fn commit(run: &RunRecord) -> String {
    let said = &run.experiment;
    let short = run.summary.as_ref().and_then(|it| it.git.short.clone());
    let short = short.or_else(|| {
        said.git_commit
            .as_ref()
            .map(|it| it.chars().take(7).collect())
    });
    let plus = if said.git_dirty == Some(true) {
        "+"
    } else {
        ""
    };
    short.map_or_else(String::new, |short| format!("{short}{plus}"))
}

/// Seconds for people.
pub(crate) fn time(seconds: f64) -> String {
    Duration::try_from_secs_f64(seconds).map_or_else(|_| "—".to_owned(), duration)
}

/// Numbers before texts; what is not there comes last whichever way.
fn by_value(a: Option<&Value>, b: Option<&Value>, reverse: bool) -> Ordering {
    let number = |value: &Value| value.as_f64().filter(|number| !number.is_nan());
    let (Some(a), Some(b)) = (a, b) else {
        return a.is_none().cmp(&b.is_none());
    };
    let order = match (number(a), number(b)) {
        (Some(a), Some(b)) => a.total_cmp(&b),
        (Some(_), None) => return Ordering::Less,
        (None, Some(_)) => return Ordering::Greater,
        (None, None) => text(a).cmp(&text(b)),
    };
    if reverse { order.reverse() } else { order }
}
