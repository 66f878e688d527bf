//! `LockFiles`: the lock files of a project, one beside each pipeline file.
//!
//! In memory an entry has the stage's name in the project and paths from the root; in its file it has
//! the name and the paths that the pipeline file has. So a folder with a pipeline can move, and means
//! the same whichever project it is found in.

use crate::digest::Digest;
use crate::entry::Entry;
use crate::error::EngineError;
use crate::fs::{self, FsError};
use crate::lock::{parse, text};
use crate::memo;
use crate::pipeline_files::{PipelineFile, PipelineFiles};
use crate::project::Project;
use crate::rel_path::RelPath;
use crate::snapshot::Stamp;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use tracing::debug;

/// Stage → entry.
pub(crate) type Entries = BTreeMap<String, Arc<Entry>>;

/// The lock files of a project.
#[derive(Debug)]
pub(crate) struct LockFiles {
    root: PathBuf,
    temp: PathBuf,
    memo: PathBuf,
    files: PipelineFiles,
}

/// What a lock file held when it was read last: the digest of its text, and its entries as it has them.
type Known = BTreeMap<String, (Digest, BTreeMap<String, Entry>)>;

impl LockFiles {
    pub(crate) fn new(project: &Project, files: &PipelineFiles) -> Self {
        Self {
            root: project.root.clone(),
            temp: project.temp_dir(),
            memo: project.own_state("lock-memo"),
            files: files.clone(),
        }
    }

    /// Each file's path in the project and its stamp now.
    pub(crate) fn stamps(&self) -> Vec<(String, Option<Stamp>)> {
        let stamp = |file: &PipelineFile| {
            let path = file.lock();
            let stamp = Stamp::look(&path.under(&self.root));
            (path.to_string(), stamp)
        };
        self.files.all().iter().map(stamp).collect()
    }

    /// The entries of all files; each file is parsed once for each content it has.
    ///
    /// # Errors
    /// [`EngineError::Lock`] with the line, where a file is damaged or holds conflict markers.
    pub(crate) fn read(&self) -> Result<Entries, EngineError> {
        let mut entries = Entries::new();
        let mut before: Known = memo::load(&self.memo, &memo_key()).unwrap_or_default();
        let (mut known, mut is_new) = (Known::new(), false);
        for file in self.files.all() {
            let path = file.lock();
            let Some(text) = fs::read_if_exists(&path.under(&self.root))? else {
                continue;
            };
            let digest = Digest::of(text.as_bytes());
            let same = before
                .remove(path.as_str())
                .filter(|known| known.0 == digest);
            is_new |= same.is_none();
            debug!(%path, by_memo = same.is_some(), "lock file read");
            let parsed = match same {
                Some((_, parsed)) => parsed,
                None => parse(path.as_str(), &text)?,
            };
            known.insert(path.to_string(), (digest, parsed));
        }
        if is_new {
            memo::store(&self.memo, &memo_key(), &known);
        }
        for file in self.files.all() {
            let Some((_, parsed)) = known.remove(file.lock().as_str()) else {
                continue;
            };
            let parsed = in_project(file, parsed);
            entries.extend(parsed.map(|(stage, entry)| (stage, Arc::new(entry))));
        }
        Ok(entries)
    }

    /// Writes the files in which `new` differs from `old`. Entries of stages of no file are not written.
    pub(crate) fn write(&self, old: &Entries, new: &Entries) -> Result<(), FsError> {
        let mut parts: BTreeMap<&RelPath, [Entries; 2]> = BTreeMap::new();
        for (side, entries) in [old, new].into_iter().enumerate() {
            for (stage, entry) in entries {
                if let Some((file, name)) = self.files.of_stage(stage) {
                    let part = parts.entry(&file.path).or_default();
                    part[side].insert(name.to_owned(), entry.clone());
                }
            }
        }
        for file in self.files.all() {
            let Some([old, new]) = parts.remove(&file.path) else {
                continue;
            };
            if old != new {
                let text = text(&in_file(file, new));
                let path = file.lock().under(&self.root);
                fs::write_through(&self.temp, &path, text.as_bytes())?;
            }
        }
        Ok(())
    }
}

/// The entries of a file's lock, as the project has them.
pub fn in_project(
    file: &PipelineFile,
    entries: BTreeMap<String, Entry>,
) -> impl Iterator<Item = (String, Entry)> + '_ {
    let folder = file.folder();
    entries.into_iter().map(move |(stage, entry)| {
        let entry = if folder == RelPath::root() {
            entry
        } else {
            entry.renamed(|path| folder.join(path).as_str().to_owned())
        };
        (file.name_of(&stage), entry)
    })
}

/// Entries by the names of a file, with the paths as that file has them.
fn in_file(file: &PipelineFile, entries: Entries) -> Entries {
    let folder = file.folder();
    if folder == RelPath::root() {
        return entries;
    }
    let name = |path: &str| folder.relative(&RelPath::root().join(path));
    let entries = entries.into_iter();
    let renamed = entries.map(|(stage, entry)| {
        let entry = Arc::unwrap_or_clone(entry).renamed(name);
        (stage, Arc::new(entry))
    });
    renamed.collect()
}

fn memo_key() -> Digest {
    Digest::of(b"lock files 1")
}
