use kaslite_track::table::{Column, Table};

use crate::telemetry::{Cell, Field};

/// The columns of one file.
pub(crate) struct Schema<Row: 'static> {
    /// The name of the file.
    pub(crate) file: &'static str,
    /// What a row is about.
    pub(super) rows: &'static str,
    pub(super) fields: &'static [Field<Row>],
}

/// The column that says which numbers of a row were none, as in `drift=NaN`.
pub(super) const NOT_FINITE: &str = "not_finite";

impl<Row> Schema<Row> {
    /// The rows as a table. The meaning of each column stands in the metadata of the file.
    pub(crate) fn table(&self, rows: &[Row]) -> Table {
        let fields = self.fields.iter();
        let empty = Table::new().with_metadata("kaslite.rows", self.rows);
        let table = fields.fold(empty, |table, field| {
            let meaning = match field.unit {
                "" => field.meaning.to_owned(),
                unit => format!("{} [{unit}]", field.meaning),
            };
            table
                .with(field.name, column(field, rows))
                .with_metadata(format!("kaslite.column.{}", field.name), meaning)
        });
        let not_finite = rows.iter().map(|row| self.not_finite(row));
        table.with(NOT_FINITE, not_finite.collect::<Column>())
    }

    /// The numbers of a row that are none; nothing where all are.
    fn not_finite(&self, row: &Row) -> Option<String> {
        let found = self.fields.iter().filter_map(|field| match field.cell {
            Cell::Real(cell) => {
                let value = cell(row).filter(|value| !value.is_finite())?;
                Some(format!("{}={value}", field.name))
            }
            Cell::Int(_) | Cell::Truth(_) | Cell::Text(_) => None,
        });
        let found = found.collect::<Vec<_>>().join(" ");
        Some(found).filter(|found| !found.is_empty())
    }
}

fn column<Row>(field: &Field<Row>, rows: &[Row]) -> Column {
    match field.cell {
        Cell::Real(cell) => rows
            .iter()
            .map(|row| cell(row).filter(|value| value.is_finite()))
            .collect(),
        Cell::Int(cell) => rows.iter().map(cell).collect(),
        Cell::Truth(cell) => rows.iter().map(cell).collect(),
        Cell::Text(cell) => rows.iter().map(cell).collect(),
    }
}
