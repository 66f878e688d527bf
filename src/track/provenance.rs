//! Where results come from: the commit and the changes of the code that made them.

use std::path::{Component, Path, PathBuf};

use git2::{ErrorCode, ObjectType, Repository, Status, StatusOptions, StatusShow};
use serde::{Deserialize, Serialize};

/// How many changed files a [`Provenance`] names.
const NAMED_FILES: usize = 50;

/// Which version of the code a run was made with, as far as git knows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// The commit checked out, 40 or 64 hex digits; `None` outside a repository and before the
    /// first commit.
    pub commit: Option<String>,
    /// The shortest prefix of `commit` that git finds unambiguous.
    pub short: Option<String>,
    /// The branch checked out; `None` where `HEAD` is detached.
    pub branch: Option<String>,
    /// Whether a file differs from `commit` or is not in it; ignored files do not count.
    pub dirty: Option<bool>,
    /// The first 50 of the files that make it dirty, sorted, relative to the repository. A folder
    /// that is new as a whole stands for its files and ends in `/`.
    pub changed_files: Vec<String>,
    /// How many there are, the first 50 included.
    pub changed_total: Option<usize>,
    /// Why something above is not known though there is a repository.
    pub note: Option<String>,
}

/// Why the content of a file at a revision cannot be given.
#[derive(Debug, thiserror::Error)]
pub enum ProvenanceError {
    /// No folder from `root` upwards is a git repository.
    #[error("`{}` is not in a git repository", root.display())]
    NoRepository {
        /// The folder that was to be in a repository.
        root: PathBuf,
    },
    /// The revision names no commit, tag or tree of the repository.
    #[error("git knows no revision `{revision}`")]
    NoRevision {
        /// The revision as given.
        revision: String,
    },
    /// The path leads out of the repository.
    #[error("`{}` lies outside of the git repository", path.display())]
    Outside {
        /// The path as given.
        path: PathBuf,
    },
    /// The path is a folder or a submodule at that revision.
    #[error("`{}` is not a file at `{revision}`", path.display())]
    NotAFile {
        /// The path as given.
        path: PathBuf,
        /// The revision as given.
        revision: String,
    },
    /// Git cannot read the repository.
    #[error("cannot read the git repository: {reason}")]
    Unreadable {
        /// What git said.
        reason: String,
    },
}

impl Provenance {
    /// What git knows of the repository that `folder` lies in. Never fails: outside a repository
    /// everything is `None`, and what cannot be read is `None` with the reason in `note`.
    pub fn of(folder: &Path) -> Self {
        let repository = match Repository::discover(folder) {
            Ok(repository) => repository,
            Err(error) if error.code() == ErrorCode::NotFound => return Self::default(),
            Err(error) => {
                return Self {
                    note: Some(reason(&error)),
                    ..Self::default()
                };
            }
        };
        let mut provenance = Self {
            branch: branch(&repository),
            ..Self::default()
        };
        if let Err(error) = provenance.read_commit(&repository) {
            provenance.note = Some(reason(&error));
        }
        if let Err(error) = provenance.read_changes(&repository) {
            provenance.note = Some(reason(&error));
        }
        provenance
    }

    fn read_commit(&mut self, repository: &Repository) -> Result<(), git2::Error> {
        let head = match repository.head() {
            Ok(head) => head.peel_to_commit()?,
            Err(error) if error.code() == ErrorCode::UnbornBranch => return Ok(()),
            Err(error) => return Err(error),
        };
        self.commit = Some(head.id().to_string());
        self.short = Some(String::from_utf8_lossy(&head.as_object().short_id()?).into_owned());
        Ok(())
    }

    fn read_changes(&mut self, repository: &Repository) -> Result<(), git2::Error> {
        let mut options = StatusOptions::new();
        options
            .show(StatusShow::IndexAndWorkdir)
            .include_untracked(true)
            .include_ignored(false);
        let statuses = repository.statuses(Some(&mut options))?;
        let changed = statuses
            .iter()
            .filter(|entry| entry.status() != Status::CURRENT);
        let mut changed: Vec<_> = changed
            .map(|entry| String::from_utf8_lossy(entry.path_bytes()).into_owned())
            .collect();
        changed.sort();
        self.dirty = Some(!changed.is_empty());
        self.changed_total = Some(changed.len());
        changed.truncate(NAMED_FILES);
        self.changed_files = changed;
        Ok(())
    }
}

