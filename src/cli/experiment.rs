//! [`Experiment`]: what a person says of a run before it begins.

use crate::ui::describe;
use kaslite_engine::fs;
use kaslite_engine::manifest::parse_params;
use kaslite_engine::params::{DEFAULT_FILE, Override};
use kaslite_engine::project::Project;
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
    /// What that file has in place of those that differ.
    pub(crate) changes: BTreeMap<String, Value>,
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
        let overrides: BTreeMap<String, Value> =
            project.overrides.values.iter().map(given).collect();
        let by_file = workspace.pipeline.params_by_file().into_iter();
        let params = Params {
            base: base.map_or(DEFAULT_FILE, |base| &base.name).to_owned(),
            changes: changes(project, &overrides),
            overrides,
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
            describe: |reason| describe(reason).to_string(),
            changes: params.changes,
            overrides: params.overrides,
            config: params.all,
            params: params.by_file,
        }
    }
}

/// What the file has in place of the values given, where it is something else.
fn changes(project: &Project, given: &BTreeMap<String, Value>) -> BTreeMap<String, Value> {
    let default = || project.root.join(DEFAULT_FILE);
    let base = project.overrides.base.as_ref();
    let path = base.map_or_else(default, |base| base.path.clone());
    let text = fs::read_if_exists(&path).ok().flatten().unwrap_or_default();
    let file = parse_params(&path.to_string_lossy(), text).unwrap_or_default();
    let own = project
        .overrides
        .values
        .iter()
        .filter(|one| one.is_of_default());
    let changed = own.filter_map(|one| {
        let (key, value) = given.get_key_value(&one.key)?;
        let before = file.get(key).cloned().unwrap_or_default();
        (before != *value).then(|| (key.clone(), before))
    });
    changed.collect()
}
