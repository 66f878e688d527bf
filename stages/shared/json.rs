use std::path::Path;

use kaslite_engine::fs;
use kaslite_engine::registry::StageError;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::shared::fail;

/// Writes a value as indented JSON, its keys in the order of the type, a line end at the end.
pub(crate) fn write_json(path: &Path, value: &impl Serialize) -> Result<(), StageError> {
    let refused = |error| StageError::new(format!("cannot encode `{}`: {error}", path.display()));
    let mut bytes = serde_json::to_vec_pretty(value).map_err(refused)?;
    bytes.push(b'\n');
    fs::write_atomic(path, &bytes).map_err(fail)
}

/// Reads a value from a JSON file.
pub(crate) fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T, StageError> {
    let bytes = fs::read(path).map_err(fail)?;
    serde_json::from_slice(&bytes)
        .map_err(|error| StageError::new(format!("cannot read `{}`: {error}", path.display())))
}
