use std::path::Path;

use kaslite_engine::fs;
use kaslite_engine::registry::StageError;
use kaslite_engine::spec::{ParamKind, ParamSpec};
use kaslite_engine::value::Value;
use kaslite_track::table::{Column, Table};

use crate::shared::{fail, int};
use crate::sweep::trial_row::TrialRow;
use crate::train::Metrics;

/// The trials as one table.
#[derive(Debug)]
pub(super) struct Summary<'a> {
    pub(super) varied: &'a [&'static ParamSpec],
    pub(super) rows: &'a [TrialRow],
}

impl Summary<'_> {
    /// One row a trial: number, name, the params that vary, how it ended, and what it measured, null
    /// where it failed.
    pub(super) fn table(&self) -> Table {
        let mut table = Table::new()
            .with("trial", self.column(|row| int(row.number)))
            .with("name", self.column(|row| row.name.clone()));
        for (at, param) in self.varied.iter().enumerate() {
            table = table.with(param.key, self.values(at, &param.kind));
        }
        table
            .with("status", self.column(|row| row.status().to_owned()))
            .with("reason", self.column(|row| row.result.clone().err()))
            .with("best_accuracy", self.column(TrialRow::best_accuracy))
            .with("final_accuracy", self.measure(|m| m.metric.accuracy.last))
            .with("final_loss", self.measure(|m| m.loss.val.last))
            .with("seeds_grown", self.measure(|m| int(m.seeds.grown)))
            .with(
                "parameters",
                self.measure(|m| int(m.parameters.host + m.parameters.grown)),
            )
    }

    /// The table as CSV. The first columns have the names that they have in the Python original; a
    /// null is an empty field.
    pub(super) fn write_csv(&self, path: &Path) -> Result<(), StageError> {
        let table = self.table();
        let mut csv = csv::Writer::from_writer(Vec::new());
        let names = table.columns().iter().map(|(name, _)| match name.as_str() {
            "trial" => "run_id",
            "name" => "run_slug",
            other => other,
        });
        csv.write_record(names).map_err(fail)?;
        for row in 0..table.rows() {
            let fields = table.columns().iter().map(|(_, column)| field(column, row));
            csv.write_record(fields).map_err(fail)?;
        }
        let bytes = csv.into_inner().map_err(|error| fail(error.into_error()))?;
        fs::write_atomic(path, &bytes).map_err(fail)
    }

    /// The values of one param, in a column of its type.
    fn values(&self, at: usize, kind: &ParamKind) -> Column {
        let value = |row: &TrialRow| row.values.get(at).cloned().unwrap_or_default();
        match kind {
            ParamKind::Int { .. } => self.column(|row| match value(row) {
                Value::Int(int) => Some(int),
                Value::Null
                | Value::Bool(_)
                | Value::Float(_)
                | Value::Text(_)
                | Value::List(_)
                | Value::Map(_) => None,
            }),
            ParamKind::Float { .. } => self.column(|row| value(row).as_f64()),
            ParamKind::Bool => self.column(|row| match value(row) {
                Value::Bool(truth) => Some(truth),
                Value::Null
                | Value::Int(_)
                | Value::Float(_)
                | Value::Text(_)
                | Value::List(_)
                | Value::Map(_) => None,
            }),
            ParamKind::Text | ParamKind::Choice(_) | ParamKind::Floats | ParamKind::Map => {
                self.column(|row| value(row).to_string())
            }
        }
    }

    fn measure<T>(&self, cell: impl Fn(&Metrics) -> T) -> Column
    where
        Column: From<Vec<Option<T>>>,
    {
        self.column(|row| row.result.as_ref().ok().map(&cell))
    }

    fn column<T>(&self, cell: impl Fn(&TrialRow) -> T) -> Column
    where
        Column: From<Vec<T>>,
    {
        self.rows.iter().map(cell).collect()
    }
}

/// A cell as text, a float as one would type it in a params file.
fn field(column: &Column, row: usize) -> String {
    fn text<T: Clone>(cells: &[Option<T>], row: usize, value: impl Fn(T) -> Value) -> String {
        let cell = cells.get(row).cloned().flatten();
        cell.map(|cell| value(cell).to_string()).unwrap_or_default()
    }
    match column {
        Column::F64(cells) => text(cells, row, Value::Float),
        Column::F32(cells) => text(cells, row, |cell| Value::Float(f64::from(cell))),
        Column::I64(cells) => text(cells, row, Value::Int),
        Column::Bool(cells) => text(cells, row, Value::Bool),
        Column::Text(cells) => text(cells, row, Value::Text),
    }
}
