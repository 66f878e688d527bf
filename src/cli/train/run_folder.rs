//! [`RunFolder`]: what lies where in the folder of a run of `train`.

use crate::cli::error::{CliError, Exit};
use kaslite_engine::fs::{self, FsError};
use kaslite_engine::rel_path::RelPath;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

/// The folder of a run of `train`: beside the record lie `data/`, what was trained on; `train/`, what
/// came of it; `code.json`, by which code; until that is complete `checkpoint/`; and TROUBLE.md where
/// something went wrong.
#[derive(Clone, Debug)]
pub(super) struct RunFolder {
    root: PathBuf,
    folder: PathBuf,
}

impl RunFolder {
    /// In the project at `root`.
    pub(super) fn new(root: &Path, folder: &Path) -> Self {
        Self {
            root: root.to_owned(),
            folder: folder.to_owned(),
        }
    }

    /// What was trained on.
    pub(super) fn dataset(&self, problem: &str) -> PathBuf {
        self.folder.join("data").join(format!("{problem}.parquet"))
    }

    /// What came of it.
    pub(super) fn results(&self) -> PathBuf {
        self.folder.join("train")
    }

    /// Removes what a run that was killed had begun to write.
    pub(super) fn clear(&self) -> Result<(), FsError> {
        fs::remove(&self.results())?;
        fs::remove(&self.folder.join("data"))
    }

    /// What can be gone on with.
    pub(super) fn checkpoints(&self) -> PathBuf {
        self.folder.join("checkpoint")
    }

    /// What went wrong, if something did.
    pub(super) fn trouble(&self) -> PathBuf {
        self.folder.join("TROUBLE.md")
    }

    /// Which code makes it.
    pub(super) fn code(&self) -> PathBuf {
        self.folder.join("code.json")
    }

    /// Removes what a run that is done needs no more; the last good checkpoint before something went
    /// wrong stays.
    pub(super) fn drop_checkpoints(&self) -> Result<(), FsError> {
        let folder = self.checkpoints();
        if !folder.join("last_good").exists() {
            return fs::remove(&folder);
        }
        ["state", "journal", "lock"]
            .iter()
            .try_for_each(|name| fs::remove(&folder.join(name)))
    }

    /// Where a repetition is made.
    pub(super) fn repetition(&self) -> Self {
        Self::new(&self.root, &self.folder.join("replay"))
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// A path as people see it, from the project's folder.
    pub(super) fn seen(&self, path: &Path) -> RelPath {
        let below = path.strip_prefix(&self.root).unwrap_or(path);
        RelPath::root().join(&below.to_string_lossy())
    }

    /// Keeps other processes from working on the run, for as long as the file is held.
    pub(super) fn claim(&self, run: &str) -> Result<File, CliError> {
        let (folder, path) = (self.checkpoints(), self.checkpoints().join("lock"));
        fs::create_dir(&folder)?;
        let refused = |error| CliError::from(FsError::new("lock", &path, error));
        let file = File::create(&path).map_err(refused)?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => {
                let message = format!("another kaslite trains `{run}` now");
                Err(CliError::busy(message))
            }
            Err(TryLockError::Error(error)) => {
                let error = FsError::new("lock", &path, error);
                Err(CliError::from_error(&error, Exit::Cache))
            }
        }
    }
}
