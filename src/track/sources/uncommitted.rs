//! [`Uncommitted`]: how the working tree differs from the commit checked out.

use crate::provenance::{inside, open};
use git2::{Delta, Diff, DiffFormat, DiffOptions, ObjectType, Oid, Repository, Tree};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// How the working tree differs from the commit checked out; paths are those of the project.
#[derive(Debug, Default)]
pub struct Uncommitted {
    /// The commit; `None` outside git and before the first.
    pub commit: Option<String>,
    /// Files that differ, or were added and not yet committed.
    pub changed: BTreeSet<String>,
    /// Files of the commit that are not there.
    pub removed: BTreeSet<String>,
    /// The diff of the whole repository.
    pub(super) patch: Vec<u8>,
    /// Why something is not known, or cut off.
    pub(super) note: Option<String>,
    /// Every file of the commit.
    tracked: BTreeSet<String>,
}

impl Uncommitted {
    /// Of the repository that `root` lies in, with so many bytes of the diff at most.
    pub fn of(root: &Path, limit: usize) -> Self {
        let mut found = Self::default();
        let Ok(repository) = open(root) else {
            return found;
        };
        if let Err(reason) = found.read(&repository, root, limit) {
            found.note = Some(reason);
        }
        found
    }

    /// Whether the commit has a file, and the working tree the same.
    pub fn has_unchanged(&self, path: &str) -> bool {
        self.tracked.contains(path) && !self.changed.contains(path) && !self.removed.contains(path)
    }

    /// The files of the commit.
    pub fn tracked(&self) -> impl Iterator<Item = &str> {
        self.tracked.iter().map(String::as_str)
    }

    fn read(&mut self, repository: &Repository, root: &Path, limit: usize) -> Result<(), String> {
        let text = |error: git2::Error| error.message().to_owned();
        let Ok(head) = repository.head().and_then(|head| head.peel_to_commit()) else {
            return Ok(());
        };
        let folder = inside(repository, root, Path::new("")).map_err(|error| error.to_string())?;
        let tree = head.tree().map_err(text)?;
        for (path, _, _) in blobs(repository, &tree, &folder).map_err(text)? {
            self.tracked.insert(path);
        }
        let mut options = DiffOptions::new();
        options.include_typechange(true);
        let diff = repository.diff_tree_to_workdir_with_index(Some(&tree), Some(&mut options));
        let diff = diff.map_err(text)?;
        self.deltas(&diff, &folder);
        self.commit = Some(head.id().to_string());
        if limit > 0 {
            self.print(&diff, limit).map_err(text)?;
        }
        Ok(())
    }

    fn deltas(&mut self, diff: &Diff<'_>, folder: &Path) {
        for delta in diff.deltas() {
            let is_gone = delta.status() == Delta::Deleted;
            let file = if is_gone {
                delta.old_file()
            } else {
                delta.new_file()
            };
            let below = file.path().and_then(|path| path.strip_prefix(folder).ok());
            let Some(path) = below.map(|path| path.to_string_lossy().into_owned()) else {
                continue;
            };
            if is_gone {
                self.removed.insert(path);
            } else {
                self.changed.insert(path);
            }
        }
    }

    fn print(&mut self, diff: &Diff<'_>, limit: usize) -> Result<(), git2::Error> {
        let (patch, mut is_whole) = (&mut self.patch, true);
        diff.print(DiffFormat::Patch, |_, _, line| {
            if matches!(line.origin(), '+' | '-' | ' ') {
                patch.push(line.origin() as u8);
            }
            patch.extend_from_slice(line.content());
            is_whole &= patch.len() <= limit;
            // Going on would only cost time; `false` would be an error.
            patch.truncate(limit);
            true
        })?;
        if !is_whole {
            self.note = Some(format!("the diff is cut off after {limit} bytes"));
        }
        Ok(())
    }
}

/// Path in `folder` of the tree, what it holds and its mode: files and links.
pub(super) fn blobs(
    repository: &Repository,
    tree: &Tree<'_>,
    folder: &Path,
) -> Result<Vec<(String, Oid, i32)>, git2::Error> {
    let mut found = Vec::new();
    let top = if folder.as_os_str().is_empty() {
        Some(tree.id())
    } else {
        let entry = tree.get_path(folder).ok();
        entry
            .filter(|entry| entry.kind() == Some(ObjectType::Tree))
            .map(|entry| entry.id())
    };
    let mut folders: Vec<(PathBuf, Oid)> =
        top.map(|top| (PathBuf::new(), top)).into_iter().collect();
    while let Some((path, id)) = folders.pop() {
        for entry in &repository.find_tree(id)? {
            let Ok(name) = std::str::from_utf8(entry.name_bytes()) else {
                continue;
            };
            let path = path.join(name);
            if entry.kind() == Some(ObjectType::Tree) {
                folders.push((path, entry.id()));
            } else if entry.kind() == Some(ObjectType::Blob) {
                found.push((
                    path.to_string_lossy().into_owned(),
                    entry.id(),
                    entry.filemode(),
                ));
            }
        }
    }
    Ok(found)
}
