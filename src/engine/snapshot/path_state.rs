//! [`PathState`]: what a path holds.

use crate::digest::Digest;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// What a path holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathState {
    /// Nothing.
    Missing,
    /// A file.
    File(FileState),
    /// A folder with its files.
    Folder(Arc<Tree>),
}

/// The content of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileState {
    /// BLAKE3 of its bytes.
    pub digest: Digest,
    /// Bytes.
    pub size: u64,
    /// Whether its owner may execute it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub executable: bool,
}

/// The files of a folder by their path in it. Empty folders do not count.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tree {
    /// Path in the folder, `/` between its parts → content.
    files: BTreeMap<String, FileState>,
    /// Worked out once.
    #[serde(skip)]
    digest: OnceLock<Digest>,
}

impl PartialEq for Tree {
    fn eq(&self, other: &Self) -> bool {
        self.files == other.files
    }
}

impl Eq for Tree {}

impl Tree {
    /// Of these files.
    pub fn new(files: BTreeMap<String, FileState>) -> Self {
        Self {
            files,
            digest: OnceLock::new(),
        }
    }

    /// Path in the folder, `/` between its parts → content.
    pub fn files(&self) -> &BTreeMap<String, FileState> {
        &self.files
    }

    /// The canonical text that is digested, and kept in the cache under that digest.
    pub fn encode(&self) -> Vec<u8> {
        // Maps of strings and plain structs always serialise.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// The digest of the folder: of names and contents.
    pub fn digest(&self) -> Digest {
        *self.digest.get_or_init(|| Digest::of(&self.encode()))
    }

    /// Bytes in all files.
    pub fn size(&self) -> u64 {
        self.files.values().map(|file| file.size).sum()
    }
}

impl PathState {
    /// The digest, where something is there.
    pub fn digest(&self) -> Option<Digest> {
        match self {
            Self::Missing => None,
            Self::File(file) => Some(file.digest),
            Self::Folder(tree) => Some(tree.digest()),
        }
    }
}
