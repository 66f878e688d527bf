//! [`Project`]: where things lie.

use crate::error::EngineError;
use crate::params::{DEFAULT_FILE, Overrides};
use crate::problem::Problem;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The pipeline file.
pub const PIPELINE_FILE: &str = "pipeline.yaml";
/// DVC's, which runs unchanged.
pub const DVC_FILE: &str = "dvc.yaml";

/// The folders and files of one project.
#[derive(Clone, Debug)]
pub struct Project {
    /// The folder of the pipeline file.
    pub root: PathBuf,
    /// The environment of the program, for `env:` and for commands.
    pub environment: BTreeMap<String, String>,
    /// Values that stand for those of the params files.
    pub overrides: Overrides,
    pipeline: PathBuf,
    pipeline_name: String,
}

impl Project {
    /// The project of `folder`: the nearest `pipeline.yaml`, else `dvc.yaml`, in it or above it.
    ///
    /// # Errors
    /// No pipeline file anywhere.
    pub fn discover(
        folder: &Path,
        environment: BTreeMap<String, String>,
    ) -> Result<Self, EngineError> {
        for root in folder.ancestors() {
            let files = [PIPELINE_FILE, DVC_FILE].map(|name| root.join(name));
            let file = files.iter().find(|file| file.is_file());
            // A folder, or a link to nothing: it is said of it what is wrong.
            let other = || files.iter().find(|file| file.symlink_metadata().is_ok());
            if let Some(pipeline) = file.or_else(other) {
                return Ok(Self::at(root, pipeline, environment));
            }
        }
        let problem = Problem::in_file(PIPELINE_FILE, "not found in this folder or any above it");
        Err(EngineError::Problems(vec![
            problem.hint("`kaslite init` makes a small project here"),
        ]))
    }

    /// The project of one pipeline file, whatever its name.
    pub fn of_file(pipeline: &Path, environment: BTreeMap<String, String>) -> Self {
        let root = pipeline
            .parent()
            .filter(|root| !root.as_os_str().is_empty());
        Self::at(root.unwrap_or(Path::new(".")), pipeline, environment)
    }

    fn at(root: &Path, pipeline: &Path, environment: BTreeMap<String, String>) -> Self {
        let name = pipeline
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        Self {
            root: root.to_owned(),
            environment,
            overrides: Overrides::default(),
            pipeline: pipeline.to_owned(),
            pipeline_name: name.unwrap_or_default(),
        }
    }

    /// Another pipeline of the same folder, by its lock.
    #[must_use]
    pub fn beside(&self, lock: &Path) -> Self {
        let endings = ["yaml", "yml"].map(|ending| lock.with_extension(ending));
        let pipeline = endings.iter().find(|path| path.is_file());
        Self::at(
            &self.root,
            pipeline.map_or(lock, PathBuf::as_path),
            self.environment.clone(),
        )
    }

    /// The pipeline file.
    pub fn pipeline_path(&self) -> &Path {
        &self.pipeline
    }

    /// Its name, as messages show it.
    pub fn pipeline_name(&self) -> &str {
        &self.pipeline_name
    }

    /// `pipeline.lock`: the pipeline file's name with the ending `.lock`. Beside a `dvc.yaml` it is
    /// `dvc.kaslite.lock`, since `dvc.lock` is DVC's own.
    pub fn lock_path(&self) -> PathBuf {
        let is_dvc = self.pipeline_name == DVC_FILE;
        let ending = if is_dvc { "kaslite.lock" } else { "lock" };
        self.pipeline.with_extension(ending)
    }

    /// What the variable `KASLITE_PARAMS` tells commands: params.yaml, or a file of this run with the
    /// values that stand for it.
    pub fn params_path(&self) -> PathBuf {
        if self.overrides.is_empty() {
            self.root.join(DEFAULT_FILE)
        } else {
            let name = format!("{}.yaml", std::process::id());
            self.state_dir().join("params").join(name)
        }
    }

    /// `.kaslite`: safe to delete, costs time only.
    pub fn state_dir(&self) -> PathBuf {
        self.root.join(".kaslite")
    }

    /// A file of state that belongs to this pipeline file, not to others beside it.
    pub(crate) fn own_state(&self, name: &str) -> PathBuf {
        self.state_dir()
            .join(format!("{name}-{}", self.pipeline_name))
    }

    /// The content store and the run cache.
    pub fn cache_dir(&self) -> PathBuf {
        self.state_dir().join("cache")
    }

    /// Unfinished work: a folder for each process.
    pub fn temp_dir(&self) -> PathBuf {
        self.state_dir().join("tmp")
    }
}
