//! [`Cache`]: keeps outs, brings them back.

use crate::cache::blobs::{Blobs, Held};
use crate::cache::logs::LogLine;
use crate::cache::run_cache::RunEntry;
use crate::cache_file::CacheFile;
use crate::config::Link;
use crate::digest::Digest;
use crate::fingerprint::Content;
use crate::fs::{self, FsError};
use crate::project::Project;
use crate::rel_path::RelPath;
use crate::snapshot::{FileState, PathState, Tree};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The content store and the run cache of a project.
#[derive(Debug)]
pub struct Cache {
    pub(super) blobs: Blobs,
    pub(super) runs: PathBuf,
    pub(super) logs: PathBuf,
    links: Vec<Link>,
}

/// From so many files on it pays to wake the other cores; trials are brought side by side anyway.
const MANY: usize = 64;

/// Files that are nobody else's.
const OWN: &[Link] = &[Link::Reflink, Link::Copy];

/// Why outs could not be brought back.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// A content is not in the cache.
    #[error("the cache has lost the content of `{0}`")]
    Lost(String),
    /// A content was damaged, and has been put aside.
    #[error("the content of `{0}` in the cache is damaged")]
    Damaged(String),
    /// A file operation failed.
    #[error(transparent)]
    Fs(#[from] FsError),
}

impl Cache {
    /// The cache of a project; nothing is made yet.
    pub fn new(project: &Project, links: Vec<Link>) -> Self {
        let folder = project.cache_dir();
        Self {
            blobs: Blobs::new(&folder),
            runs: folder.join("runs"),
            logs: folder.join("logs"),
            links,
        }
    }

    fn run_path(&self, key: &Digest) -> PathBuf {
        let hex = key.to_string();
        self.runs.join(&hex[..2]).join(&hex[2..])
    }

    /// What was made from the fingerprint with this key, if the record is there and sound.
    pub fn look_up(&self, key: &Digest) -> Option<RunEntry> {
        let entry = RunEntry::decode(&std::fs::read(self.run_path(key)).ok()?)?;
        (entry.fingerprint.run_key() == *key).then_some(entry)
    }

    /// Keeps what was made from a fingerprint. The contents are on the disk before it; a record that the
    /// power takes is a past run too few.
    pub fn record(&self, entry: &RunEntry) -> Result<(), FsError> {
        self.settle()?;
        let path = self.run_path(&entry.fingerprint.run_key());
        CacheFile::store(&path, &entry.encode())
    }

    /// Notes that the past run with this key was of use now: `gc` removes the longest unused first.
    pub(crate) fn touch(&self, key: &Digest) {
        // A cache that cannot be written still serves.
        let file = std::fs::File::options()
            .append(true)
            .open(self.run_path(key));
        let _ = file.and_then(|file| file.set_modified(std::time::SystemTime::now()));
    }

    fn log_path(&self, key: &Digest) -> PathBuf {
        let hex = key.to_string();
        self.logs
            .join(&hex[..2])
            .join(format!("{}.jsonl", &hex[2..]))
    }

    /// Keeps what a stage said while it made what the run with this key made.
    pub(crate) fn keep_log(&self, key: &Digest, lines: &[LogLine]) -> Result<(), FsError> {
        let path = self.log_path(key);
        if lines.is_empty() {
            return fs::remove(&path);
        }
        let mut bytes = Vec::new();
        for line in lines {
            bytes.extend(serde_json::to_vec(line).unwrap_or_default());
            bytes.push(b'\n');
        }
        CacheFile::store(&path, &bytes)
    }

    /// What the stage said then; nothing where it said nothing or that was not kept.
    pub fn log(&self, key: &Digest) -> Vec<LogLine> {
        let text = std::fs::read_to_string(self.log_path(key)).unwrap_or_default();
        let lines = text.lines().map(|line| serde_json::from_str(line).ok());
        lines.collect::<Option<_>>().unwrap_or_default()
    }

    /// Every record of the run cache, unreadable ones left out.
    pub fn records(&self) -> Vec<RunEntry> {
        walkdir::WalkDir::new(&self.runs)
            .sort_by_file_name()
            .into_iter()
            .filter_map(Result::ok)
            .filter(|entry| entry.file_type().is_file())
            .filter_map(|entry| RunEntry::decode(&std::fs::read(entry.path()).ok()?))
            .collect()
    }

    /// Whether every byte of a content is here (by presence and size; reading verifies).
    pub fn has(&self, content: &Content) -> bool {
        match content.files {
            None => self.blobs.has(&content.digest, content.size),
            Some(_) => self.tree(content).is_some_and(|tree| {
                tree.files()
                    .values()
                    .all(|file| self.blobs.has(&file.digest, file.size))
            }),
        }
    }

    /// Whether every byte of a content is here: reads all of it.
    pub(crate) fn holds(&self, content: &Content) -> bool {
        match content.files {
            None => self.blobs.is_whole(&content.digest),
            Some(_) => self.tree(content).is_some_and(|tree| {
                let mut files = tree.files().values();
                files.all(|file| self.blobs.is_whole(&file.digest))
            }),
        }
    }

