use std::collections::BTreeMap;
use std::path::Path;

use kaslite_engine::context::{BoundDep, StageContext};
use kaslite_engine::registry::StageError;
use kaslite_engine::value::Value;

use crate::shared::files::CONFIG;
use crate::shared::{Samples, int, write_json};

/// Writes `config.json`: every param of the run as it was resolved, and what the dataset was, by
/// dotted key.
pub(super) fn write(
    context: &StageContext<'_>,
    dataset: &BoundDep,
    samples: &Samples,
    folder: &Path,
) -> Result<(), StageError> {
    let params = context.param_specs().iter().filter_map(|param| {
        let value = context.arguments().get(param.key)?;
        Some((param.key, value.clone()))
    });
    let mut config: BTreeMap<&str, Value> = params.collect();
    let count = |count| Value::Int(int(count));
    config.insert("dataset.rows", count(samples.rows()));
    config.insert("dataset.features", count(samples.input_dim));
    config.insert("dataset.classes", count(samples.classes));
    let content = dataset.content.as_ref();
    let digest = content.map_or(Value::Null, |content| {
        Value::Text(content.digest.to_string())
    });
    config.insert("dataset.digest", digest);
    write_json(&folder.join(CONFIG), &config)
}
