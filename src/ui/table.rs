//! [`Table`]: rows for people, as text or Markdown.

use comfy_table::presets::{ASCII_MARKDOWN, NOTHING};
use comfy_table::{CellAlignment, ContentArrangement};

/// Rows under a header.
pub(crate) struct Table(comfy_table::Table);

impl Table {
    /// A table with these columns; those whose name ends in `>` are aligned to the right.
    pub(crate) fn new(columns: &[&str]) -> Self {
        let mut table = comfy_table::Table::new();
        table
            .load_style(NOTHING)
            .set_content_arrangement(ContentArrangement::Disabled);
        table.set_header(columns.iter().map(|name| name.trim_end_matches('>')));
        for (index, name) in columns.iter().enumerate() {
            if let Some(column) = table.column_mut(index) {
                column.set_padding((0, 2));
                if name.ends_with('>') {
                    column.set_cell_alignment(CellAlignment::Right);
                }
            }
        }
        Self(table)
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.0.add_row(cells.into_iter().collect::<Vec<_>>());
    }

    /// As aligned text.
    pub(crate) fn text(&self) -> String {
        let lines: Vec<String> = self
            .0
            .lines()
            .map(|line| line.trim_end().to_owned())
            .collect();
        lines.join("\n")
    }

    /// As a table of Markdown.
    pub(crate) fn markdown(mut self) -> String {
        self.0.load_style(ASCII_MARKDOWN);
        for column in self.0.column_iter_mut() {
            column.set_padding((1, 1));
        }
        self.0.to_string()
    }
}
