//! [`Trash`]: `.kaslite/trash`, what was in the way and nobody else has; `gc` empties it by age.

use crate::fingerprint::Content;
use crate::fs::{self, FsError};
use crate::left_out::carry;
use crate::project::Project;
use crate::rel_path::RelPath;
use crate::snapshot::Snapshot;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use walkdir::WalkDir;

/// Where what killed and failed commands had made is kept, by stage.
const UNFINISHED: &str = "unfinished";

/// What was in the way and nobody else has.
#[derive(Debug)]
pub struct Trash<'a> {
    root: &'a Path,
    folder: PathBuf,
}

/// What was removed of it, or would be: a path in the project, and its bytes.
pub type Emptied = Vec<(String, u64)>;

impl<'a> Trash<'a> {
    /// The trash of a project; nothing is made yet.
    pub fn new(project: &'a Project) -> Self {
        Self {
            root: &project.root,
            folder: project.state_dir().join("trash"),
        }
    }

    /// Moves the content of a path of the project there; gives the new path. What `.kasliteignore`
    /// leaves out of it stays where it is.
    pub(crate) fn put(
        &self,
        path: &RelPath,
        content: &Content,
        snapshot: &Snapshot,
    ) -> Result<String, FsError> {
        let left_out = snapshot.left_out(path)?;
        let kept = self.folder.join(content.digest.short());
        let kept = kept.join(path.as_str());
        let place = path.under(self.root);
        fs::remove(&kept)?;
        fs::rename(&place, &kept)?;
        if !left_out.is_empty() {
            fs::create_dir(&place)?;
            carry(&left_out, &kept, &place)?;
        }
        snapshot.forget(path);
        Ok(self.name(&kept))
    }

    /// Moves a folder there, under a name that nothing else has.
    ///
    /// # Errors
    /// It cannot be moved.
    pub fn take(&self, folder: &Path, name: &str) -> Result<(), FsError> {
        let place = self.folder.join(format!("run-{name}"));
        fs::remove(&place)?;
        fs::rename(folder, &place.join(name))
    }

    /// Where the unfinished work of a stage is kept.
    pub(crate) fn unfinished(&self, stage: &str) -> PathBuf {
        self.folder.join(UNFINISHED).join(stage)
    }

    /// Where a folder may lie while it is replaced.
    pub(crate) fn replaced(&self, path: &RelPath) -> PathBuf {
        self.folder.join("replaced").join(path.as_str())
    }

    /// A path of it as people see it.
    pub(crate) fn name(&self, path: &Path) -> String {
        let path = path.strip_prefix(self.root).unwrap_or(path);
        path.display().to_string()
    }

    /// Removes what was put there longer ago than `age`; `dry` only says what would go.
    ///
    /// # Errors
    /// Something cannot be listed or removed.
    pub fn empty(&self, age: Duration, now: SystemTime, dry: bool) -> Result<Emptied, FsError> {
        let mut emptied = Emptied::new();
        for path in self.parts()? {
            let (put, bytes) = measured(&path)?;
            if now.duration_since(put).unwrap_or_default() <= age {
                continue;
            }
            emptied.push((self.name(&path), bytes));
            if !dry {
                fs::remove(&path)?;
            }
        }
        Ok(emptied)
    }

    /// What was put there together.
    fn parts(&self) -> Result<Vec<PathBuf>, FsError> {
        let unfinished = self.folder.join(UNFINISHED);
        let mut parts = listed(&self.folder)?;
        parts.retain(|path| *path != unfinished);
        parts.extend(listed(&unfinished)?);
        Ok(parts)
    }
}

fn listed(folder: &Path) -> Result<Vec<PathBuf>, FsError> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let entries = fs::at("read", folder, std::fs::read_dir(folder))?;
    let mut paths = entries
        .map(|entry| fs::at("read", folder, entry).map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()?;
    paths.sort();
    Ok(paths)
}

/// When something was last put into it, and its bytes. A file keeps its time when it is moved; the
/// folder it is moved to does not.
fn measured(path: &Path) -> Result<(SystemTime, u64), FsError> {
    let (mut put, mut bytes) = (SystemTime::UNIX_EPOCH, 0);
    for entry in WalkDir::new(path) {
        let entry = fs::at("read", path, entry.map_err(std::io::Error::from))?;
        let meta = entry.metadata().map_err(std::io::Error::from);
        let meta = fs::at("read", entry.path(), meta)?;
        if meta.is_dir() {
            put = put.max(fs::at("read", path, meta.modified())?);
        } else {
            bytes += meta.len();
        }
    }
    Ok((put, bytes))
}
