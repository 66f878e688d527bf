//! [`Cache`]: keeps outs, brings them back.

use crate::cache::blobs::Blobs;
use crate::cache::run_cache::RunEntry;
use crate::digest::Digest;
use crate::fingerprint::Content;
use crate::fs::{self, FsError};
use crate::project::Project;
use crate::snapshot::{PathState, Tree};
use std::path::{Path, PathBuf};

/// The content store and the run cache of a project.
#[derive(Debug)]
pub struct Cache {
    blobs: Blobs,
    runs: PathBuf,
}

/// Why outs could not be brought back.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// A content is not in the cache, or was damaged and has been dropped.
    #[error("the cache has lost the content of `{0}`")]
    Lost(String),
    /// A file operation failed.
    #[error(transparent)]
    Fs(#[from] FsError),
}

impl Cache {
    /// The cache of a project; nothing is made yet.
    pub fn new(project: &Project) -> Self {
        let folder = project.cache_dir();
        Self {
            blobs: Blobs::new(folder.join("blobs"), project.temp_dir()),
            runs: folder.join("runs"),
        }
    }

    fn run_path(&self, key: &Digest) -> PathBuf {
        let hex = key.to_string();
        self.runs
            .join(&hex[..2])
            .join(format!("{}.json", &hex[2..]))
    }

    /// What was made from the fingerprint with this key, if the record is there and sound.
    pub fn look_up(&self, key: &Digest) -> Option<RunEntry> {
        let bytes = std::fs::read(self.run_path(key)).ok()?;
        let entry: RunEntry = serde_json::from_slice(&bytes).ok()?;
        (entry.fingerprint.run_key() == *key).then_some(entry)
    }

    /// Keeps what was made from a fingerprint.
    pub fn record(&self, entry: &RunEntry) -> Result<(), FsError> {
        let bytes = serde_json::to_vec(entry).unwrap_or_default();
        fs::write_atomic(&self.run_path(&entry.fingerprint.run_key()), &bytes)
    }

    /// Every record of the run cache, unreadable ones left out.
    pub fn records(&self) -> Vec<RunEntry> {
        walkdir::WalkDir::new(&self.runs)
            .sort_by_file_name()
            .into_iter()
            .filter_map(Result::ok)
            .filter(|entry| entry.file_type().is_file())
            .filter_map(|entry| serde_json::from_slice(&std::fs::read(entry.path()).ok()?).ok())
            .collect()
    }

    /// Whether every byte of a content is here (by presence and size; reading verifies).
    pub fn has(&self, content: &Content) -> bool {
        match content.files {
            None => self.blobs.has(&content.digest, content.size),
            Some(_) => self.tree(content).is_some_and(|tree| {
                tree.files
                    .values()
                    .all(|file| self.blobs.has(&file.digest, file.size))
            }),
        }
    }

    /// The files of a folder's content.
    pub fn tree(&self, content: &Content) -> Option<Tree> {
        serde_json::from_slice(&self.blobs.bytes(&content.digest)?).ok()
    }

    /// The bytes of one file of a content: of itself, or of `inside` a folder.
    pub fn read(&self, content: &Content, inside: Option<&str>) -> Option<Vec<u8>> {
        match (content.files, inside) {
            (None, None) => self.blobs.bytes(&content.digest),
            (Some(_), Some(name)) => {
                let tree = self.tree(content)?;
                self.blobs.bytes(&tree.files.get(name)?.digest)
            }
            _ => None,
        }
    }

    /// Takes in what lies at `path` and has this state.
    pub fn store(&self, path: &Path, state: &PathState) -> Result<(), FsError> {
        match state {
            PathState::Missing => Ok(()),
            PathState::File(file) => self.blobs.put_file(&file.digest, file.size, path),
            PathState::Folder(tree) => {
                for (name, file) in &tree.files {
                    self.blobs
                        .put_file(&file.digest, file.size, &path.join(name))?;
                }
                self.remember_tree(tree)
            }
        }
    }

    /// Keeps the list of a folder's files (not their contents), so that a later `why` can compare.
    pub fn remember_tree(&self, tree: &Tree) -> Result<(), FsError> {
        self.blobs.put_bytes(&tree.digest(), &tree.encode())
    }

    /// Makes `path` hold a content: built in `scratch` first, then put in place by one rename.
    pub fn restore(
        &self,
        content: &Content,
        path: &Path,
        scratch: &Path,
    ) -> Result<(), RestoreError> {
        let lost = || RestoreError::Lost(path.display().to_string());
        fs::remove(scratch)?;
        if content.files.is_none() {
            if !self
                .blobs
                .checkout(&content.digest, scratch, content.executable)?
            {
                return Err(lost());
            }
        } else {
            let tree = self.tree(content).ok_or_else(lost)?;
            fs::create_dir(scratch)?;
            for (name, file) in &tree.files {
                if !self
                    .blobs
                    .checkout(&file.digest, &scratch.join(name), file.executable)?
                {
                    return Err(RestoreError::Lost(path.join(name).display().to_string()));
                }
            }
        }
        fs::remove(path)?;
        fs::rename(scratch, path)?;
        Ok(())
    }
}
