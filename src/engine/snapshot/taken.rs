//! [`Snapshot`]: the state of paths, asked once a run.

use crate::fs::{self, FsError};
use crate::project::Project;
use crate::rel_path::RelPath;
use crate::snapshot::ignores::{self, IgnoredBy, Ignores, Rules};
use crate::snapshot::path_state::{FileState, PathState, Tree};
use crate::snapshot::stamp::Stamp;
use crate::snapshot::stat_cache::StatCache;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::fs::Metadata;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use walkdir::{DirEntry, WalkDir};

/// The state of paths as first asked for, or as refreshed since.
#[derive(Debug)]
pub struct Snapshot {
    root: PathBuf,
    stats: StatCache,
    ignores: Ignores,
    states: Mutex<BTreeMap<RelPath, Looked>>,
}

/// A path that was looked at.
#[derive(Debug)]
struct Looked {
    state: PathState,
    /// What `.kasliteignore` leaves out of it, by its name in it.
    left_out: Vec<PathBuf>,
}

impl Snapshot {
    /// An empty snapshot of a project.
    pub fn new(project: &Project) -> Self {
        Self {
            root: project.root.clone(),
            stats: StatCache::load(project.state_dir().join("stat")),
            ignores: Ignores::new(project.root.clone()),
            states: Mutex::default(),
        }
    }

    /// Looks at many paths at once, by all cores.
    pub fn take(&self, paths: &[RelPath]) -> Result<(), FsError> {
        paths
            .par_iter()
            .try_for_each(|path| self.get(path).map(|_| ()))
    }

    /// The state of a path.
    pub fn get(&self, path: &RelPath) -> Result<PathState, FsError> {
        if let Some(looked) = self.states().get(path) {
            return Ok(looked.state.clone());
        }
        self.refresh(path)
    }

    /// The state of a path, looked at anew.
    pub fn refresh(&self, path: &RelPath) -> Result<PathState, FsError> {
        let looked = self.look(path)?;
        let state = looked.state.clone();
        self.states().insert(path.clone(), looked);
        Ok(state)
    }

    /// What `.kasliteignore` leaves out of a folder: names of files and folders in it.
    pub(crate) fn left_out(&self, path: &RelPath) -> Result<Vec<PathBuf>, FsError> {
        self.get(path)?;
        let states = self.states();
        let looked = states.get(path);
        Ok(looked.map_or_else(Vec::new, |looked| looked.left_out.clone()))
    }

    /// Forgets a path and everything in it or above it: a stage has written there.
    pub fn forget(&self, path: &RelPath) {
        self.states()
            .retain(|known, _| !known.contains(path) && !path.contains(known));
    }

    /// Keeps the digests for the next run.
    pub fn save(&self) {
        self.stats.save();
    }

    /// Every file and folder looked at, relative to the project, with its stamp then.
    pub(crate) fn seen(&self) -> Vec<(String, Option<Stamp>)> {
        self.stats.seen()
    }

    /// The state of a file or folder that is no path of the pipeline: a scratch out.
    pub(crate) fn look_at(path: &Path) -> Result<PathState, FsError> {
        let stats = StatCache::load(PathBuf::new());
        Ok(look(path, "", &[], &stats)?.state)
    }

    /// The pattern of a `.kasliteignore` that leaves out a path as a whole.
    pub fn ignored(&self, path: &RelPath) -> Result<Option<IgnoredBy>, FsError> {
        let is_dir = matches!(
            self.states().get(path),
            Some(Looked {
                state: PathState::Folder(_),
                ..
            })
        );
        self.ignores.ignored(path, is_dir, &self.stats)
    }

    fn look(&self, path: &RelPath) -> Result<Looked, FsError> {
        let place = path.under(&self.root);
        let above = self.ignores.above(path, &self.stats)?;
        look(&place, path.as_str(), &above, &self.stats)
    }

    fn states(&self) -> std::sync::MutexGuard<'_, BTreeMap<RelPath, Looked>> {
        self.states.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn look(path: &Path, key: &str, above: &[Rules], stats: &StatCache) -> Result<Looked, FsError> {
    let whole = |state| Looked {
        state,
        left_out: Vec::new(),
    };
    match std::fs::metadata(path) {
        Ok(meta) if meta.is_dir() => folder(path, key, above, stats),
        Ok(meta) => Ok(whole(PathState::File(file(path, key, &meta, stats)?))),
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            Ok(whole(PathState::Missing))
        }
        Err(error) => Err(FsError::new("read", path, error)),
    }
}

