//! [`Effects`]: what happened to the metrics where params changed.

use crate::cli::diff::{Diff, Form, Row, shown, signed};
use crate::cli::error::CliError;
use crate::cli::runs::facts::{FIELDS, Facts};
use crate::cli::runs::index::RunIndex;
use crate::ui::{Table, Terminal, plural};
use kaslite_engine::problem::closest;
use kaslite_engine::value::Value;
use serde::Serialize;
use std::collections::BTreeMap;

/// Metrics that have a column where none is named.
const COLUMNS: usize = 3;
/// Decimals of a mean difference.
const DECIMALS: usize = 6;

/// Params that differ, each with what runs show that differ in it alone; and the metrics of the two
/// sides, which all of these params changed together.
#[derive(Serialize)]
pub(crate) struct Effects<'a> {
    params: Vec<Param<'a>>,
    metrics: Vec<&'a Row>,
}

#[derive(Serialize)]
struct Param<'a> {
    #[serde(flatten)]
    row: &'a Row,
    /// What this param did by itself.
    alone: Alone,
}

/// Pairs of recorded runs of whose params one alone differs, as in the two sides. Their code and data may
/// differ, too: whoever commits each change of a param has no two runs of one commit.
#[derive(Default, Serialize)]
struct Alone {
    pairs: usize,
    /// Metric → mean difference over the pairs that have it.
    metrics: BTreeMap<String, f64>,
}

impl<'a> Effects<'a> {
    /// `named` are the metrics that are looked at; none are all that differ.
    ///
    /// # Errors
    /// A name that is no metric of either side.
    pub(crate) fn new(
        params: &'a Diff,
        metrics: &'a Diff,
        form: &Form,
        named: &[String],
        index: &RunIndex,
    ) -> Result<Self, CliError> {
        let mut metrics = chosen(metrics.all_rows(), named)?;
        let past = done(index);
        let param = |row: &'a Row| Param {
            row,
            alone: if row.differs() {
                alone(row, &metrics, &past)
            } else {
                Alone::default()
            },
        };
        let params: Vec<Param<'a>> = params.rows(form).into_iter().map(param).collect();
        if named.is_empty() {
            let is_moved = |change: Option<&f64>| change.is_some_and(|change| *change != 0.0);
            metrics.retain(|metric| {
                let mut alone = params
                    .iter()
                    .map(|param| param.alone.metrics.get(&metric.key));
                is_moved(metric.change.as_ref()) || alone.any(is_moved)
            });
        }
        Ok(Self { params, metrics })
    }

    /// Prints them; `named` says which metrics were asked for.
    pub(crate) fn show(
        &self,
        terminal: Terminal,
        form: &Form,
        titles: (&str, &str),
        named: &[String],
    ) {
        if form.is_json() {
            terminal.data(serde_json::to_string_pretty(self).unwrap_or_default());
            return;
        }
        let most = if named.is_empty() {
            COLUMNS
        } else {
            usize::MAX
        };
        let columns: Vec<&Row> = self.metrics.iter().copied().take(most).collect();
        form.print(terminal, self.table(titles, &columns));
        let changed = self.params.iter().filter(|param| param.row.differs());
        if changed.count() > 1 {
            terminal.note(
                "beside a param: the mean difference of recorded runs whose params differ in it alone, where there are any; code and data are not looked at",
            );
        }
        if columns.is_empty() {
            terminal.note("no metric differs, or one of the sides has none");
        }
        let left_out = self.metrics.len() - columns.len();
        if left_out > 0 {
            let left_out = plural(left_out, "more metric");
            terminal.note(format_args!(
                "{left_out} differ: `--metrics=NAME,…` chooses, `kaslite metrics diff` shows all"
            ));
        }
    }

    fn table(&self, (a, b): (&str, &str), metrics: &[&Row]) -> Table {
        let mut titles = vec!["Key".to_owned(), format!("{a}>"), format!("{b}>")];
        titles.extend(metrics.iter().map(|metric| format!("Δ {}>", metric.key)));
        titles.push("By".to_owned());
        let mut table = Table::new(&titles.iter().map(String::as_str).collect::<Vec<_>>());
        for Param { row, alone } in &self.params {
            let mut cells = vec![
                row.key.clone(),
                shown(row.old.as_ref(), None),
                shown(row.new.as_ref(), None),
            ];
            let difference = |metric: &&Row| alone.metrics.get(&metric.key).copied();
            cells.extend(metrics.iter().map(difference).map(change));
            cells.push(match alone.pairs {
                0 => String::new(),
                count => format!("{} of runs", plural(count, "pair")),
            });
            table.row(cells);
        }
        let mut cells = vec!["all together".to_owned(), String::new(), String::new()];
        cells.extend(metrics.iter().map(|metric| change(metric.change)));
        cells.push("the two sides".to_owned());
        table.row(cells);
        table
    }
}

