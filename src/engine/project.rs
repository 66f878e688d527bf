//! [`Project`]: where things lie.

use crate::error::EngineError;
use crate::params::{DEFAULT_FILE, Overrides};
use crate::pipeline_files::{PipelineFile, PipelineFiles};
use crate::problem::Problem;
use crate::rel_path::RelPath;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The pipeline file.
pub const PIPELINE_FILE: &str = "pipeline.yaml";
/// DVC's, which runs unchanged.
pub const DVC_FILE: &str = "dvc.yaml";

/// The folders and files of one project.
#[derive(Clone, Debug)]
pub struct Project {
    /// The folder that all paths are relative to.
    pub root: PathBuf,
    /// The environment of the program, for `env:` and for commands.
    pub environment: BTreeMap<String, String>,
    /// Values that stand for those of the params files.
    pub overrides: Overrides,
    /// The folder that names typed by people are seen from.
    pub(crate) here: RelPath,
    /// The one pipeline file that is read, where one is named.
    pub(crate) only: Option<RelPath>,
    /// Whether that file is none of the project's but a pipeline of its own.
    pub(crate) is_apart: bool,
}

impl Project {
    /// The project that `folder` lies in: where DVC's `.dvc` is; else the topmost folder of the git
    /// repository with a pipeline file, at or above it. Outside of git the topmost where kaslite ran
    /// before, or else the nearest.
    ///
    /// # Errors
    /// No pipeline file anywhere.
    pub fn discover(
        folder: &Path,
        environment: BTreeMap<String, String>,
    ) -> Result<Self, EngineError> {
        let folder = canonical(folder);
        let Some(root) = root_of(&folder) else {
            let problem =
                Problem::in_file(PIPELINE_FILE, "not found in this folder or any above it");
            return Err(EngineError::Problems(vec![
                problem.hint("`kaslite init` makes a small project here"),
            ]));
        };
        Ok(Self {
            here: between(&root, &folder),
            root,
            environment,
            overrides: Overrides::default(),
            only: None,
            is_apart: false,
        })
    }

    /// The project of one pipeline file, of which no other file is read. A file that is not called as
    /// those of a project are is a pipeline of its own, and its folder the project.
    pub fn of_file(pipeline: &Path, environment: BTreeMap<String, String>) -> Self {
        let folder = pipeline
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let folder = canonical(folder.unwrap_or(Path::new(".")));
        let name = pipeline.file_name().unwrap_or_default().to_string_lossy();
        let is_apart = file_in(&folder).unwrap_or(PIPELINE_FILE) != name;
        let root = Some(&folder).filter(|_| !is_apart);
        let root = root.and_then(|folder| root_of(folder));
        let root = root.unwrap_or_else(|| folder.clone());
        let here = between(&root, &folder);
        Self {
            only: Some(here.join(&name)),
            root,
            environment,
            overrides: Overrides::default(),
            here,
            is_apart,
        }
    }

    /// The other pipelines of the root that have a lock: each is named by its file, and shares the cache.
    pub fn beside(&self) -> Vec<Self> {
        let files = std::fs::read_dir(&self.root).into_iter().flatten();
        let files = files.filter_map(|entry| Some(entry.ok()?.path()));
        let is_yaml = |file: &PathBuf| {
            let ending = file.extension().and_then(|ending| ending.to_str());
            matches!(ending, Some("yaml" | "yml")) && file.is_file()
        };
        let projects = files.filter(is_yaml);
        let projects = projects.map(|file| Self::of_file(&file, self.environment.clone()));
        let is_other = |other: &Self| {
            let lock = PipelineFiles::find(other);
            let lock = lock.all().first().map(PipelineFile::lock);
            other.pipeline_name() != self.pipeline_name()
                && lock.is_some_and(|lock| lock.under(&other.root).is_file())
        };
        projects.filter(is_other).collect()
    }

    /// The pipeline that this is, as the names of its files of state have it.
    pub(crate) fn pipeline_name(&self) -> &str {
        let own = self.only.as_ref().filter(|_| self.is_apart);
        own.map_or(PIPELINE_FILE, RelPath::name)
    }

    /// What stands for all stages where none is named: in a folder below the root that has a pipeline
    /// file, that file; else nothing, which is all.
    pub fn default_targets(&self) -> Vec<String> {
        let is_root = self.only.is_some() || self.here == RelPath::root();
        let file = file_in(&self.here.under(&self.root)).filter(|_| !is_root);
        file.map(str::to_owned).into_iter().collect()
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

    /// A file of state that belongs to this pipeline, not to others in the same folder.
    pub(crate) fn own_state(&self, name: &str) -> PathBuf {
        self.state_dir()
            .join(format!("{name}-{}", self.pipeline_name()))
    }

    /// The content store and the run cache.
    pub fn cache_dir(&self) -> PathBuf {
        self.state_dir().join("cache")
    }

    /// Unfinished work: a folder for each process.
    pub fn temp_dir(&self) -> PathBuf {
        // What a killed run of the whole project set aside is not for a run of one file to clear up.
        let only = self.only.as_ref().filter(|_| !self.is_apart);
        let name = only.map_or_else(
            || "tmp".to_owned(),
            |only| format!("tmp-{}", crate::stage::file_name(only.as_str())),
        );
        self.state_dir().join(name)
    }
}

/// The name of the pipeline file of a folder, where it has one.
pub(crate) fn file_in(folder: &Path) -> Option<&'static str> {
    let names = [PIPELINE_FILE, DVC_FILE];
    let file = names.iter().find(|name| folder.join(name).is_file());
    // A folder, or a link to nothing: it is said of it what is wrong.
    let other = || {
        let mut names = names.iter();
        names.find(|name| folder.join(name).symlink_metadata().is_ok())
    };
    file.or_else(other).copied()
}

/// Whether a folder is where a project of DVC or a git repository begins.
pub(crate) fn is_root_of_another(folder: &Path) -> bool {
    folder.join(".dvc").is_dir() || folder.join(".git").exists()
}

fn root_of(folder: &Path) -> Option<PathBuf> {
    let (mut nearest, mut topmost, mut ran) = (None, None, None);
    for above in folder.ancestors() {
        if above.join(".dvc").is_dir() {
            return Some(above.to_owned());
        }
        if file_in(above).is_some() {
            nearest = nearest.or(Some(above));
            topmost = Some(above);
            if above.join(".kaslite").is_dir() {
                ran = Some(above);
            }
        }
        if above.join(".git").exists() {
            return topmost.map(Path::to_owned);
        }
    }
    ran.or(nearest).map(Path::to_owned)
}

/// A path without links and `..`; as it is where there is no such folder.
fn canonical(folder: &Path) -> PathBuf {
    folder.canonicalize().unwrap_or_else(|_| folder.to_owned())
}

fn between(root: &Path, folder: &Path) -> RelPath {
    let below = folder.strip_prefix(root).unwrap_or(Path::new(""));
    RelPath::root().join(&below.to_string_lossy())
}
