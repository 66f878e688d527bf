//! Params files: YAML, JSON, TOML, Python.

use crate::{parts, problems};
use kaslite_engine::params::ParamsFile;

/// A params file of each format is read, or refused with places; what is read is found by its keys.
pub fn params(data: &[u8]) {
    let text = parts(data).swap_remove(0);
    for name in ["params.yaml", "params.json", "params.toml", "params.py"] {
        match ParamsFile::parse(name, text.clone()) {
            Ok(file) => {
                for (key, _) in file.value.leaves("") {
                    let place = file.node.locate(&key);
                    assert!(place.line > 0, "{name}: no place of `{key}`");
                }
            }
            Err(found) => {
                assert!(!found.is_empty(), "{name}: refused without a problem");
                for problem in &found {
                    problems::check(problem, &text);
                }
            }
        }
    }
}