fn change(change: Option<f64>) -> String {
    change.map_or_else(|| "—".to_owned(), |change| signed(change, DECIMALS))
}

/// The metrics that are looked at: those named, else all numbers, `metric.` first.
fn chosen<'a>(rows: &'a [Row], named: &[String]) -> Result<Vec<&'a Row>, CliError> {
    if named.is_empty() {
        let mut rows: Vec<&Row> = rows.iter().filter(|row| row.change.is_some()).collect();
        let rank = |row: &&Row| match row.key.split('.').next() {
            Some("metric") => 0,
            Some("loss") => 1,
            Some(_) | None => 2,
        };
        rows.sort_by_key(rank);
        return Ok(rows);
    }
    let find = |name: &String| {
        rows.iter().find(|row| row.key == *name).ok_or_else(|| {
            let error = CliError::usage(format!("`--metrics`: neither side has `{name}`"));
            match closest(name, rows.iter().map(|row| row.key.as_str())) {
                Some(near) => error.hint(format!("did you mean `{near}`?")),
                None => error.hint("`kaslite metrics show` lists metrics"),
            }
        })
    };
    named.iter().map(find).collect()
}

/// What is known of every run that was done.
fn done(index: &RunIndex) -> Vec<Facts> {
    let is_done = |facts: &Facts| {
        let outcome = facts.get("outcome").and_then(Value::as_text);
        outcome == Some("done")
    };
    index
        .facts(|name| name == "outcome" || !FIELDS.contains(&name))
        .into_iter()
        .filter(is_done)
        .collect()
}

/// What runs show that differ in this param alone. Runs that agree in all other params are one pair, by
/// their means.
fn alone(row: &Row, metrics: &[&Row], past: &[Facts]) -> Alone {
    let mut groups: BTreeMap<String, [Vec<&Facts>; 2]> = BTreeMap::new();
    for facts in past {
        let value = facts.get(&row.key);
        let side = match (value == row.old.as_ref(), value == row.new.as_ref()) {
            (true, _) => 0,
            (false, true) => 1,
            (false, false) => continue,
        };
        let others = facts.iter().filter(|(key, _)| {
            **key != row.key && !key.starts_with("metric.") && !FIELDS.contains(&key.as_str())
        });
        // Plain data always serialises.
        let others = serde_json::to_string(&others.collect::<Vec<_>>()).unwrap_or_default();
        groups.entry(others).or_default()[side].push(facts);
    }
    groups.retain(|_, [old, new]| !old.is_empty() && !new.is_empty());
    let mean = |runs: &[&Facts], name: &str| {
        let values = runs.iter().filter_map(|facts| facts.get(name)?.as_f64());
        mean(values.collect())
    };
    let difference = |metric: &&Row| {
        let name = if metric.key.starts_with("metric.") {
            metric.key.clone()
        } else {
            format!("metric.{}", metric.key)
        };
        let pairs = groups.values();
        let pairs = pairs.filter_map(|[old, new]| Some(mean(new, &name)? - mean(old, &name)?));
        Some((metric.key.clone(), self::mean(pairs.collect())?))
    };
    Alone {
        pairs: groups.len(),
        metrics: metrics.iter().filter_map(difference).collect(),
    }
}

fn mean(values: Vec<f64>) -> Option<f64> {
    let count = values.len();
    (count > 0).then(|| values.into_iter().sum::<f64>() / count as f64)
}
