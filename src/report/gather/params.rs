//! The params that the data and the network were made with.

use crate::report::gather::component::{GatherError, sentence};
use crate::report::gather::metrics::MetricsFile;
use crate::report::sources::Sources;
use crate::report::view::{ParamView, ParamsView, Section};
use kaslite_engine::spec::ParamSpec;
use kaslite_engine::value::Value;
use kaslite_engine::yaml;
use kaslite_track::table::Table;

/// As the data's metadata and the training's `config.json` have them.
pub(super) fn read(sources: &Sources) -> Section<ParamsView> {
    match rows(sources) {
        Ok(rows) if rows.is_empty() => Section::Disabled {
            reason: "The stage of this report reads neither data nor a trained network.".to_owned(),
            to_enable: "Add the outs of `generate_data` and `train` to its `deps`.".to_owned(),
        },
        Ok(rows) => Section::Success(ParamsView { rows }),
        Err(error) => Section::Failed {
            reason: sentence(&error),
        },
    }
}

fn rows(sources: &Sources) -> Result<Vec<ParamView>, GatherError> {
    let mut values: Vec<(String, Value)> = Vec::new();
    if let Some(source) = sources.made_by("generate_data") {
        let table = Table::read(&source.file)?;
        let given = table
            .metadata()
            .iter()
            .filter(|(key, _)| key.starts_with("data."));
        values.extend(given.map(|(key, text)| (key.clone(), yaml::plain(text))));
    }
    if let Some(source) = sources.made_by("train") {
        let config = MetricsFile::read(&source.file.join("config.json"))?;
        values.extend(
            config
                .entries()
                .into_iter()
                .filter(|(key, _)| spec(key).is_some()),
        );
    }
    Ok(values
        .into_iter()
        .map(|(key, value)| row(&key, value))
        .collect())
}

fn spec(key: &str) -> Option<&'static ParamSpec> {
    kaslite_catalog::SPECS
        .iter()
        .find_map(|spec| spec.param(key))
}

fn row(key: &str, value: Value) -> ParamView {
    let (section, name) = key.split_once('.').unwrap_or(("", key));
    let spec = spec(key);
    let value = spec
        .and_then(|spec| spec.check(&value).ok())
        .unwrap_or(value);
    let default = spec.and_then(ParamSpec::default_value);
    ParamView {
        section: section.to_owned(),
        key: name.to_owned(),
        changed: default.as_ref() != Some(&value),
        value: value.to_string(),
        default: default.map(|default| default.to_string()),
    }
}
