//! [`Experiment`]: what a person says of a run before it begins.

use kaslite_engine::params::{DEFAULT_FILE, Override};
use kaslite_engine::value::Value;
use kaslite_engine::workspace::Workspace;
use kaslite_track::record::{RunHeader, RunStatus, check_name};
use std::collections::BTreeMap;

/// What a person says of a run.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Record")]
pub(crate) struct Experiment {
    /// The first part of the run's name [default: the command]
    #[arg(long, value_parser = check_name)]
    name: Option<String>,
    /// A word by which the run is found again; may be given more than once
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
    /// What is tried here
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// What the run is worth: exploratory, keep, baseline or failed [default: exploratory]
    #[arg(long, value_name = "STATUS")]
    status: Option<RunStatus>,
}

/// The params of a run, and where they come from.
pub(crate) struct Params {
    /// The file whose params hold.
    pub(crate) base: String,
    /// Values given beside it, by key.
    pub(crate) overrides: BTreeMap<String, Value>,
    /// All of them.
    pub(crate) all: Value,
    /// Params file → dotted key → value, as the stages read them.
    pub(crate) by_file: BTreeMap<String, BTreeMap<String, Value>>,
}

impl Experiment {
    /// What is known of the run; `name` is its default.
    pub(crate) fn header(&self, name: &str, workspace: &Workspace) -> RunHeader {
        let project = &workspace.project;
        let params = &workspace.pipeline.params;
        let given = |value: &Override| {
            let here = params.get(&value.key).filter(|_| value.is_of_default());
            (value.name(), here.cloned().unwrap_or_else(|| value.given()))
        };
        let base = project.overrides.base.as_ref();
        let by_file = workspace.pipeline.params_by_file().into_iter();
        let params = Params {
            base: base.map_or(DEFAULT_FILE, |base| &base.name).to_owned(),
            overrides: project.overrides.values.iter().map(given).collect(),
            all: params.clone(),
            by_file: by_file
                .map(|(file, values)| (file.to_string(), values))
                .collect(),
        };
        self.with_params(name, params)
    }

    /// The same of a run without a pipeline.
    pub(crate) fn with_params(&self, name: &str, params: Params) -> RunHeader {
        let command = std::env::args().enumerate().map(|(index, text)| {
            if index == 0 {
                "kaslite".to_owned()
            } else {
                text
            }
        });
        let mut tags = Vec::new();
        for tag in &self.tag {
            if !tags.contains(tag) {
                tags.push(tag.clone());
            }
        }
        RunHeader {
            name: self.name.clone().unwrap_or_else(|| name.to_owned()),
            description: self.description.clone(),
            tags,
            status: self.status.unwrap_or_default(),
            command: command.collect(),
            kaslite: env!("CARGO_PKG_VERSION").to_owned(),
            base_config: params.base,
            overrides: params.overrides,
            config: params.all,
            params: params.by_file,
        }
    }
}
