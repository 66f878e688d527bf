//! [`Experiment`]: what is said of a run at the head of its `config.yaml`.

use crate::record::RunStatus;
use kaslite_engine::value::Value;
use kaslite_engine::yaml;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is said of a run: by whoever started it, and by git.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Experiment {
    /// The first part of the run's name.
    pub name: String,
    /// What was tried.
    pub description: Option<String>,
    /// Words by which it is found again.
    pub tags: Vec<String>,
    /// What it is worth.
    pub status: RunStatus,
    /// What was noted after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The run's name.
    pub run_id: String,
    /// When it began, RFC 3339 with the local offset.
    pub timestamp: String,
    /// The commit of the code; `None` outside git.
    pub git_commit: Option<String>,
    /// Whether something was not committed.
    pub git_dirty: Option<bool>,
    /// The version of kaslite.
    pub kaslite: String,
    /// What was typed.
    pub command: Vec<String>,
    /// The file whose params held.
    pub base_config: String,
    /// Values that were given beside it, by key.
    pub cli_overrides: BTreeMap<String, Value>,
    /// The run that this one goes on with, where it was stopped: itself.
    pub resumed_from: Option<String>,
    /// After which epoch it went on.
    pub resumed_epoch: Option<u64>,
    /// Of the values given: what the file has in their place; null where it has nothing.
    pub config_changes: BTreeMap<String, Value>,
}

/// `config.yaml`: the head, and below it every param, section by section, as in params.yaml.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Config {
    #[serde(default)]
    pub(super) experiment: Experiment,
    #[serde(flatten)]
    pub(super) sections: Value,
}

/// The section for params that cannot stand at the top: those of other files.
const OTHER: &str = "other_params";

impl Config {
    /// With the params of params.yaml, and by file what stages read from others.
    pub(super) fn new(
        experiment: Experiment,
        params: &Value,
        read: &BTreeMap<String, BTreeMap<String, Value>>,
    ) -> Self {
        let mut all = params.clone();
        let mut other: BTreeMap<String, Value> = BTreeMap::new();
        for (file, values) in read {
            let into = if file == kaslite_engine::params::DEFAULT_FILE {
                &mut all
            } else {
                other.entry(file.clone()).or_default()
            };
            for (key, value) in values {
                if into.get(key).is_none() {
                    into.set(key, value.clone());
                }
            }
        }
        for taken in ["experiment", OTHER] {
            if let Some(section) = all.remove(taken) {
                let own = kaslite_engine::params::DEFAULT_FILE.to_owned();
                other.entry(own).or_default().set(taken, section);
            }
        }
        if !other.is_empty() {
            all.set(OTHER, Value::Map(other.into_iter().collect()));
        }
        Self {
            experiment,
            sections: all,
        }
    }

    /// Nothing at all says nothing.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let text = if text.trim().is_empty() { "{}" } else { text };
        yaml::from_text(text).map_err(|(message, _)| message)
    }

    pub(super) fn text(&self) -> String {
        yaml::to_text(self)
    }
}

/// The first part of a run's name: what is a name of a folder everywhere.
///
/// # Errors
/// It is none, as a fragment.
pub fn check_name(text: &str) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '+');
    let fine = text.chars().all(plain) && text.starts_with(|c: char| c.is_ascii_alphanumeric());
    if fine && text.len() <= 100 {
        Ok(text.to_owned())
    } else {
        Err(
            "a name has letters, digits, `_`, `-`, `.` and `+`, and begins with a letter or digit"
                .to_owned(),
        )
    }
}
