//! [`Shown`]: a comparison for people and programs.

use super::compared::{Against, Compared, Measured, MetricRow};
use super::group::Group;
use crate::cli::diff::rounded;
use crate::pages::{Column, Part, TableView};
use crate::ui::{Table, plural};
use kaslite_engine::value::Value;
use std::collections::BTreeSet;

/// What people take for more than chance.
const ALPHA: f64 = 0.05;

/// A comparison for people and programs.
pub(crate) struct Shown<'a> {
    pub(crate) groups: &'a [Group],
    pub(crate) compared: &'a Compared,
    pub(crate) notes: &'a [String],
    pub(crate) all: bool,
}

impl<'a> Shown<'a> {
    /// Of what differs.
    pub(crate) fn new(groups: &'a [Group], compared: &'a Compared) -> Self {
        Self {
            groups,
            compared,
            notes: &[],
            all: false,
        }
    }

    pub(crate) fn json(&self) -> String {
        let group = |(index, group): (usize, &Group)| {
            let runs: Vec<&str> = group
                .runs
                .iter()
                .map(|member| member.run.run_id.as_str())
                .collect();
            serde_json::json!({"name": letter(index), "runs": runs, "seeds": group.seeds()})
        };
        let groups: Vec<serde_json::Value> = self.groups.iter().enumerate().map(group).collect();
        let params: Vec<_> = self
            .compared
            .params
            .iter()
            .filter(|row| self.all || row.differs())
            .collect();
        let value = serde_json::json!({
            "groups": groups,
            "params": params,
            "metrics": self.metrics().collect::<Vec<_>>(),
            "notes": self.notes,
        });
        serde_json::to_string_pretty(&value).unwrap_or_default()
    }

    fn metrics(&self) -> impl Iterator<Item = &MetricRow> {
        let shown = |row: &&MetricRow| self.all || row.differs();
        self.compared.metrics.iter().filter(shown)
    }

    /// The tables: runs, params, metrics.
    pub(crate) fn parts(&self) -> Vec<Part> {
        vec![self.runs(), self.params(), self.measured()]
    }

    pub(crate) fn text(&self, md: bool) -> String {
        let parts = self.parts();
        let shown = parts.iter().filter(|part| !part.table.rows.is_empty());
        let texts = shown.map(|part| table(&part.table, md));
        texts.collect::<Vec<_>>().join("\n\n")
    }

    fn letters(&self, column: impl Fn(&str) -> Column) -> impl Iterator<Item = Column> {
        (0..self.groups.len()).map(move |index| column(&letter(index)))
    }

    fn runs(&self) -> Part {
        let row = |(index, group): (usize, &Group)| {
            let ids: Vec<&str> = group
                .runs
                .iter()
                .map(|member| member.run.run_id.as_str())
                .collect();
            let shown = match ids.as_slice() {
                [first, _, _, .., last] => format!("{first} … {last}"),
                few => few.join(", "),
            };
            vec![letter(index), ids.len().to_string(), shown, group.seeds()]
        };
        let columns = vec![
            Column::text(""),
            Column::number("Runs"),
            Column::text(""),
            Column::text("Random seeds"),
        ];
        part(
            "Runs",
            columns,
            self.groups.iter().enumerate().map(row).collect(),
            "",
        )
    }

    fn params(&self) -> Part {
        let rows = self
            .compared
            .params
            .iter()
            .filter(|row| self.all || row.differs());
        let cell = |value: &Option<Value>| {
            value
                .as_ref()
                .map_or_else(|| "—".to_owned(), ToString::to_string)
        };
        let rows = rows.map(|row| {
            [row.key.clone()]
                .into_iter()
                .chain(row.values.iter().map(cell))
                .collect()
        });
        let columns = [Column::code("Param")]
            .into_iter()
            .chain(self.letters(Column::number));
        part(
            "Params",
            columns.collect(),
            rows.collect(),
            "No param differs, but for random seeds.",
        )
    }

    fn measured(&self) -> Part {
        let mut columns = vec![Column::code("Metric")];
        columns.extend(self.letters(Column::number));
        for index in 1..self.groups.len() {
            columns.push(Column::number(&format!("{} − A", letter(index))));
            if self.tested() {
                columns.push(Column::number("p"));
            }
        }
        let row = |row: &MetricRow| {
            let mut cells = vec![row.key.clone()];
            cells.extend(row.groups.iter().map(value));
            for against in &row.comparisons {
                cells.push(against.as_ref().map_or_else(|| "—".to_owned(), difference));
                if self.tested() {
                    let p = against.as_ref().and_then(|against| against.p);
                    cells.push(p.map_or_else(|| "—".to_owned(), |p| significant(p, 3)));
                }
            }
            cells
        };
        part(
            "Metrics",
            columns,
            self.metrics().map(row).collect(),
            "No metric differs.",
        )
    }

