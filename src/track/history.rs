//! [`versions`]: every version of a file in git.

use crate::provenance::{ProvenanceError, inside, open, unreadable};
use git2::{ErrorCode, ObjectType, Oid, Repository};
use std::collections::BTreeSet;
use std::path::Path;

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
    /// A commit that has it.
    pub commit: String,
    /// Its content.
    pub content: Vec<u8>,
}

/// Every version that the file `path`, relative to `root`, has at the commits, each once.
///
/// # Errors
/// No repository at `root`, a path outside of it, a repository that cannot be read.
pub fn versions(
    root: &Path,
    path: &Path,
    commits: Commits,
) -> Result<Vec<Version>, ProvenanceError> {
    let repository = open(root)?;
    let inside = inside(&repository, root, path)?;
    let commits = ids(&repository, commits).map_err(|error| unreadable(&error))?;
    let mut seen = BTreeSet::new();
    let mut versions = Vec::new();
    for commit in commits {
        let found = blob(&repository, commit, &inside).map_err(|error| unreadable(&error))?;
        if let Some(blob) = found.filter(|blob| seen.insert(*blob)) {
            let blob = repository.find_blob(blob);
            versions.push(Version {
                commit: commit.to_string(),
                content: blob.map_err(|error| unreadable(&error))?.content().to_vec(),
            });
        }
    }
    Ok(versions)
}

/// The file's content at a commit, where it has one.
fn blob(repository: &Repository, commit: Oid, inside: &Path) -> Result<Option<Oid>, git2::Error> {
    match repository.find_commit(commit)?.tree()?.get_path(inside) {
        Ok(entry) if entry.kind() == Some(ObjectType::Blob) => Ok(Some(entry.id())),
        Ok(_) => Ok(None),
        Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
        Err(error) => Err(error),
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
