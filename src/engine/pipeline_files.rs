//! [`PipelineFiles`]: the pipeline files of a project, which make one graph.

use crate::pointer::is_pointer;
use crate::problem::Problem;
use crate::project::{DVC_FILE, PIPELINE_FILE, Project, file_in, is_root_of_another};
use crate::rel_path::RelPath;
use crate::snapshot::{IGNORE_FILES, Stamp};
use ignore::{DirEntry, WalkBuilder};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// A pipeline file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PipelineFile {
    /// Where it lies.
    pub path: RelPath,
    /// What stands before the names of its stages: `sub/dvc.yaml:`, nothing at the root.
    prefix: String,
}

impl PipelineFile {
    fn new(path: RelPath, is_apart: bool) -> Self {
        let is_root = is_apart || !path.as_str().contains('/');
        let prefix = if is_root {
            String::new()
        } else {
            format!("{path}:")
        };
        Self { path, prefix }
    }

    /// The pipeline file that a lock of this project belongs to, by the lock's name.
    pub fn of_lock(project: &Project, lock: &RelPath) -> Option<Self> {
        let known = [PIPELINE_FILE, DVC_FILE].map(|name| lock.join("..").join(name));
        let mut known = known
            .into_iter()
            .filter(|_| !project.is_apart)
            .collect::<Vec<_>>();
        if let Some(only) = &project.only {
            known = vec![only.clone()];
        }
        let mut files = known
            .into_iter()
            .map(|path| Self::new(path, project.is_apart));
        files.find(|file| file.lock() == *lock)
    }

    /// The folder that its paths are relative to.
    pub fn folder(&self) -> RelPath {
        self.path.join("..")
    }

    /// `pipeline.lock` beside it: its name with the ending `.lock`. Beside a `dvc.yaml` it is
    /// `dvc.kaslite.lock`, since `dvc.lock` is DVC's own.
    pub fn lock(&self) -> RelPath {
        let name = self.path.name();
        let ending = if name == DVC_FILE {
            "kaslite.lock"
        } else {
            "lock"
        };
        let name = Path::new(name).with_extension(ending);
        self.folder().join(&name.to_string_lossy())
    }

    /// The name of one of its stages in the whole project.
    pub fn name_of(&self, stage: &str) -> String {
        format!("{}{stage}", self.prefix)
    }

    /// What the file calls a stage of the project; `None` where it has another prefix.
    pub fn own_name<'a>(&self, stage: &'a str) -> Option<&'a str> {
        stage.strip_prefix(&self.prefix)
    }
}

/// The pipeline files of a project: the root's first, the others by path.
#[derive(Clone, Debug, Default)]
pub struct PipelineFiles {
    all: Vec<PipelineFile>,
    /// Every folder that was searched and what said where not to, as they were before: a pipeline file
    /// that comes or goes shows in one of them.
    pub(crate) searched: Vec<(String, Option<Stamp>)>,
    /// The pointers in those folders, by path.
    pub(crate) pointers: Vec<RelPath>,
}

impl PipelineFiles {
    /// Searches the project. Hidden folders are left out, those that `.gitignore`, `.dvcignore` and
    /// `.kasliteignore` name, the records of runs, and what is a repository of its own.
    pub fn find(project: &Project) -> Self {
        let mut found = Self::default();
        let mut paths = Vec::new();
        if !project.is_apart {
            paths = found.search(&project.root);
        }
        paths.extend(project.only.clone().filter(|only| !paths.contains(only)));
        paths.sort_by_key(|path| (path.as_str().contains('/'), path.clone()));
        let all = paths.into_iter();
        found.all = all
            .map(|path| PipelineFile::new(path, project.is_apart))
            .collect();
        found
    }

    /// Files that are known, as they were found by a search that looked at these paths.
    pub(crate) fn known(
        all: Vec<PipelineFile>,
        searched: Vec<(String, Option<Stamp>)>,
        pointers: Vec<RelPath>,
    ) -> Self {
        Self {
            all,
            searched,
            pointers,
        }
    }

    /// All of them.
    pub fn all(&self) -> &[PipelineFile] {
        &self.all
    }

    /// What was searched, files that say where not to among it.
    pub(crate) fn searched_paths(&self) -> BTreeSet<String> {
        let paths = self.searched.iter();
        paths.map(|(path, _)| path.clone()).collect()
    }