/// The content of the file `path`, relative to `root`, at `revision`: whatever `git rev-parse`
/// understands, such as `HEAD`, `HEAD~1`, a branch, a tag, a short hash. `None` where the
/// revision has no such file. For a symbolic link the content is where it points.
///
/// # Errors
/// No repository at `root`, no such revision, a path outside the repository or to a folder.
pub fn read_at(
    root: &Path,
    revision: &str,
    path: &Path,
) -> Result<Option<Vec<u8>>, ProvenanceError> {
    let repository = open(root)?;
    let inside = inside(&repository, root, path)?;
    let tree = tree(&repository, revision)?;
    let entry = match tree.get_path(&inside) {
        Ok(entry) => entry,
        Err(error) if error.code() == ErrorCode::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(&error)),
    };
    if entry.kind() != Some(ObjectType::Blob) {
        let (path, revision) = (path.to_owned(), revision.to_owned());
        return Err(ProvenanceError::NotAFile { path, revision });
    }
    let blob = repository
        .find_blob(entry.id())
        .map_err(|error| unreadable(&error))?;
    Ok(Some(blob.content().to_vec()))
}

/// Whether `text` names a revision of the repository that `root` lies in; `false` without one.
pub fn is_revision(root: &Path, text: &str) -> bool {
    open(root).is_ok_and(|repository| tree(&repository, text).is_ok())
}

pub(crate) fn open(root: &Path) -> Result<Repository, ProvenanceError> {
    Repository::discover(root).map_err(|error| {
        if error.code() != ErrorCode::NotFound {
            return unreadable(&error);
        }
        ProvenanceError::NoRepository {
            root: root.to_owned(),
        }
    })
}

pub(crate) fn tree<'a>(
    repository: &'a Repository,
    revision: &str,
) -> Result<git2::Tree<'a>, ProvenanceError> {
    let object = repository.revparse_single(revision);
    object
        .and_then(|object| object.peel_to_tree())
        .map_err(|_| ProvenanceError::NoRevision {
            revision: revision.to_owned(),
        })
}

/// `path` of `root`, as a path of the repository.
pub(crate) fn inside(
    repository: &Repository,
    root: &Path,
    path: &Path,
) -> Result<PathBuf, ProvenanceError> {
    let outside = || ProvenanceError::Outside {
        path: path.to_owned(),
    };
    let top = repository.workdir().unwrap_or_else(|| repository.path());
    // Both ends resolved alike; `path` itself need not exist in the working tree any more.
    let top = top.canonicalize().map_err(|_| outside())?;
    let root = root.canonicalize().map_err(|_| outside())?;
    let mut inside = PathBuf::new();
    for component in root.join(path).components() {
        match component {
            Component::ParentDir => drop(inside.pop()),
            Component::CurDir => {}
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => {
                inside.push(component);
            }
        }
    }
    let inside = inside.strip_prefix(&top).map_err(|_| outside())?;
    Ok(inside.to_owned())
}

/// The branch that `HEAD` names, also before its first commit.
fn branch(repository: &Repository) -> Option<String> {
    let head = repository.find_reference("HEAD").ok()?;
    let target = String::from_utf8_lossy(head.symbolic_target_bytes()?).into_owned();
    target.strip_prefix("refs/heads/").map(str::to_owned)
}

pub(crate) fn unreadable(error: &git2::Error) -> ProvenanceError {
    ProvenanceError::Unreadable {
        reason: reason(error),
    }
}

fn reason(error: &git2::Error) -> String {
    if error.code() == ErrorCode::Owner {
        return "another user owns the git repository; \
                `git config --global --add safe.directory <folder>` would allow it"
            .to_owned();
    }
    error.message().to_owned()
}

#[cfg(test)]
mod tests;
