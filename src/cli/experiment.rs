//! [`Experiment`]: what a person says of a run before it begins.

use kaslite_engine::params::{DEFAULT_FILE, Override};
use kaslite_engine::workspace::Workspace;
use kaslite_track::record::{RunHeader, RunStatus, check_name};

/// What a person says of a run.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Record")]
pub(crate) struct Experiment {
    /// The first part of the run's name [default: repro]
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

impl Experiment {
    /// What is known of the run; `name` is its default.
    pub(crate) fn header(&self, name: &str, workspace: &Workspace) -> RunHeader {
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
        let project = &workspace.project;
        let params = &workspace.pipeline.params;
        let given = |value: &Override| {
            let here = params.get(&value.key).filter(|_| value.is_of_default());
            (value.name(), here.cloned().unwrap_or_else(|| value.given()))
        };
        let base = project.overrides.base.as_ref();
        let by_file = workspace.pipeline.params_by_file().into_iter();
        RunHeader {
            name: self.name.clone().unwrap_or_else(|| name.to_owned()),
            description: self.description.clone(),
            tags,
            status: self.status.unwrap_or_default(),
            command: command.collect(),
            kaslite: env!("CARGO_PKG_VERSION").to_owned(),
            base_config: base.map_or(DEFAULT_FILE, |base| &base.name).to_owned(),
            overrides: project.overrides.values.iter().map(given).collect(),
            config: params.clone(),
            params: by_file
                .map(|(file, values)| (file.to_string(), values))
                .collect(),
        }
    }
}