    /// The folders that were searched.
    pub fn folders(&self, project: &Project) -> Vec<RelPath> {
        let paths = self.searched.iter();
        let paths = paths.map(|(path, _)| RelPath::root().join(path));
        paths
            .filter(|path| path.under(&project.root).is_dir())
            .collect()
    }

    /// The file of a stage, by its name in the project, and what the file calls it.
    pub fn of_stage<'a>(&self, stage: &'a str) -> Option<(&PipelineFile, &'a str)> {
        let named = |file: &PipelineFile| !file.prefix.is_empty();
        let (below, root): (Vec<_>, Vec<_>) = self.all.iter().partition(|file| named(file));
        let mut files = below.into_iter().chain(root);
        files.find_map(|file| Some((file, file.own_name(stage)?)))
    }

    fn search(&mut self, root: &Path) -> Vec<RelPath> {
        let searched = Searched::default();
        look(root, root, &searched);
        let (noted, top) = (searched.clone(), root.to_owned());
        let mut walk = WalkBuilder::new(root);
        walk.parents(false)
            .ignore(false)
            .git_global(false)
            .git_exclude(false)
            .require_git(false)
            .filter_entry(move |entry| wanted(entry, &top, &noted));
        for name in IGNORE_FILES {
            walk.add_custom_ignore_filename(name);
        }
        let mut paths = Vec::new();
        // A folder that cannot be read holds nothing that can.
        for entry in walk.build().filter_map(Result::ok) {
            let path = entry.path();
            if is_dir(&entry)
                && let Some(name) = file_in(path)
            {
                let inside = path.strip_prefix(root).unwrap_or(path);
                paths.push(RelPath::root().join(&inside.to_string_lossy()).join(name));
            }
        }
        let mut searched = searched.lock().unwrap_or_else(PoisonError::into_inner);
        self.searched = std::mem::take(&mut searched.folders);
        self.pointers = std::mem::take(&mut searched.pointers);
        self.pointers.sort();
        paths
    }

    /// What to say where the project has no pipeline file at all.
    pub(crate) fn none(project: &Project) -> Problem {
        let name = project
            .only
            .as_ref()
            .map_or("pipeline.yaml", RelPath::as_str);
        let problem = if project.only.is_some() {
            Problem::in_file(name, "no such file")
        } else {
            Problem::in_file(name, "not found in this project")
        };
        problem.hint("`kaslite init` makes a small project here")
    }
}

/// What a search comes by.
#[derive(Default)]
struct Found {
    folders: Vec<(String, Option<Stamp>)>,
    pointers: Vec<RelPath>,
}

type Searched = Arc<Mutex<Found>>;

fn is_dir(entry: &DirEntry) -> bool {
    entry.file_type().is_some_and(|kind| kind.is_dir())
}

/// Whether a folder is searched; then it is noted, before it is read.
fn wanted(entry: &DirEntry, root: &Path, searched: &Searched) -> bool {
    let path = entry.path();
    if !is_dir(entry) {
        note_pointer(path, root, searched);
        return false;
    }
    if is_root_of_another(path) || path == root.join("results/runs") {
        return false;
    }
    look(path, root, searched);
    true
}

fn note_pointer(path: &Path, root: &Path, searched: &Searched) {
    let name = path.file_name().and_then(|name| name.to_str());
    let inside = path.strip_prefix(root).ok().and_then(Path::to_str);
    if let (true, Some(inside)) = (name.is_some_and(is_pointer), inside) {
        let mut searched = searched.lock().unwrap_or_else(PoisonError::into_inner);
        searched.pointers.push(RelPath::root().join(inside));
    }
}

fn look(folder: &Path, root: &Path, searched: &Searched) {
    let mut searched = searched.lock().unwrap_or_else(PoisonError::into_inner);
    let mut see = |path: &Path, always: bool| {
        let stamp = Stamp::look(path);
        if always || stamp.is_some() {
            let key = path.strip_prefix(root).unwrap_or(path);
            searched
                .folders
                .push((key.to_string_lossy().into_owned(), stamp));
        }
    };
    see(folder, true);
    for name in IGNORE_FILES.iter().chain(&[".gitignore"]) {
        see(&folder.join(name), false);
    }
}
