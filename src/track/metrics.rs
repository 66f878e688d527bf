//! Metrics files: JSON, YAML or TOML with numbers, as stages write them.

use kaslite_engine::error::EngineError;
use kaslite_engine::manifest::{Pipeline, parse_params};
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
            let values = parse(&path, &bytes).ok()?;
            Some((path, values))
        })
        .collect()
}

/// The values of a metrics file by their dotted key, lists left out: they are data, not metrics. By the
/// ending of `path` it is TOML, or JSON or YAML.
///
/// # Errors
/// Why it is none of them, with the line.
pub fn parse(path: &str, bytes: &[u8]) -> Result<BTreeMap<String, Value>, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "not UTF-8 text".to_owned())?;
    let value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(_) => parse_params(path, text.to_owned()).map_err(|error| reason(&error))?,
    };
    let single = |(_, value): &(String, Value)| !matches!(value, Value::List(_) | Value::Map(_));
    Ok(value.leaves("").into_iter().filter(single).collect())
}

/// The first problem: its line and what is wrong there.
fn reason(error: &EngineError) -> String {
    if let EngineError::Problems(problems) = error
        && let Some(problem) = problems.first()
    {
        let line = problem.place().line;
        let message = problem.message().replace("a params file", "a metrics file");
        return format!("line {line}: {message}");
    }
    error.to_string()
}
