//! [`text`]: rows as CSV.

/// Rows under titles.
pub(crate) struct Rows {
    pub(crate) titles: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

pub(crate) fn text(rows: &Rows) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // A Vec takes everything.
    let _ = writer.write_record(&rows.titles);
    for row in &rows.rows {
        let _ = writer.write_record(row);
    }
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}
