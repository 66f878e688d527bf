//! [`versions`]: every version of some files in git.

use crate::provenance::{ProvenanceError, inside, open, tree, unreadable};
use git2::{ErrorCode, ObjectType, Oid, Repository, Tree};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Which commits are looked at.
#[derive(Clone, Copy, Debug, Default)]
pub struct Commits {
    /// The newest of each branch, remote ones among them, and what is checked out.
    pub branches: bool,
    /// Those with a tag.
    pub tags: bool,
    /// All that any branch, tag or other reference leads to.
    pub all: bool,
}

/// A version of a file.
#[derive(Clone, Debug)]
pub struct Version {
    /// A commit, or whatever else was asked for, that has it.
    pub commit: String,
    /// The file, relative to the folder that was asked for.
    pub path: PathBuf,
    /// Its content.
    pub content: Vec<u8>,
}

/// Every version that the files `wanted`, by paths relative to `root`, have at the commits, each once.
///
/// # Errors
/// No repository at `root`, a repository that cannot be read.
pub fn versions(
    root: &Path,
    wanted: impl Fn(&Path) -> bool,
    commits: Commits,
) -> Result<Vec<Version>, ProvenanceError> {
    let repository = open(root)?;
    let folder = inside(&repository, root, Path::new(""))?;
    let commits = ids(&repository, commits).map_err(|error| unreadable(&error))?;
    let mut search = Search::new(&repository, &wanted);
    for commit in commits {
        let tree = repository
            .find_commit(commit)
            .and_then(|commit| commit.tree());
        let found = tree.and_then(|tree| search.at(&tree, &folder, &commit.to_string()));
        found.map_err(|error| unreadable(&error))?;
    }
    Ok(search.found)
}

/// The files `wanted`, by paths relative to `root`, as they are at `revision`.
///
/// # Errors
/// No repository at `root`, no such revision, a repository that cannot be read.
pub fn files_at(
    root: &Path,
    revision: &str,
    wanted: impl Fn(&Path) -> bool,
) -> Result<Vec<Version>, ProvenanceError> {
    let repository = open(root)?;
    let folder = inside(&repository, root, Path::new(""))?;
    let tree = tree(&repository, revision)?;
    let mut search = Search::new(&repository, &wanted);
    let found = search.at(&tree, &folder, revision);
    found.map_err(|error| unreadable(&error))?;
    Ok(search.found)
}

/// Looks for files in trees; a folder that stayed as it was is looked into once.
struct Search<'a> {
    repository: &'a Repository,
    wanted: &'a dyn Fn(&Path) -> bool,
    seen: BTreeSet<(PathBuf, Oid)>,
    found: Vec<Version>,
}

impl<'a> Search<'a> {
    fn new(repository: &'a Repository, wanted: &'a dyn Fn(&Path) -> bool) -> Self {
        Self {
            repository,
            wanted,
            seen: BTreeSet::new(),
            found: Vec::new(),
        }
    }

    /// Looks into a folder of a tree, where it has that folder.
    fn at(&mut self, tree: &Tree<'_>, folder: &Path, name: &str) -> Result<(), git2::Error> {
        if folder.as_os_str().is_empty() {
            return self.tree(tree, Path::new(""), name);
        }
        match tree.get_path(folder) {
            Ok(entry) if entry.kind() == Some(ObjectType::Tree) => {
                let tree = self.repository.find_tree(entry.id())?;
                self.tree(&tree, Path::new(""), name)
            }
            Ok(_) => Ok(()),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn tree(&mut self, tree: &Tree<'_>, folder: &Path, name: &str) -> Result<(), git2::Error> {
        if !self.seen.insert((folder.to_owned(), tree.id())) {
            return Ok(());
        }
        for entry in tree {
            let Ok(own) = std::str::from_utf8(entry.name_bytes()) else {
                continue;
            };
            let path = folder.join(own);
            if entry.kind() == Some(ObjectType::Tree) {
                let below = self.repository.find_tree(entry.id())?;
                self.tree(&below, &path, name)?;
            } else if entry.kind() == Some(ObjectType::Blob)
                && (self.wanted)(&path)
                && self.seen.insert((path.clone(), entry.id()))
            {
                let content = self.repository.find_blob(entry.id())?.content().to_vec();
                self.found.push(Version {
                    commit: name.to_owned(),
                    path,
                    content,
                });
            }
        }
        Ok(())
    }
}

fn ids(repository: &Repository, commits: Commits) -> Result<Vec<Oid>, git2::Error> {
    let mut tips = Vec::new();
    for reference in repository.references()? {
        let reference = reference?;
        let is_branch = reference.is_branch() || reference.is_remote();
        let wanted =
            commits.all || (commits.branches && is_branch) || (commits.tags && reference.is_tag());
        // A tag may name something else than a commit.
        if wanted && let Ok(commit) = reference.peel_to_commit() {
            tips.push(commit.id());
        }
    }
    if commits.all || commits.branches {
        match repository.head() {
            Ok(head) => tips.push(head.peel_to_commit()?.id()),
            Err(error) if error.code() == ErrorCode::UnbornBranch => {}
            Err(error) => return Err(error),
        }
    }
    if !commits.all {
        return Ok(tips);
    }
    let mut walk = repository.revwalk()?;
    for tip in tips {
        walk.push(tip)?;
    }
    walk.collect()
}
