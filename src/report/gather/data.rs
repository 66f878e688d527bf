//! The samples.

use crate::report::gather::component::GatherError;
use crate::report::sources::Source;
use crate::report::view::{ClassView, DataView, Pair};
use kaslite_track::table::Table;
use std::collections::BTreeMap;

/// Reads the dataset.
pub(super) fn read(source: &Source) -> Result<DataView, GatherError> {
    let table = Table::read(&source.file)?;
    let mut classes: BTreeMap<i64, u64> = BTreeMap::new();
    for class in table.values::<i64>("y")? {
        *classes.entry(class).or_default() += 1;
    }
    let metadata = table.metadata();
    Ok(DataView {
        problem: metadata
            .get("problem_type")
            .cloned()
            .unwrap_or_else(|| "unknown".to_owned()),
        arguments: metadata
            .iter()
            .filter_map(|(key, value)| {
                let name = key.strip_prefix("data.")?;
                Some(Pair {
                    name: name.to_owned(),
                    value: value.clone(),
                })
            })
            .collect(),
        rows: table.rows() as u64,
        features: table
            .columns()
            .iter()
            .map(|(name, _)| name.clone())
            .filter(|name| name != "y")
            .collect(),
        classes: classes
            .into_iter()
            .map(|(class, rows)| ClassView {
                class: class.to_string(),
                rows,
            })
            .collect(),
        path: source.path.to_string(),
        digest: source
            .content
            .as_ref()
            .map(|content| content.digest.to_string()),
    })
}
