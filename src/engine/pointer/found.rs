//! [`Pointers`]: all pointers of a project.

use crate::error::EngineError;
use crate::pointer::{DVC_ENDING, DvcPointer, ENDING, Pointer};
use crate::rel_path::RelPath;
use std::path::Path;
use walkdir::{DirEntry, WalkDir};

/// All pointers of a project.
#[derive(Clone, Debug, Default)]
pub struct Pointers {
    /// Our own.
    pub own: Vec<Pointer>,
    /// DVC's, of paths that have none of ours.
    pub dvc: Vec<DvcPointer>,
}

impl Pointers {
    /// Looks for them everywhere below `root`, hidden folders left out.
    ///
    /// # Errors
    /// One that cannot be read.
    pub fn find(root: &Path) -> Result<Self, EngineError> {
        let is_seen = |entry: &DirEntry| {
            let name = entry.file_name().to_string_lossy();
            entry.depth() == 0 || !entry.file_type().is_dir() || !name.starts_with('.')
        };
        let walk = WalkDir::new(root).sort_by_file_name().into_iter();
        let mut found = Self::default();
        for entry in walk.filter_entry(is_seen).filter_map(Result::ok) {
            let Some(path) = relative(root, entry.path()).filter(|_| entry.file_type().is_file())
            else {
                continue;
            };
            if path.name().len() <= DVC_ENDING.len() {
                continue;
            }
            if path.as_str().ends_with(ENDING) {
                found.own.extend(Pointer::read(root, &path)?);
            } else if path.as_str().ends_with(DVC_ENDING) {
                found.dvc.extend(DvcPointer::read(root, &path)?);
            }
        }
        let own = &found.own;
        found
            .dvc
            .retain(|dvc| own.iter().all(|own| own.path != dvc.path));
        Ok(found)
    }

    /// Whether a name means the data of a pointer, or the pointer itself.
    pub fn has(&self, path: &RelPath) -> bool {
        let only = self.clone().only(std::slice::from_ref(path));
        !(only.own.is_empty() && only.dvc.is_empty())
    }

    /// Only those that one of the names means.
    #[must_use]
    pub fn only(mut self, paths: &[RelPath]) -> Self {
        let means = |data: &RelPath, ending| paths.iter().any(|path| is_named(data, ending, path));
        self.own.retain(|own| means(&own.path, ENDING));
        self.dvc.retain(|dvc| means(&dvc.path, DVC_ENDING));
        self
    }

    /// The pointer file that stands for a path, or for a folder it lies in, if there is one.
    pub(crate) fn above(root: &Path, path: &RelPath) -> Option<RelPath> {
        let mut parts: Vec<&str> = path.as_str().split('/').collect();
        while !parts.is_empty() {
            let data = RelPath::root().join(&parts.join("/"));
            let is_there = |ending: &&str| root.join(format!("{data}{ending}")).is_file();
            if [ENDING, DVC_ENDING].iter().any(is_there) {
                return Some(data);
            }
            parts.pop();
        }
        None
    }
}

/// Whether `path` is the data, or the pointer that stands for it.
fn is_named(data: &RelPath, ending: &str, path: &RelPath) -> bool {
    data == path || path.as_str().strip_suffix(ending) == Some(data.as_str())
}

fn relative(root: &Path, path: &Path) -> Option<RelPath> {
    let inside = path.strip_prefix(root).ok()?.to_str()?;
    Some(RelPath::root().join(inside))
}
