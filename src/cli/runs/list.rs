//! `kaslite runs list`.

use crate::cli::error::CliError;
use crate::cli::runs::facts::{FIELDS, Facts};
use crate::cli::runs::filter::{self, no_value};
use crate::cli::runs::index::RunIndex;
use crate::cli::session::Session;
use crate::ui::{Table, duration};
use kaslite_engine::value::Value;
use kaslite_track::record::{RunRecord, RunStore};
use rayon::prelude::*;
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

/// What is known of a run, as far as it is asked for.
struct Row {
    run_id: String,
    facts: Facts,
}

/// What the usual table shows.
const USUAL: [&str; 10] = [
    "run", "outcome", "status", "started", "ran", "restored", "seconds", "commit", "dirty", "tags",
];

pub(crate) fn run(session: &Session, store: &RunStore, args: &Args) -> Result<(), CliError> {
    let index = RunIndex::load(store, &session.recorded()?.state_dir())?;
    if index.ids.is_empty() {
        if args.json {
            session.terminal.data("[]");
        }
        let note = "no runs yet; `kaslite repro` makes one";
        session.terminal.note(note);
        return Ok(());
    }
    let known = index.names();
    for name in args.columns.iter().chain(&args.sort) {
        if !known.contains(name) && !FIELDS.contains(&name.as_str()) {
            return Err(no_value(name, &known));
        }
    }
    let mut rows = rows(&index, args)?;
    if let Some(name) = &args.sort {
        rows.sort_by(|a, b| by_value(a.facts.get(name), b.facts.get(name), args.reverse));
    } else if args.reverse {
        rows.reverse();
    }
    if let Some(last) = args.last {
        rows.drain(..rows.len().saturating_sub(last));
    }
    print(session, store, args, &rows)
}

/// The runs that are asked for, with what is shown of them.
fn rows(index: &RunIndex, args: &Args) -> Result<Vec<Row>, CliError> {
    let all = args.changed || (args.csv && args.columns.is_empty());
    let wanted = |name: &str| {
        let is_column = if args.columns.is_empty() {
            USUAL.contains(&name)
        } else {
            args.columns.iter().any(|column| column == name)
        };
        all || is_column || args.sort.as_deref() == Some(name)
    };
    let fit = match &args.expression {
        Some(expression) => index.fit(expression)?,
        None => (0..index.ids.len()).collect(),
    };
    let facts = index.facts_of(&fit, wanted);
    let row = |(row, facts): (usize, Facts)| Row {
        run_id: index.ids[row].clone(),
        facts,
    };
    Ok(fit.into_iter().zip(facts).map(row).collect())
}

fn print(session: &Session, store: &RunStore, args: &Args, rows: &[Row]) -> Result<(), CliError> {
    let chosen = chosen(args, rows);
    if args.json {
        let object = |row: &Row| match &chosen {
            Some(columns) => Ok(object(columns, &row.facts)),
            None => Ok(whole(&store.load(&row.run_id)?)),
        };
        let all = rows.par_iter().map(object);
        let all: Vec<serde_json::Value> = all.collect::<Result<_, CliError>>()?;
        let text = serde_json::to_string_pretty(&all).unwrap_or_default();
        session.terminal.data(text);
        return Ok(());
    }
    if args.csv {
        let columns = chosen.unwrap_or_else(|| everything(rows));
        session.terminal.data(csv_text(&columns, rows).trim_end());
        return Ok(());
    }
    if rows.is_empty() {
        session.terminal.note("no run is like that");
        return Ok(());
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
    Ok(())
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
    let tags = |row: &Row| row.facts.get("tags").map(text).unwrap_or_default();
    let tagged = rows.iter().any(|row| !tags(row).is_empty());
    if tagged {
        titles.push("Tags");
    }
    let mut table = Table::new(&titles);
    for row in rows {
        let cell = |name: &str| row.facts.get(name).map(text).unwrap_or_default();
        let seconds = row.facts.get("seconds").and_then(Value::as_f64);
        let mut cells = vec![
            row.run_id.clone(),
            cell("outcome"),
            cell("status"),
            cell("started").replace('T', " ").chars().take(19).collect(),
            cell("ran"),
            cell("restored"),
            seconds.map_or_else(String::new, time),
            commit(&row.facts),
        ];
        if tagged {
            cells.push(tags(row));
        }
        table.row(cells);
    }
    table
}

/// The beginning of the commit, and a `+` where there was more than that.
fn commit(facts: &Facts) -> String {
    let short = facts.get("commit").and_then(Value::as_text);
    let plus = match facts.get("dirty") {
        Some(Value::Bool(true)) => "+",
        _ => "",
    };
    short.map_or_else(String::new, |commit| {
        let short: String = commit.chars().take(7).collect();
        format!("{short}{plus}")
    })
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
