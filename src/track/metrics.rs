//! Metrics files: JSON or YAML with numbers, as stages write them.

use kaslite_engine::manifest::Pipeline;
use kaslite_engine::stage::{Stage, ViewKind};
use kaslite_engine::value::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// File → dotted key → value.
pub type Metrics = BTreeMap<String, BTreeMap<String, Value>>;

/// The metrics files of a pipeline.
pub fn paths(stages: &[Stage]) -> Vec<String> {
    let mut paths: Vec<String> = stages
        .iter()
        .flat_map(|stage| &stage.views)
        .filter(|view| view.kind == ViewKind::Metrics)
        .map(|view| view.path.to_string())
        .collect();
    paths.sort();
    paths.dedup();
    paths
}

/// The metrics as they lie on disk now; a file that is not there or not readable is left out.
pub fn collect(pipeline: &Pipeline, root: &Path) -> Metrics {
    paths(&pipeline.stages)
        .into_iter()
        .filter_map(|path| {
            let bytes = std::fs::read(root.join(&path)).ok()?;
            Some((path, parse(&bytes)?))
        })
        .collect()
}

/// The values of a metrics file by their dotted key, lists left out: they are data, not metrics. `None`
/// where it is neither JSON nor YAML.
pub fn parse(bytes: &[u8]) -> Option<BTreeMap<String, Value>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(_) => kaslite_engine::manifest::parse_params("metrics", text.to_owned()).ok()?,
    };
    let single = |(_, value): &(String, Value)| !matches!(value, Value::List(_) | Value::Map(_));
    Some(value.leaves("").into_iter().filter(single).collect())
}
