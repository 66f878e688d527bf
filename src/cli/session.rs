//! [`Session`]: what every command starts from.

use crate::cli::arguments::Arguments;
use crate::cli::error::CliError;
use crate::cli::given::Given;
use crate::ui::{Talk, Terminal};
use clap::ColorChoice;
use kaslite_engine::digest::Digest;
use kaslite_engine::project::{PIPELINE_FILE, Project};
use kaslite_engine::registry::Registry;
use kaslite_engine::standing::Standing;
use kaslite_engine::workspace::Workspace;
use kaslite_track::record::RunStore;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

/// What every command starts from. The environment is read here and nowhere else.
pub(crate) struct Session {
    pub(crate) folder: PathBuf,
    pub(crate) registry: Registry,
    pub(crate) terminal: Terminal,
    pub(crate) environment: BTreeMap<String, String>,
    file: Option<PathBuf>,
    color: ColorChoice,
}

impl Session {
    pub(crate) fn new(
        arguments: &Arguments,
        registry: Registry,
        terminal: Terminal,
    ) -> Result<Self, CliError> {
        let here = std::env::current_dir()
            .map_err(|error| CliError::usage(format!("cannot find the current folder: {error}")))?;
        let folder = arguments
            .directory
            .as_ref()
            .map_or_else(|| here.clone(), |dir| here.join(dir));
        if !folder.is_dir() {
            return Err(CliError::usage(format!(
                "`{}` is not a folder",
                folder.display()
            )));
        }
        let file = arguments.file.as_ref().map(|file| folder.join(file));
        let environment = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        Ok(Self {
            folder,
            registry,
            terminal,
            environment,
            file,
            color: arguments.color,
        })
    }

    /// The pipeline file that was named, as a path of the project.
    pub(crate) fn named_file(&self, project: &Project) -> Option<PathBuf> {
        let file = self.file.as_ref()?.canonicalize().ok()?;
        file.strip_prefix(&project.root).map(PathBuf::from).ok()
    }

    /// The options that make another `kaslite` start from the same.
    pub(crate) fn global_arguments(&self) -> Vec<OsString> {
        let mut arguments = vec!["--directory".into(), self.folder.clone().into()];
        if let Some(file) = &self.file {
            arguments.extend(["--file".into(), file.clone().into()]);
        }
        arguments.push(self.color_argument().into());
        match self.terminal.talk() {
            Talk::Errors => arguments.push("--quiet".into()),
            Talk::News => {}
            Talk::Decisions => arguments.push("--verbose".into()),
        }
        arguments
    }

    /// The option for colours, as it was given.
    pub(crate) fn color_argument(&self) -> String {
        format!("--color={}", self.color)
    }

    /// The project of the folder, or of `--file`.
    pub(crate) fn project(&self) -> Result<Project, CliError> {
        let environment = self.environment.clone();
        match &self.file {
            Some(file) => Ok(Project::of_file(file, environment)),
            None => Ok(Project::discover(&self.folder, environment)?),
        }
    }

    /// The project of the folder, or of `--file`, for what needs its runs alone: without a pipeline it
    /// is the folder itself, if `train` has run there.
    pub(crate) fn recorded(&self) -> Result<Project, CliError> {
        let has_runs = || RunStore::new(&self.folder).folder().is_dir();
        match self.project() {
            Err(_) if has_runs() => Ok(self.bare()),
            project => project,
        }
    }

    /// The folder as a project without a pipeline.
    pub(crate) fn bare(&self) -> Project {
        let pipeline = self.folder.join(PIPELINE_FILE);
        Project::of_file(&pipeline, self.environment.clone())
    }

    /// What a command is about where it is given these targets: without any, the pipeline file of this
    /// folder, if it is below the root and has one; else, or with `all`, everything.
    pub(crate) fn targets(&self, given: &[String], all: bool) -> Result<Vec<String>, CliError> {
        if all || !given.is_empty() {
            return Ok(given.to_owned());
        }
        Ok(self.project()?.default_targets())
    }

    /// How all stages stand, if that can be told from what changed since all was fresh.
    pub(crate) fn standing(&self) -> Result<Option<Standing>, CliError> {
        let project = self.project()?;
        let standing = Standing::find(&project, self.registry.specs());
        if standing.is_some() {
            self.warn_if_older(&project);
        }
        Ok(standing)
    }

    /// The project opened; warns where this program is older than its own sources.
    pub(crate) fn workspace(&self) -> Result<Workspace, CliError> {
        self.workspace_with(&Given::default())
    }

    /// The project opened, with other params.
    pub(crate) fn workspace_with(&self, given: &Given) -> Result<Workspace, CliError> {
        let mut project = self.project()?;
        project.overrides = given.overrides(self)?;
        let workspace = Workspace::open(project, self.registry.clone())?;
        self.warn_if_older(&workspace.project);
        Ok(workspace)
    }

    /// In a checkout of kaslite itself, the sources may be newer than the program: what it calls fresh
    /// is then what its own code would make.
    fn warn_if_older(&self, project: &Project) {
        let is_checkout = project.root.join("stages/catalog/table.rs").is_file();
        if !is_checkout {
            return;
        }
        let changed: Vec<&str> = kaslite_catalog::RAW_FILES
            .iter()
            .filter(|(path, digest)| {
                std::fs::read(project.root.join(path))
                    .map_or(true, |bytes| Digest::of(&bytes).to_string() != **digest)
            })
            .map(|(path, _)| *path)
            .collect();
        if let Some(first) = changed.first() {
            let more = match changed.len() {
                1 => String::new(),
                count => format!(" and {} more", count - 1),
            };
            self.terminal.warning(&format!(
                "`{first}`{more} changed since this program was built; `cargo build --workspace` brings it up to date"
            ));
        }
    }
}
