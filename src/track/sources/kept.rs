//! [`Sources`]: what a run read and no stage made, and where its content lies.

use crate::provenance;
use crate::sources::limits::Limits;
use crate::sources::secrets::masked;
use crate::sources::uncommitted::Uncommitted;
use kaslite_engine::digest::Digest;
use kaslite_engine::fingerprint::Content;
use kaslite_engine::fs::{self, FsError};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What a run read and no stage made.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sources {
    /// The commit that has what is not kept; `None` outside git.
    pub commit: Option<String>,
    /// The files, by their path in the project: those that stages read, and those that differ from the
    /// commit.
    pub files: BTreeMap<String, SourceFile>,
    /// Files of the commit that were not there.
    pub removed: Vec<String>,
    /// Why the diff is not whole, or not there though the tree was dirty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SourceFile {
    /// As the run read it.
    #[serde(flatten)]
    pub content: Content,
    /// Where that lies.
    pub lies: Lies,
}

/// Where the content of a source lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lies {
    /// In the commit.
    Commit,
    /// In the record.
    Record,
    /// In the record, without its secrets.
    Masked,
    /// It was too large to be kept, or there were too many files.
    Nowhere,
}

const FOLDER: &str = "sources";
const FILES: &str = "files";
const INDEX: &str = "sources.json";
const PATCH: &str = "changes.patch";
const BASE: &str = "base.yaml";

impl Sources {
    /// Keeps what was read of the project at `root`, and what differs from the commit, in the folder of
    /// a record.
    ///
    /// # Errors
    /// The record cannot be written. What cannot be read of the project is named, and no error.
    pub fn keep(
        root: &Path,
        read: &BTreeMap<String, Content>,
        record: &Path,
        limits: Limits,
    ) -> Result<Self, FsError> {
        let changes = Uncommitted::of(root, limits.patch);
        let mut keeper = Keeper {
            root,
            folder: record.join(FOLDER),
            limits,
            left: limits.all,
        };
        let mut files = BTreeMap::new();
        for (path, content) in read {
            let lies = if changes.has_unchanged(path) {
                Lies::Commit
            } else {
                keeper.keep(path, content)?
            };
            let content = content.clone();
            files.insert(path.clone(), SourceFile { content, lies });
        }
        for path in changes
            .changed
            .iter()
            .filter(|path| !read.contains_key(*path))
        {
            // What is gone by now, or no file, was read by nobody.
            let Ok(bytes) = std::fs::read(root.join(path)) else {
                continue;
            };
            let content = content_of(&root.join(path), &bytes);
            let lies = keeper.keep(path, &content)?;
            files.insert(path.clone(), SourceFile { content, lies });
        }
        keeper.patch(&changes)?;
        let sources = Self {
            commit: changes.commit.clone(),
            files,
            removed: changes.removed.iter().cloned().collect(),
            note: changes.note.clone(),
        };
        let mut text = serde_json::to_vec_pretty(&sources).unwrap_or_default();
        text.push(b'\n');
        fs::write_atomic(&keeper.folder.join(INDEX), &text)?;
        Ok(sources)
    }

    /// Of a record; `None` where it has none.
    ///
    /// # Errors
    /// They cannot be read, or say nothing that makes sense.
    pub fn load(record: &Path) -> Result<Option<Self>, String> {
        let path = record.join(FOLDER).join(INDEX);
        let text = fs::read_if_exists(&path).map_err(|error| error.to_string())?;
        let parse = |text: String| serde_json::from_str(&text);
        let parsed = text.map(parse).transpose();
        parsed.map_err(|error| format!("the record is damaged: {FOLDER}/{INDEX}: {error}"))
    }

    /// Where a record keeps a file.
    pub(super) fn place(record: &Path, path: &str) -> PathBuf {
        record.join(FOLDER).join(FILES).join(path)
    }

    /// Where a record keeps the file that stood for params.yaml.
    pub fn base(record: &Path) -> PathBuf {
        record.join(FOLDER).join(BASE)
    }

    /// Where a record has the diff.
    pub fn patch(record: &Path) -> PathBuf {
        record.join(FOLDER).join(PATCH)
    }

    /// Whether git knows the commit here.
    pub fn has_commit(&self, root: &Path) -> bool {
        let known = |commit: &String| provenance::is_revision(root, commit);
        self.commit.as_ref().is_none_or(known)
    }
}

/// The content of a file whose bytes are at hand.
fn content_of(path: &Path, bytes: &[u8]) -> Content {
    Content {
        digest: Digest::of(bytes),
        size: bytes.len() as u64,
        files: None,
        executable: is_executable(path),
    }
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata()
        .is_ok_and(|meta| meta.permissions().mode() & 0o100 != 0)
}

#[cfg(not(unix))]
fn is_executable(_: &Path) -> bool {
    false
}

/// Puts files into a record, as long as there is room.
struct Keeper<'a> {
    root: &'a Path,
    folder: PathBuf,
    limits: Limits,
    left: u64,
}

impl Keeper<'_> {
    fn keep(&mut self, path: &str, content: &Content) -> Result<Lies, FsError> {
        let fits = content.size <= self.limits.file.min(self.left);
        if content.files.is_some() || !fits {
            return Ok(Lies::Nowhere);
        }
        let Ok(bytes) = std::fs::read(self.root.join(path)) else {
            return Ok(Lies::Nowhere);
        };
        self.left = self.left.saturating_sub(content.size);
        let place = self.folder.join(FILES).join(path);
        let hidden = masked(&bytes).filter(|_| self.limits.masked);
        fs::write_atomic(&place, hidden.as_ref().map_or(&*bytes, String::as_bytes))?;
        Ok(if hidden.is_some() {
            Lies::Masked
        } else {
            Lies::Record
        })
    }

    fn patch(&self, changes: &Uncommitted) -> Result<(), FsError> {
        if changes.patch.is_empty() {
            return Ok(());
        }
        let text = String::from_utf8_lossy(&changes.patch);
        let hidden = masked(text.as_bytes());
        let text = hidden.as_deref().unwrap_or(&text);
        fs::write_atomic(&self.folder.join(PATCH), text.as_bytes())
    }
}