    /// The parts of a content that are not here: files of a folder by name, or the whole.
    pub(crate) fn lost(&self, content: &Content) -> Vec<Option<String>> {
        let Some(tree) = content.files.and_then(|_| self.tree(content)) else {
            return vec![None];
        };
        let missing = |file: &FileState| !self.blobs.has(&file.digest, file.size);
        let files = tree.files().iter().filter(|(_, file)| missing(file));
        files.map(|(name, _)| Some(name.clone())).collect()
    }

    /// The files of a folder's content. A list with a name that leads out of the folder is none.
    pub fn tree(&self, content: &Content) -> Option<Tree> {
        let tree: Tree = serde_json::from_slice(&self.blobs.bytes(&content.digest)?).ok()?;
        let is_plain = |name: &String| {
            let path = RelPath::root().join(name);
            path.is_inside() && path.as_str() == name
        };
        tree.files().keys().all(is_plain).then_some(tree)
    }

    /// The bytes of one file of a content: of itself, or of `inside` a folder.
    pub fn read(&self, content: &Content, inside: Option<&str>) -> Option<Vec<u8>> {
        match (content.files, inside) {
            (None, None) => self.blobs.bytes(&content.digest),
            (Some(_), Some(name)) => {
                let tree = self.tree(content)?;
                self.blobs.bytes(&tree.files().get(name)?.digest)
            }
            _ => None,
        }
    }

    /// Before anything but a record speaks of contents that were taken in: from now on they outlast the
    /// power.
    pub(crate) fn settle(&self) -> Result<(), FsError> {
        self.blobs.settle()
    }

    /// Takes in what lies at `path` and has this state.
    pub fn store(&self, path: &Path, state: &PathState) -> Result<(), FsError> {
        match state {
            PathState::Missing => Ok(()),
            PathState::File(file) => self.blobs.put_file(&file.digest, file.size, path),
            PathState::Folder(tree) => {
                each(tree, |name, file| {
                    let path = path.join(name);
                    self.blobs.put_file(&file.digest, file.size, &path)
                })?;
                self.remember_tree(tree)
            }
        }
    }

    /// Keeps the list of a folder's files (not their contents), so that a later `why` can compare.
    pub fn remember_tree(&self, tree: &Tree) -> Result<(), FsError> {
        self.blobs.put_bytes(&tree.digest(), &tree.encode())
    }

    /// The files at `path`, which were just taken in with this state, are shared with the cache, where
    /// the user chose such links.
    pub(crate) fn share(&self, path: &Path, state: &PathState) {
        let share = |file: &FileState, path: &Path| {
            // The cache's file cannot have another mode under another name.
            if !file.executable {
                self.blobs.share(&file.digest, path, &self.links);
            }
        };
        match state {
            PathState::Missing => {}
            PathState::File(file) => share(file, path),
            PathState::Folder(tree) => {
                let files = tree.files().iter();
                files.for_each(|(name, file)| share(file, &path.join(name)));
            }
        }
    }

    /// Makes `to`, which may hold the rest of an earlier try, hold a content, in files of its own.
    /// Messages call it `name`.
    pub fn fetch(&self, content: &Content, to: &Path, name: &str) -> Result<(), RestoreError> {
        self.bring(content, to, name, OWN)
    }

    /// The same by the links that the user chose: files may be shared with the cache, read-only.
    pub fn fetch_linked(
        &self,
        content: &Content,
        to: &Path,
        name: &str,
    ) -> Result<(), RestoreError> {
        self.bring(content, to, name, &self.links)
    }

    fn bring(
        &self,
        content: &Content,
        to: &Path,
        name: &str,
        links: &[Link],
    ) -> Result<(), RestoreError> {
        let bring = |digest: &Digest, executable: bool, to: &Path, name: &str| match self
            .blobs
            .checkout(digest, to, executable, links)?
        {
            Held::Whole => Ok(()),
            Held::Nothing => Err(RestoreError::Lost(name.to_owned())),
            Held::Damaged => Err(RestoreError::Damaged(name.to_owned())),
        };
        fs::remove(to)?;
        if content.files.is_none() {
            fs::create_parent(to)?;
            return bring(&content.digest, content.executable, to, name);
        }
        let lost = || RestoreError::Lost(name.to_owned());
        let tree = self.tree(content).ok_or_else(lost)?;
        fs::create_dir(to)?;
        let folders: BTreeSet<&str> = tree
            .files()
            .keys()
            .filter_map(|inside| Some(inside.rsplit_once('/')?.0))
            .collect();
        for folder in folders {
            fs::create_dir(&to.join(folder))?;
        }
        each(&tree, |inside, file| {
            let name = format!("{name}/{inside}");
            bring(&file.digest, file.executable, &to.join(inside), &name)
        })
    }
}

/// Does it for every file of a folder, by all cores where there are many. Of several errors it is the first
/// by name: which of them comes first in time is chance.
fn each<E: Send>(
    tree: &Tree,
    act: impl Fn(&str, &FileState) -> Result<(), E> + Sync,
) -> Result<(), E> {
    let files = tree.files();
    if files.len() < MANY {
        return files.iter().try_for_each(|(name, file)| act(name, file));
    }
    let acted: Vec<Result<(), E>> = files
        .par_iter()
        .map(|(name, file)| act(name, file))
        .collect();
    acted.into_iter().collect()
}