fn file(path: &Path, key: &str, meta: &Metadata, stats: &StatCache) -> Result<FileState, FsError> {
    if !meta.is_file() {
        let error = io::Error::other("it is neither a file nor a folder");
        return Err(FsError::new("read", path, error));
    }
    let digest = stats.digest(key, path, meta)?;
    Ok(FileState {
        digest,
        size: meta.len(),
        executable: executable(meta),
    })
}

fn folder(path: &Path, key: &str, above: &[Rules], stats: &StatCache) -> Result<Looked, FsError> {
    let Listed { found, left_out } = listed(path, key, above, stats)?;
    let files = found
        .into_par_iter()
        .map(|(name, path, meta)| {
            let state = file(&path, &format!("{key}/{name}"), &meta, stats)?;
            Ok((name, state))
        })
        .collect::<Result<BTreeMap<_, _>, FsError>>()?;
    Ok(Looked {
        state: PathState::Folder(Arc::new(Tree { files })),
        left_out,
    })
}

struct Listed {
    /// The files that are not left out: name, path, what `stat` says.
    found: Vec<(String, PathBuf, Metadata)>,
    /// The names of those that are.
    left_out: Vec<PathBuf>,
}

/// The files of a folder.
fn listed(path: &Path, key: &str, above: &[Rules], stats: &StatCache) -> Result<Listed, FsError> {
    let (mut found, mut left_out) = (Vec::new(), Vec::new());
    let (mut rules, mut failed) = (above.to_vec(), None);
    let keeps = |entry: &DirEntry| {
        let (depth, is_dir) = (entry.depth(), entry.file_type().is_dir());
        rules.truncate(above.len() + depth);
        let is_rules = entry.file_name() == ignores::FILE && !is_dir;
        let below = entry.path().strip_prefix(path).unwrap_or(entry.path());
        if depth > 0 && (is_rules || ignores::glob(&rules, entry.path(), is_dir).is_some()) {
            left_out.push(below.to_owned());
            return false;
        }
        if is_dir {
            let key = Path::new(key).join(below).join(ignores::FILE);
            match ignores::rules(entry.path(), &key.to_string_lossy(), false, stats) {
                Ok(own) => rules.push(own),
                Err(error) => failed = failed.take().or(Some(error)),
            }
        }
        true
    };
    for entry in WalkDir::new(path)
        .follow_links(true)
        .into_iter()
        .filter_entry(keeps)
    {
        let entry = match entry {
            Err(error) if error.path().is_some_and(is_lost) => continue,
            entry => fs::at("read", path, entry.map_err(io::Error::from))?,
        };
        let meta = entry.metadata().map_err(io::Error::from);
        let meta = fs::at("read", entry.path(), meta)?;
        let below = entry.path().strip_prefix(path).unwrap_or(entry.path());
        if meta.is_dir() {
            let key = format!("{key}/{}", below.display());
            stats.see(&key, Some(Stamp::of(&meta)));
            continue;
        }
        let Some(name) = below.to_str() else {
            let error = io::Error::other("its name is not UTF-8");
            return Err(FsError::new("read", entry.path(), error));
        };
        found.push((name.to_owned(), entry.into_path(), meta));
    }
    failed.map_or(Ok(Listed { found, left_out }), Err)
}

/// Whether a path is a link to a content that the cache has no more: as good as not there.
fn is_lost(path: &Path) -> bool {
    let leads = |target: PathBuf| {
        let parts: Vec<_> = target.components().map(Component::as_os_str).collect();
        parts
            .windows(2)
            .any(|pair| pair[0] == ".kaslite" && pair[1] == "cache")
    };
    !path.exists() && std::fs::read_link(path).is_ok_and(leads)
}

#[cfg(unix)]
fn executable(meta: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    meta.permissions().mode() & 0o100 != 0
}

#[cfg(not(unix))]
fn executable(_: &Metadata) -> bool {
    false
}
