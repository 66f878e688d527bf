//! [`params_files`]: the params files as a run had them.

use crate::cli::error::CliError;
use kaslite_engine::manifest::parse_params;
use kaslite_engine::params::DEFAULT_FILE;
use kaslite_engine::rel_path::RelPath;
use kaslite_engine::value::Value;
use kaslite_engine::workspace::Workspace;
use kaslite_engine::{fs, yaml};
use kaslite_track::record::RunRecord;
use kaslite_track::sources::{Gathered, Sources};
use std::collections::{BTreeMap, BTreeSet};

/// The params files of a run by their path: byte by byte as they were, save where values were given
/// beside them (`--set`), which then stand in them.
pub(crate) fn params_files(
    workspace: &Workspace,
    run: &RunRecord,
    gathered: &Gathered,
) -> Result<BTreeMap<String, Vec<u8>>, CliError> {
    let mut given: BTreeMap<&str, Vec<(&str, &Value)>> = BTreeMap::new();
    for (name, value) in &run.experiment.cli_overrides {
        let (file, key) = name.rsplit_once(':').unwrap_or((DEFAULT_FILE, name));
        given.entry(file).or_default().push((key, value));
    }
    let summary = run.summary.iter();
    let read = summary.flat_map(|summary| summary.params.keys().map(String::as_str));
    let names: BTreeSet<&str> = read
        .chain(given.keys().copied())
        .chain([DEFAULT_FILE])
        .collect();
    let mut files = BTreeMap::new();
    for name in names {
        let is_made = !workspace
            .pipeline
            .makers
            .of(&RelPath::root().join(name))
            .is_empty();
        let base = Sources::base(&run.folder);
        let bytes = if name == DEFAULT_FILE && base.is_file() {
            Some(fs::read(&base)?)
        } else {
            gathered.read(name)
        };
        let values = given.get(name).map_or(&[][..], Vec::as_slice);
        if is_made || (bytes.is_none() && values.is_empty()) {
            continue;
        }
        let bytes = with(name, bytes.unwrap_or_default(), values)?;
        files.insert(name.to_owned(), bytes);
    }
    Ok(files)
}

/// A params file with these values in it.
fn with(name: &str, bytes: Vec<u8>, values: &[(&str, &Value)]) -> Result<Vec<u8>, CliError> {
    if values.is_empty() {
        return Ok(bytes);
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let mut all = parse_params(name, text)?;
    for (key, value) in values {
        all.set(key, (*value).clone());
    }
    let ending = name.rsplit('.').next().unwrap_or_default();
    match ending {
        "json" => {
            let mut bytes = serde_json::to_vec_pretty(&all).unwrap_or_default();
            bytes.push(b'\n');
            Ok(bytes)
        }
        "toml" => {
            let sets: Vec<String> = values
                .iter()
                .map(|(key, value)| format!("--set {name}:{key}={value}"))
                .collect();
            let message =
                format!("`{name}` cannot be written with the values that the run was given");
            Err(CliError::usage(message)
                .hint(format!("`kaslite repro {}` runs with them", sets.join(" "))))
        }
        _ => Ok(yaml::to_text(&all).into_bytes()),
    }
}
