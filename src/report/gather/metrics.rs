//! [`MetricsFile`]: numbers of a JSON file by their dotted key.

use crate::report::gather::component::GatherError;
use kaslite_engine::value::Value;
use std::path::Path;

/// The content of a JSON file.
pub(super) struct MetricsFile(Value);

impl MetricsFile {
    /// Reads it.
    pub(super) fn read(path: &Path) -> Result<Self, GatherError> {
        let wrong = |reason: String| GatherError::Other(format!("`{}` {reason}", path.display()));
        let bytes =
            std::fs::read(path).map_err(|error| wrong(format!("cannot be read: {error}")))?;
        let value = serde_json::from_slice(&bytes)
            .map_err(|error| wrong(format!("is no JSON: {error}")))?;
        Ok(Self(value))
    }

    /// A number; `None` where it is null or not there.
    pub(super) fn number(&self, key: &str) -> Option<f64> {
        self.0.get(key)?.as_f64()
    }

    /// A text; `None` where it is null or not there.
    pub(super) fn text(&self, key: &str) -> Option<String> {
        self.0.get(key)?.as_text().map(str::to_owned)
    }

    /// A list of texts; empty where it is not there.
    pub(super) fn texts(&self, key: &str) -> Vec<String> {
        match self.0.get(key) {
            Some(Value::List(texts)) => texts.iter().map(ToString::to_string).collect(),
            Some(
                Value::Null
                | Value::Bool(_)
                | Value::Int(_)
                | Value::Float(_)
                | Value::Text(_)
                | Value::Map(_),
            )
            | None => Vec::new(),
        }
    }

    /// The values at the top, in the order of the file.
    pub(super) fn entries(&self) -> Vec<(String, Value)> {
        entries(&self.0)
    }

    /// The values of a map, in the order of the file; none where it is not there.
    pub(super) fn below(&self, key: &str) -> Vec<(String, Value)> {
        self.0.get(key).map(entries).unwrap_or_default()
    }
}

fn entries(value: &Value) -> Vec<(String, Value)> {
    match value {
        Value::Map(map) => map
            .iter()
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect(),
        Value::Null
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::Text(_)
        | Value::List(_) => Vec::new(),
    }
}