    fn against(&self) -> impl Iterator<Item = &Against> {
        self.metrics()
            .flat_map(|row| row.comparisons.iter().flatten())
    }

    fn tested(&self) -> bool {
        self.against().any(|against| against.p.is_some())
    }

    /// What has to be known to read the table.
    pub(crate) fn remarks(&self) -> Vec<String> {
        let mut remarks: Vec<String> = Vec::new();
        if self.groups.iter().any(|group| group.runs.len() > 1) {
            remarks.push(
                "± and [ ] are 95 % intervals of the mean over the runs, by Student's t".to_owned(),
            );
        } else {
            remarks.push("one run each: how much of a difference is chance cannot be told; runs with other random seeds tell".to_owned());
        }
        let mut told = BTreeSet::new();
        for against in self.against() {
            let comparison = &against.comparison;
            let Some(test) = comparison.tests.first() else {
                continue;
            };
            let (a, b) = comparison.n;
            let n = if comparison.paired {
                format!("{} of equal seeds", plural(a, "pair"))
            } else {
                format!("{a} and {b} runs, not paired")
            };
            let least = test.smallest.map_or_else(String::new, |smallest| {
                let word = if smallest > ALPHA {
                    format!("; n is too small for p < {ALPHA}, whatever the difference")
                } else {
                    String::new()
                };
                format!(", which cannot be below {}{word}", significant(smallest, 3))
            });
            if told.insert(format!("{}{n}", test.name)) {
                remarks.push(format!("p: {}, {n}{least}", test.name));
            }
        }
        if self.groups.len() > 2 && self.tested() {
            remarks.push("p-values are corrected for several comparisons (Holm)".to_owned());
        }
        remarks
    }
}

/// What a group is called.
pub(crate) fn letter(index: usize) -> String {
    let letters: Vec<char> = ('A'..='Z').collect();
    match letters.get(index) {
        Some(letter) => letter.to_string(),
        None => format!("G{}", index + 1),
    }
}

fn part(title: &str, columns: Vec<Column>, rows: Vec<Vec<String>>, nothing: &str) -> Part {
    Part {
        title: title.to_owned(),
        table: TableView { columns, rows },
        nothing: nothing.to_owned(),
        remarks: Vec::new(),
    }
}

/// A table for the terminal.
fn table(view: &TableView, md: bool) -> String {
    let title =
        |column: &Column| format!("{}{}", column.title, if column.number { ">" } else { "" });
    let titles: Vec<String> = view.columns.iter().map(title).collect();
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    let mut table = Table::new(&titles);
    for row in &view.rows {
        table.row(row.iter().cloned());
    }
    if md { table.markdown() } else { table.text() }
}

fn value(measured: &Measured) -> String {
    let Some(mean) = measured.summary.mean else {
        return "—".to_owned();
    };
    match measured.summary.interval {
        Some((low, high)) => {
            let half = significant((high - low) / 2.0, 2);
            format!("{} ± {half}", number(mean))
        }
        None => number(mean),
    }
}

fn difference(against: &Against) -> String {
    let comparison = &against.comparison;
    let difference = signed(comparison.difference);
    match comparison.interval {
        Some((low, high)) => format!("{difference} [{}, {}]", signed(low), signed(high)),
        None => difference,
    }
}

fn signed(value: f64) -> String {
    let text = number(value);
    if value > 0.0 {
        format!("+{text}")
    } else {
        text
    }
}

/// With four digits that say something, and no more.
fn number(value: f64) -> String {
    significant(value, 4)
}

/// With so many digits that say something, and no more.
fn significant(value: f64, digits: i32) -> String {
    if value == 0.0 || !value.is_finite() {
        return "0".to_owned();
    }
    if value.abs() < 1e-4 || value.abs() >= 1e7 {
        return format!("{value:.2e}");
    }
    #[expect(clippy::cast_possible_truncation, reason = "between -4 and 7")]
    let first = value.abs().log10().floor() as i32;
    let decimals = usize::try_from(digits - 1 - first).unwrap_or_default();
    let text = rounded(&Value::Float(value), Some(decimals));
    if text.contains('.') {
        return text.trim_end_matches('0').trim_end_matches('.').to_owned();
    }
    text
}
